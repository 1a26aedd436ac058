"""What every act about a plan has in common: lock, table, permission; then work and notices."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import User
from lianqi.accounts.queries import heads_of
from lianqi.audit.actions import record
from lianqi.engines.flow import IllegalMove
from lianqi.notices.actions import notify
from lianqi.plans.enums import EntryKind, MeasureStatus, MeasureStep, PlanStatus, PlanStep
from lianqi.plans.errors import (
    DueDayNotPossible,
    MeasureMoveNotPossible,
    PlanMoveNotPossible,
    ReviewDayNotPossible,
)
from lianqi.plans.flow import BESIDE, BESIDE_MEASURE, MEASURE_FLOW, PLAN_FLOW
from lianqi.plans.models import Measure, MeasureEntry, ServicePlan
from lianqi.register.queries import people_of
from lianqi.work.actions import cancel_items, finish_items, open_item
from lianqi.work.models import WorkItem
from lianqi.work.queries import ReportingLine, current_calendar, local_date

FARTHEST = dt.timedelta(days=1096)
"""Three years: a plan that promises more than that is not reviewed any more."""


def locked(plan_id: int, verb: str, *, by: User) -> tuple[ServicePlan, PlanStatus]:
    """Lock the plan and return it with the status that `verb` leads to; the table comes first.

    Raises:
        PlanMoveNotPossible: Somebody moved it meanwhile.
        PermissionDenied: `by` may not do this.
    """
    # Nothing is joined: what another row said before the wait for the lock may not be true after.
    plan = ServicePlan.objects.select_for_update().get(pk=plan_id)
    try:
        target = PLAN_FLOW.target(verb, status=PlanStatus(plan.status))
    except IllegalMove as error:
        raise _moved(plan) from error
    if not by.has_perm(f"plans.{verb}", plan):
        raise PermissionDenied
    return plan, target


def locked_beside(plan_id: int, act: str, *, by: User) -> ServicePlan:
    """Lock the plan for something beside its moves, which leaves the status as it is."""
    plan = ServicePlan.objects.select_for_update().get(pk=plan_id)
    if plan.status not in BESIDE[act]:
        raise _moved(plan)
    if not by.has_perm(f"plans.{act}", plan):
        raise PermissionDenied
    return plan


def locked_measure(measure_id: int, act: str, *, by: User) -> Measure:
    """Lock the plan, then one of its measures.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        PermissionDenied: `by` may not do this.
    """
    plan_id = Measure.objects.values_list("plan_id", flat=True).get(pk=measure_id)
    plan = ServicePlan.objects.select_for_update().get(pk=plan_id)
    measure = Measure.objects.select_for_update().get(pk=measure_id)
    measure.plan = plan
    plan_in, own_in = BESIDE_MEASURE[act]
    if plan.status not in plan_in:
        raise _moved(plan)
    if measure.status not in own_in:
        raise MeasureMoveNotPossible(
            number=plan.number, position=measure.position, status=measure.get_status_display()
        )
    if not by.has_perm(f"plans.{act}", measure):
        raise PermissionDenied
    return measure


def _moved(plan: ServicePlan) -> PlanMoveNotPossible:
    return PlanMoveNotPossible(number=plan.number, status=plan.get_status_display())


def turn(measure: Measure, verb: str) -> None:
    """Give the measure the status that the table of its moves names; the caller saves it."""
    measure.status = MEASURE_FLOW.target(verb, status=MeasureStatus(measure.status))


def owe(
    plan: ServicePlan, step: PlanStep, *, by: User, at: dt.datetime, days: int | None = None
) -> None:
    """Let the responsible unit owe a step; the officer has it, if there is one."""
    open_item(
        plan,
        step=step,
        by=by,
        at=at,
        enterprise_id=plan.enterprise_id,
        label=label_of(plan),
        url=plan.get_absolute_url(),
        unit=plan.unit,
        person=plan.officer,
        days=days,
    )


def owe_review(plan: ServicePlan, *, by: User, at: dt.datetime) -> None:
    """Let the officer review the plan on the day that was named; without a day, by the rule."""
    days = None
    if plan.review_on is not None:
        days = max(1, (plan.review_on - local_date(at)).days)
    owe(plan, PlanStep.REVIEW, by=by, at=at, days=days)


def owe_measure(measure: Measure, *, by: User, at: dt.datetime) -> None:
    """Let its owner owe a measure until the end of its day."""
    plan = measure.plan
    open_item(
        measure,
        step=MeasureStep.CARRY_OUT,
        by=by,
        at=at,
        enterprise_id=plan.enterprise_id,
        label=f"{plan.number} {plan.enterprise} · {measure.what}"[:200],
        url=measure.get_absolute_url(),
        unit=measure.unit,
        person=measure.person,
        days=(measure.due_on - local_date(at)).days,
    )


def stop(plan: ServicePlan, step: PlanStep, *, by: User, at: dt.datetime) -> None:
    finish_items(plan, step=step, by=by, at=at)


def drop_work(plan: ServicePlan, *, by: User, at: dt.datetime) -> None:
    """Call off whatever anybody still owes the plan or its measures."""
    cancel_items(plan, by=by, at=at)
    for measure in plan.measures.filter(status=MeasureStatus.OPEN).order_by("pk"):
        cancel_items(measure, by=by, at=at)


def item_of(measure: Measure) -> WorkItem | None:
    """The open work item of a measure."""
    owed = WorkItem.objects.about(measure).open().filter(step=MeasureStep.CARRY_OUT)
    return owed.order_by("pk").last()


def label_of(plan: ServicePlan) -> str:
    return f"{plan.number} {plan.enterprise} · {plan.title}"[:200]


def require_due_day(day: dt.date, *, at: dt.datetime) -> None:
    """A measure is due on a working day: nobody is late on a day on which nobody works.

    Raises:
        DueDayNotPossible: It is none, not ahead, or too far away.
    """
    today, calendar = local_date(at), current_calendar()
    if not today < day <= today + FARTHEST or not calendar.is_working(day):
        after = min(max(day, today + dt.timedelta(days=1)), today + FARTHEST)
        raise DueDayNotPossible(
            day=day.isoformat(),
            latest=(today + FARTHEST).isoformat(),
            nearest=calendar.working_day_on_or_after(after).isoformat(),
        )


def require_review_day(day: dt.date | None, *, at: dt.datetime) -> None:
    today = local_date(at)
    if day is not None and not today < day <= today + FARTHEST:
        raise ReviewDayNotPossible(latest=(today + FARTHEST).isoformat())


def tell_story(
    measure: Measure, kind: EntryKind, text: str, *, by: User, at: dt.datetime, **more: Any
) -> MeasureEntry:
    """Add a line to the story of a measure."""
    return MeasureEntry.objects.create(measure=measure, kind=kind, text=text, at=at, by=by, **more)


def note(verb: str, plan: ServicePlan, *, by: User, at: dt.datetime, **detail: Any) -> None:
    record(verb, plan, by=by, at=at, enterprise_id=plan.enterprise_id, **detail)


def note_measure(verb: str, measure: Measure, *, by: User, at: dt.datetime, **detail: Any) -> None:
    """Record an event of the plan that is about one of its measures."""
    note(
        verb, measure.plan, by=by, at=at,
        measure=measure.pk, position=measure.position, what=measure.what, **detail,
    )  # fmt: skip


def keepers_of(plan: ServicePlan, *, at: dt.datetime) -> list[User]:
    """The officer; where none is named, the desk of the responsible unit and its head."""
    if plan.officer is not None:
        return [plan.officer]
    line = ReportingLine(local_date(at))
    return [*line.people_of(plan.unit, 0), *line.people_of(plan.unit, 1)]


def owners_of(measure: Measure, *, at: dt.datetime) -> list[User]:
    """The person who has the measure; where none is named, the desk of the owner."""
    if measure.person is not None:
        return [measure.person]
    people = ReportingLine(local_date(at)).people_of(measure.unit, 0)
    return people or heads_of(measure.unit, on=local_date(at))


def tell_the_enterprise(
    plan: ServicePlan, event: str, *, at: dt.datetime, url: str = "", **names: object
) -> None:
    tell(people_of(plan.enterprise), plan, event, at=at, url=url, **names)


def tell(
    people: Iterable[User],
    plan: ServicePlan,
    event: str,
    *,
    at: dt.datetime,
    url: str = "",
    **names: object,
) -> None:
    """Notify people once per event, place and moment; the text goes out after the commit."""
    url = url or plan.get_absolute_url()
    notify(
        people,
        event=event,
        names={
            "number": plan.number,
            "title": plan.title,
            "enterprise": plan.enterprise,
            "unit": plan.unit,
            **names,
        },
        url=url,
        at=at,
        dedupe_key=f"{event}:{url}:{at.isoformat()}",
    )
