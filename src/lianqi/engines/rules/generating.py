"""The program of `compiled`, written from rules: straight-line Python, every part once."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from lianqi.engines.rules import ranges
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.doubts import Doubt, doubt_of
from lianqi.engines.rules.meaning import SIGNS, Snapshot, meaning, sliced
from lianqi.engines.rules.nodes import (
    TRUE,
    And,
    Arithmetic,
    AtLeast,
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
    Node,
    Not,
    OneOf,
    Operation,
    Or,
    Prefix,
    Shift,
    Slices,
    Tier,
    Total,
)
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.ranging import ranging
from lianqi.engines.rules.rule import (
    FEN,
    Benefit,
    RoundingMode,
    Rule,
)
from lianqi.engines.rules.sharing import Parts

HOLDS, OPEN, FAILS = 3, 1, 0
_OPPOSITE = (HOLDS, OPEN, None, FAILS)
_CODES = {True: HOLDS, None: OPEN, False: FAILS}


class UnusualError(ValueError):
    """A value has more digits than its fact keeps; the reference reads it."""


@dataclass(frozen=True)
class Shared:
    """A rule with shared parts."""

    rule: Rule
    scope: Node
    whole: Node
    clauses: tuple[Node, ...]
    whens: tuple[Node, ...]


@dataclass(frozen=True)
class _Num:
    """A number in the program.

    Attributes:
        name: Its numerator: a variable, None where it is not known; or a whole number.
        den: Its denominator: a variable, or a whole number.
        value: The number itself, if it stands in the rule.
    """

    name: str
    den: int | str
    value: Fraction | None = None

    @property
    def whole_den(self) -> int:
        """The denominator of a number whose denominator is the same for everybody."""
        assert isinstance(self.den, int)
        return self.den

    @property
    def may_miss(self) -> bool:
        return self.value is None

    def times(self, factor: int) -> str:
        if self.value is not None:
            return str(self.value.numerator * factor)
        return self.name if factor == 1 else f"{self.name} * {factor}"


class Program:
    """Writes the program line by line; every part once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.lines: list[str] = []
        self.names: dict[str, Any] = {
            "Fraction": Fraction,
            "whole": _whole,
            "shifted": ranges.shifted,
            "months_between": ranges.months_between,
            "opposite": _OPPOSITE,
        }
        self.conditions: list[Node] = []
        self.compared: list[tuple[Node, int | None]] = []
        self._held: dict[int, Any] = {}
        self._raw: dict[str, str] = {}
        self._count = 0
        self._indent = "    "
        self._numbers: list[str] = []
        self._fen: list[str] = []
        self._gifts: list[str] = []

    # --- the whole -----------------------------------------------------------------------------

    def text(self) -> str:
        codes = _tuple(self._held[id(each)] for each in self.conditions)
        results = (codes, _tuple(self._numbers), _tuple(self._fen), _tuple(self._gifts))
        lines = ["def evaluate(snapshot):", "    get = snapshot.get", *self.lines]
        return "\n".join([*lines, f"    return {', '.join(results)}", ""])

    def amounts(self, shared: Shared, parts: Parts) -> None:
        """The amounts of a rule, where it is not out of reach."""
        place = len(self._fen)
        fen, gifts = f"fen{place}", f"gifts{place}"
        self._fen.append(fen)
        self._gifts.append(gifts)
        self.lines.append(f"    {fen} = {gifts} = None")
        # What is computed inside is not there for whom the rule is out of reach.
        outside, raw = dict(self._held), dict(self._raw)
        self.lines.append(f"    if {self._held[id(shared.whole)]} != {FAILS}:")
        self._indent = "        "
        given = [
            self._gift(benefit, when, parts)
            for benefit, when in zip(shared.rule.benefits, shared.whens, strict=True)
            if benefit.amount is not None
        ]
        total = " + ".join(given)
        if shared.rule.cap is not None and given:
            cap = self._static(self.number(parts.ready(shared.rule.cap)))
            self._guarded(f"cap{place}", [cap], _steps(cap, FEN, half=False))
            given_or_cap = [*given, f"cap{place}"]
            total = f"min({total}, cap{place})"
        else:
            given_or_cap = given
        if given:
            unknown = " or ".join(f"{each} is None" for each in given_or_cap)
            self._line(f"if not ({unknown}):")
            self._line(f"    {gifts} = {_tuple(given)}")
            self._line(f"    {fen} = {total}")
        else:
            self._line(f"{gifts} = ()")
        self._indent = "    "
        self._held, self._raw = outside, raw

    def _gift(self, benefit: Benefit, when: Node, parts: Parts) -> str:
        assert benefit.amount is not None
        amount = self._static(self.number(parts.ready(benefit.amount)))
        name = self._new("gift")
        half = benefit.rounding.mode is RoundingMode.HALF_UP
        steps = _steps(amount, benefit.rounding.to, half=half)
        fen = int(benefit.rounding.to / FEN)
        self._guarded(name, [amount], steps if fen == 1 else f"{steps} * {fen}")
        if when != TRUE:
            code = self._held[id(when)]
            self._line(f"if {code} != {HOLDS}: {name} = 0 if {code} == {FAILS} else None")
        return name

    def _line(self, line: str) -> None:
        self.lines.append(self._indent + line)

    def _new(self, stem: str) -> str:
        self._count += 1
        return f"{stem}{self._count}"

    def _named(self, stem: str, value: Any) -> str:
        name = self._new(stem)
        self.names[name] = value
        return name

    def _guarded(self, name: str, operands: Sequence["_Num | str"], value: str) -> None:
        """A value that is None where an operand is."""
        missing = _missing(operands)
        self._line(f"{name} = None if {missing} else {value}" if missing else f"{name} = {value}")

    # --- conditions ----------------------------------------------------------------------------

    def condition(self, node: Node) -> str:
        name = self._held.get(id(node))
        if name is None:
            value = self._condition(node)
            name = self._held[id(node)] = self._new("c")
            self._line(f"{name} = {value}")
            if self._indent == "    ":
                self.conditions.append(node)
        return str(name)

    def _condition(self, node: Node) -> str:  # noqa: PLR0911
        match node:
            case Const():
                return str(HOLDS if node.value else FAILS)
            case Fact() | Judged():
                raw = self._fact(node.slot)
                return f"{OPEN} if {raw} is None else {HOLDS} if {raw} else {FAILS}"
            case Not():
                return f"opposite[{self.condition(node.item)}]"
            case And() | Or():
                sign = " & " if isinstance(node, And) else " | "
                return sign.join(self.condition(each) for each in node.items)
            case AtLeast():
                return self._at_least(node)
            case Compare():
                return self._compare(node)
            case OneOf() | Prefix() | Has():
                return self._text(node)
        raise TypeError(f"{type(node).__name__} is no condition")

    def _at_least(self, node: AtLeast) -> str:
        items = [self.condition(each) for each in node.items]
        held = " + ".join(f"({each} == {HOLDS})" for each in items)
        possible = " + ".join(f"({each} != {FAILS})" for each in items)
        return (
            f"{HOLDS} if {held} >= {node.count} else {FAILS} if {possible} < {node.count} "
            f"else {OPEN}"
        )

    def _text(self, node: OneOf | Prefix | Has) -> str:
        if not isinstance(node.item, Fact):
            truth = meaning(node, {}).value
            return str(_CODES[truth])
        raw = self._fact(node.item.slot)
        match node:
            case OneOf():
                holds = f"{raw} in {self._named('values', frozenset(node.values))}"
            case Prefix():
                holds = f"{raw}.startswith({self._named('prefixes', node.prefixes)})"
            case Has():
                holds = f"not {raw}.isdisjoint({self._named('values', frozenset(node.values))})"
        return f"{OPEN} if {raw} is None else {HOLDS} if {holds} else {FAILS}"

    def _compare(self, node: Compare) -> str:
        if node.left.kind is Kind.DATE:
            left_day, right_day = self._day(node.left), self._day(node.right)
            holds = f"{left_day} {node.sign} {right_day}"
            missing = _missing([left_day, right_day])
            unknown = str(OPEN)
        else:
            left, right = self.number(node.left), self.number(node.right)
            if self._indent == "    ":
                self._shown(node.left, left)
                self._shown(node.right, right)
            holds = _comparison(node, left, right)
            missing = _missing([left, right])
            unknown = self._unknown(node)
        held = f"{HOLDS} if {holds} else {FAILS}"
        return f"{unknown} if {missing} else {held}" if missing else held

    def _unknown(self, node: Compare) -> str:
        doubt = doubt_of(node)
        if doubt.is_none:
            return str(OPEN)
        return f"{self._named('settle', _settler(node, doubt))}(snapshot)"

    def _shown(self, node: Node, number: _Num) -> None:
        """Keep a number that an explanation will show."""
        if number.value is not None or any(each is node for each, _ in self.compared):
            return
        if isinstance(number.den, int):
            self.compared.append((node, number.den))
            self._numbers.append(number.name)
        else:
            self.compared.append((node, None))
            self._numbers.append(
                f"None if {number.name} is None else ({number.name}, {number.den})"
            )

    # --- facts and days ------------------------------------------------------------------------

    def _fact(self, slot: str) -> str:
        name = self._raw.get(slot)
        if name is None:
            name = self._raw[slot] = self._new("fact")
            self._line(f"{name} = get({slot!r})")
        return name

    def _day(self, node: Node) -> str:
        if isinstance(node, Fact):
            return self._fact(node.slot)
        name = self._held.get(id(node))
        if name is None:
            match node:
                case Const(value=dt.date() as day):
                    name = self._named("day", day)
                case Shift():
                    inner = self._day(node.day)
                    name = self._new("moved")
                    moved = f"years={node.years}, months={node.months}, days={node.days}"
                    self._guarded(name, [inner], f"shifted({inner}, {moved})")
                case _:
                    raise TypeError(f"{type(node).__name__} is no day")
            self._held[id(node)] = name
        return str(name)

    # --- numbers -------------------------------------------------------------------------------

    def number(self, node: Node) -> _Num:
        held = self._held.get(id(node))
        if held is None:
            held = self._held[id(node)] = self._number(node)
        made: _Num = held
        return made

    def _static(self, number: _Num) -> _Num:
        """The number over a denominator that is the same for everybody."""
        if isinstance(number.den, int):
            return number
        name = self._new("n")
        self._guarded(name, [number], f"Fraction({number.name}, {number.den})")
        return _Num(name, 1)

    def _brought(self, items: Sequence[Node]) -> tuple[list[_Num], list[str], int]:
        """Numbers, and how each is written over their common denominator."""
        numbers = [self._static(self.number(each)) for each in items]
        den = lcm(*(each.whole_den for each in numbers))
        return numbers, [each.times(den // each.whole_den) for each in numbers], den

    def _number(self, node: Node) -> _Num:  # noqa: PLR0911
        match node:
            case Const(value=Fraction() as value):
                return _Num(str(value.numerator), value.denominator, value)
            case Fact():
                return self._figure(node)
            case Arithmetic(operation=Operation.OVER):
                return self._quotient(node)
            case Arithmetic(operation=Operation.TIMES):
                left, right = (self._static(self.number(e)) for e in (node.left, node.right))
                name = self._new("n")
                self._guarded(name, [left, right], f"{left.name} * {right.name}")
                return _Num(name, left.whole_den * right.whole_den)
            case Arithmetic():
                numbers, terms, den = self._brought((node.left, node.right))
                value_ = f"{terms[0]} {node.operation} {terms[1]}"
            case Least() | Greatest():
                numbers, terms, den = self._brought(node.items)
                value_ = f"{'min' if isinstance(node, Least) else 'max'}({', '.join(terms)})"
            case Choice():
                return self._choice(node)
            case Tier():
                return self._tier(node)
            case _:
                return self._other(node)
        name = self._new("n")
        self._guarded(name, numbers, value_)
        return _Num(name, den)

    def _figure(self, node: Fact) -> _Num:
        spec = self.catalogue.specs.get(node.key)
        den = 10 ** (spec.decimals if spec else 0)
        raw, name = self._fact(node.slot), self._new("n")
        self._line(f"{name} = None if {raw} is None else whole({raw}, {den})")
        return _Num(name, den)

    def _quotient(self, node: Arithmetic) -> _Num:
        left, right = (self._static(self.number(each)) for each in (node.left, node.right))
        assert isinstance(left.den, int)
        assert isinstance(right.den, int)
        if right.value:
            factor = left.den * right.value
            name = self._new("n")
            self._guarded(name, [left], left.times(factor.denominator * (1 if factor > 0 else -1)))
            return _Num(name, abs(factor.numerator))
        shared = lcm(left.den, right.den)
        name, den = self._new("n"), self._new("d")
        missing = _missing([left])
        self._line(f"{name} = {den} = None")
        self._line(f"if {f'not ({missing}) and ' if missing else ''}{right.name}:")
        terms = left.times(shared // left.den), right.times(shared // right.den)
        self._line(f"    {name}, {den} = {terms[0]}, {terms[1]}")
        self._line(f"    if {den} < 0: {name}, {den} = -{name}, -{den}")
        return _Num(name, den)

    def _choice(self, node: Choice) -> _Num:
        code = self.condition(node.test)
        numbers, terms, den = self._brought((node.then, node.otherwise))
        name = self._new("n")
        self._line(f"if {code} == {HOLDS}: {name} = {_or_none(numbers[0], terms[0])}")
        self._line(f"elif {code} == {FAILS}: {name} = {_or_none(numbers[1], terms[1])}")
        self._line(f"else: {name} = None")
        return _Num(name, den)

    def _tier(self, node: Tier) -> _Num:
        value = self._static(self.number(node.value))
        results = (*(step.result for step in reversed(node.steps)), node.below)
        numbers, terms, den = self._brought(results)
        name = self._new("n")
        word = "if"
        if value.may_miss:
            self._line(f"if {value.name} is None: {name} = None")
            word = "elif"
        for step, number, term in zip(reversed(node.steps), numbers, terms, strict=False):
            bound = step.bound
            reached = f"{value.times(bound.denominator)} {'>=' if step.includes else '>'} "
            reached += str(bound.numerator * value.den)
            self._line(f"{word} {reached}: {name} = {_or_none(number, term)}")
            word = "elif"
        below = _or_none(numbers[-1], terms[-1])
        self._line(f"else: {name} = {below}" if word == "elif" else f"{name} = {below}")
        return _Num(name, den)

    def _other(self, node: Node) -> _Num:
        name = self._new("n")
        match node:
            case Floor():
                item = self._static(self.number(node.item))
                self._guarded(name, [item], f"{item.times(1)} // {item.den}")
            case Slices():
                item = self._static(self.number(node.value))
                of = self._named("sliced", lambda amount, node=node: sliced(node, amount))
                self._guarded(name, [item], f"{of}(Fraction({item.times(1)}, {item.den}))")
            case DaysBetween():
                start, end = self._day(node.start), self._day(node.end)
                self._guarded(name, [start, end], f"({end} - {start}).days")
            case MonthsBetween():
                start, end = self._day(node.start), self._day(node.end)
                self._guarded(name, [start, end], f"months_between({start}, {end})")
            case Count() | Total():
                self._line(f"{name} = {self._named('entries', _of_entries(node))}(snapshot)")
            case _:
                raise TypeError(f"{type(node).__name__} is no number")
        return _Num(name, 1)


def _tuple(items: Any) -> str:
    joined = "".join(f"{each}, " for each in items)
    return f"({joined})"


def _missing(operands: Sequence[_Num | str]) -> str:
    """When one of the operands is not known; empty if that cannot be."""
    names = [each if isinstance(each, str) else each.name for each in operands if _may_miss(each)]
    return " or ".join(f"{each} is None" for each in dict.fromkeys(names))


def _may_miss(operand: _Num | str) -> bool:
    if isinstance(operand, str):  # a day: constants have names of their own
        return not operand.startswith("day")
    return operand.may_miss


def _or_none(number: _Num, term: str) -> str:
    if not number.may_miss or term == number.name:
        return term
    return f"None if {number.name} is None else {term}"


def _comparison(node: Compare, left: _Num, right: _Num) -> str:
    if isinstance(left.den, int) and isinstance(right.den, int):
        den = lcm(left.den, right.den)
        return f"{left.times(den // left.den)} {node.sign} {right.times(den // right.den)}"
    return f"{left.name} * {right.den} {node.sign} {right.name} * {left.den}"


def _steps(amount: _Num, to: Fraction, *, half: bool) -> str:
    """How many whole steps an amount has."""
    assert isinstance(amount.den, int)
    factor = Fraction(1, amount.den) / to  # steps = numerator × factor
    if not half:
        return f"({amount.times(factor.numerator)}) // {factor.denominator}"
    twice = amount.times(2 * factor.numerator)
    return f"({twice} + {factor.denominator}) // {2 * factor.denominator}"


def _whole(value: Any, den: int) -> int:
    """A value times its denominator.

    Raises:
        UnusualError: That is no whole number.
    """
    if value.__class__ is int:
        whole: int = value * den
        return whole
    above, below = value.as_integer_ratio()
    whole, rest = divmod(above * den, below)
    if rest:
        raise UnusualError(str(value))
    return whole


def _settler(node: Compare, doubt: Doubt) -> Callable[[Snapshot], int]:
    """Whether bounds decide a comparison in which something is not known."""
    possible = None if doubt.missing is None else frozenset(doubt.missing)
    slots = [(each, each.slot) for each in doubt.facts if isinstance(each, Fact)]
    left, right, compared = ranging(node.left), ranging(node.right), SIGNS[node.sign]

    def settle(snapshot: Snapshot) -> int:
        if possible is not None:
            missing = frozenset([each for each, slot in slots if snapshot.get(slot) is None])
            if missing not in possible and all(_keeps(each, snapshot) for each in doubt.within):
                return OPEN
        low, high, _ = left(snapshot)
        other_low, other_high, _ = right(snapshot)
        return _CODES[compared(Range(low, high), Range(other_low, other_high))]

    return settle


def _keeps(fact: Any, snapshot: Mapping[str, Any]) -> bool:
    value = snapshot.get(fact.slot)
    return value is None or (
        (fact.low is None or fact.low <= value) and (fact.high is None or value <= fact.high)
    )


def _of_entries(node: Count | Total) -> Callable[[Snapshot], Fraction | None]:
    def of_entries(snapshot: Snapshot) -> Fraction | None:
        found = meaning(node, snapshot).value
        return found.value if found.is_known else None

    return of_entries
