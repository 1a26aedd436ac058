"""Visits over JSON: the same actions as the pages."""

import datetime as dt
from typing import Annotated, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.api.contact_people import Contacts, stated
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.models import DemandCategory
from lianqi.register.models import Enterprise
from lianqi.visits import actions
from lianqi.visits.enums import PromiseState, RoundStatus, VisitKind, VisitStatus
from lianqi.visits.models import Matter, Note, Promise, Round, Visit, VisitMatter
from lianqi.visits.queries import promise_state

router = Router(tags=["visits"])

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]


class VisitOut(Schema):
    """A visit. `demand_ids` are the demands it raised, as far as you may see the visit."""

    id: int
    number: str
    enterprise_id: int
    kind: VisitKind
    status: VisitStatus
    on: dt.date
    theirs: str
    ours: str
    said: str
    next_on: dt.date | None
    filed_at: dt.datetime | None
    demand_ids: list[int]

    @staticmethod
    def resolve_demand_ids(visit: Visit) -> list[int]:
        return sorted(matter.demand_id for matter in visit.matters.all())


class VisitPage(Schema):
    """Visits, newest first. Pass `next_before` as `before` for the following page."""

    visits: list[VisitOut]
    next_before: int | None


class MatterIn(Schema):
    """`category` is the code of a category. With an `answer` it is received and closed at once."""

    category: str
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    text: Text = ""
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)] = ""


class VisitIn(Schema):
    """`is_draft`: kept for you alone, to be sent again with the same key when it is complete."""

    enterprise_id: int
    kind: VisitKind
    on: dt.date
    theirs: Line = ""
    ours: Line = ""
    said: Text = ""
    internal: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    next_on: dt.date | None = None
    matters: Annotated[list[MatterIn], Field(max_length=actions.MOST_MATTERS)] = []
    contacts: Contacts = []
    is_draft: bool = False


class VisitFilter(Schema):
    """Filters of the list; all that are given must hold."""

    enterprise_id: int | None = None
    kind: VisitKind | None = None
    status: VisitStatus | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: VisitPage, **PROBLEMS}, operation_id="list_visits")
def list_visits(request: ApiRequest, query: Query[VisitFilter]) -> dict[str, Any]:
    """The visits you may see, newest first."""
    given = query.model_dump(exclude={"before", "limit"}, exclude_none=True)
    visits = Visit.objects.visible_to(request.user).filter(**given)
    if query.before is not None:
        visits = visits.filter(pk__lt=query.before)
    rows = list(visits.order_by("-pk").prefetch_related("matters")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return {"visits": rows, "next_before": rows[-1].pk if more else None}


class PromiseOut(Schema):
    """A matter of a round and what became of it; `until` is the day that was promised."""

    demand_id: int
    number: str
    unit_id: int | None
    promise: str
    until: dt.date | None
    state: PromiseState


class ItemOut(Schema):
    """One enterprise of an agenda."""

    visit_id: int
    enterprise_id: int
    status: VisitStatus
    matters: list[PromiseOut]


class RoundOut(Schema):
    id: int
    number: str
    title: str
    leader_id: int
    starts_at: dt.datetime
    place: str
    status: RoundStatus


class RoundWithAgenda(RoundOut):
    agenda: list[ItemOut]


class RoundPage(Schema):
    """Video rounds, newest first. Pass `next_before` as `before` for the following page."""

    rounds: list[RoundOut]
    next_before: int | None


class RoundIn(Schema):
    """`enterprise_ids` in the order of the agenda."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    leader_id: int
    starts_at: dt.datetime
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    enterprise_ids: Annotated[list[int], Field(max_length=actions.MOST_ENTERPRISES)]
    unit_ids: list[int] = []


class RaiseIn(MatterIn):
    """`unit_id` answers or promises; `until` is the day promised."""

    unit_id: int | None = None
    promise: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    until: dt.date | None = None


@router.get("/rounds", response={200: RoundPage, **PROBLEMS}, operation_id="list_rounds")
def list_rounds(
    request: ApiRequest,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """The video rounds you may see, newest first."""
    rounds = Round.objects.visible_to(request.user)
    if before is not None:
        rounds = rounds.filter(pk__lt=before)
    rows = list(rounds.order_by("-pk")[: limit + 1])
    return {
        "rounds": rows[:limit],
        "next_before": rows[limit - 1].pk if len(rows) > limit else None,
    }


@router.post("/rounds", response={201: RoundOut, **PROBLEMS}, operation_id="plan_round")
def plan_round(
    request: ApiRequest,
    body: RoundIn,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> Status[Round]:
    """Plan a round; who takes part is told. The same key plans one round."""
    today = timezone.localdate()
    firms = Enterprise.objects.living().in_bulk(body.enterprise_ids)
    if missing := [pk for pk in body.enterprise_ids if pk not in firms]:
        raise Http404(str(missing))
    held = actions.plan_round(
        title=body.title,
        leader=get_object_or_404(User.people.holding(Role.LEADER, on=today), pk=body.leader_id),
        starts_at=body.starts_at,
        place=body.place,
        enterprises=[firms[pk] for pk in dict.fromkeys(body.enterprise_ids)],
        units=list(Unit.objects.active().filter(pk__in=body.unit_ids)),
        idempotency_key=idempotency_key,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, held)


@router.get(
    "/rounds/{round_id}", response={200: RoundWithAgenda, **PROBLEMS}, operation_id="get_round"
)
def get_round(request: ApiRequest, round_id: int) -> dict[str, Any]:
    """One round with its agenda and what became of each promise."""
    held = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    today = timezone.localdate()
    visible = Visit.objects.visible_to(request.user).filter(round=held)
    visits = visible.order_by("position", "pk").prefetch_related("matters__demand")
    agenda = []
    for visit in visits:
        matters = [
            {
                "demand_id": each.demand_id,
                "number": each.demand.number,
                "unit_id": each.unit_id,
                "promise": each.promise,
                "until": each.until,
                "state": promise_state(each, on=today),
            }
            for each in visit.matters.all()
        ]
        agenda.append(
            {
                "visit_id": visit.pk,
                "enterprise_id": visit.enterprise_id,
                "status": visit.status,
                "matters": matters,
            }
        )
    names = ("id", "number", "title", "leader_id", "starts_at", "place", "status")
    return {name: getattr(held, name) for name in names} | {"agenda": agenda}


@router.post(
    "/rounds/{round_id}/hold", response={200: RoundOut, **PROBLEMS}, operation_id="hold_round"
)
def hold_round(request: ApiRequest, round_id: int) -> Round:
    """End a round: its visits are recorded and the enterprises told."""
    held = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    return actions.hold_round(held.pk, by=request.user, at=timezone.now())


@router.post(
    "/{visit_id}/matters", response={201: PromiseOut, **PROBLEMS}, operation_id="raise_matter"
)
def raise_matter(
    request: ApiRequest,
    visit_id: int,
    body: RaiseIn,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> Status[dict[str, Any]]:
    """Take down a matter of an enterprise during a round; the same key takes it down once."""
    visible = Visit.objects.visible_to(request.user).filter(round__isnull=False)
    visit = get_object_or_404(visible, pk=visit_id)
    unit = None if body.unit_id is None else get_object_or_404(Unit, pk=body.unit_id)
    demand = actions.raise_matter(
        visit.pk,
        _matter(body),
        promise=Promise(unit=unit, text=body.promise, until=body.until),
        idempotency_key=idempotency_key,
        by=request.user,
        at=timezone.now(),
    )
    matter = VisitMatter.objects.select_related("demand").get(demand=demand)
    made = {name: getattr(matter, name) for name in ("demand_id", "unit_id", "promise", "until")}
    state = promise_state(matter, on=timezone.localdate())
    return Status(201, made | {"number": demand.number, "state": state})


@router.get("/{visit_id}", response={200: VisitOut, **PROBLEMS}, operation_id="get_visit")
def get_visit(request: ApiRequest, visit_id: int) -> Visit:
    """One visit."""
    visible = Visit.objects.visible_to(request.user).prefetch_related("matters")
    visit = get_object_or_404(visible, pk=visit_id)
    actions.record_visit_view(visit, by=request.user, at=timezone.now())
    return visit


@router.post("", response={201: VisitOut, **PROBLEMS}, operation_id="record_visit")
def record_visit(
    request: ApiRequest,
    body: VisitIn,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> Status[Visit]:
    """Record a visit with the demands it raises, all or nothing; the same key records it once."""
    firms = Enterprise.objects.visible_to(request.user)
    note = Note(
        enterprise=get_object_or_404(firms, pk=body.enterprise_id),
        kind=body.kind,
        on=body.on,
        theirs=body.theirs,
        ours=body.ours,
        said=body.said,
        internal=body.internal,
        next_on=body.next_on,
        matters=tuple(_matter(each) for each in body.matters),
        contacts=tuple(stated(body.contacts)),
    )
    act = actions.save_draft if body.is_draft else actions.file_visit
    visit = act(note, idempotency_key=idempotency_key, by=request.user, at=timezone.now())
    return Status(201, visit)


def _matter(given: MatterIn) -> Matter:
    category = get_object_or_404(DemandCategory, code=given.category)
    return Matter(category=category, title=given.title, text=given.text, answer=given.answer)
