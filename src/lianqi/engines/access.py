"""Named yes/no rules about a person and a thing, combined with `&`, `|` and `~`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

U = TypeVar("U")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule(Generic[U, T]):
    """A predicate with a name, so that a table of permissions reads like a sentence.

    Example:
        >>> even = Rule("is even", lambda _, n: n % 2 == 0)
        >>> (even & ~even)(None, 2), str(even | even)
        (False, '(is even or is even)')
    """

    name: str
    test: Callable[[U, T], bool]

    def __call__(self, user: U, thing: T) -> bool:
        return self.test(user, thing)

    def __and__(self, other: Rule[U, Any]) -> Rule[U, T]:
        return Rule(f"({self} and {other})", lambda u, t: self.test(u, t) and other.test(u, t))

    def __or__(self, other: Rule[U, Any]) -> Rule[U, T]:
        return Rule(f"({self} or {other})", lambda u, t: self.test(u, t) or other.test(u, t))

    def __invert__(self) -> Rule[U, T]:
        return Rule(f"not {self}", lambda u, t: not self.test(u, t))

    def __str__(self) -> str:
        return self.name


def rule(test: Callable[[U, T], bool]) -> Rule[U, T]:
    """Turn a function of (user, thing) into a rule named after it."""
    return Rule(test.__name__.replace("_", " "), test)
