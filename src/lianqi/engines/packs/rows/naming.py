"""What the expressions of one file may speak of: its facts, definitions and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.pack import pack_name
from lianqi.engines.packs.quantities import quantity
from lianqi.engines.rules.catalogue import Catalogue, CatalogueError, national, spec_from
from lianqi.engines.rules.errors import RuleError
from lianqi.engines.rules.nodes import Const, Node
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.rendering import render
from lianqi.engines.rules.tables import Row, read_row, table_row

CELLS = ("fact", "word", "value", "unit")


@dataclass(frozen=True)
class Names:
    """Facts, definitions and parameters; what cannot be read is left out."""

    catalogue: Catalogue
    definitions: Mapping[str, Node]
    parameters: Mapping[str, Const]
    pack: str = ""

    @classmethod
    def of(cls, whole: Mapping[str, Any]) -> "Names":
        catalogue = national()
        for key, entry in _mapping(whole.get("facts")).items():
            try:
                catalogue = catalogue.extended([spec_from(key, _mapping(entry))])
            except (CatalogueError, AttributeError, TypeError, ValueError):
                continue  # told where the whole is checked
        parameters = {
            name: found
            for name, each in _mapping(whole.get("parameters")).items()
            if (found := _first(each)) is not None
        }
        pack = pack_name(str(whole.get("pack", "")), str(whole.get("version", "")))
        names = cls(catalogue, {}, parameters, pack)
        for name, text in _mapping(whole.get("definitions")).items():
            if (node := names.node(text)) is not None:
                names = cls(catalogue, {**names.definitions, name: node}, parameters, pack)
        return names

    def node(self, text: Any) -> Node | None:
        """An expression of any kind; None if it cannot be read."""
        if not isinstance(text, str) or not text.strip():
            return None
        try:
            return parse(
                text,
                self.catalogue,
                definitions=self.definitions,
                parameters=self.parameters,
                expects=None,
                pack=self.pack,
            ).node
        except RuleError:
            return None

    def of_row(self, row: Row) -> Node | None:
        try:
            return read_row(
                row,
                self.catalogue,
                definitions=self.definitions,
                parameters=self.parameters,
                pack=self.pack,
            ).node
        except RuleError:
            return None

    def row(self, condition: Any) -> Row | None:
        """A condition of a file as a row; None if it does not fit into one."""
        if isinstance(condition, dict):
            told = condition.get("value", "")
            value = "、".join(told) if isinstance(told, list) else told
            return Row(**{name: condition.get(name, "") for name in CELLS} | {"value": value})
        node = self.node(condition)
        row = None if node is None else table_row(node, self.catalogue)
        return row if row is not None and self.of_row(row) == node else None

    def as_text(self, condition: Any) -> str:
        """A condition of a file as an expression."""
        if not isinstance(condition, dict):
            return str(condition)
        row = self.row(condition)
        node = self.of_row(row) if row else None
        return self.written(node) if node else " ".join(map(str, condition.values()))

    def written(self, node: Node, language: str = "zh") -> str:
        return render(node, language, catalogue=self.catalogue)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(told: Any) -> Const | None:
    """The first value of a parameter: its unit is that of all."""
    entry = told[0] if isinstance(told, list) and told else told
    try:
        number, unit = quantity(str(entry["value"] if isinstance(entry, dict) else entry))
    except (NotAValueError, KeyError):
        return None
    return Const(number, unit.dims, bare=not unit.symbol)
