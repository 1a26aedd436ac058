"""A condition of a measure in one row: fact, word, value, unit; or an expression; or a question."""

from dataclasses import dataclass

from lianqi.engines.packs.rows.lines import several
from lianqi.engines.packs.rows.naming import CELLS, Names
from lianqi.engines.packs.rows.parts import Entry, Path, Row
from lianqi.engines.rules.tables import NUMBER_WORDS, table_row


@dataclass(frozen=True)
class Required:
    """What a clause requires; an expression that says no more than a row does is shown as one."""

    def shown(self, entry: Entry, names: Names) -> Row:
        condition = entry.get("require", "")
        row = names.row(condition) if condition else None
        if row is not None and row.word in NUMBER_WORDS and not row.word.isalpha():
            node = names.of_row(row)  # ≥ is shown as a word
            row = table_row(node, names.catalogue) if node else None
        if row is None:
            return {**dict.fromkeys(CELLS, ""), "expression": names.as_text(condition)}
        return {name: getattr(row, name) for name in CELLS} | {"expression": ""}

    def told(self, row: Row) -> Entry:
        if expression := row.get("expression", "").strip():
            return {"require": expression}
        told = {name: text for name in CELLS if (text := row.get(name, "").strip())}
        values = several(told.get("value", ""))
        return {"require": told | ({"value": values} if len(values) > 1 else {})} if told else {}

    def cell(self, path: Path, row: Row, _offset: int) -> Path | None:
        if path[:1] != ("require",):
            return None
        if row.get("expression", "").strip():
            return ("expression",)
        return (str(path[1]),) if len(path) > 1 and path[1] in CELLS else ("fact",)
