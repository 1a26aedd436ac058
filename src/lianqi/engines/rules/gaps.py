"""The smallest set of changes that would fulfil a condition.

The plan is made for the day on which it is to hold: the caller binds the rule to that day and says
which facts can still be changed by then. A founding date cannot, nor can the sales of a year that
is over. What is returned has been tried: applied to the snapshot it fulfils the condition.
"""

import datetime as dt
from fractions import Fraction
from math import inf

from lianqi.engines.rules.binding import last_day_of
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.changes import Change, Leeway, Leeways, NoPlan, Plan
from lianqi.engines.rules.meaning import Snapshot
from lianqi.engines.rules.nodes import Fact, Kind, Node
from lianqi.engines.rules.searching import Search

__all__ = ["Change", "Leeway", "Leeways", "NoPlan", "Plan", "leeways_from", "plan_for"]


def leeways_from(catalogue: Catalogue, today: dt.date) -> Leeways:
    """How facts may change from today on: as the catalogue says, and no year that is over."""

    def leeway(fact: Fact) -> Leeway | None:
        spec = catalogue[fact.key]
        if spec.advice == "none":
            return None
        if isinstance(fact.period, str) and last_day_of(fact.period) < today:
            return None
        step = Fraction(1, 10**spec.decimals) if fact.kind is Kind.NUMBER else Fraction(1)
        return Leeway(step, rises=spec.advice != "less", falls=spec.advice != "more")

    return leeway


def plan_for(
    condition: Node, snapshot: Snapshot, leeways: Leeways, *, seconds: float = inf
) -> Plan | NoPlan:
    """The cheapest changes that fulfil a bound condition, or what stands in the way.

    Questions for a person are taken as answered with yes, or as they were answered.

    Args:
        seconds: After which the search is given up; the answer then is not certain.
    """
    return Search(condition, snapshot, leeways, seconds=seconds).best()
