"""The catalogue of facts: what can be known about an applicant, in which unit, for which period.

A rule may only speak of facts that stand here. The catalogue says what a value must look like; a
value of another unit or period is refused, never used.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lianqi.engines.rules.errors import Problem, told
from lianqi.engines.rules.nodes import Back, Fact, Item, Kind, Period
from lianqi.engines.rules.units import UNITS, Unit, unit_of

GRAINS = ("year", "half", "quarter", "month")
# Facts are about the enterprise unless they say otherwise.
# Figures and titles can grow; days, addresses and trades are what they are.
_ADVICE = {
    Kind.NUMBER: "more",
    Kind.SET: "more",
    Kind.LIST: "more",
    Kind.BOOL: "either",
    Kind.TEXT: "none",
    Kind.DATE: "none",
}
SUBJECTS = ("enterprise", "project", "person", "loan", "contract", "building")


class CatalogueError(ValueError):
    """An entry of a catalogue contradicts itself or another entry.

    Attributes:
        problem, params: What is wrong, for programs.
    """

    def __init__(self, problem: Problem, **params: object) -> None:
        self.problem, self.params = problem, params
        super().__init__(told(problem, params).message)


@dataclass(frozen=True)
class FactSpec:
    """One fact.

    Attributes:
        key: Lower-case name in rules: rd_expense.
        label: Chinese name, as pages and the Chinese spelling show it: 研发费用.
        aliases: Other Chinese names that texts use for it.
        unit: Of a number, in which values are stated; money in yuan.
        grain: The kind of period a value belongs to; "" for what holds on a day.
        low, high: What a number can be at least and at most, in base units.
        decimals: Digits after the point that are kept.
        values: A closed vocabulary, value to Chinese name; empty if it is open.
        coded: The name of a classification whose codes begin with their parents' codes.
        fields: Of a list: what each entry holds, by name.
        counts: Of a list: the unit of its entries.
        subject: Whom it is about.
        supplier: Who can state it: enterprise, tax, statistics, social_insurance, register …
        advice: How an enterprise may be advised to change it: more, less, either, or none.
        meaning: What exactly it is, where names mislead.
    """

    key: str
    label: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    unit: Unit = UNITS[""]
    grain: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    decimals: int = 0
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    coded: str = ""
    fields: Mapping[str, "FactSpec"] = field(default_factory=lambda: MappingProxyType({}))
    counts: Unit = UNITS["项"]
    subject: str = "enterprise"
    supplier: str = "enterprise"
    advice: str = "none"
    meaning: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All that it can be called."""
        return (self.key, self.label, *self.aliases)

    def node(self, period: Period | Back | None = None) -> Fact:
        """The fact as a part of a rule; a yearly fact without a period is last year's."""
        return self._usual if period is None else self._of(period)

    @cached_property
    def _usual(self) -> Fact:
        return self._of(Back(self.grain, 1) if self.grain else None)

    def _of(self, period: Period | Back | None) -> Fact:
        return Fact(self.key, self.kind, period, self.unit.dims, self.low, self.high)

    def item(self) -> Item:
        """The same as a field of an entry of a list."""
        return Item(self.key, self.kind, self.unit.dims, self.low, self.high)


class Catalogue:
    """Facts by key and by every Chinese name."""

    def __init__(self, specs: Iterable[FactSpec]) -> None:
        self.specs: dict[str, FactSpec] = {}
        self._named: dict[str, str] = {}
        for each in specs:
            self._add(each)

    def _add(self, spec: FactSpec) -> None:
        if spec.key in self.specs:
            raise CatalogueError(Problem.FACT_TWICE, name=spec.key)
        self.specs[spec.key] = spec
        for name in spec.names:
            other = self._named.setdefault(name, spec.key)
            if other != spec.key:
                raise CatalogueError(Problem.FACT_NAME_TWICE, name=name, one=other, other=spec.key)

    def __iter__(self) -> Iterator[FactSpec]:
        return iter(self.specs.values())

    def __getitem__(self, key: str) -> FactSpec:
        return self.specs[key]

    def find(self, name: str) -> FactSpec | None:
        """A fact by its key or any of its Chinese names."""
        key = self._named.get(name)
        return self.specs[key] if key else None

    def names(self) -> tuple[str, ...]:
        """Every name by which a fact can be called."""
        return tuple(self._named)

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Every name that a rule can hold: of facts, and of the fields of lists."""
        fields = (name for spec in self for field in spec.fields.values() for name in field.names)
        return frozenset((*self._named, *fields))

    def extended(self, specs: Iterable[FactSpec]) -> "Catalogue":
        """This catalogue and the facts that only one pack knows.

        Raises:
            CatalogueError: A name is taken.
        """
        return Catalogue([*self.specs.values(), *specs])


def spec_from(key: str, entry: Mapping[str, Any]) -> FactSpec:
    """A fact from its entry in a file.

    Raises:
        CatalogueError: A kind, unit, grain or key of the entry is not known.
    """
    known = {
        "label", "aliases", "kind", "unit", "grain", "low", "high", "decimals", "values", "coded",
        "fields", "counts", "subject", "supplier", "advice", "meaning",
    }  # fmt: skip
    if strange := sorted(set(entry) - known):
        raise CatalogueError(
            Problem.STRANGE_IN_FACT,
            name=key,
            words=", ".join(strange),
            values=", ".join(sorted(known)),
        )
    for name in ("label", "kind"):
        if not entry.get(name):
            raise CatalogueError(Problem.FACT_INCOMPLETE, name=key, word=name)
    unit, counts = unit_of(str(entry.get("unit", ""))), unit_of(str(entry.get("counts", "项")))
    if unit is None or counts is None:
        raise CatalogueError(Problem.UNIT_OF_FACT, name=key)
    if entry.get("grain", "") not in ("", *GRAINS):
        raise CatalogueError(Problem.GRAIN_OF_FACT, name=key, values=", ".join(GRAINS))
    if entry.get("advice", "none") not in ("more", "less", "either", "none"):
        raise CatalogueError(Problem.ADVICE_OF_FACT, name=key)
    if str(entry["kind"]) not in set(Kind):
        raise CatalogueError(Problem.KIND_OF_FACT, name=key, values=", ".join(Kind))
    for name in ("low", "high", "decimals"):
        if not _is_number(entry.get(name, 0), whole=name == "decimals"):
            raise CatalogueError(Problem.NUMBER_OF_FACT, name=key, word=name)
    return FactSpec(
        key=key,
        label=str(entry["label"]),
        kind=Kind(entry["kind"]),
        aliases=tuple(entry.get("aliases", ())),
        unit=unit,
        grain=str(entry.get("grain", "")),
        low=_bound(entry.get("low")),
        high=_bound(entry.get("high")),
        decimals=int(entry.get("decimals", 0)),
        values=MappingProxyType(dict(entry.get("values", {}))),
        coded=str(entry.get("coded", "")),
        fields=MappingProxyType(
            {name: spec_from(name, each) for name, each in entry.get("fields", {}).items()}
        ),
        counts=counts,
        subject=str(entry.get("subject", "enterprise")),
        supplier=str(entry.get("supplier", "enterprise")),
        advice=str(entry.get("advice", _ADVICE[Kind(entry["kind"])])),
        meaning=str(entry.get("meaning", "")),
    )


def _is_number(value: object, *, whole: bool) -> bool:
    try:
        number = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return False
    return not whole or number.denominator == 1


def _bound(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))


@cache
def national() -> Catalogue:
    """The facts that come with the program."""
    text = files("lianqi.engines.rules").joinpath("data/facts.toml").read_text("utf-8")
    return Catalogue(spec_from(key, entry) for key, entry in tomllib.loads(text).items())
