"""Names, periods and calls: what a word in a rule stands for."""

import ast
import re
from collections.abc import Sequence

from lianqi.engines.rules.errors import Problem, RuleError
from lianqi.engines.rules.naming import FutureError, nearest, unit_called, years_back
from lianqi.engines.rules.nodes import FALSE, TRUE, AsOf, Back, Const, Fact, Name, Node
from lianqi.engines.rules.reading import MAX_DEPTH, MAX_PARTS, Reader, extent
from lianqi.engines.rules.spelled import Said, Stated, Text
from lianqi.engines.rules.words import FUNCTIONS, GRAIN_LABELS

MAX_BACK = 40
_LEAST_YEAR = 100
_PERIODS = {
    "year": re.compile(r"(19[5-9]|20[0-9])[0-9]"),
    "half": re.compile(r"(19[5-9]|20[0-9])[0-9]-H[12]"),
    "quarter": re.compile(r"(19[5-9]|20[0-9])[0-9]-Q[1-4]"),
    "month": re.compile(r"(19[5-9]|20[0-9])[0-9]-(0[1-9]|1[0-2])"),
}
_EXAMPLES = {"year": "2024", "half": "'2024-H1'", "quarter": "'2024-Q3'", "month": "'2024-06'"}


def named(reader: Reader, tree: ast.Name) -> Node:
    aside = reader.aside(tree)
    match aside:
        case None:
            return called(reader, tree, tree.id)
        case Said():
            return called(reader, tree, aside.name)
        case Text():
            raise reader.wrong(tree, Problem.LONE_TEXT, text=aside.value)
        case Stated():
            raise reader.wrong(tree, Problem.NOT_ALLOWED)
    return aside


def called(reader: Reader, tree: ast.expr, name: str) -> Node:
    """What a name stands for."""
    scope = reader.scope
    if field_spec := scope.field_called(name):
        return field_spec.item()
    if (body := scope.definition(name)) is not None:
        _count_in(reader, tree, body)
        return Name(name, body)
    if spec := scope.catalogue.find(name):
        return spec.node()
    if name == "as_of":
        return AsOf()
    if unit := unit_called(name):
        return unit
    if name in FUNCTIONS:
        raise reader.wrong(tree, Problem.NEEDS_BRACKETS, word=reader.written(tree))
    raise unknown(reader, tree, name)


def unknown(reader: Reader, tree: ast.expr, name: str) -> RuleError:
    near = reader.scope.nearest(name)
    return reader.wrong(tree, Problem.UNKNOWN_NAME, name=name, advice=_did_you_mean(near))


def _count_in(reader: Reader, tree: ast.expr, body: Node) -> None:
    parts, depth = extent(body)
    reader.parts += parts
    reader.deepest = max(reader.deepest, reader.depth + depth)
    if reader.parts > MAX_PARTS:
        raise reader.wrong(tree, Problem.TOO_MANY_PARTS, limit=MAX_PARTS)
    if reader.deepest > MAX_DEPTH:
        raise reader.wrong(tree, Problem.TOO_DEEP)


def truth(_reader: Reader, tree: ast.Constant) -> Node:
    return TRUE if tree.value is True else FALSE


def listed(reader: Reader, tree: ast.expr) -> Node:
    raise reader.wrong(tree, Problem.STRAY_LIST)


def of_period(reader: Reader, tree: ast.Subscript) -> Node:
    node = reader.read(tree.value)
    if isinstance(node, Name):
        return _definition_of_year(reader, tree, node)
    spec = reader.scope.catalogue.find(node.key) if isinstance(node, Fact) else None
    if spec is None or not spec.grain:
        raise reader.wrong(tree, Problem.NO_PERIODS, name=reader.written(tree.value))
    return spec.node(_period(reader, tree.slice, spec.grain, reader.written(tree.value)))


def _definition_of_year(reader: Reader, tree: ast.Subscript, node: Name) -> Node:
    back = -reader.whole(tree.slice, -MAX_BACK, 0) - 1
    try:
        found = years_back(node, back)
    except FutureError:
        raise _future(reader, tree.slice, reader.written(tree.value)) from None
    if back and found == node:
        raise reader.wrong(tree, Problem.NO_PERIODS, name=reader.written(tree.value))
    return found


def _period(reader: Reader, tree: ast.expr, grain: str, name: str) -> Back | str:
    match reader.aside(tree):
        case Stated(grain=stated) if stated not in ("", grain):
            raise _other_grain(reader, tree, grain, name)
        case Stated(count=int() as count):
            return Back(grain, count)
        case Stated(period=written) | Text(value=written):
            return _written_period(reader, tree, grain, name, written)
        case Const():
            return _counted_period(reader, tree, grain, name)
    if isinstance(tree, ast.UnaryOp):
        return _counted_period(reader, tree, grain, name)
    raise _no_period(reader, tree, grain, name)


def _written_period(reader: Reader, tree: ast.expr, grain: str, name: str, written: str) -> str:
    if _PERIODS[grain].fullmatch(written):
        return written
    if any(each.fullmatch(written) for each in _PERIODS.values()):
        raise _other_grain(reader, tree, grain, name)
    raise _no_period(reader, tree, grain, name)


def _counted_period(reader: Reader, tree: ast.expr, grain: str, name: str) -> Back | str:
    """-1 is the last period, 0 the current one, 2024 a year."""
    number = reader.whole(tree, -MAX_BACK * 12, 9999)
    if number <= 0:
        return Back(grain, -number)
    if number < _LEAST_YEAR:
        raise _future(reader, tree, name)
    return _written_period(reader, tree, grain, name, str(number))


def _other_grain(reader: Reader, tree: ast.expr, grain: str, name: str) -> RuleError:
    words = {"en": grain, "zh": GRAIN_LABELS[grain]}
    example = f"{name}[{_EXAMPLES[grain]}]"
    return reader.wrong(tree, Problem.OTHER_GRAIN, name=name, grain=words, example=example)


def _no_period(reader: Reader, tree: ast.expr, grain: str, name: str) -> RuleError:
    example = f"{name}[{_EXAMPLES[grain]}]"
    return reader.wrong(tree, Problem.NOT_A_PERIOD, name=name, example=example)


def _future(reader: Reader, tree: ast.expr, name: str) -> RuleError:
    return reader.wrong(tree, Problem.FUTURE_PERIOD, name=name)


def call(reader: Reader, tree: ast.Call) -> Node:
    function = tree.func
    aside = reader.aside(function)
    name = aside.name if isinstance(aside, Said) else ""
    if isinstance(function, ast.Name) and aside is None:
        name = function.id
    if tree.keywords or not name:
        raise reader.wrong(tree, Problem.NOT_ALLOWED)
    function_called = reader.calls.get(name)
    if function_called is not None:
        return function_called(reader, tree)
    if reader.scope.knows(name) or unit_called(name):
        raise reader.wrong(function, Problem.NOT_A_FUNCTION, name=name)
    near = nearest(name, [*FUNCTIONS, *FUNCTIONS.values()])
    advice = _did_you_mean(near) if near else _all_functions()
    raise reader.wrong(function, Problem.UNKNOWN_FUNCTION, name=name, advice=advice)


def _all_functions() -> dict[str, str]:
    return {
        "en": f"There are {', '.join(FUNCTIONS)}.",
        "zh": f"可用函数：{'、'.join(FUNCTIONS.values())}。",
    }


def _did_you_mean(near: Sequence[str]) -> dict[str, str]:
    if not near:
        return {"en": "Look it up in the catalogue of facts.", "zh": "请在事实目录中查找名称。"}
    return {
        "en": f"Did you mean {', '.join(near)}?",
        "zh": f"您是否想写：{'、'.join(near)}？",
    }
