"""What a unit owes beside the answer: first contact, an interim answer, reports at intervals."""

import datetime as dt

from lianqi.accounts.models import User
from lianqi.demands.actions.moving import owe
from lianqi.demands.enums import BESIDE, Step
from lianqi.demands.models import Demand
from lianqi.demands.queries import asked_beside
from lianqi.work.actions import finish_items, take_over_items


def owe_beside(demand: Demand, *, by: User, at: dt.datetime) -> None:
    """Open the clocks that begin with the work on a demand: those the category asks for."""
    for step in asked_beside(demand):
        # A demand that came over from another unit brings its clocks along.
        handler = demand.handler
        if handler is None or not take_over_items(demand, step=step, person=handler):
            owe(demand, step, by=by, at=at, unit=demand.unit)


def owe_progress(demand: Demand, *, by: User, at: dt.datetime) -> None:
    """Open the clock of the next report, as long as the category asks for any."""
    if Step.PROGRESS in asked_beside(demand):
        owe(demand, Step.PROGRESS, by=by, at=at, unit=demand.unit)


def finish_beside(demand: Demand, *, by: User, at: dt.datetime) -> None:
    """The answer says whatever contact, interim answer and report would have said.

    One that was overdue by then stays on record as late.
    """
    for step in sorted(BESIDE):
        finish_items(demand, step=step, by=by, at=at)
