"""The appeal of an enterprise against “cannot be solved”, and the decision, which is final."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import RoleAssignment, User
from lianqi.audit.actions import record
from lianqi.demands.actions.answering import redo
from lianqi.demands.actions.filing import ZONE_TIME
from lianqi.demands.actions.moving import locked, owe, tell, tell_the_enterprise
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import AppealVerdict, Closure, DemandStatus, Solved, Step
from lianqi.demands.errors import (
    AppealReasonsMissing,
    AppealTextMissing,
    AppealWindowOver,
    NothingToAppeal,
    SignedYourself,
    SpokenWithMissing,
)
from lianqi.demands.models import Appeal, Demand, Unsolvable
from lianqi.engines.text import tidy
from lianqi.work.actions import finish_items
from lianqi.work.queries import local_date


@transaction.atomic
def appeal_unsolvable(demand_id: int, *, text: str, by: User, at: dt.datetime) -> Appeal:
    """Appeal within the window; a demand closed by silence meanwhile comes back for it.

    The moment of the appeal decides, not who came first: silence is closed after the window only,
    and whoever appealed in its last second must not lose against the nightly work.

    Raises:
        MoveNotPossible: The demand is neither answered nor closed.
        NothingToAppeal: It was not called unsolvable, was accepted, or was decided on appeal.
        AppealWindowOver: The last day has passed (days of the zone's own calendar).
        AppealTextMissing: The text is empty.
        PermissionDenied: `by` is not of the enterprise.
    """
    demand, target = locked(demand_id, "appeal", by=by)
    return _appeal(demand, target, "demand.appealed", text=text, by=by, at=at)


@transaction.atomic
def appeal_by_phone(
    demand_id: int, *, spoke_with: str, text: str, by: User, at: dt.datetime
) -> Appeal:
    """Write down the appeal of a caller who cannot sign in, heard on the telephone.

    The same window and the same refusals as for an enterprise; whoever works for the unit that
    found it cannot be solved does not write it down.

    Raises:
        SpokenWithMissing: It is nobody's word.
        Refusal: As for `appeal_unsolvable`.
        PermissionDenied: The enterprise can appeal itself, or `by` works for the unit.
    """
    demand, target = locked(demand_id, "appeal_by_phone", by=by)
    if not (person := tidy(spoke_with)):
        raise SpokenWithMissing
    said = f"{person}：{text.strip()}" if text.strip() else ""
    return _appeal(demand, target, "demand.appealed_by_phone", text=said, by=by, at=at)


def _appeal(
    demand: Demand, target: DemandStatus, verb: str, *, text: str, by: User, at: dt.datetime
) -> Appeal:
    """Raise the appeal of a locked demand whose permission was asked."""
    held = Unsolvable.objects.of(demand).in_force().select_related("unit").first()
    was_accepted = bool(demand.rating) or demand.closure == Closure.BY_PHONE
    if held is None or was_accepted or Appeal.objects.filter(unsolvable=held).exists():
        raise NothingToAppeal(number=demand.number)
    if not held.can_be_appealed(at.astimezone(ZONE_TIME).date()):
        raise AppealWindowOver(number=demand.number, until_on=held.appeal_until)
    if not text.strip():
        raise AppealTextMissing
    before = contribution(demand)
    demand.status, demand.closed_at, demand.closure, demand.solved = target, None, "", ""
    demand.save(update_fields=["status", "closed_at", "closure", "solved"])
    retally(before, contribution(demand))
    appeal = Appeal.objects.create(unsolvable=held, text=text.strip(), raised_by=by, raised_at=at)
    desk = _deciding_desk(held, on=local_date(at))
    owe(demand, Step.APPEAL, by=by, at=at, unit=None, desk=desk)
    if demand.handler is not None:
        tell([demand.handler], demand, "demand.appealed", at=at)
    record(verb, demand, by=by, at=at, enterprise_id=demand.enterprise_id, text=appeal.text)
    return appeal


def _deciding_desk(held: Unsolvable, *, on: dt.date) -> Role:
    """The leaders, or the service centre where every leader has signed."""
    leaders = RoleAssignment.objects.in_force(on).filter(role=Role.LEADER, user__is_active=True)
    others = leaders.exclude(user_id__in=held.signers)
    return Role.LEADER if others.exists() else Role.DISPATCHER


@transaction.atomic
def decide_appeal(
    demand_id: int, *, verdict: AppealVerdict, reasons: str, by: User, at: dt.datetime
) -> Demand:
    """Say that it stands, which closes the demand, or give it back to the unit with a new clock.

    Raises:
        MoveNotPossible: Somebody decided meanwhile.
        SignedYourself: Whoever proposed or signed does not decide.
        AppealReasonsMissing: There are no reasons.
        PermissionDenied: `by` is neither a leader nor of the service centre.
    """
    stands = verdict == AppealVerdict.STANDS
    demand, target = locked(demand_id, "dismiss" if stands else "allow", by=by)
    held = Unsolvable.objects.of(demand).in_force().select_related("appeal", "unit").get()
    if by.pk in held.signers:
        raise SignedYourself
    if not reasons.strip():
        raise AppealReasonsMissing
    appeal = held.appeal
    appeal.verdict, appeal.reasons = verdict, reasons.strip()
    appeal.decided_by, appeal.decided_at = by, at
    appeal.save(update_fields=["verdict", "reasons", "decided_by", "decided_at"])
    finish_items(demand, step=Step.APPEAL, by=by, at=at)
    record(
        "demand.appeal_decided",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        verdict=verdict,
        reasons=appeal.reasons,
    )
    tell_the_enterprise(demand, "demand.appeal_decided", at=at)
    if stands:
        before = contribution(demand)
        demand.status, demand.closed_at = target, at
        demand.closure, demand.solved = Closure.UNSOLVABLE, Solved.NO
        demand.save(update_fields=["status", "closed_at", "closure", "solved"])
        retally(before, contribution(demand))
        return demand
    return redo(demand, target, "demand.reopened", note=appeal.reasons, by=by, at=at)
