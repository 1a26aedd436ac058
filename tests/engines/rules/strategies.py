"""Random rules that are well typed, and random facts for them: for every test that compares readings.

`conditions`, `amounts`, `rules` give nodes as the parser would make them, over `CATALOGUE`;
`snapshots(...)` gives facts for the slots of a bound rule, with gaps, zeros and exact thresholds.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.catalogue import Catalogue, FactSpec, spec_from
from lianqi.engines.rules.nodes import (
    TRUE,
    And,
    Arithmetic,
    AsOf,
    AtLeast,
    Back,
    Choice,
    Compare,
    Const,
    Count,
    DaysBetween,
    Fact,
    Floor,
    Greatest,
    Has,
    Judged,
    Kind,
    Least,
    MonthsBetween,
    Name,
    Node,
    Not,
    OneOf,
    Operation,
    Or,
    Prefix,
    Shift,
    Sign,
    Slice,
    Slices,
    Step,
    Tier,
    Total,
    walk,
)
from lianqi.engines.rules.rule import Benefit, Clause, Rounding, RoundingMode, Rule
from lianqi.engines.rules.units import DAYS, MONTHS, PERSONS, SHARE, YUAN, Dims, power, times

ITEMS: Dims = (("项", 1),)
POINTS: Dims = (("分", 1),)
SQUARE_METRES: Dims = (("平方米", 1),)

CATALOGUE = Catalogue(
    spec_from(key, entry)
    for key, entry in {
        "revenue": {"label": "营业收入", "aliases": ["营收"], "kind": "number", "unit": "元", "grain": "year", "low": 0, "decimals": 2},
        "rd_expense": {"label": "研发费用", "kind": "number", "unit": "元", "grain": "year", "low": 0, "decimals": 2},
        "profit": {"label": "利润总额", "kind": "number", "unit": "元", "grain": "year", "decimals": 2},
        "invested": {"label": "实际投资额", "kind": "number", "unit": "元", "low": 0, "high": 5_000_000_000, "decimals": 2},
        "sales": {"label": "半年销售额", "kind": "number", "unit": "元", "grain": "half", "low": 0, "decimals": 2},
        "power": {"label": "用电量", "kind": "number", "unit": "千瓦时", "grain": "quarter", "low": 0, "decimals": 1},
        "output": {"label": "月产值", "kind": "number", "unit": "万元", "grain": "month", "low": 0, "decimals": 2},
        "employees": {"label": "从业人员", "aliases": ["职工人数"], "kind": "number", "unit": "人", "grain": "year", "low": 0},
        "rd_staff": {"label": "研发人员", "kind": "number", "unit": "人", "low": 0},
        "foreign_share": {"label": "外资比例", "kind": "number", "unit": "%", "low": 0, "high": 1, "decimals": 4},
        "growth": {"label": "增速", "kind": "number", "unit": "%", "decimals": 4},
        "score": {"label": "评价得分", "kind": "number", "unit": "分", "low": 0, "high": 100, "decimals": 1},
        "area": {"label": "租用面积", "kind": "number", "unit": "平方米", "low": 0, "decimals": 2},
        "patents": {"label": "专利数", "kind": "number", "unit": "项", "low": 0},
        "current_ratio": {"label": "流动比率", "kind": "number", "decimals": 4},
        "above_scale": {"label": "规上企业", "kind": "bool"},
        "dishonest": {"label": "严重违法失信", "kind": "bool"},
        "audited": {"label": "已审计", "kind": "bool", "grain": "year"},
        "industry": {"label": "行业代码", "kind": "text", "coded": "gbt4754"},
        "size_class": {"label": "企业规模", "kind": "text", "values": {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}},
        "stage": {"label": "发展阶段", "kind": "text"},
        "founded": {"label": "成立日期", "kind": "date"},
        "listed": {"label": "上市日期", "kind": "date"},
        "titles": {"label": "资质称号", "kind": "set", "values": {"high_tech": "高新技术企业", "srdi": "专精特新中小企业", "giant": "专精特新“小巨人”企业"}},
        "tags": {"label": "标签", "kind": "set"},
        "ip_rights": {
            "label": "知识产权", "kind": "list",
            "fields": {
                "type": {"label": "类型", "kind": "text", "values": {"invention": "发明专利", "utility": "实用新型", "software": "软件著作权"}},
                "bought": {"label": "受让取得", "kind": "bool"},
                "granted": {"label": "授权日期", "kind": "date"},
                "worth": {"label": "作价", "kind": "number", "unit": "元", "low": 0, "decimals": 2},
            },
        },
        "staff": {
            "label": "职工名册", "kind": "list", "counts": "人",
            "fields": {
                "degree": {"label": "学历", "kind": "text", "values": {"doctor": "博士", "master": "硕士", "bachelor": "本科"}},
                "insured": {"label": "参保月数", "kind": "number", "unit": "个月", "low": 0, "high": 600},
                "pay": {"label": "年薪", "kind": "number", "unit": "元", "low": 0, "decimals": 2},
                "balance": {"label": "补差", "kind": "number", "unit": "元", "decimals": 2},
                "resident": {"label": "本市户籍", "kind": "bool"},
            },
        },
    }.items()
)  # fmt: skip

DAYS_ASKED = (
    dt.date(2025, 6, 30),
    dt.date(2024, 2, 29),
    dt.date(2025, 12, 31),
    dt.date(2026, 1, 1),
    dt.date(2025, 3, 31),
)
QUESTIONS = (
    Judged("novel", "技术是否属于国内首创？"),
    Judged("matches_zone", "主营业务是否符合“主导产业”方向？"),
)
OPEN_TEXTS = ("seed", "growth", "种子期", "成长期")
CODES = ("C3913", "C3919", "C2710", "I6510", "M7310")
CODE_PREFIXES = ("C", "C39", "C391", "I65", "M")
PERIODS = {
    "year": ("2022", "2023", "2024"),
    "half": ("2024-H1", "2024-H2"),
    "quarter": ("2024-Q4", "2025-Q1"),
    "month": ("2024-12", "2025-05"),
}
# Bounds of policies, in base units; a number of another measure takes the last row.
USUAL: dict[Dims, Sequence[str]] = {
    YUAN: ("0", "2000", "500000", "3000000", "20000000", "400000000", "1234567.89", "-30000"),
    PERSONS: ("0", "1", "10", "100", "300", "1000"),
    SHARE: ("0", "0.05", "0.1", "0.6", "1", "1.5", "4", "0.0025", "-0.1"),
    POINTS: ("0", "60", "70.5", "100"),
    DAYS: ("0", "90", "365"),
    MONTHS: ("0", "6", "12", "36"),
}
OTHER = ("0", "1", "5", "100", "3000", "0.8")


def _dims_known() -> tuple[Dims, ...]:
    found = (each.unit.dims for each in CATALOGUE if each.kind is Kind.NUMBER)
    return tuple(dict.fromkeys((*found, ITEMS, DAYS, MONTHS)))


MEASURES = _dims_known()


@cache
def index(count: int) -> SearchStrategy[int]:
    """Which of so many; made once, since making a strategy takes longer than drawing from it."""
    return st.integers(0, count - 1)


@cache
def subset(options: tuple[str, ...], fewest: int = 0) -> SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(options), min_size=fewest, max_size=3)


_PERCENT, _BOOL = st.integers(0, 99), st.booleans()
_ANY_NUMBER = st.integers(-5_000_000, 5_000_000)
_BOUNDS = st.lists(st.integers(1, 60), min_size=1, max_size=3, unique=True)


class _Maker:
    """Draws one tree; definitions made on the way are used again."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.entry: FactSpec | None = None  # the list whose entries are looked at
        self.named: list[Name] = []

    # --- choosing ------------------------------------------------------------------------------

    def pick(self, *options: Any) -> Any:
        return options[self.draw(index(len(options)))]

    def some(self, options: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(self.draw(subset(tuple(options), 1))))

    def value(self, dims: Dims) -> Fraction:
        if self.pick(True, True, True, False):
            return Fraction(self.pick(*USUAL.get(dims, OTHER)))
        return Fraction(self.draw(_ANY_NUMBER), self.pick(1, 10, 100, 4, 3))

    def bounds(self, dims: Dims) -> list[Fraction]:
        made = self.draw(_BOUNDS)
        step = Fraction(500_000) if dims == YUAN else Fraction(5, 2)
        return sorted(each * step for each in made)

    def specs(self, kind: Kind) -> list[FactSpec]:
        return [each for each in CATALOGUE if each.kind is kind]

    def fact(self, spec: FactSpec) -> Fact:
        if not spec.grain:
            return spec.node()
        if self.pick(True, True, False):
            return spec.node(Back(spec.grain, self.pick(1, 1, 2, 0, 3)))
        return spec.node(self.pick(*PERIODS[spec.grain]))

    def leaf(self, kind: Kind, dims: Dims | None = None) -> Node | None:
        """A fact, or in a list mostly a field of the entry, of this kind; None if there is none."""

        def fitting(specs: Sequence[FactSpec]) -> list[FactSpec]:
            return [
                each
                for each in specs
                if each.kind is kind and (dims is None or each.unit.dims == dims)
            ]

        fields = fitting(self._fields())
        if fields and self.pick(True, True, True, False):
            return self.pick(*fields).item()
        facts = fitting(list(CATALOGUE))
        return self.fact(self.pick(*facts)) if facts else None

    # --- conditions ----------------------------------------------------------------------------

    def condition(self, depth: int) -> Node:
        simple: list[Callable[[int], Node]] = [
            self.against_bound,
            self.against_bound,
            self.yes_no,
            self.in_list,
            self.by_code,
            self.in_set,
            self.of_days,
        ]
        if self.entry is None:
            simple.append(self.judged)
        if depth <= 0:
            return self.pick(*simple)(0)
        nested = [self.all_any, self.all_any, self.at_least, self.negated, self.compared]
        if self.entry is None:
            nested.append(self.name_of_condition)
        return self.pick(*simple, *nested)(depth - 1)

    def against_bound(self, depth: int) -> Node:
        dims = self.pick(*MEASURES)
        number = self.number(dims, depth - 1)
        bound = Const(self.value(dims), dims)
        sides = (number, bound) if self.pick(True, True, False) else (bound, number)
        return Compare(self.pick(*Sign), *sides)

    def compared(self, depth: int) -> Node:
        dims = self.pick(*MEASURES)
        return Compare(self.pick(*Sign), self.number(dims, depth), self.number(dims, depth))

    def yes_no(self, _depth: int) -> Node:
        return self.leaf(Kind.BOOL) or TRUE

    def in_list(self, _depth: int) -> Node:
        specs = [each for each in self.specs(Kind.TEXT) if not each.coded]
        inner = [each for each in self._fields() if each.kind is Kind.TEXT]
        spec = self.pick(*(inner or specs))
        values = self.some(tuple(spec.values) or OPEN_TEXTS)
        return OneOf(spec.item() if inner else self.fact(spec), values)

    def by_code(self, _depth: int) -> Node:
        if self.pick(True, False):
            return OneOf(CATALOGUE["industry"].node(), self.some(CODES))
        return Prefix(CATALOGUE["industry"].node(), self.some(CODE_PREFIXES))

    def in_set(self, _depth: int) -> Node:
        spec = self.pick(*self.specs(Kind.SET))
        return Has(self.fact(spec), self.some(tuple(spec.values) or OPEN_TEXTS))

    def of_days(self, depth: int) -> Node:
        return Compare(self.pick(*Sign), self.day(depth), self.day(depth))

    def judged(self, _depth: int) -> Node:
        return self.pick(*QUESTIONS)

    def negated(self, depth: int) -> Node:
        return Not(self.condition(depth))

    def several(self, depth: int, fewest: int = 2) -> tuple[Node, ...]:
        return tuple(self.condition(depth) for _ in range(self.pick(fewest, fewest + 1)))

    def all_any(self, depth: int) -> Node:
        kind: type[And | Or] = self.pick(And, Or)
        return kind(self.several(depth))

    def at_least(self, depth: int) -> Node:
        items = self.several(depth)
        return AtLeast(1 + self.draw(index(len(items))), items)

    def name_of_condition(self, depth: int) -> Node:
        known = [each for each in self.named if each.kind is Kind.BOOL]
        if known and self.pick(True, False):
            return self.pick(*known)
        return self.name(self.condition(depth))

    def name(self, body: Node) -> Name:
        stem = self.pick("defined_", "定义项")
        self.named.append(Name(f"{stem}{len(self.named)}", body))
        return self.named[-1]

    # --- days ----------------------------------------------------------------------------------

    def day(self, depth: int) -> Node:
        if depth > 0 and self.pick(True, False):
            return self.shifted(depth)
        if self.pick(True, True, False):
            return self.leaf(Kind.DATE) or AsOf()
        return self.pick(AsOf(), Const(dt.date(2020, 2, 29)), Const(dt.date(2024, 12, 31)))

    def shifted(self, depth: int) -> Node:
        day = self.day(depth - 1)
        if self.pick(True, True, True, False):
            amount = self.pick(-10, -1, 1, 3)
            return Shift(day, **{self.pick("years", "months", "days"): amount})
        return Shift(day, self.pick(-1, 1), self.pick(-7, 5), self.pick(-40, 15))

    # --- numbers -------------------------------------------------------------------------------

    def number(self, dims: Dims, depth: int) -> Node:
        if depth <= 0:
            return self.plain_number(dims)
        makers: list[Callable[[Dims, int], Node]] = [
            self.sum_of,
            self.scaled,
            self.least_greatest,
            self.choice,
            self.tier,
            self.slices,
            self.floor,
        ]
        if dims == SHARE:
            makers += [self.ratio, self.ratio]
        if dims == YUAN:
            makers.append(self.per_person)
        if self.entry is None and dims in (YUAN, ITEMS, PERSONS, MONTHS):
            makers.append(self.over_list)
        if self.entry is None:
            makers.append(self.name_of_number)
        return self.pick(lambda d, _: self.plain_number(d), *makers)(dims, depth - 1)

    def plain_number(self, dims: Dims) -> Node:
        if dims == DAYS:
            return DaysBetween(self.day(0), self.day(0))
        if dims == MONTHS and self.pick(True, False):
            return MonthsBetween(self.day(0), self.day(0))
        leaf = self.leaf(Kind.NUMBER, dims) if self.pick(True, True, True, False) else None
        return leaf or Const(self.value(dims), dims)

    def sum_of(self, dims: Dims, depth: int) -> Node:
        left, right = self.number(dims, depth), self.number(dims, depth)
        return self.computed(self.pick(Operation.PLUS, Operation.MINUS), left, right, dims)

    def scaled(self, dims: Dims, depth: int) -> Node:
        factor, number = self.number(SHARE, depth), self.number(dims, depth)
        match self.pick("before", "after", "over"):
            case "before":
                return self.computed(Operation.TIMES, factor, number, dims)
            case "after":
                return self.computed(Operation.TIMES, number, factor, dims)
        return self.computed(Operation.OVER, number, factor, dims)

    def ratio(self, _dims: Dims, depth: int) -> Node:
        dims = self.pick(*MEASURES)
        left, right = self.number(dims, depth), self.number(dims, depth)
        return self.computed(Operation.OVER, left, right, SHARE)

    def per_person(self, _dims: Dims, depth: int) -> Node:
        rate = Const(Fraction(self.pick("600", "20000", "0.5")), times(YUAN, power(PERSONS, -1)))
        return self.computed(Operation.TIMES, rate, self.number(PERSONS, depth), YUAN)

    def computed(self, operation: Operation, left: Node, right: Node, dims: Dims) -> Node:
        # Two constants are computed when a rule is read, so no rule holds an operation on them.
        if isinstance(left, Const) and isinstance(right, Const):
            return left if left.dims == dims else Const(self.value(dims), dims)
        return Arithmetic(operation, left, right, dims)

    def least_greatest(self, dims: Dims, depth: int) -> Node:
        kind: type[Least | Greatest] = self.pick(Least, Greatest)
        return kind(tuple(self.number(dims, depth) for _ in range(self.pick(2, 2, 3))))

    def choice(self, dims: Dims, depth: int) -> Node:
        return Choice(self.condition(depth), self.number(dims, depth), self.number(dims, depth))

    def tier(self, dims: Dims, depth: int) -> Node:
        of = self.pick(*MEASURES)
        steps = tuple(
            Step(bound, self.pick(True, True, False), self.number(dims, depth - 1))
            for bound in self.bounds(of)
        )
        below = self.number(dims, depth - 1) if self.pick(1, 0) else Const(Fraction(0), dims)
        return Tier(self.number(of, depth), steps, below)

    def slices(self, dims: Dims, depth: int) -> Node:
        made = [
            Slice(bound, Fraction(self.pick("0", "0.05", "0.3"))) for bound in self.bounds(dims)
        ]
        if self.pick(True, False):
            made.append(Slice(None, Fraction(self.pick("0.01", "0.2"))))
        return Slices(self.number(dims, depth), tuple(made))

    def floor(self, dims: Dims, depth: int) -> Node:
        return Floor(self.number(dims, depth))

    def name_of_number(self, dims: Dims, depth: int) -> Node:
        known = [each for each in self.named if each.kind is Kind.NUMBER and each.dims == dims]
        if known and self.pick(True, False):
            return self.pick(*known)
        return self.name(self.number(dims, depth))

    def over_list(self, dims: Dims, depth: int) -> Node:
        lists = [each for each in self.specs(Kind.LIST) if each.counts.dims == dims]
        counted = bool(lists)
        lists = lists or [
            each
            for each in self.specs(Kind.LIST)
            if any(field.unit.dims == dims for field in each.fields.values())
        ]
        spec = self.pick(*lists)
        self.entry = spec
        where = self.maybe(depth)
        if counted:
            made: Node = Count(spec.node(), where, spec.counts.dims)
        else:
            fields = [
                each
                for each in spec.fields.values()
                if each.kind is Kind.NUMBER and each.unit.dims == dims
            ]
            amount: Node = self.pick(*fields).item()
            if self.pick(True, False, False):
                amount = Least((amount, Const(self.value(dims), dims)))
            made = Total(spec.node(), amount, where)
        self.entry = None
        return made

    def _fields(self) -> list[FactSpec]:
        return list(self.entry.fields.values()) if self.entry else []

    def maybe(self, depth: int) -> Node:
        return self.condition(depth) if self.pick(True, False) else TRUE

    # --- whole rules ---------------------------------------------------------------------------

    def rule(self, depth: int) -> Rule:
        clauses = tuple(
            Clause(f"c{number}", f"第{number}条", self.condition(depth))
            for number in range(1, self.pick(1, 2, 3) + 1)
        )
        benefits = tuple(self.benefit(f"b{number}", depth) for number in range(self.pick(0, 1, 2)))
        scope = self.maybe(depth)
        cap = self.number(YUAN, 1) if self.pick(True, False) else None
        return Rule("random", clauses, benefits, scope, cap)

    def benefit(self, key: str, depth: int) -> Benefit:
        amount = self.number(YUAN, depth) if self.pick(1, 1, 1, 0) else None
        rounding = Rounding(
            Fraction(self.pick("0.01", "0.01", "1", "100", "10000")), self.pick(*RoundingMode)
        )
        when = self.maybe(depth)
        return Benefit(key, "第九条", amount, when, rounding)


@st.composite
def conditions(draw: DrawFn, depth: int = 3) -> Node:
    """A condition; days and periods are not bound yet."""
    return _Maker(draw).condition(depth)


@st.composite
def amounts(draw: DrawFn, dims: Dims | None = YUAN, depth: int = 3) -> Node:
    """A number, of any measure if `dims` is None."""
    maker = _Maker(draw)
    return maker.number(maker.pick(*MEASURES) if dims is None else dims, depth)


@st.composite
def rules(draw: DrawFn, depth: int = 2) -> Rule:
    """A measure with clauses, scope, benefits and cap; not bound yet."""
    return _Maker(draw).rule(depth)


def days() -> SearchStrategy[dt.date]:
    return st.sampled_from(DAYS_ASKED)


def parts_of(rule: Rule) -> list[Node]:
    """Every tree of a measure."""
    parts = [rule.scope, *(each.condition for each in rule.clauses)]
    for each in rule.benefits:
        parts += [each.when] if each.amount is None else [each.when, each.amount]
    return parts if rule.cap is None else [*parts, rule.cap]


def bound(rule: Rule, day: dt.date) -> Rule:
    return rule.on(day)


def read_on(node: Node, day: dt.date) -> Node:
    return bind(node, day)


# --- facts -----------------------------------------------------------------------------------------


@st.composite
def snapshots(draw: DrawFn, parts: Sequence[Node], gaps: int = 20) -> dict[str, Any]:
    """Values for the slots that bound trees speak of.

    Args:
        parts: Bound trees.
        gaps: How many of a hundred values are missing; 0 leaves none out, also in lists.
    """
    thresholds = _thresholds(parts)
    found: dict[str, Any] = {}
    for node in (each for part in parts for each in walk(part)):
        if isinstance(node, Judged):
            spec = None
        elif isinstance(node, Fact):
            spec = CATALOGUE[node.key]
        else:
            continue
        if node.slot in found:
            continue
        missing = draw(_PERCENT) < gaps
        value = draw(_BOOL) if spec is None else value_of(draw, spec, thresholds, gaps)
        # What is not known is absent, or there and None: both mean the same.
        if not missing:
            found[node.slot] = value
        elif draw(_BOOL):
            found[node.slot] = None
    return {slot: value for slot, value in found.items() if value is not None or gaps}


def _thresholds(parts: Sequence[Node]) -> dict[Dims, list[Fraction]]:
    """The numbers that stand in a rule, by what they measure: values are drawn on and beside them."""
    found: dict[Dims, list[Fraction]] = {}
    for node in (each for part in parts for each in walk(part)):
        match node:
            case Const(value=Fraction() as value):
                found.setdefault(node.dims, []).append(value)
            case Tier():
                found.setdefault(node.value.dims, []).extend(each.bound for each in node.steps)
            case Slices():
                found.setdefault(node.dims, []).extend(
                    each.upto for each in node.slices if each.upto is not None
                )
    return found


_DATES = st.one_of(days(), st.dates(dt.date(2012, 1, 1), dt.date(2026, 12, 31)))


def _one(draw: DrawFn, options: Sequence[Any]) -> Any:
    return options[draw(index(len(options)))]


def value_of(
    draw: DrawFn,
    spec: FactSpec,
    thresholds: dict[Dims, list[Fraction]] | None = None,
    gaps: int = 20,
) -> Any:
    """One value as the catalogue allows it."""
    match spec.kind:
        case Kind.BOOL:
            return draw(_BOOL)
        case Kind.TEXT:
            return _one(draw, CODES if spec.coded else tuple(spec.values) or OPEN_TEXTS)
        case Kind.DATE:
            return draw(_DATES)
        case Kind.SET:
            return frozenset(draw(subset(tuple(spec.values) or OPEN_TEXTS)))
        case Kind.LIST:
            return tuple(_entry(draw, spec, thresholds, gaps) for _ in range(draw(index(4))))
    return _number(draw, spec, (thresholds or {}).get(spec.unit.dims, []))


def _entry(
    draw: DrawFn, spec: FactSpec, thresholds: dict[Dims, list[Fraction]] | None, gaps: int
) -> dict[str, Any]:
    return {
        name: value_of(draw, each, thresholds, gaps)
        for name, each in spec.fields.items()
        if draw(_PERCENT) >= gaps
    }


def _number(draw: DrawFn, spec: FactSpec, thresholds: Sequence[Fraction]) -> Fraction:
    step = Fraction(1, 10**spec.decimals)
    usual = [Fraction(each) for each in USUAL.get(spec.unit.dims, OTHER)]
    base = _one(draw, [*thresholds, *usual])
    near = base + _one(draw, (0, 0, 0, 1, -1)) * step
    kept = round(near / step) * step
    if spec.low is not None:
        kept = max(kept, spec.low)
    return kept if spec.high is None else min(kept, spec.high)


# --- the same facts, less or better known ----------------------------------------------------------


@st.composite
def less_known(draw: DrawFn, full: dict[str, Any], gaps: int = 40) -> dict[str, Any]:
    """The same facts with some of them, and some fields of entries, not known."""
    return {
        slot: tuple(_less(draw, each, gaps) for each in value) if _is_list(value) else value
        for slot, value in full.items()
        if draw(_PERCENT) >= gaps
    }


def _less(draw: DrawFn, entry: dict[str, Any], gaps: int) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if draw(_PERCENT) >= gaps}


def _is_list(value: object) -> bool:
    return isinstance(value, tuple)


@st.composite
def completed(draw: DrawFn, partial: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What is known, and for the rest what `other` says, or anything for a field of an entry."""
    found = other | partial
    for slot, value in partial.items():
        if _is_list(value):
            spec = CATALOGUE[slot.partition("@")[0]]
            found[slot] = tuple(
                {
                    name: entry.get(name, value_of(draw, field, gaps=0))
                    for name, field in spec.fields.items()
                }
                for entry in value
            )
    return found


def answered(partial: dict[str, Any], full: dict[str, Any], asks: frozenset[str]) -> dict[str, Any]:
    """What is known after the questions were answered as `full` says."""
    found = dict(partial)
    for ask in asks:
        slot, _, name = ask.partition(".")
        if ask in full:
            found[ask] = _as_known(partial.get(ask), full[ask])
        elif name and slot in full:
            found[slot] = tuple(
                entry | ({name: whole[name]} if name in whole else {})
                for entry, whole in zip(found[slot], full[slot], strict=True)
            )
    return found


def _as_known(known: Any, full: Any) -> Any:
    return full if known is None else known
