"""Reviewing a plan under way, completing it, ending it early."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.plans.actions.moving import (
    drop_work,
    keepers_of,
    locked,
    note,
    owe_review,
    owners_of,
    require_review_day,
    stop,
    tell,
    tell_the_enterprise,
    turn,
)
from lianqi.plans.enums import MeasureStatus, PlanStatus, PlanStep, Reply, Verdict
from lianqi.plans.errors import (
    DoubtUnanswered,
    EndReasonMissing,
    MeasuresOpen,
    OutcomeMissing,
    ReviewTextMissing,
)
from lianqi.plans.models import ServicePlan


@transaction.atomic
def review_plan(
    plan_id: int, *, text: str, review_on: dt.date, by: User, at: dt.datetime
) -> ServicePlan:
    """Look at the plan as a whole and name the day of the next review; the enterprise reads it.

    Raises:
        PlanMoveNotPossible: It ended meanwhile.
        ReviewTextMissing: There is nothing to read.
        ReviewDayNotPossible: The day is not ahead.
    """
    plan, _target = locked(plan_id, "review", by=by)
    if not text.strip():
        raise ReviewTextMissing
    require_review_day(review_on, at=at)
    stop(plan, PlanStep.REVIEW, by=by, at=at)
    plan.review_on = review_on
    plan.save(update_fields=["review_on"])
    owe_review(plan, by=by, at=at)
    note("plans.reviewed", plan, by=by, at=at, text=text.strip(), review_on=review_on.isoformat())
    tell_the_enterprise(plan, "plans.reviewed", at=at, text=text.strip())
    return plan


@transaction.atomic
def complete_plan(plan_id: int, *, outcome: str, by: User, at: dt.datetime) -> ServicePlan:
    """Every measure has a result, and no first doubt stands without an answer.

    A doubt that comes after the answer stays visible and holds nothing up: otherwise a plan could
    never end that the two sides see differently.

    Raises:
        PlanMoveNotPossible: Somebody acted meanwhile.
        MeasuresOpen, DoubtUnanswered: Something is still to be done.
        OutcomeMissing: The enterprise would not know what came of it.
    """
    plan, target = locked(plan_id, "complete", by=by)
    if left := plan.measures.filter(status=MeasureStatus.OPEN).count():
        raise MeasuresOpen(count=left)
    doubted = plan.measures.filter(verdict=Verdict.DOUBTED, doubts=1).order_by("position").first()
    if doubted is not None:
        raise DoubtUnanswered(position=doubted.position)
    if not outcome.strip():
        raise OutcomeMissing
    plan.outcome = outcome.strip()
    stop(plan, PlanStep.REVIEW, by=by, at=at)
    _close(plan, target, by=by, at=at)
    note("plans.completed", plan, by=by, at=at, outcome=plan.outcome)
    tell_the_enterprise(plan, "plans.completed", at=at, text=plan.outcome)
    return plan


@transaction.atomic
def end_plan(plan_id: int, *, reason: str, by: User, at: dt.datetime) -> ServicePlan:
    """End a plan early; whatever is owed is called off, whatever was achieved stays.

    Raises:
        PlanMoveNotPossible: It ended meanwhile.
        EndReasonMissing: Whoever took part is told why.
    """
    plan, target = locked(plan_id, "end", by=by)
    if not reason.strip():
        raise EndReasonMissing
    plan.end_reason = reason.strip()
    told = {each.pk: each for each in keepers_of(plan, at=at)}
    drop_work(plan, by=by, at=at)
    unfinished = [MeasureStatus.PLANNED, MeasureStatus.OPEN]
    for measure in plan.measures.filter(status__in=unfinished).in_order():
        if measure.status == MeasureStatus.OPEN:
            told |= {each.pk: each for each in owners_of(measure, at=at)}
        turn(measure, "call_off")
        measure.save(update_fields=["status"])
    waiting = plan.proposals.filter(replied_at__isnull=True)
    waiting.update(reply=Reply.LAPSED, replied_at=at, replied_by=by)
    _close(plan, target, by=by, at=at)
    note("plans.ended", plan, by=by, at=at, reason=plan.end_reason)
    told.pop(by.pk, None)
    tell(told.values(), plan, "plans.ended", at=at, reason=plan.end_reason)
    if plan.proposed_at is not None:
        tell_the_enterprise(plan, "plans.ended", at=at, reason=plan.end_reason)
    return plan


def _close(plan: ServicePlan, status: PlanStatus, *, by: User, at: dt.datetime) -> None:
    plan.status, plan.ended_at, plan.ended_by = status, at, by
    plan.save(update_fields=["status", "ended_at", "ended_by", "outcome", "end_reason"])
