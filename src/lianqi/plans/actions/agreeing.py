"""The plan goes to the enterprise and comes back: proposed, agreed, sent back, taken back."""

import datetime as dt
from typing import Any

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.plans.actions.moving import (
    drop_work,
    keepers_of,
    locked,
    note,
    owe,
    stop,
    tell,
    tell_the_enterprise,
)
from lianqi.plans.enums import TOLD_WAYS, AgreedBy, PlanStatus, PlanStep, Reply
from lianqi.plans.errors import (
    AgreementIncomplete,
    DueDayPassed,
    MeasuresMissing,
    OfficerMissing,
    PlanTextMissing,
    ProposalReplaced,
    ReasonMissing,
    WishesMissing,
)
from lianqi.plans.models import Proposal, ServicePlan
from lianqi.work.queries import local_date


@transaction.atomic
def propose_plan(plan_id: int, *, by: User, at: dt.datetime) -> Proposal:
    """Put the plan to the enterprise as it stands; what it then reads is kept word for word.

    Raises:
        PlanMoveNotPossible: Somebody acted meanwhile.
        PlanTextMissing, OfficerMissing, MeasuresMissing: Something that makes a plan is missing.
        DueDayPassed: A measure would be due before it could begin.
    """
    plan, target = locked(plan_id, "propose", by=by)
    if not (plan.title and plan.aim and plan.diagnosis):
        raise PlanTextMissing
    if plan.officer is None:
        raise OfficerMissing
    measures = list(plan.measures.in_order())
    if not measures:
        raise MeasuresMissing
    for measure in measures:
        if measure.due_on <= local_date(at):
            raise DueDayPassed(position=measure.position, day=measure.due_on.isoformat())
    proposal = Proposal.objects.create(
        plan=plan,
        round=plan.proposals.count() + 1,
        content=_content(plan),
        proposed_at=at,
        proposed_by=by,
    )
    plan.status, plan.proposed_at = target, plan.proposed_at or at
    plan.save(update_fields=["status", "proposed_at"])
    stop(plan, PlanStep.DRAW_UP, by=by, at=at)
    owe(plan, PlanStep.AGREE, by=by, at=at)
    note("plans.proposed", plan, by=by, at=at, round=proposal.round, measures=len(measures))
    tell_the_enterprise(plan, "plans.proposed", at=at)
    return proposal


@transaction.atomic
def take_back_plan(plan_id: int, *, reason: str, by: User, at: dt.datetime) -> ServicePlan:
    """Take a proposal back to change it, with a reason the enterprise reads.

    Raises:
        PlanMoveNotPossible: The enterprise agreed or sent it back meanwhile.
        ReasonMissing: The enterprise would not know why.
    """
    plan, target = locked(plan_id, "take_back", by=by)
    if not reason.strip():
        raise ReasonMissing
    _back(plan, target, Reply.TAKEN_BACK, reason.strip(), by=by, at=at)
    note("plans.taken_back", plan, by=by, at=at, reason=reason.strip())
    tell_the_enterprise(plan, "plans.taken_back", at=at, reason=reason.strip())
    return plan


@transaction.atomic
def send_back_plan(
    plan_id: int, *, round_number: int, wishes: str, by: User, at: dt.datetime
) -> ServicePlan:
    """The enterprise wants something different; the unit draws the plan up once more.

    Args:
        round_number: Of the proposal that the enterprise read.

    Raises:
        PlanMoveNotPossible: Somebody acted meanwhile.
        ProposalReplaced: The enterprise read an older proposal.
        WishesMissing: The unit would not know what to change.
    """
    plan, target = locked(plan_id, "send_back", by=by)
    _require_round(plan, round_number)
    if not wishes.strip():
        raise WishesMissing
    _back(plan, target, Reply.SENT_BACK, wishes.strip(), by=by, at=at)
    note("plans.sent_back", plan, by=by, at=at, wishes=wishes.strip())
    tell(keepers_of(plan, at=at), plan, "plans.sent_back", at=at, reason=wishes.strip())
    return plan


@transaction.atomic
def agree_to_plan(plan_id: int, *, round_number: int, by: User, at: dt.datetime) -> ServicePlan:
    """The enterprise agrees, by somebody with an account.

    Raises:
        PlanMoveNotPossible: The unit took it back meanwhile.
        ProposalReplaced: The enterprise read an older proposal.
    """
    plan, target = locked(plan_id, "agree", by=by)
    _require_round(plan, round_number)
    said = {"agreed_by": str(by)[:60], "agreed_on": local_date(at), "way": AgreedBy.ACCOUNT}
    _agreed(plan, target, said, by=by, at=at)
    tell(keepers_of(plan, at=at), plan, "plans.agreed", at=at, name=by)
    return plan


@transaction.atomic
def record_agreement(
    plan_id: int, *, person: str, way: AgreedBy, agreed_on: dt.date, by: User, at: dt.datetime
) -> ServicePlan:
    """Write down that the enterprise agreed otherwise: who, how and when. The enterprise is told.

    Raises:
        PlanMoveNotPossible: Somebody acted meanwhile.
        AgreementIncomplete: Nobody could look it up later.
    """
    plan, target = locked(plan_id, "record_agreement", by=by)
    proposal = plan.proposals.get(replied_at__isnull=True)
    is_told = way in dict(TOLD_WAYS)
    first = local_date(proposal.proposed_at)
    if not person.strip() or not is_told or not first <= agreed_on <= local_date(at):
        raise AgreementIncomplete
    said = {"agreed_by": person.strip()[:60], "agreed_on": agreed_on, "way": way}
    _agreed(plan, target, said, by=by, at=at)
    tell_the_enterprise(plan, "plans.agreement_recorded", at=at, name=person.strip())
    return plan


def _require_round(plan: ServicePlan, round_number: int) -> None:
    if plan.proposals.get(replied_at__isnull=True).round != round_number:
        raise ProposalReplaced(number=plan.number)


def _agreed(
    plan: ServicePlan, target: PlanStatus, said: dict[str, Any], *, by: User, at: dt.datetime
) -> None:
    _reply(plan, Reply.AGREED, by=by, at=at, **said)
    plan.status, plan.agreed_on = target, said["agreed_on"]
    plan.save(update_fields=["status", "agreed_on"])
    stop(plan, PlanStep.AGREE, by=by, at=at)
    owe(plan, PlanStep.START, by=by, at=at)
    note(
        "plans.agreed", plan, by=by, at=at,
        person_name=said["agreed_by"], way=str(said["way"]), day=said["agreed_on"].isoformat(),
    )  # fmt: skip


def _back(
    plan: ServicePlan, target: PlanStatus, reply: Reply, words: str, *, by: User, at: dt.datetime
) -> None:
    _reply(plan, reply, by=by, at=at, words=words)
    plan.status = target
    plan.save(update_fields=["status"])
    drop_work(plan, by=by, at=at)
    owe(plan, PlanStep.DRAW_UP, by=by, at=at)


def _reply(plan: ServicePlan, reply: Reply, *, by: User, at: dt.datetime, **said: Any) -> None:
    waiting = plan.proposals.filter(replied_at__isnull=True)
    waiting.update(reply=reply, replied_at=at, replied_by=by, **said)


def _content(plan: ServicePlan) -> dict[str, Any]:
    """The plan as the enterprise reads it."""
    return {
        "title": plan.title,
        "aim": plan.aim,
        "diagnosis": plan.diagnosis,
        "unit": plan.unit.name,
        "officer": str(plan.officer or ""),
        "review_on": plan.review_on.isoformat() if plan.review_on else "",
        "measures": [
            {
                "position": each.position,
                "what": each.what,
                "kind": each.kind,
                "unit": each.unit.name,
                "due_on": each.due_on.isoformat(),
            }
            for each in plan.measures.in_order()
        ],
    }
