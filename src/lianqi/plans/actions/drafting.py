"""Beginning a plan, writing it, entrusting it, and the demands it answers."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from lianqi.accounts.enums import UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import acting_for, heads_of
from lianqi.demands.models import Demand
from lianqi.plans.actions.moving import (
    keepers_of,
    locked_beside,
    note,
    owe,
    require_review_day,
    tell,
)
from lianqi.plans.enums import PlanStep
from lianqi.plans.errors import (
    DemandOfAnotherEnterprise,
    EnterpriseHasNoPlan,
    NoteMissing,
    OfficerNotPossible,
    PlanTextMissing,
    PlanUnderWay,
    UnitKeepsNoPlans,
)
from lianqi.plans.models import PlanNote, ServicePlan
from lianqi.register.models import Enterprise
from lianqi.register.permissions import looks_after_it
from lianqi.register.queries import with_merged_ids
from lianqi.work.actions import hand_over_items
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date, people_on_the_desk


@transaction.atomic
def begin_plan(
    *,
    enterprise: Enterprise,
    title: str,
    unit: Unit,
    by: User,
    at: dt.datetime,
    aim: str = "",
    diagnosis: str = "",
    officer: User | None = None,
    review_on: dt.date | None = None,
    demands: Sequence[Demand] = (),
) -> ServicePlan:
    """Begin the plan of an enterprise; its unit owes the draft.

    Raises:
        PlanUnderWay: The enterprise has a current plan; perhaps since a moment ago.
        EnterpriseHasNoPlan: The entry was merged into another one.
        PlanTextMissing: There is no title.
        UnitKeepsNoPlans, OfficerNotPossible: Nobody could be held to it.
        ReviewDayNotPossible: The day is not ahead.
        DemandOfAnotherEnterprise: A demand is somebody else's.
    """
    if not by.has_perm("plans.begin", enterprise):
        raise PermissionDenied
    if enterprise.merged_into_id is not None:
        raise EnterpriseHasNoPlan(enterprise=enterprise)
    if not title.strip():
        raise PlanTextMissing
    require_unit(unit)
    _require_officer(officer, unit, enterprise, at=at)
    require_review_day(review_on, at=at)
    _require_none_current(enterprise)
    plan = ServicePlan(
        number=_next_number(local_date(at).year),
        enterprise=enterprise,
        title=title.strip(),
        aim=aim.strip(),
        diagnosis=diagnosis.strip(),
        unit=unit,
        officer=officer,
        units=[unit.pk],
        review_on=review_on,
        begun_at=at,
        begun_by=by,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        # Two officers at once: the other one won the unique key, unless the error was another one.
        _require_none_current(enterprise)
        raise
    note("plans.begun", plan, by=by, at=at, title=plan.title, unit_name=unit.name)
    for demand in demands:
        _link(plan, demand, by=by, at=at)
    owe(plan, PlanStep.DRAW_UP, by=by, at=at)
    _tell_keepers(plan, by=by, at=at)
    return plan


@transaction.atomic
def write_plan(
    plan_id: int,
    *,
    title: str,
    aim: str,
    diagnosis: str,
    review_on: dt.date | None,
    by: User,
    at: dt.datetime,
) -> ServicePlan:
    """Write the draft anew. What was proposed before stays word for word in its proposal.

    Raises:
        PlanMoveNotPossible: It is with the enterprise or agreed.
        PlanTextMissing: There is no title.
        ReviewDayNotPossible: The day is not ahead.
    """
    plan = locked_beside(plan_id, "write", by=by)
    if not title.strip():
        raise PlanTextMissing
    if review_on != plan.review_on:
        require_review_day(review_on, at=at)
    values = {
        "title": title.strip(),
        "aim": aim.strip(),
        "diagnosis": diagnosis.strip(),
        "review_on": review_on,
    }
    changed = [name for name, value in values.items() if getattr(plan, name) != value]
    for name in changed:
        setattr(plan, name, values[name])
    if changed:
        plan.save(update_fields=changed)
        note("plans.written", plan, by=by, at=at, fields=changed)
    return plan


@transaction.atomic
def entrust_plan(
    plan_id: int, *, unit: Unit, officer: User | None, by: User, at: dt.datetime
) -> ServicePlan:
    """Give the plan to another unit or officer; what they owe goes along, with its clocks.

    Raises:
        PlanMoveNotPossible: It ended.
        UnitKeepsNoPlans, OfficerNotPossible: Nobody could be held to it.
    """
    plan = locked_beside(plan_id, "entrust", by=by)
    require_unit(unit)
    _require_officer(officer, unit, plan.enterprise, at=at)
    plan.unit, plan.officer = unit, officer
    plan.save(update_fields=["unit", "officer"])
    set_units(plan)
    hand_over_items(plan, unit=unit)
    acting = acting_for(officer, on=local_date(at)) if officer else None
    WorkItem.objects.about(plan).open().update(person=acting)
    note(
        "plans.entrusted", plan, by=by, at=at,
        unit=unit.pk, unit_name=unit.name,
        person=officer.pk if officer else None, person_name=str(officer or ""),
    )  # fmt: skip
    _tell_keepers(plan, by=by, at=at)
    return plan


@transaction.atomic
def link_demand(plan_id: int, *, demand: Demand, by: User, at: dt.datetime) -> ServicePlan:
    """Note that the plan answers a demand of the enterprise as well; twice changes nothing.

    Raises:
        DemandOfAnotherEnterprise: It is somebody else's, or `by` may not open it.
    """
    plan = locked_beside(plan_id, "link", by=by)
    _link(plan, demand, by=by, at=at)
    return plan


@transaction.atomic
def unlink_demand(plan_id: int, *, demand: Demand, by: User, at: dt.datetime) -> ServicePlan:
    """Take a demand out again."""
    plan = locked_beside(plan_id, "link", by=by)
    if plan.demands.filter(pk=demand.pk).exists():
        plan.demands.remove(demand)
        note("plans.unlinked", plan, by=by, at=at, demand=demand.number)
    return plan


@transaction.atomic
def note_plan(plan_id: int, *, text: str, by: User, at: dt.datetime) -> PlanNote:
    """Write an internal note; the event says that there is one, and not what it says."""
    plan = locked_beside(plan_id, "note", by=by)
    if not text.strip():
        raise NoteMissing
    written = PlanNote.objects.create(plan=plan, text=text.strip(), written_at=at, written_by=by)
    note("plans.noted", plan, by=by, at=at)
    return written


def require_unit(unit: Unit) -> None:
    """A task force is closed one day, and what it promised would be nobody's."""
    if not unit.is_active or unit.kind == UnitKind.TASK_FORCE:
        raise UnitKeepsNoPlans(unit=unit)


def set_units(plan: ServicePlan) -> None:
    """Write down all units of a locked plan, by which lists find it."""
    owners = plan.measures.order_by("unit_id").values_list("unit_id", flat=True)
    plan.units = sorted({plan.unit_id, *owners})
    plan.save(update_fields=["units"])


def _require_none_current(enterprise: Enterprise) -> None:
    """No entry of the enterprise has a current plan, those that were merged into it included."""
    twins = ServicePlan.objects.current().filter(enterprise_id__in=with_merged_ids(enterprise))
    if (twin := twins.select_related("unit").first()) is not None:
        raise PlanUnderWay(enterprise=enterprise, number=twin.number, unit=twin.unit)


def _require_officer(
    officer: User | None, unit: Unit, enterprise: Enterprise, *, at: dt.datetime
) -> None:
    if officer is None:
        return
    on = local_date(at)
    is_of_it = officer in people_on_the_desk(unit, on=on) or officer in heads_of(unit, on=on)
    if not is_of_it and not looks_after_it(officer, enterprise):
        raise OfficerNotPossible(person=officer, unit=unit)


def _link(plan: ServicePlan, demand: Demand, *, by: User, at: dt.datetime) -> None:
    is_its = demand.enterprise is not None and _is_one(demand.enterprise, plan.enterprise)
    if not is_its or not by.has_perm("demands.view", demand):
        raise DemandOfAnotherEnterprise(number=demand.number, enterprise=plan.enterprise)
    if not plan.demands.filter(pk=demand.pk).exists():
        plan.demands.add(demand)
        note("plans.linked", plan, by=by, at=at, demand=demand.number)


def _is_one(first: Enterprise, second: Enterprise) -> bool:
    """The same enterprise, as far as the register knows."""
    ids = {each.merged_into_id or each.pk for each in (first, second)}
    return len(ids) == 1


def _tell_keepers(plan: ServicePlan, *, by: User, at: dt.datetime) -> None:
    others = [each for each in keepers_of(plan, at=at) if each.pk != by.pk]
    tell(others, plan, "plans.entrusted", at=at)


def _next_number(year: int) -> str:
    """`FA` (方案), the year, a running number that never repeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('plans_number')")
        return f"FA{year}{cursor.fetchone()[0]:05d}"
