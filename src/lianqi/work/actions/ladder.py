"""The escalation ladder of a zone: who is told when which share of a clock has run."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.work.enums import Level
from lianqi.work.errors import RungOutOfRange, RungTaken
from lianqi.work.models import EscalationRule, WorkItem

MOST_SHARE = Decimal(5)  # five times the promised time


@transaction.atomic
def create_rung(
    *,
    subject_kind: str,
    step: str,
    share: Decimal,
    level: Level,
    by: User,
    at: dt.datetime,
) -> EscalationRule:
    """Tell one more level when `share` of the time of a step has run; "" means every step.

    Open items follow the new ladder from the next round of reminders; what is told already is not
    told again, and a share that is lower than the highest one told is not caught up on.

    Raises:
        RungOutOfRange, RungTaken: There can be no such entry.
    """
    _ask(by, share)
    rung = EscalationRule(subject_kind=subject_kind, step=step, share=share, level=level)
    _keep(rung, at)
    record("work.escalation_rule_created", rung, by=by, at=at, **_said(rung))
    return rung


@transaction.atomic
def change_rung(
    rung_id: int, *, share: Decimal, level: Level, by: User, at: dt.datetime
) -> EscalationRule:
    """Tell another level, or at another share."""
    _ask(by, share)
    rung = EscalationRule.objects.select_for_update().get(pk=rung_id)
    before = _said(rung)
    rung.share, rung.level = share, level
    if _said(rung) == before:
        return rung
    _keep(rung, at)
    record("work.escalation_rule_changed", rung, by=by, at=at, before=before, **_said(rung))
    return rung


@transaction.atomic
def remove_rung(rung_id: int, *, by: User, at: dt.datetime) -> None:
    """Nobody is told at this place of the ladder any more."""
    if not by.has_perm("work.manage_clocks"):
        raise PermissionDenied
    rung = EscalationRule.objects.select_for_update().get(pk=rung_id)
    record("work.escalation_rule_removed", rung, by=by, at=at, **_said(rung))
    kind = rung.subject_kind
    rung.delete()
    _ask_the_ladder_again(kind, at)


def _said(rung: EscalationRule) -> dict[str, Any]:
    return {"step": rung.step, "share": f"{rung.share:.2f}", "level": int(rung.level)}


def _ask(by: User, share: Decimal) -> None:
    if not by.has_perm("work.manage_clocks"):
        raise PermissionDenied
    if not 0 < share <= MOST_SHARE:
        raise RungOutOfRange(most=int(MOST_SHARE * 100))


def _keep(rung: EscalationRule, at: dt.datetime) -> None:
    try:
        with transaction.atomic():
            rung.save()
    except IntegrityError as error:
        raise RungTaken(rung=rung) from error
    _ask_the_ladder_again(rung.subject_kind, at)


def _ask_the_ladder_again(subject_kind: str, at: dt.datetime) -> None:
    """The round of reminders looks up the next threshold of every open item of the subject anew.

    One statement, whatever the number of items; a clock that stands asks when it goes on.
    """
    WorkItem.objects.open().filter(subject_kind=subject_kind, paused_since__isnull=True).update(
        next_escalation_at=at
    )
