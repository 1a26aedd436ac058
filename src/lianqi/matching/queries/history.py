"""Everything that was stated about one enterprise and that rules read: what counts, and history."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from lianqi.accounts.models import User
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import slot
from lianqi.engines.rules.units import unit_of
from lianqi.matching.models import ReviewAnswer
from lianqi.matching.queries.snapshots import Known, in_short
from lianqi.matching.queries.values import NotUsableError, value_of
from lianqi.register.models import Fact, Statement

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class StatedLine:
    """One thing that was said.

    Attributes:
        row: What keeps it: an observation, a statement.
        value: As rules read it; None if they cannot, then `written` says what it was.
        counts: It is what rules use on the day asked about.
    """

    row: Fact | Statement
    value: Any
    written: str
    source: str
    observed_at: dt.datetime
    by: User | None
    since: dt.date | None
    until: dt.date | None
    counts: bool

    @property
    def is_withdrawn(self) -> bool:
        return self.row.withdrawn_at is not None

    @property
    def is_figure(self) -> bool:
        return isinstance(self.row, Fact)


@dataclass(slots=True)
class StatedFact:
    """A fact for a period or for a day, with all that was said about it, the newest first."""

    spec: FactSpec
    period: str
    lines: list[StatedLine] = field(default_factory=list)

    @property
    def slot(self) -> str:
        return slot(self.spec.key, self.period or None)

    @property
    def counting(self) -> StatedLine | None:
        return next((each for each in self.lines if each.counts), None)

    @property
    def earlier(self) -> list[StatedLine]:
        return [each for each in self.lines if not each.counts]


def stated_facts(
    ids: Sequence[int], known: Known, catalogue: Catalogue, *, on: dt.date
) -> list[StatedFact]:
    """By fact in the order of the catalogue, the newest period first; two queries.

    Args:
        ids: The enterprise and the entries merged into it.
        known: The snapshot of that day, which says what counts.
    """
    found: dict[tuple[str, str], StatedFact] = {}
    for spec, row in _rows(ids, catalogue):
        place = found.setdefault((spec.key, row.period), StatedFact(spec, row.period))
        place.lines.append(_line(spec, row, on=on))
    for each in found.values():
        each.lines.sort(key=lambda line: (line.observed_at, line.row.pk), reverse=True)
        _mark(each, known)
    order = {spec.key: number for number, spec in enumerate(catalogue)}
    newest = sorted(found.values(), key=lambda each: each.period, reverse=True)
    return sorted(newest, key=lambda each: order[each.spec.key])


def _rows(ids: Sequence[int], catalogue: Catalogue) -> Iterator[tuple[FactSpec, Fact | Statement]]:
    statements = Statement.objects.filter(enterprise__in=ids).select_related(
        "stated_by", "enterprise__merged_into"
    )
    figures = Fact.objects.filter(enterprise__in=ids).select_related("enterprise__merged_into")
    for rows in (statements, figures):
        for row in rows.order_by("-observed_at", "-pk")[:MOST_ROWS]:
            spec = catalogue.find(row.key)
            if spec is not None:
                yield spec, row


def _line(spec: FactSpec, row: Fact | Statement, *, on: dt.date) -> StatedLine:
    if isinstance(row, Fact):
        unit = unit_of(row.unit)
        fits = unit is not None and unit.dims == spec.unit.dims
        number = Fraction(row.value) * unit.scale if unit and fits else None
        written = f"{row.value.normalize():f}{row.unit}"
        return StatedLine(
            row, number, written, row.source, row.observed_at, None, None, None, counts=False
        )
    try:
        stated = value_of(spec, row.value)
    except NotUsableError:
        stated = None
    holds = (row.since is None or row.since <= on) and (row.until is None or on <= row.until)
    return StatedLine(
        row, stated, in_short(row.value), row.source, row.observed_at, row.stated_by,
        row.since, row.until, counts=holds and row.withdrawn_at is None,
    )  # fmt: skip


def _mark(each: StatedFact, known: Known) -> None:
    """Only the newest that stands and holds counts, and only if the snapshot uses it."""
    is_used, lines = each.slot in known.values, []
    for line in each.lines:
        may_count = line.counts or (line.is_figure and not line.is_withdrawn)
        lines.append(replace(line, counts=is_used and may_count))
        is_used = is_used and not may_count
    each.lines = lines


def review_answers(ids: Sequence[int]) -> list[ReviewAnswer]:
    """What reviewers answered, what stands first, then the latest."""
    rows = ReviewAnswer.objects.about(ids).select_related("answered_by")
    newest = list(rows.order_by("-answered_at", "-pk")[:MOST_ROWS])
    return sorted(newest, key=lambda each: each.withdrawn_at is not None)
