"""The cells of a row, and the places in an entry of a file that they stand for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from lianqi.engines.packs.rows.lines import entries, facts_shown, facts_told, several
from lianqi.engines.packs.rows.naming import Names
from lianqi.engines.packs.rows.texts import in_one_line, read

# What a file holds at one place: names and values. What a form shows of it: cells, and rows inside.
Entry = dict[str, Any]
Row = dict[str, Any]
Path = tuple[str | int, ...]


class Part(Protocol):
    """One cell, or several that belong together."""

    def shown(self, entry: Entry, names: Names) -> Row:
        """The cells of an entry."""

    def told(self, row: Row) -> Entry:
        """The entry of cells; empty ones are left out."""

    def cell(self, path: Path, row: Row, offset: int) -> Path | None:
        """The cell of a place in the entry; None if it is not one of these.

        Args:
            offset: Characters into the value.
        """


def _standing(entry: Entry, path: tuple[str, ...]) -> Any:
    """What stands in an entry, or in the entries inside it; "" if nothing does."""
    value: Any = entry
    for name in path:
        value = value.get(name, "") if isinstance(value, dict) else ""
    return value


@dataclass(frozen=True)
class Shape:
    """How a value is typed into one cell."""

    shown: Callable[[Any], str]
    told: Callable[[str], Any]


def _entries_shown(value: Any) -> str:
    return "\n".join(
        f"{name}: {each if isinstance(each, str) else in_one_line(each)}"
        for name, each in value.items()
    )


def _entries_told(text: str) -> Entry:
    return {
        name: read(each) if each.startswith("{") else each for name, each in entries(text).items()
    }


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


TEXT = Shape(str, str)
FLAG = Shape(
    lambda value: "是" if str(value).lower() in {"是", "有", "true", "yes"} else "",
    lambda text: text,
)
SEVERAL = Shape(lambda value: "、".join(_listed(value)), several)
LINES = Shape(
    lambda value: "\n".join(_listed(value)),
    lambda text: [each.strip() for each in text.split("\n") if each.strip()],
)
ENTRIES = Shape(_entries_shown, _entries_told)
FACTS = Shape(facts_shown, facts_told)


@dataclass(frozen=True)
class Cell:
    """One value.

    Attributes:
        at: Where it stands in the entry; its own name if nothing is said.
    """

    name: str
    shape: Shape = TEXT
    at: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        return self.at or (self.name,)

    def shown(self, entry: Entry, _names: Names) -> Row:
        value = _standing(entry, self.path)
        return {self.name: self.shape.shown(value) if value else ""}

    def told(self, row: Row) -> Entry:
        text = row.get(self.name, "").replace("\r\n", "\n").strip()
        value: Any = self.shape.told(text) if text else ""
        if not value:
            return {}
        for name in reversed(self.path):
            value = {name: value}
        found: Entry = value
        return found

    def cell(self, path: Path, _row: Row, _offset: int) -> Path | None:
        return (self.name,) if path[: len(self.path)] == self.path else None


@dataclass(frozen=True)
class Condition:
    """An expression where a file may have a row instead: the row is shown as the text it is."""

    name: str

    def shown(self, entry: Entry, names: Names) -> Row:
        return {self.name: names.as_text(entry.get(self.name, ""))}

    def told(self, row: Row) -> Entry:
        text = row.get(self.name, "").strip()
        return {self.name: text} if text else {}

    def cell(self, path: Path, _row: Row, _offset: int) -> Path | None:
        return (self.name,) if path[:1] == (self.name,) else None


@dataclass(frozen=True)
class Table:
    """Rows of one kind.

    Attributes:
        short: The name that a lone text, or list, of a file stands for.
    """

    parts: tuple[Part, ...]
    short: str = ""

    def row(self, entry: Any, names: Names) -> Row:
        told = entry if isinstance(entry, dict) else {self.short: entry}
        found: Row = {}
        for part in self.parts:
            found |= part.shown(told, names)
        return found

    def entry(self, row: Row) -> Entry:
        found: Entry = {}
        for part in self.parts:
            _merge(found, part.told(row))
        return found

    def cell(self, path: Path, row: Row, offset: int = 0) -> Path:
        """The cell of a place in the entry; the first cell where nothing is nearer."""
        for part in self.parts:
            if found := part.cell(path, row, offset):
                return found
        return (next(iter(row), ""),)


@dataclass(frozen=True)
class Rows:
    """Rows inside a row, or inside the whole.

    Attributes:
        at: Where the list stands in the entry; its own name if nothing is said.
        is_grouped: A list of texts alone is one entry, not several.
    """

    name: str
    table: Table = field(repr=False)
    at: tuple[str, ...] = ()
    is_grouped: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        return self.at or (self.name,)

    def shown(self, entry: Entry, names: Names) -> Row:
        value = _standing(entry, self.path)
        if not value:
            return {self.name: []}
        listed = value if isinstance(value, list) else [value]
        if self.is_grouped and all(isinstance(each, str) for each in listed):
            listed = [listed]
        return {self.name: [self.table.row(each, names) for each in listed]}

    def told(self, row: Row) -> Entry:
        value: Any = [told for each in row.get(self.name, []) if (told := self.table.entry(each))]
        if not value:
            return {}
        for name in reversed(self.path):
            value = {name: value}
        found: Entry = value
        return found

    def cell(self, path: Path, row: Row, offset: int) -> Path | None:
        length = len(self.path)
        if path[:length] != self.path:
            return None
        index = path[length] if len(path) > length else 0
        rows = row.get(self.name, [])
        if not isinstance(index, int) or index >= len(rows):
            return None
        return (self.name, index, *self.table.cell(path[length + 1 :], rows[index], offset))


def _merge(entry: Entry, more: Entry) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(entry.get(name), dict):
            _merge(entry[name], value)
        else:
            entry[name] = value
