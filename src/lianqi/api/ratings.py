"""What comes after an answer, over JSON: late and second ratings, follow-ups of bad ones."""

import datetime as dt
from typing import Annotated

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.enums import Rating, RemedyCause, RemedyResult, Solved
from lianqi.demands.models import Demand, DemandRating, RatingReason, Remedy
from lianqi.demands.queries import periods_of

router = Router(tags=["ratings"])

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class RatingReasonOut(Schema):
    """A reason that may be given; `steps` are the ratings it goes with."""

    code: str
    name_zh: str
    name_en: str
    steps: list[Rating]


class RemedyOut(Schema):
    """The follow-up of a bad rating; `result` is empty while it is open."""

    opened_at: dt.datetime
    contact_note: str
    contacted_at: dt.datetime | None
    cause: str
    measures: str
    result: str
    done_at: dt.datetime | None


class RatingOut(Schema):
    """One rating as it was given. `turn` is 2 for the one after a follow-up."""

    round: int
    turn: int
    rating: Rating
    solved: str
    reasons: list[str]
    note: str
    given_at: dt.datetime
    remedy: RemedyOut | None

    @staticmethod
    def resolve_reasons(row: DemandRating) -> list[str]:
        return [reason.code for reason in row.reasons.all()]

    @staticmethod
    def resolve_remedy(row: DemandRating) -> Remedy | None:
        return getattr(row, "remedy", None)


class RateIn(Schema):
    """`reasons` are codes of the zone's rating reasons. A bad rating needs one, or a note."""

    rating: Rating
    solved: Solved
    reasons: Annotated[list[str], Field(max_length=20)] = []
    note: Annotated[str, StringConstraints(max_length=1000)] = ""


class ContactIn(Schema):
    note: Words


class RemedyIn(Schema):
    cause: RemedyCause
    measures: Words
    result: RemedyResult


@router.get(
    "/rating-reasons",
    response={200: list[RatingReasonOut], **PROBLEMS},
    operation_id="list_rating_reasons",
)
def list_rating_reasons(request: ApiRequest) -> QuerySet[RatingReason]:  # noqa: ARG001  # the same for all
    """The reasons one may give with a rating, in the zone's own order."""
    return RatingReason.objects.in_use()


@router.get(
    "/{int:demand_id}/ratings",
    response={200: list[RatingOut], **PROBLEMS},
    operation_id="list_ratings",
)
def list_ratings(request: ApiRequest, demand_id: int) -> QuerySet[DemandRating]:
    """Every rating of a demand, oldest first, each with its follow-up."""
    return _demand(request, demand_id).ratings.for_page()


@router.post(
    "/{int:demand_id}/rate", response={200: list[RatingOut], **PROBLEMS}, operation_id="rate_demand"
)
def rate_demand(request: ApiRequest, demand_id: int, body: RateIn) -> QuerySet[DemandRating]:
    """Rate a demand that was closed in silence, within the zone's days."""
    demand = _demand(request, demand_id)
    actions.rate_demand(
        demand.pk,
        rating=body.rating,
        solved=body.solved,
        reasons=reasons_of(body.reasons),
        note=body.note,
        window_days=periods_of(demand.category_id).rating_days,
        by=request.user,
        at=timezone.now(),
    )
    return demand.ratings.for_page()


@router.post(
    "/{int:demand_id}/rate-again",
    response={200: list[RatingOut], **PROBLEMS},
    operation_id="rate_demand_again",
)
def rate_again(request: ApiRequest, demand_id: int, body: RateIn) -> QuerySet[DemandRating]:
    """Rate once more after the follow-up of a bad rating; both ratings stay."""
    demand = _demand(request, demand_id)
    actions.rate_again(
        demand.pk,
        rating=body.rating,
        solved=body.solved,
        reasons=reasons_of(body.reasons),
        note=body.note,
        window_days=periods_of(demand.category_id).rating_days,
        by=request.user,
        at=timezone.now(),
    )
    return demand.ratings.for_page()


@router.post(
    "/{int:demand_id}/remedy/contact",
    response={200: RemedyOut, **PROBLEMS},
    operation_id="note_remedy_contact",
)
def note_remedy_contact(request: ApiRequest, demand_id: int, body: ContactIn) -> Remedy:
    """Note that the enterprise was spoken to about its bad rating."""
    demand = _demand(request, demand_id)
    return actions.note_remedy_contact(
        demand.pk, note=body.note, by=request.user, at=timezone.now()
    )


@router.post(
    "/{int:demand_id}/remedy/finish",
    response={200: RemedyOut, **PROBLEMS},
    operation_id="finish_remedy",
)
def finish_remedy(request: ApiRequest, demand_id: int, body: RemedyIn) -> Remedy:
    """Finish the follow-up: cause, measures, result. The enterprise may rate once more."""
    demand = _demand(request, demand_id)
    return actions.finish_remedy(
        demand.pk,
        cause=body.cause,
        measures=body.measures,
        result=body.result,
        by=request.user,
        at=timezone.now(),
    )


def reasons_of(codes: list[str]) -> list[RatingReason]:
    """The reasons in use with these codes; an unknown one is a 404."""
    return [get_object_or_404(RatingReason.objects.in_use(), code=code) for code in set(codes)]


def _demand(request: ApiRequest, demand_id: int) -> Demand:
    return get_object_or_404(Demand.objects.visible_to(request.user), pk=demand_id)
