"""Where bounds could decide what is not known: found out once for a comparison, not for each row.

A comparison with a missing fact is nearly always open: sales that are not known can be any number
from zero on, and no such range lies on one side of 2000万元. The rows in which it could be settled
all the same have to be read with ranges, which costs far more than a plane. So for every set of
facts that could be missing it is asked here whether any values of the others would settle it.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import floor, inf

from lianqi.engines.rules.nodes import (
    Arithmetic,
    Compare,
    Const,
    Fact,
    Floor,
    Greatest,
    Item,
    Kind,
    Least,
    Node,
    Operation,
    Sign,
    walk,
)
from lianqi.engines.rules.ranges import Bound

# Comparisons of more facts than this are read with ranges wherever one is missing.
_MOST_FACTS = 4
_EVERYTHING = (-inf, inf)

Leaf = Fact | Item


@dataclass(frozen=True)
class Doubt:
    """Where a comparison that a missing fact leaves open could be settled by bounds.

    Attributes:
        missing: The sets of facts that would have to be missing, and no others; None stands for
            every row that is open.
        facts: All facts of the comparison.
        within: Those whose known values have to lie in the catalogue's bounds for this to be so.
    """

    missing: tuple[frozenset[Leaf], ...] | None
    within: tuple[Leaf, ...] = ()
    facts: tuple[Leaf, ...] = ()

    @property
    def is_none(self) -> bool:
        return self.missing == () and not self.within


@dataclass(frozen=True)
class _Ends:
    """Between which numbers the lower and the upper end of a range can lie.

    `inf` as the least upper end says that it is without end; as the greatest, that it may be.
    """

    low: tuple[Bound, Bound]
    high: tuple[Bound, Bound]
    is_known: bool = False


_ANY = _Ends((-inf, -inf), (inf, inf))
_WHATEVER = _Ends(_EVERYTHING, _EVERYTHING)


def doubt_of(node: Compare) -> Doubt:
    """Where the comparison has to be read with ranges."""
    if node.left.kind is Kind.DATE:
        return Doubt(())
    parts = [*walk(node.left), *walk(node.right)]
    facts = tuple(dict.fromkeys(each for each in parts if isinstance(each, Fact | Item)))
    quotients = {
        each for each in parts if isinstance(each, Arithmetic) and each.operation is Operation.OVER
    }
    is_plain = all(isinstance(each, _KNOWN_TO_US) for each in parts)
    if len(facts) > _MOST_FACTS or len(quotients) > 1 or not is_plain:
        return Doubt(None)
    missing = [
        frozenset(chosen)
        for count in range(len(facts) + 1)
        for chosen in combinations(facts, count)
        if _may_be_settled(node, frozenset(chosen))
    ]
    bounded = tuple(each for each in facts if each.low is not None or each.high is not None)
    return Doubt(tuple(missing), bounded if len(facts) > 1 else (), facts)


_KNOWN_TO_US = (Const, Fact, Item, Arithmetic, Least, Greatest, Floor)


def _may_be_settled(node: Compare, missing: frozenset[Leaf]) -> bool:
    # With nothing missing a row is open only where a quotient by zero has no value.
    for by_zero in (False, True) if missing else (True,):
        left, right = _ends(node.left, missing, by_zero), _ends(node.right, missing, by_zero)
        if left.is_known and right.is_known:
            continue
        less = left.high[0] < right.low[1]
        more = right.high[0] < left.low[1]
        touches_below, touches_above = _touches(right, left), _touches(left, right)
        match node.sign:
            case Sign.LESS | Sign.AT_LEAST:
                settled = less or touches_below
            case Sign.MORE | Sign.AT_MOST:
                settled = more or touches_above
            case _:
                settled = less or more or (_touches(left, left) and _touches(right, right))
        if settled:
            return True
    return False


def _touches(below: _Ends, above: _Ends) -> bool:
    """Whether the one can end where the other begins, or before; never where it has no end."""
    return below.high[0] != inf and above.low[1] != -inf and below.high[0] <= above.low[1]


def _ends(node: Node, missing: frozenset[Leaf], by_zero: bool) -> _Ends:  # noqa: FBT001, PLR0911
    match node:
        case Const(value=Fraction() as value):
            return _Ends((value, value), (value, value), is_known=True)
        case Fact() | Item():
            low = -inf if node.low is None else node.low
            high = inf if node.high is None else node.high
            if node in missing:
                return _Ends((low, low), (high, high))
            return _Ends((low, high), (low, high), is_known=True)
        case Arithmetic():
            left = _ends(node.left, missing, by_zero)
            right = _ends(node.right, missing, by_zero)
            return _OPERATED[node.operation](left, right, by_zero)
        case Least() | Greatest():
            items = [_ends(each, missing, by_zero) for each in node.items]
            of = min if isinstance(node, Least) else max
            return _Ends(
                (of(i.low[0] for i in items), of(i.low[1] for i in items)),
                (of(i.high[0] for i in items), of(i.high[1] for i in items)),
                is_known=all(i.is_known for i in items),
            )
        case Floor():
            item = _ends(node.item, missing, by_zero)
            (a, b), (c, d) = item.low, item.high
            return _Ends((_floor(a), _floor(b)), (_floor(c), _floor(d)), is_known=item.is_known)
    return _WHATEVER


def _floor(bound: Bound) -> Bound:
    return bound if bound in (inf, -inf) else Fraction(floor(bound))


def _plus(left: _Ends, right: _Ends, _by_zero: bool) -> _Ends:  # noqa: FBT001
    known = left.is_known and right.is_known
    low = (_added(left.low[0], right.low[0], -inf), _added(left.low[1], right.low[1], -inf))
    high = (_added(left.high[0], right.high[0], inf), _added(left.high[1], right.high[1], inf))
    return _Ends(low, high, is_known=known)


def _added(one: Bound, other: Bound, endless: float) -> Bound:
    """A sum; where ends pull in both directions, the one that ends of this side really take."""
    return endless if endless in (one, other) else one + other


def _minus(left: _Ends, right: _Ends, by_zero: bool) -> _Ends:  # noqa: FBT001
    (a, b), (c, d) = right.low, right.high
    return _plus(left, _Ends((-d, -c), (-b, -a), is_known=right.is_known), by_zero)


def _times(left: _Ends, right: _Ends, _by_zero: bool) -> _Ends:  # noqa: FBT001
    if left.is_known and right.is_known:
        return _Ends(_EVERYTHING, _EVERYTHING, is_known=True)
    for factor, other in ((left, right), (right, left)):
        value = factor.low[0]
        if factor.low == (value, value) == factor.high and value not in (inf, -inf) and value:
            low = value * other.low[0], value * other.low[1]
            high = value * other.high[0], value * other.high[1]
            if value > 0:
                return _Ends(low, high)
            return _Ends((high[1], high[0]), (low[1], low[0]))
    return _WHATEVER


def _over(left: _Ends, right: _Ends, by_zero: bool) -> _Ends:  # noqa: FBT001
    if by_zero and right.is_known:
        return _ANY
    if right.low[1] <= 0 <= right.high[0]:
        return _ANY
    if left.is_known and right.is_known:
        return _Ends(_EVERYTHING, _EVERYTHING, is_known=True)
    if not right.is_known or right.low[0] < 0:
        return _WHATEVER
    # By a number that is known and above zero: the signs stay, and so does what is without end.
    low = (Fraction(0) if left.low[0] >= 0 else -inf, _scaled(left.low[1]))
    high = (-_scaled(-left.high[0]), Fraction(0) if left.high[1] <= 0 else inf)
    return _Ends(low, high)


def _scaled(bound: Bound) -> Bound:
    """The greatest that a number up to this can become when divided by one above zero."""
    if bound == -inf:
        return bound
    return inf if bound > 0 else Fraction(0)


_OPERATED = {
    Operation.PLUS: _plus,
    Operation.MINUS: _minus,
    Operation.TIMES: _times,
    Operation.OVER: _over,
}
