"""Amounts as rows: a share or a price per unit with its cap, a table of steps, or the text itself.

研发费用 × 3%: `of` and `rate`
取小(研发费用 × 3%, 100万元): and `most`
分档(研发费用, (300万元, 5万元), (1000万元, 10万元)): `of` and `steps`; one decides all of it
超额累进(交易额, (10万元, 1%), 0.1%): `of` and `steps`; each slice at its own rate
取大(分档(…) - 已获资助, 0元): and `less`, what was had already
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lianqi.engines.packs.rows.naming import Names
from lianqi.engines.packs.rows.parts import Entry, Path, Row
from lianqi.engines.rules.nodes import (
    Arithmetic,
    Const,
    Greatest,
    Least,
    Name,
    Node,
    Operation,
    Slices,
    Tier,
)
from lianqi.engines.rules.units import SHARE

CELLS = ("way", "amount", "of", "rate", "most", "below", "less")
FROM, ABOVE = "不低于", "超过"
_SIGNS = {FROM: "", ABOVE: "> "}
_Piece = tuple[str, Path]


class Way(StrEnum):
    """How an amount is told."""

    TEXT = ""
    RATE = "rate"
    TIERS = "tiers"
    SLICES = "slices"


@dataclass(frozen=True)
class Amount:
    """The cells of an amount, and its steps."""

    def shown(self, entry: Entry, names: Names) -> Row:
        text = entry.get("amount", "")
        node = names.node(text)
        if node is not None:
            row = _row(node, names)
            if row is not None and names.node(written(row)) == node:
                return row
        return _cells(amount=text)

    def told(self, row: Row) -> Entry:
        text = written(row)
        return {"amount": text} if text else {}

    def cell(self, path: Path, row: Row, offset: int) -> Path | None:
        if path[:1] != ("amount",):
            return None
        end = 0
        found: Path = ("of",) if row.get("way") else ("amount",)
        for text, cell in _pieces(row):
            end += len(text)
            found = cell or found
            if offset < end:
                break
        return found


def _cells(**more: Any) -> Row:
    return {**dict.fromkeys(CELLS, ""), "steps": [], **more}


def written(row: Row) -> str:
    """The expression that the cells mean."""
    return "".join(text for text, _ in _pieces(row)).strip()


def _pieces(row: Row) -> list[_Piece]:
    """The expression in pieces, each with the cell it comes from; () for what joins them."""
    way = row.get("way", "")
    if way == Way.RATE:
        core = _rate(row)
    elif way in (Way.TIERS, Way.SLICES):
        core = _table(row, "分档" if way == Way.TIERS else "超额累进")
    else:
        return [(row.get("amount", ""), ("amount",))]
    if most := row.get("most", "").strip():
        core = [("取小(", ()), *core, (", ", ()), (most, ("most",)), (")", ())]
    if less := row.get("less", "").strip():
        core = [("取大(", ()), *core, (" - ", ()), (less, ("less",)), (", 0元)", ())]
    return core


def _rate(row: Row) -> list[_Piece]:
    of, rate = row.get("of", "").strip(), row.get("rate", "").strip()
    before, after = ("(", ")") if _is_sum(of) else ("", "")
    return [(before, ()), (of, ("of",)), (f"{after} × ", ()), (rate, ("rate",))]


def _is_sum(text: str) -> bool:
    """Whether it needs brackets before ×."""
    depth = 0
    for sign in text:
        depth += (sign in "（([") - (sign in "）)]")
        if not depth and (sign in "+-" or text.startswith(("若", "if "))):
            return True
    return False


def _table(row: Row, function: str) -> list[_Piece]:
    pieces: list[_Piece] = [(f"{function}(", ()), (row.get("of", "").strip(), ("of",))]
    for index, step in enumerate(row.get("steps", [])):
        place = ("steps", index)
        sign = _SIGNS.get(step.get("word", ""), "")
        pieces += [
            (f", ({sign}", ()),
            (step.get("bound", "").strip(), (*place, "bound")),
            (", ", ()),
            (step.get("value", "").strip(), (*place, "value")),
            (")", ()),
        ]
    if below := row.get("below", "").strip():
        pieces += [(", ", ()), (below, ("below",))]
    return [*pieces, (")", ())]


def _row(node: Node, names: Names) -> Row | None:
    """The cells of an amount that has a shape of its own."""
    match node:
        case Greatest(items=(Arithmetic(operation=Operation.MINUS) as rest, Const(value=0))):
            row = _capped(rest.left, names)
            return row and {**row, "less": names.written(rest.right)}
    return _capped(node, names)


def _capped(node: Node, names: Names) -> Row | None:
    match node:
        case Least(items=(core, Const() | Name() as most)):
            row = _core(core, names)
            return row and {**row, "most": names.written(most)}
    return _core(node, names)


def _core(node: Node, names: Names) -> Row | None:
    match node:
        case Arithmetic(operation=Operation.TIMES, left=of, right=Const() | Name() as rate):
            return _cells(way=Way.RATE, of=names.written(of), rate=_number(rate, names))
        case Tier():
            is_nothing = node.below == Const(Fraction(0), node.dims)
            steps = [
                _step(
                    Const(each.bound, node.value.dims),
                    each.result,
                    names,
                    FROM if each.includes else ABOVE,
                )
                for each in node.steps
            ]
            below = "" if is_nothing else _number(node.below, names)
            return _cells(way=Way.TIERS, of=names.written(node.value), steps=steps, below=below)
        case Slices():
            steps = [
                _step(Const(each.upto, node.value.dims), Const(each.rate, SHARE), names)
                for each in node.slices
                if each.upto is not None
            ]
            rest = [_number(Const(each.rate, SHARE), names) for each in node.slices[len(steps) :]]
            base = names.written(node.value)
            return _cells(way=Way.SLICES, of=base, steps=steps, below="".join(rest))
    return None


def _step(bound: Node, value: Node, names: Names, word: str = "") -> Row:
    return {"word": word, "bound": _number(bound, names), "value": _number(value, names)}


def _number(node: Node, names: Names) -> str:
    """Shares as percentages: 120%, not 1.2."""
    if isinstance(node, Const) and isinstance(node.value, Fraction) and node.dims == SHARE:
        hundredths = node.value * 100
        if node.value.denominator != 1 and (hundredths * 10**6).denominator == 1:
            return f"{float(hundredths):.6f}".rstrip("0").rstrip(".") + "%"
    return names.written(node)
