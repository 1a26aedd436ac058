"""What is known of many enterprises, by slot, as rules read it; and where each value comes from.

Never a value of another year, another unit, or one that is only about right: such a figure is
named among what was not used, and the slot stays unknown. Industry, size class and figures are as
the register has them now; titles are those valid on the day asked about.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lianqi.engines.packs.quantities import NotAValueError, checked, industry_code
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind, slot
from lianqi.engines.rules.units import unit_of
from lianqi.matching.enums import Unused
from lianqi.register.enums import Qualifier
from lianqi.register.models import Enterprise, Fact, Title
from lianqi.register.queries import source_text

REGISTER = "register"
"""The source of what the register itself keeps."""

_QUOTES = str.maketrans("", "", '“”"「」『』 　')


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from.

    Attributes:
        source: As the register names it; `REGISTER` for its own entries.
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

    Four queries, however many there are.
    """
    rows = Enterprise.objects.filter(pk__in=list(ids)).select_related("industry")
    firms = {each.pk: each for each in rows.order_by("pk")}
    merged = Enterprise.objects.filter(merged_into__in=firms).only("merged_into").order_by("pk")
    owner = {pk: pk for pk in firms}
    owner |= {each.pk: each.merged_into_id for each in merged if each.merged_into_id}
    known = {pk: _of_the_entry(firm, catalogue) for pk, firm in firms.items()}
    _add_titles(known, owner, catalogue, on=on)
    _add_figures(known, owner, catalogue)
    return known


def _of_the_entry(firm: Enterprise, catalogue: Catalogue) -> Known:
    known, origin = Known(), Origin(REGISTER)
    if firm.industry is not None:
        try:
            known.tell("industry", industry_code(firm.industry.code), origin)
        except NotAValueError:
            spec = catalogue["industry"]
            known.not_used.append(NotUsed(spec.label, "", firm.industry.code, Unused.VALUE))
    if firm.established_on is not None:
        known.tell("founded", firm.established_on, origin)
    if firm.size_class:
        known.tell("size_class", firm.size_class, origin)
    return known


def _add_titles(
    known: Mapping[int, Known], owner: Mapping[int, int], catalogue: Catalogue, *, on: dt.date
) -> None:
    """The register keeps titles, so that one it does not name is not held."""
    spec = catalogue["titles"]
    words = {_bare(label): word for word, label in spec.values.items()}
    valid: dict[int, set[str]] = {pk: set() for pk in known}
    high_tech: dict[int, dt.date] = {}
    rows = Title.objects.filter(enterprise__in=owner).order_by("pk")
    for firm, label, granted, until in rows.values_list(
        "enterprise_id", "label", "granted_on", "valid_until"
    ):
        pk, word = owner[firm], words.get(_bare(label))
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


def _add_figures(
    known: Mapping[int, Known], owner: Mapping[int, int], catalogue: Catalogue
) -> None:
    """The newest observation that stands of each figure and period."""
    rows = (
        Fact.objects.standing()
        .filter(enterprise__in=owner)
        .order_by("enterprise", "key", "period", "-observed_at", "-pk")
        .distinct("enterprise", "key", "period")
    )
    newest: dict[tuple[int, str, str], Fact] = {}
    for fact in rows:
        place = (owner[fact.enterprise_id], fact.key, fact.period)
        other = newest.get(place)
        if other is None or (other.observed_at, other.pk) < (fact.observed_at, fact.pk):
            newest[place] = fact
    for (pk, key, period), fact in newest.items():
        spec = catalogue.find(key)
        if spec is None:
            continue
        value, why = _figure(spec, fact)
        if why is None:
            origin = Origin(source_text(fact.source), fact.observed_at)
            known[pk].tell(slot(spec.key, period), value, origin)
        else:
            stated = f"{fact.value.normalize():f}{fact.unit}"
            known[pk].not_used.append(NotUsed(spec.label, period, stated, why))


def _figure(spec: FactSpec, fact: Fact) -> tuple[Fraction | None, Unused | None]:
    unit = unit_of(fact.unit)
    if spec.kind is not Kind.NUMBER or unit is None or unit.dims != spec.unit.dims:
        return None, Unused.UNIT
    if not _fits(spec.grain, fact.period):
        return None, Unused.PERIOD
    if fact.qualifier != Qualifier.EXACT:
        return None, Unused.INEXACT
    try:
        return checked(spec, Fraction(fact.value) * unit.scale), None
    except NotAValueError:
        return None, Unused.VALUE


def _fits(grain: str, period: str) -> bool:
    """Whether a period of the register, 2025, 2025-H1 or 2025-06, is one of this length."""
    kind = "year" if len(period) == 4 else "half" if "H" in period else "month"  # noqa: PLR2004
    return kind == grain


def _bare(label: str) -> str:
    return label.translate(_QUOTES)
