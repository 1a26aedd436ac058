"""What a unit owes beside the answer: first contact, an interim answer, reports at intervals."""

import datetime as dt

from lianqi.accounts.models import User
from lianqi.demands.actions.moving import owe
from lianqi.demands.enums import BESIDE, DECIDED_ABOVE, Decision, Step, UnsolvableState
from lianqi.demands.models import Demand, ExtensionRequest, Unsolvable
from lianqi.demands.queries import asked_beside
from lianqi.work.actions import finish_items, take_over_items
from lianqi.work.enums import Outcome
from lianqi.work.models import WorkItem

# What the enterprise is owed once for each answer, whichever unit works on it by then.
ONCE = (Step.CONTACT, Step.INTERIM)


def owe_beside(demand: Demand, *, by: User, at: dt.datetime) -> None:
    """Open the clocks that begin with the work on a demand: those the category asks for.

    A unit that takes the demand over does not owe what the unit before has done: the enterprise was
    spoken with and has its interim answer. After a dispute or a reopening both are owed anew.
    """
    asked = asked_beside(demand)
    done = _done_for_this_answer(demand) if asked else frozenset()
    for step in asked:
        if step in done:
            continue
        # A demand that came over from another unit brings its clocks along.
        handler = demand.handler
        if handler is None or not take_over_items(demand, step=step, person=handler):
            owe(demand, step, by=by, at=at, unit=demand.unit)


def _done_for_this_answer(demand: Demand) -> frozenset[str]:
    items = WorkItem.objects.about(demand).filter(step__in=ONCE, outcome=Outcome.DONE)
    if demand.answered_at is not None:
        items = items.filter(done_at__gt=demand.answered_at)
    return frozenset(items.values_list("step", flat=True))


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
    drop_decisions(demand, by=by, at=at)


def drop_decisions(demand: Demand, *, by: User, at: dt.datetime) -> None:
    """Nobody need decide any more what was asked for while the unit worked."""
    ExtensionRequest.objects.of(demand).waiting().update(
        decision=Decision.LAPSED, decided_at=at, decided_by=by
    )
    Unsolvable.objects.of(demand).proposed().update(state=UnsolvableState.LAPSED)
    for step in sorted(DECIDED_ABOVE):
        finish_items(demand, step=step, by=by, at=at, outcome=Outcome.CANCELLED)
