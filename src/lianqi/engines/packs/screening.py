"""All measures of a day for many enterprises, as people read it: who, how much, what is missing.

The plain match tells who meets a measure and who is still open. Here every condition is told as
well, so that somebody who fails a single one can be shown which.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lianqi.engines.packs.library import Found
from lianqi.engines.packs.pack import BenefitText, ClauseText
from lianqi.engines.rules.bulk.columns import Chunk
from lianqi.engines.rules.bulk.matching import Matched, Tally
from lianqi.engines.rules.bulk.planes import Flags, Plane, Rows, rows_of, unpacked
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.bulk.verdicts import Verdict
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.nodes import TRUE, Node
from lianqi.engines.rules.rule import Clause, Rule, Status


@dataclass(frozen=True)
class Met:
    """An enterprise that meets a measure.

    Attributes:
        fen: None where the measure gives no money, or the amount is still open.
        benefits: What it gets, and of each whether that is certain.
        asks: What the amount depends on.
    """

    row: int
    fen: int | None
    benefits: tuple[tuple[BenefitText, bool], ...]
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Open:
    """An enterprise for which a measure is open.

    Attributes:
        asks: Slots of facts, and questions, in the order in which the rule names them.
    """

    row: int
    status: Status
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Nearly:
    """An enterprise that fails one condition of a measure and meets all others."""

    row: int
    clause: ClauseText


@dataclass(frozen=True)
class Count:
    """How many enterprises a measure is what for.

    Attributes:
        tally: As the plain match counts.
        one_missing: How many of the open ones are settled by a single answer.
        nearly: How many of the unmet ones fail a single condition.
    """

    tally: Tally
    one_missing: int = 0
    nearly: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.tally + other.tally,
            self.one_missing + other.one_missing,
            self.nearly + other.nearly,
        )


class Screen:
    """Measures of one day, ready to be told of many enterprises.

    Attributes:
        found: The measures, in the order in which they are numbered.
    """

    def __init__(self, found: Sequence[Found], day: dt.date, catalogue: Catalogue) -> None:
        self.found = tuple(found)
        rules = [each.measure.rule(each.pack.key).on(day) for each in self.found]
        parts: list[Rule] = []
        self._clauses: list[range] = []
        self._whens: list[range] = []
        for rule in rules:
            clauses = [each.condition for each in rule.clauses]
            whens = [each.when for each in rule.benefits]
            for places, nodes in ((self._clauses, clauses), (self._whens, whens)):
                first = len(rules) + len(parts)
                parts += [_alone(rule, node) for node in nodes]
                places.append(range(first, first + len(nodes)))
        self.program = Program([*rules, *parts], catalogue)

    def screened(self, chunk: Chunk) -> "Screened":
        return Screened(self, Matched(chunk, self.program))

    def clauses(self, measure: int) -> range:
        """Where the conditions of a measure stand in the program."""
        return self._clauses[measure]

    def whens(self, measure: int) -> range:
        """Where the own conditions of its benefits stand."""
        return self._whens[measure]


def _alone(rule: Rule, condition: Node) -> Rule:
    return Rule(rule.key, (Clause("", "", condition),) if condition != TRUE else ())


class Screened:
    """The measures for the enterprises of a chunk."""

    def __init__(self, screen: Screen, matched: Matched) -> None:
        self._screen, self._matched, self.size = screen, matched, matched.size
        self._wanted: dict[int, dict[str, Plane]] = {}

    def met(self, measure: int) -> Iterator[Met]:
        """Those who meet a measure, in the order of the rows."""
        found = self._matched.verdicts[measure]
        fens, settled = self._fens(found)
        asked = self._asked(self._matched.amount_wants(measure), found.rows)
        texts = self._screen.found[measure].measure.benefits
        whens = [self._truth(place)[:2] for place in self._screen.whens(measure)]
        for place, row in enumerate(found.rows.tolist()):
            benefits = tuple(
                (text, bool(true[row]))
                for text, (true, false) in zip(texts, whens, strict=True)
                if not false[row]
            )
            fen = fens[place] if settled[place] else None
            yield Met(row, fen, benefits, tuple(asked[place]))

    def open(self, measure: int) -> Iterator[Open]:
        """Those for whom a measure is open, in the order of the rows."""
        found = self._matched.verdicts[measure]
        rows = rows_of(found.unknown | found.review, self.size)
        review = unpacked(found.review, self.size)
        asked = self._asked(self._wants(measure), rows)
        for row, asks in zip(rows.tolist(), asked, strict=True):
            yield Open(row, Status.REVIEW if review[row] else Status.UNKNOWN, tuple(asks))

    def nearly(self, measure: int) -> Iterator[Nearly]:
        """Those who fail a single condition, in the order of the rows."""
        clauses = self._screen.found[measure].measure.clauses
        rows, which = self._failing(measure)
        for row, place in zip(rows.tolist(), which.tolist(), strict=True):
            yield Nearly(row, clauses[place])

    def counts(self) -> list[Count]:
        """How many enterprises each measure is what for."""
        tallies = self._matched.tallies()
        return [
            Count(tallies[place], self._one_missing(place), len(self._failing(place)[0]))
            for place in range(len(self._screen.found))
        ]

    def _one_missing(self, measure: int) -> int:
        asks, answers = np.zeros(self.size, np.int32), np.ones(self.size, np.bool_)
        for slot, plane in self._wants(measure).items():
            asked = unpacked(plane, self.size)
            asks += asked
            # A figure that is zero, and divided by, is known: no answer to it is missing.
            if slot.startswith("zero:"):
                answers &= ~asked
        return int(((asks == 1) & answers).sum())

    def _wants(self, measure: int) -> dict[str, Plane]:
        if measure not in self._wanted:
            self._wanted[measure] = self._matched.wants(measure)
        return self._wanted[measure]

    def _failing(self, measure: int) -> tuple[Rows, Rows]:
        """The rows in which all conditions but one are met, and that one not; and which it is."""
        failing = np.zeros(self.size, np.int32)
        which = np.zeros(self.size, np.int64)
        possible = ~unpacked(self._matched.verdicts[measure].inapplicable, self.size)
        for place, part in enumerate(self._screen.clauses(measure)):
            true, false = self._truth(part)
            failing += false
            which[false] = place
            possible &= true | false
        rows: Rows = np.flatnonzero(possible & (failing == 1))
        return rows, which[rows]

    def _truth(self, part: int) -> tuple[Flags, Flags]:
        """Where a condition holds, and where it fails."""
        found = self._matched.verdicts[part]
        true = unpacked(found.met, self.size)
        return true, ~(true | unpacked(found.unknown | found.review, self.size))

    def _fens(self, found: Verdict) -> tuple[list[int], list[bool]]:
        size = len(found.rows)
        if found.fen is None:
            return [0] * size, [False] * size
        fens = np.broadcast_to(found.fen, size).tolist()
        return fens, [True] * size if found.settled is None else found.settled.tolist()

    def _asked(self, wants: dict[str, Plane], rows: Rows) -> list[list[str]]:
        """By row what is asked for."""
        asked: list[list[str]] = [[] for _ in rows]
        for slot, plane in sorted(wants.items()):
            for place in np.flatnonzero(unpacked(plane, self.size)[rows]).tolist():
                asked[place].append(slot)
        return asked
