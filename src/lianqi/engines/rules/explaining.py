"""Why a measure is what it is for one applicant: every clause, every condition, every value.

The explanation is a text with gaps, written once for all rules; for an applicant only the gaps are
filled. Its form is JSON:

    facts        slot, name, period, unit, value, source of all that the rules read
    conditions   each once: status, text, values of its sides, slots it reads, its parts by number
    measures     key, status, clauses (key, article, status, number of the condition),
                 benefits (key, article, fen), fen in all (a number, or from … to …), what is asked
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import itemgetter
from typing import Any

from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.compiled import Compiled, Reading
from lianqi.engines.rules.generating import FAILS, OPEN, Shared
from lianqi.engines.rules.meaning import Snapshot
from lianqi.engines.rules.nodes import (
    And,
    AtLeast,
    Compare,
    Fact,
    Judged,
    Node,
    Not,
    Or,
    facts_of,
    walk,
)
from lianqi.engines.rules.rule import FEN, Status

_WORDS = (f'"{Status.UNMET}"', f'"{Status.UNKNOWN}"', "", f'"{Status.MET}"')
_INAPPLICABLE = f'"{Status.NOT_APPLICABLE}"'
_GAP = "\0"  # never in JSON
_quoted = json.encoder.encode_basestring


class Explainer:
    """Explains rules to one applicant after another."""

    def __init__(
        self,
        compiled: Compiled,
        catalogue: Catalogue,
        *,
        describe: Callable[[Node], str],
        language: str = "zh",
    ) -> None:
        """Write the text with its gaps.

        Args:
            describe: A condition as text.
            language: In which facts are named: "zh" or "en".
        """
        self._compiled = compiled
        self._catalogue = catalogue
        self._describe = describe
        self._language = language
        self._dens = [den for _, den in compiled.numbers]
        self._asking_people = [
            (place, node)
            for place, node in enumerate(compiled.conditions)
            if any(isinstance(each, Judged) for each in walk(node))
        ]
        self._facts = self._all_facts()
        self._spoken_of = {
            id(each)
            for shared in compiled.rules
            for clause in (shared.scope, *shared.clauses, *shared.whens)
            for each in walk(clause)
        }
        self._slots = [each.slot for each in self._facts]
        self._out_of_reach = self._fillings_out_of_reach()
        self._suppliers = [_quoted(self._supplier(each)) for each in self._facts]
        # The gaps in the order of the text, as places in what `explain` puts together.
        self._gaps: list[int] = []
        pieces = self._written().split(_GAP)
        self._pieces = [part for piece in pieces for part in (piece, "")]
        self._in_order = itemgetter(*self._gaps)

    def explain(self, snapshot: Snapshot, sources: Mapping[str, str] | None = None) -> str:
        """The explanation as JSON.

        Args:
            sources: Where values come from, by slot; else their usual supplier is named.

        Raises:
            UnusualError: A value has more digits than its fact keeps.
        """
        compiled = self._compiled
        reading = compiled.read(snapshot)
        asked: dict[int, frozenset[str]] = {}
        words = [_WORDS[code] for code in reading.codes]
        for place, node in self._asking_people:
            if reading.codes[place] == OPEN:
                words[place] = f'"{compiled.status(node, reading, asked)}"'
        get = snapshot.get
        values = [_value(get(slot)) for slot in self._slots]
        named = self._suppliers
        if sources:
            named = [
                _quoted(sources[slot]) if slot in sources else usual
                for slot, usual in zip(self._slots, named, strict=True)
            ]
        numbers = [
            _number(each, den) for each, den in zip(reading.numbers, self._dens, strict=True)
        ]
        measures: list[str] = []
        codes = reading.codes
        for place, (scope, whole, unmet, inapplicable) in enumerate(self._out_of_reach):
            if codes[whole] == FAILS:
                measures += unmet if codes[scope] != FAILS else inapplicable
            else:
                measures.append(words[whole])
                measures += self._within_reach(place, reading, asked)
        text = self._pieces.copy()
        text[1:-1:2] = self._in_order((*words, *numbers, *values, *named, *measures))
        return "".join(text)

    def _within_reach(
        self, place: int, reading: Reading, asked: dict[int, frozenset[str]]
    ) -> list[str]:
        """What fills the gaps of a measure: fen by benefit and in all, what is asked."""
        compiled = self._compiled
        shared, gifts = compiled.rules[place], reading.gifts[place]
        asks = compiled.asks(shared.whole, reading, asked)
        if gifts is not None:
            fen = reading.fen[place]
            each_fen = [str(each) for each in gifts]
            return [*each_fen, "null" if fen is None else str(fen), _list(asks), "[]"]
        granted, amount, more = compiled.grants(shared.rule, reading.snapshot)
        each_fen = [_fen(each.amount) for each in granted if each.amount is not None]
        return [*each_fen, _fen(amount), _list(asks), _list(more)]

    def _fillings_out_of_reach(self) -> list[tuple[int, int, list[str], list[str]]]:
        """By rule where its scope and its whole stand, and what fills its gaps if one fails."""
        found = []
        for shared in self._compiled.rules:
            nulls = ["null"] * sum(each.amount is not None for each in shared.rule.benefits)
            scope, whole = (self._compiled.place[id(each)] for each in (shared.scope, shared.whole))
            rest = [*nulls, "null", "[]", "[]"]
            found.append((scope, whole, [_WORDS[FAILS], *rest], [_INAPPLICABLE, *rest]))
        return found

    # --- the text ------------------------------------------------------------------------------

    def _all_facts(self) -> list[Fact]:
        parts: list[Node] = list(self._compiled.conditions)
        for shared in self._compiled.rules:
            parts += [each.amount for each in shared.rule.benefits if each.amount is not None]
            parts += [] if shared.rule.cap is None else [shared.rule.cap]
        return list({each.slot: each for part in parts for each in facts_of(part)}.values())

    def _supplier(self, fact: Fact) -> str:
        spec = self._catalogue.specs.get(fact.key)
        return spec.supplier if spec else ""

    def _gap(self, place: int) -> str:
        self._gaps.append(place)
        return _GAP

    def _written(self) -> str:
        conditions, numbers = self._compiled.conditions, self._compiled.numbers
        first_value = len(conditions) + len(numbers)
        first_source = first_value + len(self._facts)
        self._next = first_source + len(self._facts)
        facts = [
            _object(
                self._fact(fact),
                value=self._gap(first_value + place),
                source=self._gap(first_source + place),
            )
            for place, fact in enumerate(self._facts)
        ]
        tested = [self._condition(place, node) for place, node in enumerate(conditions)]
        measures = [self._rule(shared) for shared in self._compiled.rules]
        return "".join(
            ('{"facts":[', ",".join(facts), '],"conditions":[', ",".join(tested),
             '],"measures":[', ",".join(measures), "]}")
        )  # fmt: skip

    def _fact(self, fact: Fact) -> dict[str, Any]:
        spec = self._catalogue.specs.get(fact.key)
        name = spec.label if spec and self._language == "zh" else fact.key
        unit = spec.unit.symbol if spec else ""
        return {"slot": fact.slot, "name": name, "period": fact.period or "", "unit": unit}

    def _condition(self, place: int, node: Node) -> str:
        compiled = self._compiled
        numbers = {id(each): at for at, (each, _) in enumerate(compiled.numbers)}
        values = {}
        if isinstance(node, Compare):
            for name, side in (("left", node.left), ("right", node.right)):
                if id(side) in numbers:
                    values[name] = len(compiled.conditions) + numbers[id(side)]
        parts = list(node.children()) if isinstance(node, And | Or | Not | AtLeast) else []
        about = {
            # A measure as a whole is shown by its clauses.
            "text": self._describe(node) if id(node) in self._spoken_of else "",
            "reads": [each.slot for each in facts_of(node)],
            "parts": [compiled.place[id(each)] for each in parts],
        }
        gaps = {name: self._gap(at) for name, at in [("status", place), *values.items()]}
        return _object(about, **gaps)

    def _rule(self, shared: Shared) -> str:
        clauses = [
            _object(
                {"key": clause.key, "article": clause.article},
                condition=str(self._compiled.place[id(node)]),
                status=self._gap(self._compiled.place[id(node)]),
            )
            for clause, node in zip(shared.rule.clauses, shared.clauses, strict=True)
        ]
        status = self._following()
        benefits = [
            (
                {"key": each.key, "article": each.article},
                None if each.amount is None else self._following(),
            )
            for each in shared.rule.benefits
        ]
        fen, asks, amount_asks = self._following(), self._following(), self._following()
        return _object(
            {"key": shared.rule.key},
            clauses=f"[{','.join(clauses)}]",
            status=self._gap(status),
            benefits="["
            + ",".join(
                _object(about) if at is None else _object(about, fen=self._gap(at))
                for about, at in benefits
            )
            + "]",
            fen=self._gap(fen),
            asks=self._gap(asks),
            amount_asks=self._gap(amount_asks),
        )

    def _following(self) -> int:
        self._next += 1
        return self._next - 1


def _object(about: Mapping[str, Any], **gaps: str) -> str:
    """A JSON object: what is fixed, then the gaps."""
    fixed = json.dumps(about, ensure_ascii=False)[1:-1]
    return "{" + ",".join((fixed, *(f'"{name}":{gap}' for name, gap in gaps.items()))) + "}"


def _value(value: Any) -> str:
    """A value of a snapshot as JSON."""
    shown = _SHOWN.get(value.__class__)
    return shown(value) if shown else _number(Fraction(value), 1)


def _entry(entry: Mapping[str, Any]) -> str:
    return "{" + ",".join(f"{_quoted(name)}:{_value(each)}" for name, each in entry.items()) + "}"


def _number(number: Any, den: int | None) -> str:
    """A number as JSON, as a reader would see it."""
    if number is None:
        return "null"
    above, below = number if den is None else (number, den)
    if below == 1 and isinstance(above, int):
        return str(above)
    return repr(float(above / below))


def _list(names: Any) -> str:
    return f"[{','.join([_quoted(each) for each in sorted(names)])}]" if names else "[]"


def _fen(amount: Any) -> str:
    """Fen, or between which sums they lie; null is without end."""
    if amount is None:
        return "null"
    low, high = (
        str(int(each / FEN)) if isinstance(each, Fraction) else "null"
        for each in (amount.low, amount.high)
    )
    return low if amount.is_known else f'{{"from":{low},"to":{high}}}'


_SHOWN: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    str: _quoted,
    bool: lambda value: "true" if value else "false",
    int: str,
    dt.date: lambda value: f'"{value.isoformat()}"',
    frozenset: _list,
    tuple: lambda value: f"[{','.join(_entry(each) for each in value)}]",
}
