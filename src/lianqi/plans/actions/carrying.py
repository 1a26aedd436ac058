"""Carrying a plan out: started, measures reported, settled and judged by the enterprise."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.plans.actions.measures import give
from lianqi.plans.actions.moving import (
    keepers_of,
    locked,
    locked_measure,
    note,
    note_measure,
    owe_review,
    owners_of,
    require_due_day,
    stop,
    tell,
    tell_story,
    tell_the_enterprise,
    turn,
)
from lianqi.plans.enums import EntryKind, MeasureStatus, MeasureStep, PlanStep, Verdict
from lianqi.plans.errors import (
    DoubtMissing,
    DueDayPassed,
    JudgedAlready,
    ProgressMissing,
    ReasonMissing,
    ResultTextMissing,
)
from lianqi.plans.flow import RESULTS
from lianqi.plans.models import Measure, MeasureEntry, ServicePlan
from lianqi.work.actions import finish_items
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date


@transaction.atomic
def start_plan(plan_id: int, *, by: User, at: dt.datetime) -> ServicePlan:
    """Start an agreed plan: every owner owes the measures until the agreed days.

    Raises:
        PlanMoveNotPossible: Somebody acted meanwhile.
        DueDayPassed: A measure would be late before it began; it is moved first.
    """
    plan, target = locked(plan_id, "start", by=by)
    measures = list(plan.measures.in_order())
    for measure in measures:
        if measure.due_on <= local_date(at):
            raise DueDayPassed(position=measure.position, day=measure.due_on.isoformat())
    plan.status, plan.started_at = target, at
    plan.save(update_fields=["status", "started_at"])
    stop(plan, PlanStep.START, by=by, at=at)
    for measure in measures:
        measure.plan = plan
        turn(measure, "open")
        measure.save(update_fields=["status"])
        give(measure, by=by, at=at)
    owe_review(plan, by=by, at=at)
    note("plans.started", plan, by=by, at=at, measures=len(measures))
    tell_the_enterprise(plan, "plans.started", at=at)
    return plan


@transaction.atomic
def report_progress(measure_id: int, *, text: str, by: User, at: dt.datetime) -> MeasureEntry:
    """Say how a measure stands; the enterprise reads it on its page.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        ProgressMissing: There is nothing to read.
    """
    measure = locked_measure(measure_id, "progress_measure", by=by)
    if not text.strip():
        raise ProgressMissing
    note_measure("plans.measure_progressed", measure, by=by, at=at, text=text.strip())
    return tell_story(measure, EntryKind.PROGRESS, text.strip(), by=by, at=at)


@transaction.atomic
def settle_measure(
    measure_id: int, *, result: MeasureStatus, text: str, by: User, at: dt.datetime
) -> Measure:
    """State what came of a measure; the enterprise confirms or doubts it.

    Args:
        measure_id: The measure.
        result: Done, done in part, or not possible.
        text: What was achieved; of what was not, the reason.
        by: Whoever states it.
        at: Now; at the due moment itself it is still in time.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        ResultTextMissing: There is nothing to judge.
        KeyError: No such result: the form let it through.
    """
    measure = locked_measure(measure_id, "settle_measure", by=by)
    if not text.strip():
        raise ResultTextMissing
    turn(measure, RESULTS[result])
    measure.was_late = _stop(measure, by=by, at=at)
    _settle(measure, text.strip(), by=by, at=at)
    note_measure(
        "plans.measure_settled", measure, by=by, at=at,
        result=str(measure.status), text=measure.result, was_late=measure.was_late,
    )  # fmt: skip
    return measure


@transaction.atomic
def restate_measure(
    measure_id: int, *, result: MeasureStatus, text: str, by: User, at: dt.datetime
) -> Measure:
    """State the result once more, as an answer to a doubt; the enterprise may judge it again.

    Whether it was late stays what it was: the first result ended the time.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        ResultTextMissing: There is nothing to judge.
        KeyError: No such result: the form let it through.
    """
    measure = locked_measure(measure_id, "restate_measure", by=by)
    if not text.strip():
        raise ResultTextMissing
    turn(measure, "resume")
    turn(measure, RESULTS[result])
    _settle(measure, text.strip(), by=by, at=at)
    note_measure(
        "plans.measure_restated", measure, by=by, at=at,
        result=str(measure.status), text=measure.result,
    )  # fmt: skip
    return measure


@transaction.atomic
def resume_measure(
    measure_id: int, *, due_on: dt.date, reason: str, by: User, at: dt.datetime
) -> Measure:
    """Take a measure up again, with a new day; its owner owes it once more.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        DueDayNotPossible: The day is no working day ahead.
        ReasonMissing: The enterprise would not know why.
    """
    measure = locked_measure(measure_id, "resume_measure", by=by)
    require_due_day(due_on, at=at)
    if not reason.strip():
        raise ReasonMissing
    turn(measure, "resume")
    earlier, measure.due_on = measure.due_on, due_on
    measure.result, measure.verdict = "", ""
    measure.settled_at = measure.settled_by = measure.was_late = None
    measure.save(
        update_fields=[
            "status", "due_on", "result", "verdict", "settled_at", "settled_by", "was_late",
        ]
    )  # fmt: skip
    tell_story(
        measure, EntryKind.RESUMED, reason.strip(), by=by, at=at,
        due_on=due_on, earlier_due_on=earlier,
    )  # fmt: skip
    note_measure(
        "plans.measure_resumed", measure, by=by, at=at,
        earlier=earlier.isoformat(), due_on=due_on.isoformat(), reason=reason.strip(),
    )  # fmt: skip
    give(measure, by=by, at=at)
    tell_the_enterprise(
        measure.plan, "plans.measure_postponed", at=at, url=measure.get_absolute_url(),
        label=measure.what, day=due_on.isoformat(), reason=reason.strip(),
    )  # fmt: skip
    return measure


@transaction.atomic
def judge_measure(
    measure_id: int, *, verdict: Verdict, text: str, by: User, at: dt.datetime
) -> Measure:
    """The enterprise confirms a result, or doubts it and says why; owner and officer are told.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        JudgedAlready: Somebody of the enterprise has said so before.
        DoubtMissing: The unit would not know what to look into.
    """
    measure = locked_measure(measure_id, "judge_measure", by=by)
    if measure.verdict:
        raise JudgedAlready(verdict=measure.get_verdict_display())
    is_doubt = verdict == Verdict.DOUBTED
    if is_doubt and not text.strip():
        raise DoubtMissing
    measure.verdict = verdict
    measure.doubts += is_doubt
    measure.save(update_fields=["verdict", "doubts"])
    kind = EntryKind.DOUBTED if is_doubt else EntryKind.CONFIRMED
    tell_story(measure, kind, text.strip(), by=by, at=at)
    verb = "plans.measure_doubted" if is_doubt else "plans.measure_confirmed"
    note_measure(verb, measure, by=by, at=at, text=text.strip())
    told = {each.pk: each for each in keepers_of(measure.plan, at=at)}
    told |= {each.pk: each for each in owners_of(measure, at=at)}
    tell(
        told.values(), measure.plan, verb, at=at, url=measure.get_absolute_url(),
        label=measure.what, reason=text.strip(),
    )  # fmt: skip
    return measure


def _stop(measure: Measure, *, by: User, at: dt.datetime) -> bool:
    """Close the work item of a measure; whether it was late."""
    owed = WorkItem.objects.about(measure).open().filter(step=MeasureStep.CARRY_OUT)
    ids = list(owed.values_list("pk", flat=True))
    finish_items(measure, step=MeasureStep.CARRY_OUT, by=by, at=at)
    return WorkItem.objects.filter(pk__in=ids, was_late=True).exists()


def _settle(measure: Measure, text: str, *, by: User, at: dt.datetime) -> None:
    measure.result, measure.verdict = text, ""
    measure.settled_at, measure.settled_by = at, by
    measure.save(
        update_fields=["status", "result", "verdict", "settled_at", "settled_by", "was_late"]
    )
    tell_story(measure, EntryKind.RESULT, text, by=by, at=at, result=measure.status)
    plan = measure.plan
    said = {"url": measure.get_absolute_url(), "label": measure.what, "text": measure.result}
    tell_the_enterprise(plan, "plans.measure_settled", at=at, **said)
    others = [each for each in keepers_of(plan, at=at) if each.pk != by.pk]
    tell(others, plan, "plans.measure_settled", at=at, **said)
