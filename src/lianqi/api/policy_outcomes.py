"""What policies came to, over JSON: told figures with the averages and shares that follow."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.engines.rates import rounded
from lianqi.policies import actions
from lianqi.policies.models import PolicyDocument, PolicyOutcome
from lianqi.policies.queries import Computed, OutcomeShown, outcomes_shown
from lianqi.register.enums import Qualifier

router = Router(tags=["policies"])

DIGITS = 6
Yuan = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=2)]
Count = Annotated[int, Field(ge=0, lt=2**31)]


class ComputedOut(Schema):
    """A figure computed from told ones, with six decimals, halves up."""

    value: Decimal
    is_about: bool = Field(description="A figure behind it was not told exactly.")


class OutcomeOut(Schema):
    """What a policy came to in a time. Money in yuan; what was not told is null."""

    id: int
    policy_id: int
    measure: str = Field(description="Key of the policy measure; empty for the whole policy.")
    since: dt.date | None
    until: dt.date | None
    time_said: str = Field(description="The time as the source says it, where it names no days.")
    amount: Decimal | None
    amount_is: Qualifier
    applied: int | None
    applied_is: Qualifier
    reached: int | None
    reached_is: Qualifier
    draws_on_limit: bool
    source: str
    told_at: dt.datetime
    withdrawn_at: dt.datetime | None
    each: ComputedOut | None = Field(description="Yuan for each that was reached.")
    granted: ComputedOut | None = Field(description="Share of those who applied.")
    left_out: ComputedOut | None = Field(description="Applied, and not reached.")
    used: ComputedOut | None = Field(description="Share of the limit that was drawn.")
    left: ComputedOut | None = Field(description="Yuan of the limit that are left.")
    multiple: ComputedOut | None = Field(
        description="The limit as a multiple of what was given before it was agreed."
    )


class OutcomePage(Schema):
    """Newest first. Pass `next_before` as `before` for the following page."""

    outcomes: list[OutcomeOut]
    next_before: int | None


class OutcomeIn(Schema):
    """Figures as somebody told them; leave out what is not known."""

    measure_id: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    time_said: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    amount: Yuan | None = None
    amount_is: Qualifier = Qualifier.EXACT
    applied: Count | None = None
    applied_is: Qualifier = Qualifier.EXACT
    reached: Count | None = None
    reached_is: Qualifier = Qualifier.EXACT
    draws_on_limit: bool = False
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


@router.get(
    "/{policy_id}/outcomes",
    response={200: OutcomePage, **PROBLEMS},
    operation_id="list_policy_outcomes",
)
def list_policy_outcomes(
    request: ApiRequest,
    policy_id: int,
    *,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """What a policy came to, without what was withdrawn."""
    found = PolicyOutcome.objects.standing().filter(document=_policy(request, policy_id))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.for_list()[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    return {
        "outcomes": [_out(each) for each in outcomes_shown(rows)],
        "next_before": rows[-1].pk if more else None,
    }


@router.post(
    "/{policy_id}/outcomes",
    response={201: OutcomeOut, **PROBLEMS},
    operation_id="tell_policy_outcome",
)
def tell_policy_outcome(
    request: ApiRequest, policy_id: int, body: OutcomeIn
) -> Status[dict[str, Any]]:
    """Tell what a policy, or one of its measures, came to."""
    document = _policy(request, policy_id)
    if not request.user.has_perm("policies.tell_outcome", document):
        raise PermissionDenied
    given = body.dict()
    measure_id = given.pop("measure_id")
    measure = (
        get_object_or_404(document.measures, pk=measure_id) if measure_id is not None else None
    )
    terms = actions.OutcomeTerms(measure=measure, **given)
    told = actions.tell_outcome(document.pk, terms, by=request.user, at=timezone.now())
    return Status(201, _out(outcomes_shown([told])[0]))


@router.post(
    "/outcomes/{policy_outcome_id}/withdraw",
    response={200: OutcomeOut, **PROBLEMS},
    operation_id="withdraw_policy_outcome",
)
def withdraw_policy_outcome(request: ApiRequest, policy_outcome_id: int) -> dict[str, Any]:
    """Take back figures that were told wrongly; they stay in the trail."""
    rows = PolicyOutcome.objects.visible_to(request.user).select_related("document")
    found = get_object_or_404(rows, pk=policy_outcome_id)
    if not request.user.has_perm("policies.tell_outcome", found.document):
        raise PermissionDenied
    withdrawn = actions.withdraw_outcome(found.pk, by=request.user, at=timezone.now())
    return _out(outcomes_shown([withdrawn])[0])


def _policy(request: ApiRequest, policy_id: int) -> PolicyDocument:
    return get_object_or_404(PolicyDocument.objects.visible_to(request.user), pk=policy_id)


def _out(shown: OutcomeShown) -> dict[str, Any]:
    told = shown.outcome
    names = (
        "id", "since", "until", "time_said", "amount", "amount_is", "applied", "applied_is",
        "reached", "reached_is", "draws_on_limit", "source", "told_at", "withdrawn_at",
    )  # fmt: skip
    follows = ("each", "granted", "left_out", "used", "left", "multiple")
    return (
        {name: getattr(told, name) for name in names}
        | {name: _computed(getattr(shown, name)) for name in follows}
        | {"policy_id": told.document_id, "measure": told.measure.key if told.measure else ""}
    )


def _computed(found: Computed | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": rounded(found.value, DIGITS), "is_about": found.is_about}
