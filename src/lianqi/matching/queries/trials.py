"""A measure tried with other figures than the register has; nothing of it is kept."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.nodes import Fact, Judged, Kind, Node, facts_of, walk
from lianqi.matching.queries.explanations import Explanation, explained
from lianqi.matching.queries.snapshots import Known
from lianqi.matching.queries.verdicts import InForce, Place


def place_of(force: InForce, pack_id: int, measure_key: str) -> Place | None:
    """A measure in force by the pack and its key."""
    for place in force.places:
        if place.row.pk == pack_id and place.measure.key == measure_key:
            return place
    return None


def read_by(place: Place, on: dt.date) -> tuple[tuple[Fact, ...], tuple[Judged, ...]]:
    """The facts that can be tried, and the questions, in the order in which the measure asks."""
    measure = place.measure
    parts: list[Node] = [measure.scope, *(each.condition for each in measure.clauses)]
    for benefit in measure.benefits:
        parts += [benefit.when, *([benefit.amount] if benefit.amount else [])]
    parts += [measure.cap] if measure.cap else []
    bound = [bind(each, on) for each in parts]
    facts = dict.fromkeys(fact for part in bound for fact in facts_of(part))
    asked = {each.slot: each for part in bound for each in walk(part) if isinstance(each, Judged)}
    return tuple(each for each in facts if each.kind is not Kind.LIST), tuple(asked.values())


def tried_with(
    place: Place, known: Known, changes: Mapping[str, Any], catalogue: Catalogue, *, on: dt.date
) -> Explanation:
    """The explanation with some values changed; None takes a value away."""
    values = {**known.values, **changes}
    origins = {name: each for name, each in known.origins.items() if name not in changes}
    trial = Known({name: each for name, each in values.items() if each is not None}, origins)
    return explained(place, trial, catalogue, on=on)
