"""What is known of many enterprises, by slot, as rules read it; and where each value comes from.

Never a value of another year, another unit, or one that is only about right: such a figure is
named among what was not used, and the slot stays unknown. Titles and statements are those that hold
on the day asked about, industry and size class those that the register had on that day. Figures are
as they are known now, for the periods asked about.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.pack import pack_name
from lianqi.engines.packs.quantities import checked, industry_code
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind, answer_slot, slot
from lianqi.engines.rules.units import unit_of
from lianqi.matching.enums import Unused
from lianqi.matching.queries.reading import Entry, Figure, Held, Stated, rows_of
from lianqi.matching.queries.values import KEPT, NotUsableError, fits, value_of
from lianqi.register.enums import Qualifier
from lianqi.register.queries import source_text

Row = TypeVar("Row", Figure, Stated)

REGISTER = "register"
"""The source of what the register itself keeps."""
REVIEW = "review"
"""The source of what a reviewer answered."""

_QUOTES = str.maketrans("", "", '“”"「」『』 　')


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from.

    Attributes:
        source: As the register names it; `REGISTER` for its own entries, `REVIEW` for an answer.
        observed_at: None where no observation was made.
    """

    source: str
    observed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class NotUsed:
    """A statement of the register that no rule may use, and why."""

    label: str
    period: str
    value: str
    why: Unused


@dataclass(slots=True)
class Known:
    """One enterprise: values by slot, ready for rules."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    not_used: list[NotUsed] = field(default_factory=list)

    def tell(self, name: str, value: Any, origin: Origin) -> None:
        self.values[name] = value
        self.origins[name] = origin


def snapshots(ids: Iterable[int], catalogue: Catalogue, *, on: dt.date) -> dict[int, Known]:
    """What is known of enterprises, by id; merged entries speak for the one that remains.

    One query, however many there are.
    """
    rows = rows_of(list(ids), on=on)
    known = {each.owner: _of_the_entry(each, catalogue) for each in rows.entries}
    _add_titles(known, rows.titles, catalogue, on=on)
    _add_figures(known, rows.figures, catalogue)
    _add_statements(known, rows.statements, catalogue)
    for answer in rows.answers:  # of merged entries the latest counts
        name = answer_slot(answer.question_key, pack_name(answer.pack_key, answer.pack_version))
        known[answer.owner].tell(name, answer.answer, Origin(REVIEW, answer.answered_at))
    return known


def _of_the_entry(entry: Entry, catalogue: Catalogue) -> Known:
    known, origin = Known(), Origin(REGISTER)
    if entry.industry is not None:
        try:
            known.tell("industry", industry_code(entry.industry), origin)
        except NotAValueError:
            spec = catalogue["industry"]
            known.not_used.append(NotUsed(spec.label, "", entry.industry, Unused.VALUE))
    if entry.founded is not None:
        known.tell("founded", entry.founded, origin)
    if entry.size_class is not None:
        known.tell("size_class", entry.size_class, origin)
    return known


def _add_titles(
    known: Mapping[int, Known], rows: Iterable[Held], catalogue: Catalogue, *, on: dt.date
) -> None:
    """The register keeps titles, so that one it does not name is not held."""
    spec = catalogue["titles"]
    words = {bare(label): word for word, label in spec.values.items()}
    valid: dict[int, set[str]] = {pk: set() for pk in known}
    high_tech: dict[int, dt.date] = {}
    for pk, _id, label, granted, until in rows:
        word = words.get(bare(label))
        if word is None:
            known[pk].not_used.append(NotUsed(spec.label, "", label, Unused.NAME))
            continue
        if word == "high_tech" and until is not None:
            high_tech[pk] = max(until, high_tech.get(pk, until))
        if (granted is None or granted <= on) and (until is None or on <= until):
            valid[pk].add(word)
    for pk, each in known.items():
        each.tell("titles", frozenset(valid[pk]), Origin(REGISTER))
        if pk in high_tech:
            each.tell("high_tech_until", high_tech[pk], Origin(REGISTER))


def _add_figures(known: Mapping[int, Known], rows: Iterable[Figure], catalogue: Catalogue) -> None:
    """The newest observation that stands of each figure and period, by whatever name."""
    for spec, figure in _newest(rows, catalogue):
        value, why = _figure(spec, figure)
        if why is None:
            origin = Origin(source_text(figure.source), figure.observed_at)
            known[figure.owner].tell(slot(spec.key, figure.period), value, origin)
        else:
            stated = f"{figure.value.normalize():f}{figure.unit}"
            told = NotUsed(spec.label, figure.period, stated, why)
            known[figure.owner].not_used.append(told)


def _add_statements(
    known: Mapping[int, Known], rows: Iterable[Stated], catalogue: Catalogue
) -> None:
    """The newest statement that stands and holds on the day, of each fact."""
    for spec, statement in _newest(rows, catalogue):
        try:
            value = _stated(spec, statement)
        except NotUsableError as error:
            told = NotUsed(spec.label, statement.period, in_short(statement.value), error.why)
            known[statement.owner].not_used.append(told)
        else:
            origin = Origin(source_text(statement.source), statement.observed_at)
            known[statement.owner].tell(slot(spec.key, statement.period or None), value, origin)


def _stated(spec: FactSpec, statement: Stated) -> Any:
    if spec.key in KEPT:
        raise NotUsableError(Unused.KEPT, spec, statement.value)
    if not fits(spec.grain, statement.period):
        raise NotUsableError(Unused.PERIOD, spec, statement.value)
    if spec.grain and spec.kind is Kind.NUMBER:  # figures of a period have observations
        raise NotUsableError(Unused.KIND, spec, statement.value)
    return value_of(spec, statement.value)


def _newest(rows: Iterable[Row], catalogue: Catalogue) -> Iterator[tuple[FactSpec, Row]]:
    """The newest row of each enterprise, fact and period; a fact may have several names."""
    newest: dict[tuple[int, str, str], tuple[FactSpec, Row]] = {}
    for row in rows:
        spec = catalogue.find(row.key)
        if spec is None:
            continue
        place = (row.owner, spec.key, row.period)
        other = newest.get(place)
        if other is None or _age(other[1]) < _age(row):
            newest[place] = (spec, row)
    yield from newest.values()


def _age(row: Figure | Stated) -> tuple[dt.datetime, int]:
    return row.observed_at, row.id


def in_short(stated: Any) -> str:
    """A statement that is not used, in few words."""
    match stated:
        case bool():
            return "是" if stated else "否"
        case {"number": number, "unit": unit}:
            return f"{number}{unit}"
        case {"day": day}:
            return str(day)
        case {"words": list(words)}:
            return "、".join(map(str, words)) or "无"
        case {"entries": list(entries)}:
            return f"{len(entries)}条"
    return str(stated)[:60]


def _figure(spec: FactSpec, fact: Figure) -> tuple[Fraction | None, Unused | None]:
    unit = unit_of(fact.unit)
    if spec.kind is not Kind.NUMBER or unit is None or unit.dims != spec.unit.dims:
        return None, Unused.UNIT
    if not fits(spec.grain, fact.period):
        return None, Unused.PERIOD
    if fact.qualifier != Qualifier.EXACT:
        return None, Unused.INEXACT
    try:
        return checked(spec, Fraction(fact.value) * unit.scale), None
    except NotAValueError:
        return None, Unused.VALUE


def bare(label: str) -> str:
    """The name of a title without quotes and blanks."""
    return label.translate(_QUOTES)
