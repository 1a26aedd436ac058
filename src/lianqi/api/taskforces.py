"""Task forces over JSON: the same actions as the pages."""

import datetime as dt
from typing import Annotated, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.models import Unit, User
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.actions import consent_to_routing, end_routing
from lianqi.demands.enums import DutyOrigin
from lianqi.demands.models import DemandCategory, DutyRule
from lianqi.demands.queries import task_force_line
from lianqi.taskforces import actions
from lianqi.taskforces.enums import ForceStatus, UnitPart
from lianqi.taskforces.models import ForceUnit, TaskForce

router = Router(tags=["task forces"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class ForceOut(Schema):
    """A task force. `unit_id` is what demands are sent to; `lead_unit_id` takes over in the end."""

    id: int
    number: str
    name: str
    unit_id: int
    lead_unit_id: int
    member_unit_ids: list[int]
    categories: list[str]
    person_ids: list[int]
    purpose: str
    order: str
    status: ForceStatus
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    close_reason: str
    handed_over: int

    @staticmethod
    def resolve_name(force: TaskForce) -> str:
        return force.unit.name

    @staticmethod
    def resolve_member_unit_ids(force: TaskForce) -> list[int]:
        return [row.unit_id for row in force.units.all() if _is_member(row, force)]

    @staticmethod
    def resolve_categories(force: TaskForce) -> list[str]:
        # The lines of the force's unit: fetched together for a list, alone for one force.
        lines = [rule for rule in force.unit.duty_rules.all() if _is_line(rule, force)]
        return [rule.category.code for rule in lines]

    @staticmethod
    def resolve_person_ids(force: TaskForce) -> list[int]:
        return [each.person_id for each in force.members.all() if each.left_at is None]


class ForcePage(Schema):
    """Task forces, newest first. Pass `next_before` as `before` for the following page."""

    task_forces: list[ForceOut]
    next_before: int | None


class ForceIn(Schema):
    """`categories` are the codes of the demand categories it takes."""

    name: Short
    order: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    lead_unit_id: int
    member_unit_ids: Annotated[list[int], Field(max_length=50)] = []
    categories: Annotated[list[str], Field(min_length=1, max_length=50)]
    person_ids: Annotated[list[int], Field(max_length=100)] = []


class ForcePersonIn(Schema):
    person_id: int


class ForceCloseIn(Schema):
    reason: Text


OrderNamed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class ForceLeadIn(Schema):
    lead_unit_id: int
    order: OrderNamed


class ForceUnitsIn(Schema):
    added_ids: Annotated[list[int], Field(max_length=50)] = []
    removed_ids: Annotated[list[int], Field(max_length=50)] = []
    order: OrderNamed


class ForceTypesIn(Schema):
    """`added` and `removed` are codes of demand categories."""

    added: Annotated[list[str], Field(max_length=50)] = []
    removed: Annotated[list[str], Field(max_length=50)] = []
    order: OrderNamed


class RoutingIn(Schema):
    """`category` is the code of a demand category that a task force takes."""

    category: str
    by_itself: bool


class RoutingOut(RoutingIn):
    """`unit_id` is the unit of the task force."""

    unit_id: int


class ForceFilter(Schema):
    """Filters of the list; all that are given must hold."""

    status: ForceStatus | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: ForcePage, **PROBLEMS}, operation_id="list_task_forces")
def list_forces(request: ApiRequest, query: Query[ForceFilter]) -> dict[str, Any]:
    """The task forces you may see, newest first."""
    forces = TaskForce.objects.visible_to(request.user)
    if query.status is not None:
        forces = forces.filter(status=query.status)
    if query.before is not None:
        forces = forces.filter(pk__lt=query.before)
    found = forces.for_list().prefetch_related("units", "unit__duty_rules__category", "members")
    rows = list(found[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return {"task_forces": rows, "next_before": rows[-1].pk if more else None}


@router.post("/routing", response={200: RoutingOut, **PROBLEMS}, operation_id="set_routing")
def set_routing(request: ApiRequest, body: RoutingIn) -> dict[str, Any]:
    """Agree that demands of a category go to its task force by themselves, or end it."""
    category = get_object_or_404(DemandCategory, code=body.category)
    line = task_force_line(category, on=timezone.localdate())
    if line is None or line.category_id != category.pk:
        raise Http404
    action = consent_to_routing if body.by_itself else end_routing
    action(line.pk, by=request.user, at=timezone.now())
    return body.dict() | {"unit_id": line.unit_id}


@router.get("/{force_id}", response={200: ForceOut, **PROBLEMS}, operation_id="get_task_force")
def get_force(request: ApiRequest, force_id: int) -> TaskForce:
    """One task force."""
    return _force(request, force_id)


@router.post("", response={201: ForceOut, **PROBLEMS}, operation_id="form_task_force")
def form_force(request: ApiRequest, body: ForceIn) -> Status[TaskForce]:
    """Form a task force: from now on demands of its categories are suggested to it first."""
    force = actions.form_force(
        name=body.name,
        purpose=body.purpose,
        order=body.order,
        lead_unit=get_object_or_404(Unit, pk=body.lead_unit_id),
        member_units=[get_object_or_404(Unit, pk=pk) for pk in body.member_unit_ids],
        categories=[get_object_or_404(DemandCategory, code=code) for code in body.categories],
        people=[get_object_or_404(User, pk=pk) for pk in body.person_ids],
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, force)


@router.post(
    "/{force_id}/join", response={200: ForceOut, **PROBLEMS}, operation_id="join_task_force"
)
def join_force(request: ApiRequest, force_id: int, body: ForcePersonIn) -> TaskForce:
    """Name a person of the lead or a member unit to the task force."""
    force = _force(request, force_id)
    person = get_object_or_404(User, pk=body.person_id)
    actions.join_force(force.pk, person=person, by=request.user, at=timezone.now())
    return _force(request, force_id)


@router.post(
    "/{force_id}/leave", response={200: ForceOut, **PROBLEMS}, operation_id="leave_task_force"
)
def leave_force(request: ApiRequest, force_id: int, body: ForcePersonIn) -> TaskForce:
    """Release a person from the task force."""
    force = _force(request, force_id)
    person = get_object_or_404(User, pk=body.person_id)
    actions.leave_force(force.pk, person=person, by=request.user, at=timezone.now())
    return _force(request, force_id)


@router.post(
    "/{force_id}/close", response={200: ForceOut, **PROBLEMS}, operation_id="close_task_force"
)
def close_force(request: ApiRequest, force_id: int, body: ForceCloseIn) -> TaskForce:
    """Close the task force; its lead unit takes over its open demands as they stand."""
    force = _force(request, force_id)
    return actions.close_force(force.pk, reason=body.reason, by=request.user, at=timezone.now())


@router.post(
    "/{force_id}/change-lead",
    response={200: ForceOut, **PROBLEMS},
    operation_id="change_lead_task_force",
)
def change_lead(request: ApiRequest, force_id: int, body: ForceLeadIn) -> TaskForce:
    """Let another unit lead; the one that led until now stays as a member unit."""
    force = _force(request, force_id)
    unit = get_object_or_404(Unit, pk=body.lead_unit_id)
    actions.change_lead(
        force.pk, lead_unit=unit, order=body.order, by=request.user, at=timezone.now()
    )
    return _force(request, force_id)


@router.post(
    "/{force_id}/change-units",
    response={200: ForceOut, **PROBLEMS},
    operation_id="change_units_task_force",
)
def change_units(request: ApiRequest, force_id: int, body: ForceUnitsIn) -> TaskForce:
    """Let units join the task force, or leave it with the people they sent."""
    force = _force(request, force_id)
    actions.change_units(
        force.pk,
        added=[get_object_or_404(Unit, pk=pk) for pk in body.added_ids],
        removed=[get_object_or_404(Unit, pk=pk) for pk in body.removed_ids],
        order=body.order,
        by=request.user,
        at=timezone.now(),
    )
    return _force(request, force_id)


@router.post(
    "/{force_id}/change-types",
    response={200: ForceOut, **PROBLEMS},
    operation_id="change_types_task_force",
)
def change_types(request: ApiRequest, force_id: int, body: ForceTypesIn) -> TaskForce:
    """Let the task force take further problem types, or give some up, from today."""
    force = _force(request, force_id)
    actions.change_types(
        force.pk,
        added=[get_object_or_404(DemandCategory, code=code) for code in body.added],
        removed=[get_object_or_404(DemandCategory, code=code) for code in body.removed],
        order=body.order,
        by=request.user,
        at=timezone.now(),
    )
    return _force(request, force_id)


def _is_member(row: ForceUnit, force: TaskForce) -> bool:
    return row.part == UnitPart.MEMBER and row.until == force.closed_at


def _is_line(rule: DutyRule, force: TaskForce) -> bool:
    runs = force.status == ForceStatus.CLOSED or rule.valid_to is None
    return rule.origin == DutyOrigin.TASK_FORCE and runs


def _force(request: ApiRequest, force_id: int) -> TaskForce:
    found = TaskForce.objects.visible_to(request.user).select_related("unit")
    return get_object_or_404(found, pk=force_id)
