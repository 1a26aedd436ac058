"""What an executor says of an applicant, in the form in which executors are compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from lianqi.engines.rules.bulk.matching import Matched, chunks_of, match
from lianqi.engines.rules.bulk.planes import rows_of
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.bulk.tables import table_of
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.rule import FEN, Assessment, Rule, Status

Snapshot = Mapping[str, Any]
# Status, fen if it is met and settled, what the status asks for, what the amount asks for.
Answer = tuple[Status, int | None, frozenset[str], frozenset[str]]


def answer(found: Assessment) -> Answer:
    """What is told in bulk of an assessment."""
    if found.status is not Status.MET:
        return found.status, None, found.asks, frozenset()
    fen = found.amount.value / FEN if found.amount and found.amount.is_known else None
    return found.status, None if fen is None else int(fen), found.asks, found.amount_asks


def in_bulk(
    rules: Sequence[Rule], applicants: Sequence[Snapshot], catalogue: Catalogue
) -> list[list[Answer]]:
    """By rule and applicant what bulk matching says."""
    program = Program(rules, catalogue)
    table = table_of(range(len(applicants)), applicants, program.wanted)
    (found,) = match(program, chunks_of(table, program), workers=1)
    return [answers(found, measure) for measure in range(len(rules))]


def answers(found: Matched, measure: int) -> list[Answer]:
    """By applicant what bulk matching says of a measure."""
    verdict, size = found.verdicts[measure], found.size
    statuses = [Status.UNMET] * size
    for plane, status in (
        (verdict.met, Status.MET),
        (verdict.unknown, Status.UNKNOWN),
        (verdict.review, Status.REVIEW),
        (verdict.inapplicable, Status.NOT_APPLICABLE),
    ):
        for row in rows_of(plane, size):
            statuses[row] = status
    fens: dict[int, int] = {}
    for place, row in enumerate(verdict.rows.tolist()):
        if verdict.fen is not None and (verdict.settled is None or verdict.settled[place]):
            fens[row] = int(verdict.fen[place])
    asks, amount_asks = found.wants(measure), found.amount_wants(measure)
    return [
        (statuses[row], fens.get(row), _of_row(asks, row, size), _of_row(amount_asks, row, size))
        for row in range(size)
    ]


def _of_row(wants: Mapping[str, Any], row: int, size: int) -> frozenset[str]:
    return frozenset(slot for slot, plane in wants.items() if row in rows_of(plane, size))
