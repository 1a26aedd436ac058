"""The expressions of a pack: parsed by the language, mistakes at their place in the file."""

from collections.abc import Mapping
from fractions import Fraction

import yaml

from lianqi.engines.packs.errors import Wrong
from lianqi.engines.packs.sheet import Sheet
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.checking import KIND_WORDS
from lianqi.engines.rules.errors import Problem, RuleError
from lianqi.engines.rules.nodes import TRUE, Const, Kind, Node
from lianqi.engines.rules.parsing import check_name, parse
from lianqi.engines.rules.tables import Row, read_row
from lianqi.engines.rules.units import Dims

_ROW = ("fact", "word", "value", "unit")


class Expressions:
    """Reads expressions with the facts, definitions and parameters of one pack."""

    def __init__(
        self, sheet: Sheet, catalogue: Catalogue, parameters: Mapping[str, Const], pack: str
    ) -> None:
        self.sheet = sheet
        self.pack = pack
        self.catalogue = catalogue
        self.parameters = parameters
        self.definitions: dict[str, Node] = {}
        self._unread: set[str] = set()  # definitions with mistakes of their own

    def define(self, name: str, place: yaml.Node, node: yaml.Node) -> None:
        """Give an expression a name that the later ones can use."""
        parsed = self._parsed(node, None)
        try:
            check_name(name, self.catalogue)
        except RuleError as error:
            self.sheet.refused(place, error)
            parsed = None
        if name in self.parameters:
            self.sheet.wrong(place, Wrong.PARAMETER_ALREADY, name=name)
        elif parsed is None:
            self._unread.add(name)
        else:
            self.definitions[name] = parsed

    def condition(self, node: yaml.Node) -> Node:
        """A condition: an expression or a row of a table."""
        if isinstance(node, yaml.MappingNode):
            return self._row(node) or TRUE
        return self._parsed(node, Kind.BOOL) or TRUE

    def number(self, node: yaml.Node, dims: Dims | None = None) -> Node:
        """A number of a unit, or of any."""
        parsed = self._parsed(node, dims)
        if parsed is not None and parsed.kind is not Kind.NUMBER:
            self.sheet.wrong(node, Wrong.NUMBER_EXPECTED, found=KIND_WORDS[parsed.kind])
            parsed = None
        return parsed or Const(Fraction(0), dims or ())

    def _row(self, node: yaml.Node) -> Node | None:
        told = self.sheet.fields(node, _ROW, ("fact", "word"))
        cells = {name: told.text(name) for name in ("fact", "word", "unit")}
        values = "、".join(each for each in told.texts("value") if each)
        try:
            return read_row(
                Row(**cells, value=values),
                self.catalogue,
                definitions=self.definitions,
                parameters=self.parameters,
                pack=self.pack,
            ).node
        except RuleError as error:
            cell = told.get(error.part) or node
            offset = error.column - 1 if error.part == "fact" else 0
            self.sheet.refused(cell, error, offset=offset)
            return None

    def _parsed(self, node: yaml.Node, expects: Kind | Dims | None) -> Node | None:
        text = self.sheet.text_of(node)
        if not isinstance(node, yaml.ScalarNode):
            return None
        if not text:
            self.sheet.wrong(node, Wrong.EXPRESSION_MISSING)
            return None
        try:
            return parse(
                node.value,
                self.catalogue,
                definitions=self.definitions,
                parameters=self.parameters,
                expects=expects,
                pack=self.pack,
            ).node
        except RuleError as error:
            if error.problem is Problem.UNKNOWN_NAME and any(
                name in node.value for name in self._unread
            ):
                return None  # told where the definition stands
            offset = _offset(node.value, error.line, error.column)
            self.sheet.refused(node, error, offset=offset)
            return None


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
