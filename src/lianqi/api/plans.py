"""Service plans over JSON: the same actions as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from lianqi.accounts.models import Unit, User
from lianqi.api.http import ApiRequest
from lianqi.api.measures import measure_out
from lianqi.api.plan_schemas import (
    AgreementIn,
    EntrustIn,
    FiguresOut,
    NoteOut,
    NumberIn,
    OutcomeIn,
    PlanFilter,
    PlanIn,
    PlanOut,
    PlanPage,
    ReasonIn,
    ReviewIn,
    RoundIn,
    TextIn,
    WishesIn,
    WordsIn,
)
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.models import Demand
from lianqi.plans import actions, queries
from lianqi.plans.models import Measure, PlanNote, ServicePlan
from lianqi.plans.queries import shown_to
from lianqi.register.models import Enterprise

router = Router(tags=["service plans"])


@router.get("", response={200: PlanPage, **PROBLEMS}, operation_id="list_plans")
def list_plans(request: ApiRequest, query: Query[PlanFilter]) -> dict[str, Any]:
    """The service plans you may see, newest first."""
    found = ServicePlan.objects.visible_to(request.user)
    if query.status is not None:
        found = found.filter(status=query.status)
    if query.current:
        found = found.current()
    if query.unit_id is not None:
        found = found.concerning(query.unit_id)
    if query.enterprise_id is not None:
        found = found.filter(enterprise_id=query.enterprise_id)
    if query.late:
        overdue = Measure.objects.overdue(on=timezone.localdate())
        found = found.under_way().filter(pk__in=overdue.values("plan"))
    if query.before is not None:
        found = found.filter(pk__lt=query.before)
    rows = list(found.for_list()[: query.limit + 1])
    more, rows = len(rows) > query.limit, rows[: query.limit]
    return {
        "plans": [_line(each, request.user) for each in rows],
        "next_before": rows[-1].pk if more else None,
    }


@router.get("/figures", response={200: FiguresOut, **PROBLEMS}, operation_id="plan_figures")
def plan_figures(request: ApiRequest, unit_id: int | None = None) -> Any:
    """Plans under way, and what came of the measures due in the last 365 days."""
    unit = get_object_or_404(Unit, pk=unit_id) if unit_id is not None else None
    return queries.plan_figures(request.user, on=timezone.localdate(), unit=unit)


@router.get("/{plan_id}", response={200: PlanOut, **PROBLEMS}, operation_id="get_plan")
def get_plan(request: ApiRequest, plan_id: int) -> dict[str, Any]:
    """One plan with its measures and proposals, as you may read it."""
    plan = _plan(request, plan_id)
    actions.record_view(plan, by=request.user, at=timezone.now())
    return _told(request, plan_id)


@router.post("", response={201: PlanOut, **PROBLEMS}, operation_id="begin_plan")
def begin_plan(request: ApiRequest, body: PlanIn) -> Status[dict[str, Any]]:
    """Begin the plan of an enterprise."""
    firms = Enterprise.objects.visible_to(request.user).living()
    demands = Demand.objects.visible_to(request.user)
    plan = actions.begin_plan(
        enterprise=get_object_or_404(firms, pk=body.enterprise_id),
        title=body.title,
        aim=body.aim,
        diagnosis=body.diagnosis,
        unit=get_object_or_404(Unit, pk=body.unit_id),
        officer=_person(body.officer_id),
        review_on=body.review_on,
        demands=[get_object_or_404(demands, number=number) for number in body.demands],
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, _told(request, plan.pk))


@router.post("/{plan_id}/write", response={200: PlanOut, **PROBLEMS}, operation_id="write_plan")
def write_plan(request: ApiRequest, plan_id: int, body: WordsIn) -> dict[str, Any]:
    """Write the draft anew."""
    return _act(request, plan_id, actions.write_plan, **body.dict())


@router.post("/{plan_id}/entrust", response={200: PlanOut, **PROBLEMS}, operation_id="entrust_plan")
def entrust_plan(request: ApiRequest, plan_id: int, body: EntrustIn) -> dict[str, Any]:
    """Give the plan to another unit or officer."""
    unit = get_object_or_404(Unit, pk=body.unit_id)
    return _act(request, plan_id, actions.entrust_plan, unit=unit, officer=_person(body.officer_id))


@router.post("/{plan_id}/link", response={200: PlanOut, **PROBLEMS}, operation_id="link_plan")
def link_plan(request: ApiRequest, plan_id: int, body: NumberIn) -> dict[str, Any]:
    """Note that the plan answers a demand of the enterprise as well."""
    demand = _demand(request, body.number)
    return _act(request, plan_id, actions.link_demand, demand=demand)


@router.post("/{plan_id}/unlink", response={200: PlanOut, **PROBLEMS}, operation_id="unlink_plan")
def unlink_plan(request: ApiRequest, plan_id: int, body: NumberIn) -> dict[str, Any]:
    """Take a demand out again."""
    demand = _demand(request, body.number)
    return _act(request, plan_id, actions.unlink_demand, demand=demand)


@router.get(
    "/{plan_id}/notes", response={200: list[NoteOut], **PROBLEMS}, operation_id="list_plan_notes"
)
def list_plan_notes(request: ApiRequest, plan_id: int) -> Any:
    """The internal notes, newest first; of one's own enterprise nobody sees any."""
    plan = _plan(request, plan_id)
    seen = PlanNote.objects.visible_to(request.user)
    return list(seen.filter(plan=plan).order_by("-pk")[:100])


@router.post("/{plan_id}/notes", response={201: NoteOut, **PROBLEMS}, operation_id="note_plan")
def note_plan(request: ApiRequest, plan_id: int, body: TextIn) -> Status[PlanNote]:
    """Write an internal note; the enterprise never sees it."""
    plan = _plan(request, plan_id)
    written = actions.note_plan(plan.pk, text=body.text, by=request.user, at=timezone.now())
    return Status(201, written)


@router.post("/{plan_id}/propose", response={200: PlanOut, **PROBLEMS}, operation_id="propose_plan")
def propose_plan(request: ApiRequest, plan_id: int) -> dict[str, Any]:
    """Put the plan to the enterprise as it stands."""
    return _act(request, plan_id, actions.propose_plan)


@router.post(
    "/{plan_id}/take-back", response={200: PlanOut, **PROBLEMS}, operation_id="take_back_plan"
)
def take_back_plan(request: ApiRequest, plan_id: int, body: ReasonIn) -> dict[str, Any]:
    """Take the proposal back to change it."""
    return _act(request, plan_id, actions.take_back_plan, reason=body.reason)


@router.post(
    "/{plan_id}/send-back", response={200: PlanOut, **PROBLEMS}, operation_id="send_back_plan"
)
def send_back_plan(request: ApiRequest, plan_id: int, body: WishesIn) -> dict[str, Any]:
    """As the enterprise, say what you would like different."""
    return _act(
        request, plan_id, actions.send_back_plan, round_number=body.round, wishes=body.wishes
    )


@router.post("/{plan_id}/agree", response={200: PlanOut, **PROBLEMS}, operation_id="agree_plan")
def agree_plan(request: ApiRequest, plan_id: int, body: RoundIn) -> dict[str, Any]:
    """As the enterprise, agree to the proposal you read."""
    return _act(request, plan_id, actions.agree_to_plan, round_number=body.round)


@router.post(
    "/{plan_id}/record-agreement",
    response={200: PlanOut, **PROBLEMS},
    operation_id="record_agreement_plan",
)
def record_agreement_plan(request: ApiRequest, plan_id: int, body: AgreementIn) -> dict[str, Any]:
    """Write down that the enterprise agreed by telephone, in a meeting or by letter."""
    return _act(request, plan_id, actions.record_agreement, **body.dict())


@router.post("/{plan_id}/start", response={200: PlanOut, **PROBLEMS}, operation_id="start_plan")
def start_plan(request: ApiRequest, plan_id: int) -> dict[str, Any]:
    """Start an agreed plan: its owners get the measures."""
    return _act(request, plan_id, actions.start_plan)


@router.post("/{plan_id}/review", response={200: PlanOut, **PROBLEMS}, operation_id="review_plan")
def review_plan(request: ApiRequest, plan_id: int, body: ReviewIn) -> dict[str, Any]:
    """Review the plan and name the day of the next review."""
    return _act(request, plan_id, actions.review_plan, **body.dict())


@router.post(
    "/{plan_id}/complete", response={200: PlanOut, **PROBLEMS}, operation_id="complete_plan"
)
def complete_plan(request: ApiRequest, plan_id: int, body: OutcomeIn) -> dict[str, Any]:
    """Complete the plan: every measure has a result."""
    return _act(request, plan_id, actions.complete_plan, outcome=body.outcome)


@router.post("/{plan_id}/end", response={200: PlanOut, **PROBLEMS}, operation_id="end_plan")
def end_plan(request: ApiRequest, plan_id: int, body: ReasonIn) -> dict[str, Any]:
    """End the plan early, with a reason."""
    return _act(request, plan_id, actions.end_plan, reason=body.reason)


def _act(request: ApiRequest, plan_id: int, action: Any, **values: Any) -> dict[str, Any]:
    action(_plan(request, plan_id).pk, by=request.user, at=timezone.now(), **values)
    return _told(request, plan_id)


def _plan(request: ApiRequest, plan_id: int) -> ServicePlan:
    seen = ServicePlan.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("enterprise", "unit", "officer"), pk=plan_id)


def _demand(request: ApiRequest, number: str) -> Demand:
    return get_object_or_404(Demand.objects.visible_to(request.user), number=number)


def _person(person_id: int | None) -> User | None:
    return None if person_id is None else get_object_or_404(User, pk=person_id)


def _line(plan: ServicePlan, reader: User) -> dict[str, Any]:
    is_told = reader.is_zone_staff or plan.is_put_forward
    return {
        "id": plan.pk,
        "number": plan.number,
        "title": plan.title if is_told else "",
        "status": plan.status,
        "enterprise_id": plan.enterprise_id,
        "unit_id": plan.unit_id,
        "officer_id": plan.officer_id,
        "agreed_on": plan.agreed_on,
        "review_on": plan.review_on if is_told else None,
        "begun_at": plan.begun_at,
        "ended_at": plan.ended_at,
    }


def _told(request: ApiRequest, plan_id: int) -> dict[str, Any]:
    plan, user = _plan(request, plan_id), request.user
    shown = shown_to(plan, user)
    linked = Demand.objects.visible_to(user).filter(pk__in=plan.demands.values("pk"))
    return _line(plan, user) | {
        "title": shown.title,
        "aim": shown.aim,
        "diagnosis": shown.diagnosis,
        "review_on": shown.review_on,
        "outcome": plan.outcome,
        "end_reason": plan.end_reason,
        "demands": list(linked.order_by("pk").values_list("number", flat=True)),
        "is_earlier": shown.is_earlier,
        "measures": [measure_out(each.now) for each in shown.measures if each.now is not None],
        "proposed": [
            {
                "position": each.position,
                "what": each.what,
                "kind": each.kind,
                "unit": each.unit,
                "due_on": each.due_on,
            }
            for each in shown.measures
            if each.now is None
        ],
        "proposals": list(plan.proposals.order_by("round")),
    }
