"""Texts in lists, codes by their beginning, and sets: values are checked against the catalogue."""

import ast
import re
from collections.abc import Sequence

from lianqi.engines.rules.checking import KIND_WORDS
from lianqi.engines.rules.errors import Problem
from lianqi.engines.rules.naming import nearest
from lianqi.engines.rules.nodes import Has, Kind, Node, OneOf, Prefix
from lianqi.engines.rules.reading import Reader

MAX_VALUES = 1_000
_LISTED_VALUES = 12
_CODE = re.compile(r"[A-Z0-9]+")
# The classes of GB/T 4754 have a letter and four digits; a shorter code is a branch.
_CLASS_OF_4754 = 5


def membership(reader: Reader, left: ast.expr, right: ast.expr) -> Node:
    """Text in ('a', 'b'), or 'a' in set."""
    if reader.text_in(left) is not None:  # 'high_tech' in titles
        node = reader.read(right)
        if node.kind is not Kind.SET:
            raise reader.wrong(right, Problem.NOT_A_SET, found=KIND_WORDS[node.kind])
        return Has(node, values(reader, node, left))
    node = reader.read(left)
    match node.kind:
        case Kind.TEXT:
            return one_of(reader, left, node, right)
        case Kind.SET:
            raise reader.wrong(left, Problem.SET_COMPARED, name=reader.written(left))
        case Kind.NUMBER:
            raise reader.wrong(left, Problem.NUMBER_IN_LIST, name=reader.written(left))
    raise reader.wrong(left, Problem.NOT_A_TEXT, found=KIND_WORDS[node.kind])


def one_of(reader: Reader, named: ast.expr, node: Node, listed: ast.expr) -> OneOf:
    """A text is one of these."""
    found = values(reader, node, listed)
    spec = reader.scope.spec_of(node)
    if spec and spec.coded == "gbt4754":
        short = [each for each in found if len(each) < _CLASS_OF_4754]
        if short:
            reader.hint(listed, Problem.SHORT_CODE, name=reader.written(named), code=short[0])
    return OneOf(node, found)


def has(reader: Reader, item: ast.expr, listed: Sequence[ast.expr]) -> Has:
    """A set holds one of these."""
    node = reader.of_kind(item, Kind.SET, Problem.NOT_A_SET)
    return Has(node, values(reader, node, *listed))


def begins(reader: Reader, item: ast.expr, listed: Sequence[ast.expr]) -> Prefix:
    """A code begins with one of these."""
    node = reader.of_kind(item, Kind.TEXT, Problem.NOT_A_TEXT)
    spec = reader.scope.spec_of(node)
    if spec is not None and spec.values:
        raise reader.wrong(item, Problem.CLOSED_LIST, name=reader.written(item))
    return Prefix(node, values(reader, node, *listed))


def values(reader: Reader, node: Node, *listed: ast.expr) -> tuple[str, ...]:
    """The texts of a list, each one that the fact can have; sorted and distinct."""
    parts = [
        part
        for each in listed
        for part in (each.elts if isinstance(each, ast.Tuple | ast.List) else [each])
    ]
    if not parts:
        raise reader.wrong(listed[0], Problem.EMPTY_LIST)
    if len(parts) > MAX_VALUES:
        raise reader.wrong(listed[0], Problem.LIST_TOO_LONG, limit=MAX_VALUES)
    reader.parts += len(parts) // 10
    return tuple(sorted({_value(reader, node, each) for each in parts}))


def _value(reader: Reader, node: Node, tree: ast.expr) -> str:
    text = reader.text_in(tree)
    if text is None:
        raise reader.wrong(tree, Problem.NOT_WRITTEN_OUT)
    spec = reader.scope.spec_of(node)
    if spec is None:
        return text
    if spec.coded and not _CODE.fullmatch(text):
        raise reader.wrong(tree, Problem.NOT_A_CODE, name=spec.label, value=text)
    if not spec.values or text in spec.values:
        return text
    for value, label in spec.values.items():
        if text == label:
            return value
    names = [*spec.values, *spec.values.values()]
    plain, chinese = list(spec.values), list(spec.values.values())
    if len(plain) > _LISTED_VALUES:
        plain = chinese = nearest(text, names) or [*names[:_LISTED_VALUES], "…"]
    raise reader.wrong(
        tree,
        Problem.UNKNOWN_VALUE,
        value=text,
        name={"en": spec.key, "zh": spec.label},
        values={"en": ", ".join(plain), "zh": "、".join(chinese)},
    )
