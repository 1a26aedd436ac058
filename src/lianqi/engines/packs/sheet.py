"""A YAML file in which every value knows its line and column.

Only plain data is read: no tags, no references from one place to another, no key twice, and nothing
is guessed (`no` stays the text it is). What is wrong is collected with its place.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

import yaml

from lianqi.engines.packs.errors import PackError, PackErrors, Telling, Wrong
from lianqi.engines.rules.errors import Problem

MAX_CHARACTERS = 1_000_000
_DEEPEST = 40
# libyaml where the wheel has it: ten times as fast, same nodes.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YES, _NO = frozenset({"true", "yes", "是", "有"}), frozenset({"false", "no", "否", "无"})
_NOTHING = frozenset({"", "null", "~"})


class Sheet:
    """One file that is being read.

    Attributes:
        errors: What was wrong so far.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.errors: list[PackError] = []
        self._lines: list[int] | None = None
        self.root = self._composed()

    def _composed(self) -> yaml.Node | None:
        if len(self.text) > MAX_CHARACTERS:
            self._at(1, 1, Wrong.FILE_TOO_LONG, limit=f"{MAX_CHARACTERS:,}")
            return None
        if _nesting(self.text) > _DEEPEST:
            self._at(1, 1, Wrong.FILE_TOO_DEEP, limit=_DEEPEST)
            return None
        try:
            root: yaml.Node | None = yaml.compose(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self._at(line, column, Wrong.NOT_YAML, why=error.problem)
            return None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            self._at(1, 1, Wrong.NOT_YAML, why=str(error).split("\n", maxsplit=1)[0])
            return None
        if root is None:
            self._at(1, 1, Wrong.FILE_EMPTY)
        elif self._has_references(root):
            return None
        return root

    def _has_references(self, root: yaml.Node) -> bool:
        """A node that stands in two places was written with an anchor."""
        seen: set[int] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                self.wrong(node, Wrong.ANCHOR)
                return True
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                stack += [part for pair in node.value for part in pair]
            elif isinstance(node, yaml.SequenceNode):
                stack += node.value
        return False

    def _at(self, line: int, column: int, problem: Wrong | Problem, /, **params: object) -> None:
        self.errors.append(PackError(self.file, line, column, problem, params))

    def wrong(
        self, node: yaml.Node, problem: Wrong | Problem, /, *, offset: int = 0, **params: object
    ) -> None:
        """Note what is wrong with a value, or with the character of it at an offset."""
        line, column = self.place(node, offset)
        self._at(line, column, problem, **params)

    def refused(self, node: yaml.Node, error: Telling, *, offset: int = 0) -> None:
        """Note what a value or an expression says of itself."""
        self.errors.append(
            PackError(self.file, *self.place(node, offset), error.problem, error.params)
        )

    def raise_errors(self) -> None:
        """Stop if anything was wrong.

        Raises:
            PackErrors: Something was.
        """
        if self.errors:
            raise PackErrors(tuple(sorted(set(self.errors))))

    def place(self, node: yaml.Node, offset: int = 0) -> tuple[int, int]:
        """Line and column, from 1, of a value or of a character of a text.

        A text over several lines, folded or indented, holds the same characters in the same order
        as the file, apart from white space; so they are counted.
        """
        mark = node.start_mark
        if not offset or not isinstance(node, yaml.ScalarNode):
            return mark.line + 1, mark.column + 1
        wanted = sum(not each.isspace() for each in node.value[:offset])
        raw = self.text[mark.index : node.end_mark.index]
        skipped = raw.find("\n") + 1 if node.style in ("|", ">") else int(bool(node.style))
        count = 0
        for index, each in enumerate(raw[skipped:], skipped):
            if each.isspace():
                continue
            if count == wanted:
                before = raw[:index]
                lines = before.count("\n")
                column = index - before.rfind("\n") if lines else mark.column + 1 + index
                return mark.line + 1 + lines, column
            count += 1
        return mark.line + 1, mark.column + 1

    # --- values ---------------------------------------------------------------------------------

    def text_of(self, node: yaml.Node) -> str:
        """A text; null is none."""
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, Wrong.TEXT_EXPECTED)
            return ""
        if not node.style and node.value in _NOTHING:
            return ""
        return str(node.value).strip()

    def day_of(self, node: yaml.Node) -> dt.date | None:
        """A day, as 2026-04-01."""
        written = self.text_of(node)
        if not written:
            return None
        try:
            return dt.date.fromisoformat(written)
        except ValueError:
            self.wrong(node, Wrong.NOT_A_DAY, written=written)
            return None

    def flag_of(self, node: yaml.Node) -> bool:
        """Yes or no."""
        written = self.text_of(node).lower()
        if written not in _YES | _NO:
            self.wrong(node, Wrong.NOT_A_FLAG, written=written)
        return written in _YES

    def items_of(self, node: yaml.Node) -> list[yaml.Node]:
        """A list; a single value is a list of one."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if isinstance(node, yaml.ScalarNode) and not self.text_of(node):
            return []
        return [node]

    def entries_of(self, node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """The entries of a mapping by name: the node of the name and that of the value."""
        if not isinstance(node, yaml.MappingNode):
            if not (isinstance(node, yaml.ScalarNode) and not self.text_of(node)):
                self.wrong(node, Wrong.ENTRIES_EXPECTED)
            return {}
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            name = self.text_of(key)
            if name in found:
                self.wrong(key, Wrong.NAME_TWICE, name=name)
            found[name] = (key, value)
        return found

    def fields(
        self, node: yaml.Node, known: Collection[str], required: Collection[str] = ()
    ) -> "Fields":
        """A mapping of which only these names are known."""
        entries = self.entries_of(node)
        for name, (key, _value) in entries.items():
            if name not in known:
                if near := get_close_matches(name, known, n=1):
                    self.wrong(key, Wrong.MISSPELT_FIELD, name=name, near=near[0])
                else:
                    self.wrong(key, Wrong.UNKNOWN_FIELD, name=name, known=", ".join(known))
        for name in required:
            if name not in entries or _is_nothing(entries[name][1]):
                self.wrong(node, Wrong.FIELD_MISSING, name=name)
        return Fields(self, node, {name: value for name, (_key, value) in entries.items()})


class Fields:
    """The values of a mapping; what is missing is empty."""

    def __init__(self, sheet: Sheet, node: yaml.Node, values: Mapping[str, yaml.Node]) -> None:
        self.sheet = sheet
        self.node = node
        self.values = {name: each for name, each in values.items() if not _is_nothing(each)}

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def __getitem__(self, name: str) -> yaml.Node:
        return self.values[name]

    def get(self, name: str) -> yaml.Node | None:
        return self.values.get(name)

    def text(self, name: str) -> str:
        return self.sheet.text_of(self.values[name]) if name in self.values else ""

    def day(self, name: str) -> dt.date | None:
        return self.sheet.day_of(self.values[name]) if name in self.values else None

    def flag(self, name: str) -> bool:
        return name in self.values and self.sheet.flag_of(self.values[name])

    def count(self, name: str) -> int | None:
        written = self.text(name)
        if not written:
            return None
        if not written.isdecimal():
            self.sheet.wrong(self.values[name], Wrong.NOT_A_COUNT, written=written)
            return None
        return int(written)

    def items(self, name: str) -> list[yaml.Node]:
        return self.sheet.items_of(self.values[name]) if name in self.values else []

    def groups(self, name: str) -> list[yaml.Node]:
        """A list of lists; one list of texts is a list of one."""
        found = self.items(name)
        if found and all(isinstance(each, yaml.ScalarNode) for each in found):
            return [self.values[name]]
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(self.sheet.text_of(each) for each in self.items(name))

    def entries(self, name: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Name, its node, and the value's node of every entry of a mapping."""
        if name in self.values:
            for each, (key, value) in self.sheet.entries_of(self.values[name]).items():
                yield each, key, value

    def choice(self, name: str, known: Collection[str], otherwise: str) -> str:
        """One of several words."""
        written = self.text(name) or otherwise
        if written not in known:
            self.sheet.wrong(
                self.values[name], Wrong.UNKNOWN_CHOICE, written=written, known=", ".join(known)
            )
            return otherwise
        return written


def _is_nothing(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and (str(node.value) in _NOTHING)


def _nesting(text: str) -> int:
    """At most how deep the file can be nested: brackets and indentation together."""
    depth = deepest = 0
    for each in text:
        if each in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif each in "]}":
            depth = max(0, depth - 1)
    dashes = max(
        (line[: len(line) - len(line.lstrip(" -?"))].count("-") for line in text.split("\n")),
        default=0,
    )
    spaces = max((len(line) - len(line.lstrip(" ")) for line in text.split("\n")), default=0)
    return max(deepest, dashes, spaces // 4)
