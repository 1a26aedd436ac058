"""What every measure in force is for one enterprise: met or not, how much, what is missing."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from lianqi.engines.packs.joining import joined_catalogue
from lianqi.engines.packs.pack import ClauseText, Measure, Pack
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.compiled import Compiled
from lianqi.engines.rules.nodes import Judged, walk
from lianqi.engines.rules.rule import Assessment, Status
from lianqi.matching.enums import Group
from lianqi.matching.models import RulePack
from lianqi.matching.queries.checking import packs_of
from lianqi.matching.queries.snapshots import Known, snapshots

ENTERPRISE = "enterprise"
_QUESTION, _ZERO = "judged:", "zero:"
_PROGRAMS: dict[tuple[tuple[str, ...], dt.date], tuple[Catalogue, Compiled]] = {}
MOST_PROGRAMS = 16


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a verdict or an amount still needs.

    Attributes:
        slot: As the rule names it; of a question with its pack.
        label: The fact in Chinese, or the question.
        period: 2024; "" for what holds on the day.
        unit: In which it is stated.
        supplier: Who can state it; "reviewer" for a question.
        is_zero: It is known to be zero, and something is divided by it.
    """

    slot: str
    label: str
    period: str = ""
    unit: str = ""
    supplier: str = ""
    is_zero: bool = False
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A measure and the row of the pack that it stands in."""

    row: RulePack
    pack: Pack
    measure: Measure


@dataclass(frozen=True, slots=True)
class Verdict:
    """One measure for one enterprise.

    Attributes:
        low, high: Yuan; None where it gives no money, or `high` has no end.
        missing: What the status depends on.
        failed: Conditions that are not met.
        is_ceiling: The office may give less (最高).
        missing_for_amount: What the amount alone depends on.
    """

    place: Place
    status: Status
    group: Group
    low: Fraction | None = None
    high: Fraction | None = None
    missing: tuple[Missing, ...] = ()
    failed: tuple[ClauseText, ...] = ()
    is_ceiling: bool = False
    missing_for_amount: tuple[Missing, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether the amount is known."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All measures in force on a day.

    Attributes:
        verdicts: In the order in which people read them.
        others: Measures for other applicants than enterprises.
    """

    on: dt.date
    known: Known
    catalogue: Catalogue
    verdicts: tuple[Verdict, ...]
    others: tuple[Place, ...]

    def of(self, group: Group) -> list[Verdict]:
        return [each for each in self.verdicts if each.group is group]


@dataclass(frozen=True, slots=True)
class InForce:
    """The measures of a day, ready to be asked."""

    on: dt.date
    places: tuple[Place, ...]
    others: tuple[Place, ...]
    catalogue: Catalogue
    program: Compiled


def in_force(on: dt.date) -> InForce:
    """The measures of all packs that hold on a day, compiled once in a process; one query."""
    rows = list(RulePack.objects.in_force(on).for_list().order_by("key", "version"))
    packs = packs_of(rows)
    every = [
        Place(row, packs[row.digest], measure)
        for row in rows
        if row.digest in packs
        for measure in packs[row.digest].measures(on)
    ]
    places = tuple(each for each in every if is_for_one_enterprise(each.measure))
    name = (tuple(row.digest for row in rows), on)
    made = _PROGRAMS.get(name)
    if made is None:
        if len(_PROGRAMS) >= MOST_PROGRAMS:
            _PROGRAMS.clear()
        catalogue = joined_catalogue(packs[row.digest] for row in rows if row.digest in packs)
        rules = [each.measure.rule(each.pack.key).on(on) for each in places]
        made = _PROGRAMS[name] = catalogue, Compiled(rules, catalogue)
    catalogue, program = made
    others = tuple(each for each in every if not is_for_one_enterprise(each.measure))
    return InForce(on, places, others, catalogue, program)


def is_for_one_enterprise(measure: Measure) -> bool:
    """Ranks need all applicants; projects, persons and loans are not in the register."""
    return measure.applicant == ENTERPRISE and measure.rank is None


def verdicts_for(enterprise_id: int, *, on: dt.date) -> Verdicts:
    """All measures in force on a day, for one enterprise."""
    force = in_force(on)
    known = snapshots([enterprise_id], force.catalogue, on=on)[enterprise_id]
    return Verdicts(on, known, force.catalogue, judged(force, known), force.others)


def judged(force: InForce, known: Known) -> tuple[Verdict, ...]:
    """What the measures are for somebody of whom this is known, in the order of reading."""
    assessments = force.program.assess(known.values)
    found = [
        verdict_of(place, each, force.catalogue)
        for place, each in zip(force.places, assessments, strict=True)
    ]
    order = list(Group)
    return tuple(sorted(found, key=lambda each: (order.index(each.group), *_rank(each))))


def _rank(verdict: Verdict) -> tuple[Fraction, Fraction, bool, str]:
    """What is certain and large comes first, money before what is not money."""
    low = verdict.low if verdict.low is not None else Fraction(-1)
    high = verdict.high if verdict.high is not None else low
    return -low, -high, not verdict.is_settled, verdict.place.measure.title


def verdict_of(place: Place, assessment: Assessment, catalogue: Catalogue) -> Verdict:
    asks = missing_of(sorted(assessment.asks), place.measure, catalogue)
    for_amount = sorted(assessment.amount_asks - assessment.asks)
    texts = {each.key: each for each in place.measure.clauses}
    failed = tuple(texts[key] for key, each in assessment.clauses if each is Status.UNMET)
    low = high = None
    if assessment.amount is not None:
        low, high = _yuan(assessment.amount.low), _yuan(assessment.amount.high)
    return Verdict(
        place,
        assessment.status,
        group_of(assessment),
        low,
        high,
        asks,
        failed,
        any(each.is_ceiling for each in place.measure.benefits),
        missing_of(for_amount, place.measure, catalogue),
    )


def _yuan(bound: Fraction | float) -> Fraction | None:
    return None if bound in (inf, -inf) else Fraction(bound)


def group_of(assessment: Assessment) -> Group:
    """How near somebody is; what only the amount still depends on makes no difference."""
    match assessment.status:
        case Status.MET:
            return Group.MET
        case Status.NOT_APPLICABLE:
            return Group.NOT_APPLICABLE
        case Status.UNMET:
            failed = sum(each is Status.UNMET for _key, each in assessment.clauses)
            others_hold = all(
                each in (Status.MET, Status.UNMET) for _key, each in assessment.clauses
            )
            return Group.NEARLY if failed == 1 and others_hold else Group.NOT_NOW
    asks = assessment.asks
    # Of a figure that is zero, and divided by, no answer is missing: it is there.
    if len(asks) == 1 and not any(each.startswith(_ZERO) for each in asks):
        return Group.ONE_MISSING
    return Group.OPEN


def missing_of(asks: Sequence[str], measure: Measure, catalogue: Catalogue) -> tuple[Missing, ...]:
    """What is asked for, in words."""
    questions: dict[str, str] = {}
    if any(each.startswith(_QUESTION) for each in asks):  # to go through a rule takes its time
        questions = {node.slot: node.question for node in questions_of(measure)}
    return tuple(_missing(each, questions, catalogue) for each in asks)


def questions_of(measure: Measure) -> Iterator[Judged]:
    """What a person has to judge, in conditions and in amounts."""
    benefits = (part for each in measure.benefits for part in (each.when, each.amount) if part)
    parts = (measure.scope, *(each.condition for each in measure.clauses), *benefits)
    return (node for part in parts for node in walk(part) if isinstance(node, Judged))


def _missing(ask: str, questions: dict[str, str], catalogue: Catalogue) -> Missing:
    if ask.startswith(_QUESTION):
        return Missing(ask, questions.get(ask, ask), supplier="reviewer", is_question=True)
    is_zero = ask.startswith(_ZERO)
    name = ask.removeprefix(_ZERO)
    place, _point, entry = name.partition(".")
    key, _at, period = place.partition("@")
    spec = catalogue.find(key)
    if spec is None:
        return Missing(name, key, period, is_zero=is_zero)
    label = f"{spec.label}：{spec.fields[entry].label}" if entry in spec.fields else spec.label
    return Missing(name, label, period, spec.unit.symbol, spec.supplier, is_zero)
