"""The facts of several packs together: those of the program, and those only one pack knows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lianqi.engines.packs.pack import Pack
from lianqi.engines.rules.catalogue import Catalogue, FactSpec, national


@dataclass(frozen=True, slots=True)
class FactClash:
    """A fact that two packs state as different things."""

    key: str
    pack: str
    other: str


def joined_catalogue(packs: Iterable[Pack]) -> Catalogue:
    """The facts of the program and those that only these packs know.

    Where two facts bear one Chinese name, the later one is called after its pack as well.
    """
    specs = dict(national().specs)
    names = {name for each in specs.values() for name in each.names}
    for pack in packs:
        for spec in pack.own_facts:
            if spec.key in specs:
                continue
            is_taken = bool(names & set(spec.names))
            named = replace(spec, label=f"{spec.label}（{pack.key}）", aliases=())
            specs[spec.key] = named if is_taken else spec
            names |= set(specs[spec.key].names)
    return Catalogue(specs.values())


def contradicts(one: FactSpec, other: FactSpec) -> bool:
    """Whether a value of one could not stand for the other."""
    return (one.kind, one.unit.dims, one.grain) != (other.kind, other.unit.dims, other.grain)


def clashes_of_facts(packs: Iterable[Pack]) -> tuple[FactClash, ...]:
    """Facts of one key that are different things in two packs, so that no value fits both."""
    first: dict[str, tuple[str, FactSpec]] = {}
    found = []
    for pack in packs:
        for spec in pack.own_facts:
            other, known = first.setdefault(spec.key, (pack.key, spec))
            if contradicts(spec, known):
                found.append(FactClash(spec.key, pack.key, other))
    return tuple(found)
