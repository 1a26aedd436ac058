"""All packs together: which measures are in force on a day."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from lianqi.engines.packs.errors import PackError, PackErrors, Wrong, told
from lianqi.engines.packs.pack import Measure, Pack
from lianqi.engines.packs.reading import check
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.rule import Rule

SHIPPED = Path(__file__).parent
CASES = ".cases.yaml"


@dataclass(frozen=True)
class Found:
    """A measure and the version that it stands in."""

    pack: Pack
    measure: Measure


class Library:
    """Packs in all their versions, side by side."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.packs = tuple(sorted(packs, key=lambda each: (each.key, each.version)))

    def __iter__(self) -> Iterator[Pack]:
        return iter(self.packs)

    def versions(self, key: str) -> tuple[Pack, ...]:
        """The versions of a document, the earliest first."""
        return tuple(
            sorted(
                (each for each in self.packs if each.key == key),
                key=lambda each: each.span.start or dt.date.min,
            )
        )

    def on(self, day: dt.date) -> tuple[Found, ...]:
        """The measures in force on a day."""
        return tuple(Found(pack, measure) for pack in self.packs for measure in pack.measures(day))

    def rules(self, day: dt.date) -> tuple[Rule, ...]:
        """The same as rules, as they read on that day."""
        return tuple(each.measure.rule(each.pack.key).on(day) for each in self.on(day))

    def clashes(self, language: str = "en") -> tuple[str, ...]:
        """Measures of which two versions are in force on one day, and versions told twice."""
        found: list[tuple[Wrong, dict[str, object]]] = []
        for one, other in combinations(self.packs, 2):
            if one.key != other.key:
                continue
            if one.version == other.version:
                found.append((Wrong.VERSION_TWICE, {"key": one.key, "version": one.version}))
                continue
            others = {each.key: each.span for each in other.readings[0][1].measures}
            found += [
                (
                    Wrong.VERSIONS_OVERLAP,
                    {
                        "key": one.key,
                        "measure": each.key,
                        "one": one.version,
                        "other": other.version,
                    },
                )
                for each in one.readings[0][1].measures
                if each.key in others and each.span.meets(others[each.key])
            ]
        return tuple(told(*each, language).message for each in found)


def pack_files(places: Iterable[Path]) -> tuple[Path, ...]:
    """The packs among files and folders, without the files of cases."""
    found: list[Path] = []
    for place in places:
        inside = sorted(place.rglob("*.yaml")) if place.is_dir() else [place]
        found += [each for each in inside if not each.name.endswith(CASES)]
    return tuple(dict.fromkeys(found))


def load_all(places: Iterable[Path], catalogue: Catalogue | None = None) -> Library:
    """All packs of files and folders.

    Raises:
        PackErrors: Something in one of them is wrong; all of it is told.
        OSError: One cannot be opened.
    """
    packs: list[Pack] = []
    errors: list[PackError] = []
    for file in pack_files(places):
        pack, wrong = check(file.read_text("utf-8"), str(file), catalogue)
        errors += wrong
        if pack is not None:
            packs.append(pack)
    if errors:
        raise PackErrors(tuple(errors))
    return Library(packs)


def shipped() -> Library:
    """The packs that come with the program."""
    return load_all((SHIPPED / "national", SHIPPED / "regional"))
