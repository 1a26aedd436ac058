"""What stands between, before and around operands: and, or, not, comparisons, arithmetic, if."""

import ast
from fractions import Fraction

from lianqi.engines.rules.checking import KIND_WORDS, computed, is_bare
from lianqi.engines.rules.errors import Problem, RuleError
from lianqi.engines.rules.memberships import begins, has, membership, one_of
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
    Choice,
    Compare,
    Const,
    Kind,
    Node,
    Not,
    Operation,
    Or,
    Sign,
)
from lianqi.engines.rules.reading import Reader
from lianqi.engines.rules.units import SHARE

_SIGNS = {
    ast.Lt: Sign.LESS,
    ast.LtE: Sign.AT_MOST,
    ast.Gt: Sign.MORE,
    ast.GtE: Sign.AT_LEAST,
    ast.Eq: Sign.EQUAL,
    ast.NotEq: Sign.UNEQUAL,
}
_OPERATIONS = {
    ast.Add: Operation.PLUS,
    ast.Sub: Operation.MINUS,
    ast.Mult: Operation.TIMES,
    ast.Div: Operation.OVER,
}


def joined(reader: Reader, tree: ast.BoolOp) -> Node:
    items = tuple(map(reader.condition, tree.values))
    return And(items) if isinstance(tree.op, ast.And) else Or(items)


def before(reader: Reader, tree: ast.UnaryOp) -> Node:
    if tree.col_offset in reader.spelled.signs:
        raise reader.wrong(tree, Problem.STRAY_BOUND)
    if isinstance(tree.op, ast.Not):
        return Not(reader.condition(tree.operand))
    if not isinstance(tree.op, ast.USub):
        raise reader.wrong(tree, Problem.NOT_ALLOWED)
    node = reader.number(tree.operand)
    if isinstance(node, Const) and isinstance(node.value, Fraction):
        return Const(-node.value, node.dims, bare=node.bare)
    zero = Const(Fraction(0), node.dims, bare=is_bare(node))
    return computed(Operation.MINUS, zero, node)


def compared(reader: Reader, tree: ast.Compare) -> Node:
    sides = [tree.left, *tree.comparators]
    pairs = tuple(
        _pair(reader, tree, left, sign, right)
        for left, sign, right in zip(sides, tree.ops, sides[1:], strict=False)
    )
    return pairs[0] if len(pairs) == 1 else And(pairs)


def _pair(reader: Reader, tree: ast.expr, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Node:
    if isinstance(sign, ast.In | ast.NotIn):
        found = membership(reader, left, right)
        return found if isinstance(sign, ast.In) else Not(found)
    if type(sign) not in _SIGNS:
        raise reader.wrong(tree, Problem.NOT_ALLOWED)
    texts = reader.text_in(left), reader.text_in(right)
    if texts != (None, None):
        return _text_pair(reader, tree, left, _SIGNS[type(sign)], right)
    one, other = reader.read(left), reader.read(right)
    match one.kind, other.kind:
        case Kind.NUMBER, Kind.NUMBER:
            one, other = reader.alike((left, right), (one, other))
            _notice_product(reader, tree, left, one, right, other)
        case Kind.DATE, Kind.DATE:
            pass
        case _:
            raise _not_comparable(reader, tree, left, one, right, other)
    return Compare(_SIGNS[type(sign)], one, other)


def _not_comparable(
    reader: Reader, tree: ast.expr, left: ast.expr, one: Node, right: ast.expr, other: Node
) -> RuleError:
    kinds = {other.kind: right, one.kind: left}
    if isinstance(one, Const):  # True == above_scale
        kinds = {one.kind: left, other.kind: right}
    for kind, problem in (
        (Kind.BOOL, Problem.CONDITION_COMPARED),
        (Kind.SET, Problem.SET_COMPARED),
        (Kind.LIST, Problem.LIST_COMPARED),
    ):
        if kind in kinds:
            return reader.wrong(tree, problem, name=reader.written(kinds[kind]))
    if one.kind is other.kind:  # two texts
        return reader.wrong(tree, Problem.TEXTS_COMPARED)
    return reader.wrong(
        tree,
        Problem.KINDS_DIFFER,
        left=reader.written(left),
        right=reader.written(right),
        one=KIND_WORDS[one.kind],
        other=KIND_WORDS[other.kind],
    )


def _text_pair(reader: Reader, tree: ast.expr, left: ast.expr, sign: Sign, right: ast.expr) -> Node:
    text = reader.text_in(right)
    named, quoted = (left, right) if text is not None else (right, left)
    if reader.text_in(named) is not None:
        raise reader.wrong(tree, Problem.TEXTS_COMPARED)
    node, value = reader.read(named), reader.text_in(quoted) or ""
    match node.kind:
        case Kind.NUMBER:
            raise reader.wrong(quoted, Problem.NUMBER_AS_TEXT, text=value)
        case Kind.DATE:
            raise reader.wrong(quoted, Problem.DAY_AS_TEXT, text=value)
        case Kind.BOOL:
            raise reader.wrong(tree, Problem.CONDITION_COMPARED, name=reader.written(named))
        case Kind.SET:
            raise reader.wrong(tree, Problem.SET_COMPARED, name=reader.written(named))
        case Kind.LIST:
            raise reader.wrong(tree, Problem.LIST_COMPARED, name=reader.written(named))
    if sign not in (Sign.EQUAL, Sign.UNEQUAL):
        raise reader.wrong(tree, Problem.TEXT_ORDERED, name=reader.written(named))
    found = one_of(reader, named, node, quoted)
    return found if sign is Sign.EQUAL else Not(found)


def _notice_product(
    reader: Reader, tree: ast.expr, left: ast.expr, one: Node, right: ast.expr, other: Node
) -> None:
    """研发费用 >= 5% × 营业收入 says the same as a quotient, which shows the share."""
    for product, base, product_tree, base_tree in (
        (other, one, right, left),
        (one, other, left, right),
    ):
        match product:
            case (
                Arithmetic(operation=Operation.TIMES, left=Const(), right=whole)
                | Arithmetic(operation=Operation.TIMES, left=whole, right=Const())
            ) if not isinstance(whole, Const) and not isinstance(base, Const):
                if whole.dims == base.dims != SHARE:
                    whole_tree = product_tree
                    if isinstance(product_tree, ast.BinOp):
                        constant_first = isinstance(product.left, Const)
                        whole_tree = product_tree.right if constant_first else product_tree.left
                    reader.hint(
                        tree,
                        Problem.RATIO_AS_PRODUCT,
                        base=reader.written(base_tree),
                        whole=reader.written(whole_tree),
                    )


def operation(reader: Reader, tree: ast.BinOp) -> Node:
    match tree.op:  # signs that only the words 含, 不含, 以 … 开头 and 不以 … 开头 become
        case ast.RShift():
            return has(reader, tree.left, [tree.right])
        case ast.LShift():
            return Not(has(reader, tree.left, [tree.right]))
        case ast.MatMult():
            return begins(reader, tree.left, [tree.right])
        case ast.Mod():
            return Not(begins(reader, tree.left, [tree.right]))
    operation = _OPERATIONS.get(type(tree.op))
    if operation is None:
        raise reader.wrong(tree, Problem.NOT_ALLOWED)
    one, other = _term(reader, tree, tree.left), _term(reader, tree, tree.right)
    if operation in (Operation.PLUS, Operation.MINUS):
        one, other = reader.alike((tree.left, tree.right), (one, other))
    elif operation is Operation.OVER and isinstance(other, Const) and not other.value:
        raise reader.wrong(tree.right, Problem.OVER_ZERO)
    return reader.bounded(tree, computed(operation, one, other))


def _term(reader: Reader, tree: ast.expr, side: ast.expr) -> Node:
    if reader.text_in(side) is not None:
        return reader.number(side)
    node = reader.read(side)
    if node.kind is Kind.DATE:
        raise reader.wrong(tree, Problem.DAYS_ADDED)
    if node.kind is not Kind.NUMBER:
        raise reader.wrong(side, Problem.NOT_A_NUMBER, found=KIND_WORDS[node.kind])
    return node


def choice(reader: Reader, tree: ast.IfExp) -> Node:
    return choose(reader, tree.test, tree.body, tree.orelse)


def choose(reader: Reader, test: ast.expr, then: ast.expr, otherwise: ast.expr) -> Node:
    """One number or another."""
    condition = reader.condition(test)
    one, other = _branch(reader, then), _branch(reader, otherwise)
    one, other = reader.alike((then, otherwise), (one, other))
    return Choice(condition, one, other)


def _branch(reader: Reader, tree: ast.expr) -> Node:
    if reader.text_in(tree) is not None:
        return reader.number(tree)
    node = reader.read(tree)
    if node.kind is Kind.BOOL:
        raise reader.wrong(tree, Problem.CHOICE_OF_CONDITIONS)
    if node.kind is not Kind.NUMBER:
        raise reader.wrong(tree, Problem.NOT_A_NUMBER, found=KIND_WORDS[node.kind])
    return node
