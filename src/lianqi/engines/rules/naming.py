"""What a name in a rule stands for: a definition, a parameter, a fact, a field, a unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType

from lianqi.engines.rules.binding import rebuilt
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Back, Const, Fact, Item, Name, Node
from lianqi.engines.rules.units import PLAIN_NAMES, UNITS
from lianqi.engines.rules.words import (
    CONSTANTS,
    FUNCTIONS,
    KEYWORDS,
    PLAIN_CONSTANTS,
    PLAIN_FUNCTIONS,
    SHARES,
)

NOTHING: Mapping[str, Node] = MappingProxyType({})
# How far each_year and its like go back.
MAX_YEARS = 10
# A definition of another year: its name says how far back, as 研发占比[-2].
_YEAR_OF_NAME = re.compile(r"(.+)\[(-?[0-9]+)\]")


class FutureError(ValueError):
    """A period would lie after the day asked about."""


@dataclass
class Scope:
    """What can be named where a text stands.

    Attributes:
        definitions, parameters: What a pack names, already read.
        entry: The list whose entries are spoken of, inside count and total.
        pack: The pack that puts the questions; "" outside of packs.
    """

    catalogue: Catalogue
    definitions: Mapping[str, Node] = field(default_factory=lambda: NOTHING)
    parameters: Mapping[str, Node] = field(default_factory=lambda: NOTHING)
    entry: FactSpec | None = None
    pack: str = ""

    def knows(self, name: str) -> bool:
        """Whether a name can stand somewhere in this text."""
        return (
            name in self.definitions
            or name in self.parameters
            or name in self.catalogue.spoken
            or name in UNITS
        )

    def field_called(self, name: str) -> FactSpec | None:
        """A field of the entries of the list that is looked at."""
        if self.entry is None:
            return None
        if name in self.entry.fields:
            return self.entry.fields[name]
        return next((each for each in self.entry.fields.values() if name in each.names), None)

    def definition(self, name: str) -> Node | None:
        found = self.definitions.get(name)
        return self.parameters.get(name) if found is None else found

    def spec_of(self, node: Node) -> FactSpec | None:
        """What the catalogue says of a fact or a field."""
        while isinstance(node, Name):
            node = node.body
        if isinstance(node, Fact):
            return self.catalogue.find(node.key)
        if isinstance(node, Item) and self.entry is not None:
            return self.entry.fields.get(node.name)
        return None

    def names(self) -> list[str]:
        """All that can be named here, in both languages."""
        fields = self.entry.fields.values() if self.entry else ()
        return [
            *(name for each in fields for name in each.names),
            *self.definitions,
            *self.parameters,
            *self.catalogue.names(),
            *CONSTANTS,
            *PLAIN_CONSTANTS,
        ]

    def nearest(self, name: str) -> list[str]:
        """What may have been meant."""
        return nearest(name, self.names())


def nearest(name: str, names: list[str]) -> list[str]:
    """Up to three names that are alike, the likest first; a name that holds the other counts."""
    lower = {each.lower(): each for each in names}
    found = [lower[each] for each in get_close_matches(name.lower(), lower, n=3, cutoff=0.6)]
    if len(name) > 1:
        found += [each for each in names if each not in found and (name in each or each in name)]
    return [each for each in found if len(each) > 1][:3]


def unit_called(name: str) -> Const | None:
    """One of a unit, by its plain name or its symbol: yuan, person, 人."""
    unit = UNITS.get(PLAIN_NAMES.get(name, name))
    if unit is None or not unit.symbol or unit.symbol in SHARES:
        return None
    return Const(Fraction(unit.scale), unit.dims)


def is_taken(name: str) -> bool:
    """Whether a name means something in the language itself, so that no pack can give it away."""
    return (
        name in FUNCTIONS
        or name in PLAIN_FUNCTIONS
        or name in CONSTANTS
        or name in PLAIN_CONSTANTS
        or name in KEYWORDS
        or unit_called(name) is not None
    )


def years_back(node: Node, count: int) -> Node:
    """The same so many years earlier; what is of a fixed year, or of no year, stays.

    Raises:
        FutureError: It would speak of a year after the one asked about.
    """
    if isinstance(node, Fact):
        period = node.period
        if not isinstance(period, Back) or period.grain != "year":
            return node
        if period.count + count < 0:
            raise FutureError(node.key)
        return replace(node, period=Back("year", period.count + count))
    if isinstance(node, Name):
        body = years_back(node.body, count)
        return node if body == node.body else Name(_name_of_year(node.name, count), body)
    return rebuilt(node, lambda each: years_back(each, count))


def _name_of_year(name: str, count: int) -> str:
    found = _YEAR_OF_NAME.fullmatch(name)
    base, offset = (found[1], int(found[2])) if found else (name, -1)
    return base if offset - count == -1 else f"{base}[{offset - count}]"


def base_name(name: str) -> str:
    """The name of a definition without the year: 研发占比 of 研发占比[-2]."""
    found = _YEAR_OF_NAME.fullmatch(name)
    return found[1] if found else name
