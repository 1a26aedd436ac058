"""Why one measure is what it is for one enterprise: each clause with value, source and period."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lianqi.engines.packs.pack import BenefitText, ClauseText
from lianqi.engines.rules.binding import bind, without_names
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.meaning import meaning
from lianqi.engines.rules.nodes import (
    TRUE,
    And,
    AtLeast,
    Compare,
    Const,
    Fact,
    Kind,
    Name,
    Node,
    Not,
    Or,
    facts_of,
)
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.rendering import render
from lianqi.engines.rules.rule import Granted, Status, assess, status_of
from lianqi.engines.rules.units import Dims
from lianqi.matching.queries.snapshots import Known, Origin, snapshots
from lianqi.matching.queries.verdicts import Place, Verdict, in_force, verdict_of

MOST_PARTS = 6  # of a definition; a longer one would bury what decides


@dataclass(frozen=True, slots=True)
class FactShown:
    """A value that a clause reads; None where it is not known.

    Attributes:
        dims: What a number measures.
        words: Words of a closed vocabulary by value.
    """

    slot: str
    label: str
    period: str
    value: Any
    kind: Kind
    dims: Dims
    words: dict[str, str]
    unit: str
    origin: Origin | None
    supplier: str


@dataclass(frozen=True, slots=True)
class Tested:
    """One comparison of a clause, and what stands on its left for this enterprise."""

    rule: str
    status: Status
    value: Range | None
    dims: Dims


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A condition with all it rests on."""

    text: ClauseText
    status: Status
    chinese: str
    plain: str
    tests: tuple[Tested, ...]
    facts: tuple[FactShown, ...]


@dataclass(frozen=True, slots=True)
class BenefitShown:
    text: BenefitText
    granted: Granted | None
    amount: str
    when: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One measure for one enterprise on one day."""

    on: dt.date
    place: Place
    verdict: Verdict
    scope: ClauseShown | None
    clauses: tuple[ClauseShown, ...]
    benefits: tuple[BenefitShown, ...]
    cap: str
    known: Known


def explanation_for(
    enterprise_id: int, pack_id: int, measure_key: str, *, on: dt.date
) -> Explanation | None:
    """The explanation; None if the measure is not in force on that day, or not for enterprises."""
    force = in_force(on)
    for place in force.places:
        if place.row.pk == pack_id and place.measure.key == measure_key:
            known = snapshots([enterprise_id], force.catalogue, on=on)[enterprise_id]
            return explained(place, known, force.catalogue, on=on)
    return None


def explained(place: Place, known: Known, catalogue: Catalogue, *, on: dt.date) -> Explanation:
    measure = place.measure
    assessment = assess(measure.rule(place.pack.key).on(on), known.values)
    granted = {each.key: each for each in assessment.benefits}
    scope = None
    if measure.scope != TRUE:
        told = ClauseText("scope", measure.article, "", measure.scope)
        scope = _clause(told, known, catalogue, on=on)
    return Explanation(
        on,
        place,
        verdict_of(place, assessment, catalogue),
        scope,
        tuple(_clause(each, known, catalogue, on=on) for each in measure.clauses),
        tuple(
            BenefitShown(
                each,
                granted.get(each.key),
                "" if each.amount is None else render(each.amount, "zh", catalogue=catalogue),
                "" if each.when == TRUE else render(each.when, "zh", catalogue=catalogue),
            )
            for each in measure.benefits
        ),
        "" if measure.cap is None else render(measure.cap, "zh", catalogue=catalogue),
        known,
    )


def _clause(text: ClauseText, known: Known, catalogue: Catalogue, *, on: dt.date) -> ClauseShown:
    bound = bind(text.condition, on)
    bare = without_names(bound)
    tests = tuple(_tested(each, known, catalogue) for each in _leaves(bound))
    facts = dict.fromkeys(facts_of(bare))
    return ClauseShown(
        text,
        status_of(meaning(bound, known.values)),
        render(text.condition, "zh", catalogue=catalogue),
        render(text.condition, "plain", catalogue=catalogue),
        tests,
        tuple(_fact(each, known, catalogue) for each in facts),
    )


def _leaves(node: Node) -> Iterator[Node]:
    """The comparisons and questions a condition is made of; a long definition stays its name."""
    match node:
        case Name(body=body):
            parts = list(_leaves(body))
            yield from parts if len(parts) <= MOST_PARTS else [node]
        case And() | Or() | AtLeast() | Not():
            for each in node.children():
                yield from _leaves(each)
        case Const():
            return
        case _:
            yield node


def _tested(node: Node, known: Known, catalogue: Catalogue) -> Tested:
    value: Range | None = None
    dims: Dims = ()
    if isinstance(node, Compare) and node.left.kind is Kind.NUMBER:
        found = meaning(node.left, known.values).value
        value, dims = found if isinstance(found, Range) else None, node.left.dims
    status = status_of(meaning(node, known.values))
    return Tested(render(node, "zh", catalogue=catalogue), status, value, dims)


def _fact(node: Fact, known: Known, catalogue: Catalogue) -> FactShown:
    spec = catalogue.find(node.key)
    return FactShown(
        node.slot,
        spec.label if spec else node.key,
        str(node.period or ""),
        known.values.get(node.slot),
        node.kind,
        node.dims,
        dict(spec.values) if spec else {},
        spec.unit.symbol if spec else "",
        known.origins.get(node.slot),
        spec.supplier if spec else "",
    )
