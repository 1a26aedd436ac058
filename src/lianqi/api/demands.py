"""Demands over JSON: the same actions as the pages."""

import datetime as dt
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.models import Unit
from lianqi.api.contact_people import Contacts, stated
from lianqi.api.http import ApiRequest
from lianqi.api.ratings import reasons_of
from lianqi.api.schemas import PROBLEMS
from lianqi.api.survivors import find_survivors, survivor_of
from lianqi.demands import actions
from lianqi.demands.enums import Channel, DemandStatus, Rating, Solved
from lianqi.demands.models import Demand, DemandCategory, DemandQuerySet
from lianqi.demands.queries import periods_of
from lianqi.register.models import Enterprise
from lianqi.work.enums import Urgency

router = Router(tags=["demands"])

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class SurvivorOut(Schema):
    """The demand whose answer is the answer to a merged one; `url` is its page."""

    id: int
    number: str
    url: str = Field(alias="get_absolute_url")


class DemandOut(Schema):
    """A demand. Instants are ISO 8601 with offset; `status` and `channel` are codes.

    `enterprise_id` is null for an anonymous tip and for a caller whose enterprise is not in the
    register; `firm_name` and `firm_code` then hold what the caller said.
    """

    id: int
    number: str
    enterprise_id: int | None
    firm_name: str
    firm_code: str
    category: str = Field(alias="category.code")
    category_version_id: int | None
    title: str
    text: str
    channel: Channel
    status: DemandStatus
    urgency: Urgency
    unit_id: int | None
    filed_at: dt.datetime
    dispatched_at: dt.datetime | None
    accepted_at: dt.datetime | None
    answer: str
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None
    closure: str
    rating: str
    solved: str
    bounces: int
    is_routed: bool
    reopenings: int
    merged_into: SurvivorOut | None = Field(
        description="Null as well where you may not see that demand: it is another enterprise's."
    )

    @staticmethod
    def resolve_merged_into(demand: Demand, context: Any) -> Demand | None:
        return survivor_of(demand, context["request"])


class DemandPage(Schema):
    """Demands, newest first. Pass `next_before` as `before` for the following page."""

    demands: list[DemandOut]
    next_before: int | None


class DemandIn(Schema):
    """Give `enterprise_id`, or `firm_name` for an enterprise that is not in the register."""

    enterprise_id: int | None = None
    firm_name: Annotated[str, StringConstraints(max_length=120)] = ""
    firm_code: Annotated[str, StringConstraints(max_length=18)] = ""
    category: str
    title: Line
    text: Text
    contacts: Contacts = []
    urgency: Urgency | None = Field(
        None, description="For people of the zone only; left out, what is usual for the category."
    )


class DispatchIn(Schema):
    unit_id: int
    note: str = ""
    urgency: Urgency | None = Field(None, description="Left out, it stays as it is.")


class CategoryIn(Schema):
    category: str
    reason: Text


class AnswerIn(Schema):
    answer: Text


class ConfirmIn(Schema):
    """`reasons` are codes of the zone's rating reasons; those that are unknown are refused."""

    rating: Rating
    solved: Solved = Solved.YES
    reasons: list[str] = []
    note: str = ""


class AnsweredIn(Schema):
    """A question answered as it was asked; give `enterprise_id` or `firm_name`."""

    enterprise_id: int | None = None
    firm_name: Annotated[str, StringConstraints(max_length=120)] = ""
    category: str
    title: Line
    text: Annotated[str, StringConstraints(max_length=5000)] = ""
    answer: Text
    contacts: Contacts = []


class EnterpriseIn(Schema):
    enterprise_id: int


class NoteIn(Schema):
    note: Text


class DemandFilter(Schema):
    """Filters of the list; all that are given must hold."""

    status: DemandStatus | None = None
    category: str | None = None
    unit_id: int | None = None
    channel: Channel | None = None
    urgency: Urgency | None = None
    enterprise_id: int | None = None
    q: str = ""
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: DemandPage, **PROBLEMS}, operation_id="list_demands")
def list_demands(request: ApiRequest, query: Query[DemandFilter]) -> dict[str, Any]:
    """The demands you may see, newest first."""
    demands = visible(request)
    if query.q:
        demands = demands.search(query.q)
    given = query.model_dump(exclude={"q", "before", "limit", "category"}, exclude_none=True)
    demands = demands.filter(**given)
    if query.category is not None:
        demands = demands.filter(category__code=query.category)
    if query.before is not None:
        demands = demands.filter(pk__lt=query.before)
    rows = list(demands.order_by("-pk")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    find_survivors(rows, request)
    return {"demands": rows, "next_before": rows[-1].pk if more else None}


@router.get("/{demand_id}", response={200: DemandOut, **PROBLEMS}, operation_id="get_demand")
def get_demand(request: ApiRequest, demand_id: int) -> Demand:
    """One demand."""
    demand = demand_of(request, demand_id)
    actions.record_view(demand, by=request.user, at=timezone.now())
    return demand


def filing_of(request: ApiRequest, body: DemandIn) -> dict[str, Any]:
    """What `file_demand` wants to know of a demand that comes over the API.

    Raises:
        Http404: There is no such enterprise among those the person may see, or no such category.
    """
    enterprise = None
    if body.enterprise_id is not None:
        visible = Enterprise.objects.visible_to(request.user)
        enterprise = get_object_or_404(visible, pk=body.enterprise_id)
    return {
        "enterprise": enterprise,
        "category": get_object_or_404(DemandCategory, code=body.category),
        "title": body.title,
        "text": body.text,
        "channel": Channel.API,
        "contacts": stated(body.contacts),
        "urgency": body.urgency,
        "firm_name": body.firm_name,
        "firm_code": body.firm_code,
    }


@router.post("", response={201: DemandOut, **PROBLEMS}, operation_id="file_demand")
def file_demand(
    request: ApiRequest,
    body: DemandIn,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> Status[Demand]:
    """File a demand. Repeating the call with the same `Idempotency-Key` files nothing twice."""
    demand = actions.file_demand(
        **filing_of(request, body),
        idempotency_key=idempotency_key,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, demand)


@router.post("/answered", response={201: DemandOut, **PROBLEMS}, operation_id="answer_at_once")
def answer_at_once(
    request: ApiRequest,
    body: AnsweredIn,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> Status[Demand]:
    """Note a telephone question with the answer given: received and closed at once."""
    enterprise = None
    if body.enterprise_id is not None:
        visible = Enterprise.objects.visible_to(request.user)
        enterprise = get_object_or_404(visible, pk=body.enterprise_id)
    demand = actions.answer_at_once(
        enterprise=enterprise,
        category=get_object_or_404(DemandCategory, code=body.category),
        idempotency_key=idempotency_key,
        by=request.user,
        at=timezone.now(),
        contacts=stated(body.contacts),
        **body.model_dump(exclude={"enterprise_id", "category", "contacts"}),
    )
    return Status(201, demand)


@router.post(
    "/{demand_id}/dispatch", response={200: DemandOut, **PROBLEMS}, operation_id="dispatch_demand"
)
def dispatch_demand(request: ApiRequest, demand_id: int, body: DispatchIn) -> Demand:
    """Send a demand to a unit; again before acceptance sends it elsewhere."""
    demand = demand_of(request, demand_id)
    unit = get_object_or_404(Unit, pk=body.unit_id)
    return actions.dispatch_demand(
        demand.pk,
        unit=unit,
        note=body.note,
        urgency=body.urgency,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{demand_id}/category",
    response={200: DemandOut, **PROBLEMS},
    operation_id="move_demand_category",
)
def move_category(request: ApiRequest, demand_id: int, body: CategoryIn) -> Demand:
    """Move an open demand to another category, or to what holds for its own today."""
    demand = demand_of(request, demand_id)
    category = get_object_or_404(DemandCategory, code=body.category)
    return actions.move_category(
        demand.pk, category=category, reason=body.reason, by=request.user, at=timezone.now()
    )


@router.post(
    "/{demand_id}/accept", response={200: DemandOut, **PROBLEMS}, operation_id="accept_demand"
)
def accept_demand(request: ApiRequest, demand_id: int) -> Demand:
    """Take a demand for your unit; the answering clock starts."""
    demand = demand_of(request, demand_id)
    return actions.accept_demand(demand.pk, by=request.user, at=timezone.now())


@router.post(
    "/{demand_id}/answer", response={200: DemandOut, **PROBLEMS}, operation_id="answer_demand"
)
def answer_demand(request: ApiRequest, demand_id: int, body: AnswerIn) -> Demand:
    """Answer a demand."""
    demand = demand_of(request, demand_id)
    return actions.answer_demand(demand.pk, answer=body.answer, by=request.user, at=timezone.now())


@router.post(
    "/{demand_id}/confirm", response={200: DemandOut, **PROBLEMS}, operation_id="confirm_demand"
)
def confirm_demand(request: ApiRequest, demand_id: int, body: ConfirmIn) -> Demand:
    """Accept the answer, say whether the matter is solved, and rate it."""
    demand = demand_of(request, demand_id)
    return actions.confirm_demand(
        demand.pk,
        rating=body.rating,
        solved=body.solved,
        reasons=reasons_of(body.reasons),
        note=body.note,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{demand_id}/dispute", response={200: DemandOut, **PROBLEMS}, operation_id="dispute_demand"
)
def dispute_demand(request: ApiRequest, demand_id: int, body: NoteIn) -> Demand:
    """Say that the matter is not solved; the unit gets it back with a new clock."""
    demand = demand_of(request, demand_id)
    return actions.dispute_demand(demand.pk, note=body.note, by=request.user, at=timezone.now())


@router.post(
    "/{demand_id}/reopen", response={200: DemandOut, **PROBLEMS}, operation_id="reopen_demand"
)
def reopen_demand(request: ApiRequest, demand_id: int, body: NoteIn) -> Demand:
    """Reopen a closed demand within the window counted from its answer."""
    demand = demand_of(request, demand_id)
    return actions.reopen_demand(
        demand.pk,
        note=body.note,
        window_days=periods_of(demand.category_id).reopen_days,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{demand_id}/recall", response={200: DemandOut, **PROBLEMS}, operation_id="recall_demand"
)
def recall_demand(request: ApiRequest, demand_id: int, body: NoteIn) -> Demand:
    """Take back a demand that went to a task force by itself and is not accepted yet."""
    demand = demand_of(request, demand_id)
    return actions.recall_demand(demand.pk, reason=body.note, by=request.user, at=timezone.now())


@router.post(
    "/{demand_id}/withdraw", response={200: DemandOut, **PROBLEMS}, operation_id="withdraw_demand"
)
def withdraw_demand(request: ApiRequest, demand_id: int, body: NoteIn) -> Demand:
    """Take a demand back."""
    demand = demand_of(request, demand_id)
    return actions.withdraw_demand(demand.pk, reason=body.note, by=request.user, at=timezone.now())


@router.post(
    "/{demand_id}/enterprise",
    response={200: DemandOut, **PROBLEMS},
    operation_id="attach_enterprise",
)
def attach_enterprise(request: ApiRequest, demand_id: int, body: EnterpriseIn) -> Demand:
    """Say which entry of the register a demand belongs to whose caller was not found in it."""
    demand = demand_of(request, demand_id)
    enterprises = Enterprise.objects.visible_to(request.user)
    enterprise = get_object_or_404(enterprises, pk=body.enterprise_id)
    return actions.attach_enterprise(
        demand.pk, enterprise=enterprise, by=request.user, at=timezone.now()
    )


def visible(request: ApiRequest) -> DemandQuerySet:
    return Demand.objects.visible_to(request.user).select_related("category")


def demand_of(request: ApiRequest, demand_id: int) -> Demand:
    return get_object_or_404(visible(request), pk=demand_id)
