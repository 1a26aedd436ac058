"""Units and kinds while a rule is read: what fits together, and what a number without a unit means.

A number without a unit takes the unit of what it stands beside. Where that would be a guess (2000
beside yuan, 5 beside a share), it is refused.
"""

from dataclasses import replace
from fractions import Fraction

from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.errors import Problem
from lianqi.engines.rules.nodes import (
    Arithmetic,
    Choice,
    Const,
    Fact,
    Greatest,
    Item,
    Kind,
    Least,
    Name,
    Node,
    Operation,
    Tier,
)
from lianqi.engines.rules.units import SHARE, UNITS, YUAN, Dims, power, symbol_of, times

# Below it, a number beside money might be meant in 万元.
LEAST_BARE_MONEY = 10_000
_MONEY = (YUAN, UNITS["美元"].dims)
Words = dict[str, str]

KIND_WORDS: dict[Kind, Words] = {
    Kind.BOOL: {"en": "a condition", "zh": "一项条件"},
    Kind.NUMBER: {"en": "a number", "zh": "一个数"},
    Kind.TEXT: {"en": "a text", "zh": "一段文字"},
    Kind.DATE: {"en": "a day", "zh": "一个日期"},
    Kind.SET: {"en": "a set", "zh": "一个集合"},
    Kind.LIST: {"en": "a list", "zh": "一份清单"},
}


def unit_words(dims: Dims) -> Words:
    """What a number is, by its unit, as a message goes on behind "is"."""
    symbol = symbol_of(dims)
    if not symbol:
        return {"en": "a share or plain number", "zh": "是比例或纯数"}
    return {"en": f"measured in {symbol}", "zh": f"以{symbol}计"}


def is_bare(node: Node) -> bool:
    """Whether a number was written without any unit and can still take one."""
    match node:
        case Const():
            return node.bare
        case Least() | Greatest():
            return all(map(is_bare, node.items))
        case Choice():
            return is_bare(node.then) and is_bare(node.otherwise)
        case Tier():
            return is_bare(node.below) and all(is_bare(each.result) for each in node.steps)
        case Arithmetic(operation=Operation.PLUS | Operation.MINUS):
            return is_bare(node.left) and is_bare(node.right)
    return False


def with_unit(node: Node, dims: Dims) -> Node:
    """A number without a unit as one in this unit."""
    match node:
        case Const():
            return Const(node.value, dims)
        case Least() | Greatest():
            return type(node)(tuple(with_unit(each, dims) for each in node.items))
        case Choice():
            return Choice(node.test, with_unit(node.then, dims), with_unit(node.otherwise, dims))
        case Tier():
            steps = tuple(replace(each, result=with_unit(each.result, dims)) for each in node.steps)
            return Tier(node.value, steps, with_unit(node.below, dims))
        case Arithmetic():
            left, right = with_unit(node.left, dims), with_unit(node.right, dims)
            return Arithmetic(node.operation, left, right, dims)
    return node


def bare_numbers(node: Node) -> tuple[Fraction, ...]:
    """The numbers that take a unit when `node` does."""
    match node:
        case Const(value=Fraction() as value):
            return (value,)
        case Least() | Greatest():
            parts = node.items
        case Choice():
            parts = (node.then, node.otherwise)
        case Tier():
            parts = (node.below, *(each.result for each in node.steps))
        case Arithmetic():
            parts = (node.left, node.right)
        case _:
            return ()
    return tuple(number for each in parts for number in bare_numbers(each))


def trouble_with(value: Fraction, dims: Dims, *, is_share: bool) -> Problem | None:
    """What is unclear about a number without a unit beside something of these dims."""
    above, below = value.as_integer_ratio()
    if dims in _MONEY and 0 < abs(above) < LEAST_BARE_MONEY * below:
        return Problem.BARE_MONEY
    if is_share and abs(above) > below:
        return Problem.SHARE_AGAINST_NUMBER
    return None


def is_share(node: Node, catalogue: Catalogue) -> bool:
    """Whether a number is a share of something, so that 5 beside it can only be meant as 5 %."""
    match node:
        case Fact(of_kind=Kind.NUMBER):
            spec = catalogue.find(node.key)
            return spec is not None and spec.unit.symbol in ("%", "‰")
        case Item():
            return node.dims == SHARE and node.high == 1
        case Arithmetic(operation=Operation.OVER):
            # How often 100万元 fit into an investment is no share of it.
            by_number = isinstance(node.right, Const)
            return node.dims == SHARE and node.left.dims != SHARE and not by_number
        case Arithmetic(operation=Operation.PLUS | Operation.MINUS) | Least() | Greatest() | Name():
            return any(is_share(each, catalogue) for each in node.children())
    return False


def computed(operation: Operation, left: Node, right: Node) -> Node:
    """An operation whose sides fit together; one on two constants is computed at once."""
    match operation:
        case Operation.PLUS | Operation.MINUS:
            dims = left.dims
        case Operation.TIMES:
            dims = times(left.dims, right.dims)
        case _:
            dims = times(left.dims, power(right.dims, -1))
    match left, right:
        case Const(value=Fraction() as one), Const(value=Fraction() as other):
            return Const(_value(operation, one, other), dims, bare=left.bare and right.bare)
    return Arithmetic(operation, left, right, dims)


def _value(operation: Operation, left: Fraction, right: Fraction) -> Fraction:
    match operation:
        case Operation.PLUS:
            return left + right
        case Operation.MINUS:
            return left - right
        case Operation.TIMES:
            return left * right
    return left / right
