"""Stopping and restarting the answering clock of a demand, for a listed reason."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.demands.enums import Step
from lianqi.demands.errors import MoveNotPossible
from lianqi.demands.models import Demand
from lianqi.work.actions import pause_item, resume_item
from lianqi.work.enums import PauseReason
from lianqi.work.models import WorkItem


@transaction.atomic
def pause_demand(
    demand_id: int, *, reason: PauseReason, evidence: str, by: User, at: dt.datetime
) -> WorkItem:
    """Stop the answering clock. Only this one stops: nobody may rest a dispatch or an acceptance.

    Raises:
        MoveNotPossible: The demand is not being answered any more.
        PermissionDenied: `by` does not handle it.
    """
    item = _answering(demand_id, by=by)
    return pause_item(item.pk, reason=reason, evidence=evidence, by=by, at=at)


@transaction.atomic
def resume_demand(demand_id: int, *, by: User, at: dt.datetime) -> WorkItem:
    """Let the answering clock run again. Raises the same as `pause_demand`."""
    return resume_item(_answering(demand_id, by=by).pk, by=by, at=at)


def _answering(demand_id: int, *, by: User) -> WorkItem:
    demand = Demand.objects.select_for_update().get(pk=demand_id)
    item = WorkItem.objects.about(demand).open().filter(step=Step.ANSWER).first()
    if item is None:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display())
    if not by.has_perm("demands.pause", demand):
        raise PermissionDenied
    return item
