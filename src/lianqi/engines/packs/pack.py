"""A pack: one legal document in one version, as rules with their sources."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import TRUE, And, Const, Node
from lianqi.engines.rules.rule import Benefit, Clause, Rounding, Rule

LEVELS = ("national", "province", "city", "district", "zone")
# O: page of a public body; C: copy of the official text elsewhere; N: news or somebody's summary.
SOURCE_KINDS = ("O", "C", "N")
CONFIDENCES = ("confirmed", "secondary", "inferred", "unconfirmed")
APPLICANTS = ("enterprise", "project", "person", "loan", "contract", "building", "zone")
PROCESSES = ("declare", "confirm", "none")


TO_THE_FEN = Rounding()


class BenefitKind(StrEnum):
    """What a benefit is."""

    RATE = "rate"
    FIXED = "fixed"
    TIERS = "tiers"
    SLICES = "slices"
    INCREMENT = "increment"
    PER_UNIT = "per_unit"
    TOP_UP = "top_up"
    MATCHING = "matching"
    RANK = "rank"
    UPLIFT = "uplift"
    RENT = "rent"
    INTEREST = "interest"
    LOAN = "loan"
    VOUCHER = "voucher"
    TAX = "tax"
    WAIVER = "waiver"
    RELIEF = "relief"
    GOAL = "goal"
    IN_KIND = "in_kind"
    PURCHASE = "purchase"
    STATUS = "status"

    @property
    def label(self) -> str:
        """Its name in Chinese."""
        return _LABELS[self]

    @property
    def is_paid(self) -> bool:
        """Whether its amount is money that the zone pays."""
        return self not in (BenefitKind.LOAN, BenefitKind.TAX, BenefitKind.STATUS)


_LABELS = {
    BenefitKind.RATE: "按比例补助",
    BenefitKind.FIXED: "定额奖励",
    BenefitKind.TIERS: "分档奖励",
    BenefitKind.SLICES: "超额累进",
    BenefitKind.INCREMENT: "增量奖励",
    BenefitKind.PER_UNIT: "按量补助",
    BenefitKind.TOP_UP: "差额补足",
    BenefitKind.MATCHING: "配套资助",
    BenefitKind.RANK: "按名次奖励",
    BenefitKind.UPLIFT: "上浮标准",
    BenefitKind.RENT: "房租补贴",
    BenefitKind.INTEREST: "贷款贴息",
    BenefitKind.LOAN: "贷款额度",
    BenefitKind.VOUCHER: "服务券",
    BenefitKind.TAX: "税收优惠",
    BenefitKind.WAIVER: "费用减免",
    BenefitKind.RELIEF: "返还与补贴",
    BenefitKind.GOAL: "目标奖励",
    BenefitKind.IN_KIND: "非货币支持",
    BenefitKind.PURCHASE: "政府采购",
    BenefitKind.STATUS: "资格认定",
}


@dataclass(frozen=True)
class Document:
    """The legal document as it can be cited.

    Attributes:
        number: As printed; "" if the page prints none.
        published_on: A day, a month or a year, as known.
        source_kind: O, C or N (`SOURCE_KINDS`).
        checked_on: The day on which the source was read.
    """

    title: str
    issuer: str
    number: str = ""
    level: str = "city"
    published_on: str = ""
    source: str = ""
    source_kind: str = "N"
    checked_on: dt.date | None = None
    confidence: str = "unconfirmed"


@dataclass(frozen=True)
class Span:
    """Days in force, both included; None is without end."""

    start: dt.date | None = None
    end: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def meets(self, other: "Span") -> bool:
        """Whether they share a day."""
        return not (
            (self.end and other.start and self.end < other.start)
            or (other.end and self.start and other.end < self.start)
        )


@dataclass(frozen=True)
class ClauseText:
    """One condition as the pack tells it.

    Attributes:
        article: As cited; "" where the text prints no number.
        text: The condition in words, a paraphrase.
        question: What a person has to judge; "" if nothing.
    """

    key: str
    article: str
    text: str
    condition: Node
    question: str = ""


@dataclass(frozen=True)
class Instalment:
    """A part of an amount and when it is paid."""

    key: str
    share: Node
    text: str = ""


@dataclass(frozen=True)
class BenefitText:
    """One thing that a measure gives.

    Attributes:
        amount: Yuan; None for what is not money.
        is_ceiling: 最高: the office may give less.
        pays_in_kind: What is given instead of money.
    """

    key: str
    kind: BenefitKind
    title: str
    article: str
    amount: Node | None
    when: Node = TRUE
    is_ceiling: bool = False
    rounding: Rounding = TO_THE_FEN
    instalments: tuple[Instalment, ...] = ()
    pays_in_kind: str = ""


@dataclass(frozen=True)
class Evidence:
    """A paper that proves facts.

    Attributes:
        source: Who has it: enterprise, register, tax, social_insurance, …
    """

    name: str
    source: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Process:
    """How one gets it.

    Attributes:
        application: declare (申报), confirm (确认即享) or none (免申即享).
        windows: Days on which applications are taken.
        deadline: In words, where it counts from an event.
        publicity_days: Working days of publicity (公示).
    """

    application: str = "declare"
    windows: tuple[Span, ...] = ()
    deadline: str = ""
    publicity_days: int | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Budget:
    """Money for a round.

    Attributes:
        amount: Yuan; None if the text names a limit without a sum.
        when_short: proportional, first_come or rank.
    """

    amount: Node | None
    when_short: str = "proportional"


@dataclass(frozen=True)
class Level:
    """Ranks up to this one get the amount."""

    upto: int
    amount: Node


@dataclass(frozen=True)
class Rank:
    """Pay by rank among all who meet the conditions; the highest figure is first."""

    by: Node
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Clawback:
    """When money comes back, and how much of it."""

    when: Node
    amount: Node
    text: str


@dataclass(frozen=True)
class Exclusion:
    """Two measures that are not both paid.

    Attributes:
        rule: higher (the higher one is paid) or either.
    """

    measure: str
    rule: str = "higher"
    article: str = ""


@dataclass(frozen=True)
class Alternatives:
    """Tiers of one thing: of these benefits, or measures, one is meant for each case.

    Attributes:
        of: Keys.
        or_none: Some cases are meant to get none of them, as below the lowest tier.
    """

    of: tuple[str, ...]
    or_none: bool = False


@dataclass(frozen=True)
class Measure:
    """One measure (入库项目)."""

    key: str
    title: str
    applicant: str
    article: str
    span: Span
    scope: Node
    clauses: tuple[ClauseText, ...]
    benefits: tuple[BenefitText, ...]
    cap: Node | None = None
    evidence: tuple[Evidence, ...] = ()
    process: Process = Process()
    budget: Budget | None = None
    rank: Rank | None = None
    clawback: tuple[Clawback, ...] = ()
    excludes: tuple[Exclusion, ...] = ()
    stacks_with: tuple[str, ...] = ()
    alternatives: tuple[Alternatives, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def pays(self) -> bool:
        """Whether it gives money, and not only a status or things in kind."""
        return self.rank is not None or any(each.amount is not None for each in self.benefits)

    def rule(self, pack: str) -> Rule:
        """What is assessed, without the words around it."""
        return Rule(
            key=f"{pack}/{self.key}",
            clauses=tuple(Clause(each.key, each.article, each.condition) for each in self.clauses),
            benefits=tuple(
                Benefit(each.key, each.article, each.amount, each.when, each.rounding)
                for each in self.benefits
            ),
            scope=self.scope,
            cap=self.cap,
            starts=self.span.start,
            ends=self.span.end,
        )


@dataclass(frozen=True)
class CapGroup:
    """A limit over several measures of one applicant.

    Attributes:
        measures: Keys, the first is paid first.
        cap: Yuan.
    """

    key: str
    article: str
    cap: Node
    measures: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True)
class Open:
    """A point that the text does not settle.

    Attributes:
        handled: How the pack keeps it visible: a parameter, a note, a question for a person.
        measure: Key of the measure it concerns; "" for the whole document.
    """

    point: str
    handled: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Dated:
    """A value of a parameter from a day on."""

    start: dt.date | None
    value: Const
    article: str = ""


@dataclass(frozen=True)
class Reading:
    """The measures as they read with the parameters of one time."""

    measures: tuple[Measure, ...]
    cap_groups: tuple[CapGroup, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A document in one version.

    Attributes:
        key: The same over all versions.
        span: Days in force; a measure may have days of its own inside them.
        replaces: Number of the document, or version, that this one replaces.
        catalogue: The facts that its rules may speak of, its own included.
        parameters: Values by name, the earliest first.
        readings: Measures by the first day of each set of parameters; None is "from the start".
    """

    key: str
    version: str
    document: Document
    span: Span
    catalogue: Catalogue
    readings: tuple[tuple[dt.date | None, Reading], ...]
    own_facts: tuple[FactSpec, ...] = ()
    parameters: Mapping[str, tuple[Dated, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    replaces: str = ""
    transition: str = ""
    boundary: str = ""
    open: tuple[Open, ...] = ()
    alternatives: tuple[Alternatives, ...] = ()

    @property
    def title(self) -> str:
        return self.document.title

    @property
    def name(self) -> str:
        """Key and version, as questions and answers name the pack they belong to."""
        return pack_name(self.key, self.version)

    def reading(self, day: dt.date) -> Reading:
        """The measures with the parameters of a day, in force or not."""
        found = self.readings[0][1]
        for start, each in self.readings:
            if start is None or start <= day:
                found = each
        return found

    def measures(self, day: dt.date) -> tuple[Measure, ...]:
        """The measures in force on a day."""
        return tuple(each for each in self.reading(day).measures if each.span.holds(day))

    def measure(self, key: str, day: dt.date) -> Measure:
        """A measure with the parameters of a day, in force or not.

        Raises:
            KeyError: The pack has none of this key.
        """
        for each in self.reading(day).measures:
            if each.key == key:
                return each
        raise KeyError(key)

    def rules(self, day: dt.date) -> tuple[Rule, ...]:
        """The rules in force on a day, as they read on that day."""
        return tuple(each.rule(self.key).on(day) for each in self.measures(day))


def pack_name(key: str, version: str) -> str:
    return f"{key}/{version}"


def both(one: Node, other: Node) -> Node:
    """Both conditions; one alone if the other always holds."""
    if one == TRUE:
        return other
    return one if other == TRUE else And((one, other))
