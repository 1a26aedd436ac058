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
    Arithmetic,
    AtLeast,
    Compare,
    Const,
    Fact,
    Judged,
    Kind,
    Name,
    Node,
    Not,
    Operation,
    Or,
    facts_of,
    walk,
)
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.rendering import render
from lianqi.engines.rules.rule import Granted, Status, assess, status_of
from lianqi.engines.rules.units import SHARE, Dims
from lianqi.matching.queries.snapshots import Known, Origin, snapshots
from lianqi.matching.queries.verdicts import Place, Verdict, in_force, verdict_of

MOST_PARTS = 6  # of a definition; a longer one would bury what decides


@dataclass(frozen=True, slots=True)
class FactShown:
    """A value that a clause reads; None where it is not known.

    Attributes:
        dims: What a number measures.
        is_share: A number without unit is a part of a whole, and not a count.
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
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question that a person answers; the answer is None as long as nobody has."""

    slot: str
    question: str
    answer: bool | None
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Tested:
    """One comparison of a clause, and what stands on its left for this enterprise."""

    rule: str
    status: Status
    value: Range | None
    dims: Dims
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A condition with all it rests on."""

    text: ClauseText
    status: Status
    chinese: str
    plain: str
    tests: tuple[Tested, ...]
    facts: tuple[FactShown, ...]
    questions: tuple[QuestionShown, ...] = ()


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
    catalogue: Catalogue


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
    own = _Reading(known, catalogue, on)
    granted = {each.key: each for each in assessment.benefits}
    scope = None
    if measure.scope != TRUE:
        told = ClauseText("scope", measure.article, "", measure.scope)
        scope = own.clause(told)
    return Explanation(
        on,
        place,
        verdict_of(place, assessment, catalogue),
        scope,
        tuple(own.clause(each) for each in measure.clauses),
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
        catalogue,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads clauses for one enterprise on a day."""

    known: Known
    catalogue: Catalogue
    on: dt.date

    def clause(self, text: ClauseText) -> ClauseShown:
        bound = bind(text.condition, self.on)
        bare = without_names(bound)
        questions = dict.fromkeys(each for each in walk(bare) if isinstance(each, Judged))
        return ClauseShown(
            text,
            status_of(meaning(bound, self.known.values)),
            render(text.condition, "zh", catalogue=self.catalogue),
            render(text.condition, "plain", catalogue=self.catalogue),
            tuple(self._tested(each) for each in _leaves(bound)),
            tuple(
                fact_shown(each, self.known, self.catalogue)
                for each in dict.fromkeys(facts_of(bare))
            ),
            tuple(self._question(each) for each in questions),
        )

    def _tested(self, node: Node) -> Tested:
        value: Range | None = None
        dims: Dims = ()
        is_part = False
        if isinstance(node, Compare) and node.left.kind is Kind.NUMBER:
            found = meaning(node.left, self.known.values).value
            value, dims = found if isinstance(found, Range) else None, node.left.dims
            is_part = is_share(without_names(node.left), self.catalogue)
        status = status_of(meaning(node, self.known.values))
        rule = render(node, "zh", catalogue=self.catalogue)
        return Tested(rule, status, value, dims, is_part)

    def _question(self, node: Judged) -> QuestionShown:
        answer = self.known.values.get(node.slot)
        return QuestionShown(node.slot, node.question, answer, self.known.origins.get(node.slot))


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


COUNTED = 2
"""Digits after the point that a plain number may have; what is kept more exactly is a share."""


def is_share(node: Node, catalogue: Catalogue) -> bool:
    """Whether a number without unit is a part of a whole, 8.75%, and no plain number, as level 3.

    A quotient of equal quantities is one, and a fact that the catalogue keeps as one.
    """
    if node.kind is not Kind.NUMBER or node.dims != SHARE:
        return False
    match node:
        case Arithmetic(operation=Operation.OVER):
            return True
        case Fact():
            spec = catalogue.find(node.key)
            return bool(spec and (spec.unit.symbol or spec.high == 1 or spec.decimals > COUNTED))
    return any(is_share(each, catalogue) for each in node.children())


_UNSAID = object()


def fact_shown(
    node: Fact, known: Known, catalogue: Catalogue, *, value: Any = _UNSAID
) -> FactShown:
    """A fact for a reader: with what is known of it, or with another value."""
    spec = catalogue.find(node.key)
    is_known = value is _UNSAID
    return FactShown(
        node.slot,
        spec.label if spec else node.key,
        str(node.period or ""),
        known.values.get(node.slot) if is_known else value,
        node.kind,
        node.dims,
        dict(spec.values) if spec else {},
        spec.unit.symbol if spec else "",
        known.origins.get(node.slot) if is_known else None,
        spec.supplier if spec else "",
        is_share(node, catalogue),
    )
