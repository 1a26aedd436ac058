"""What would have to change so that a condition is fulfilled, and what may."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lianqi.engines.rules.nodes import Fact, Judged


@dataclass(frozen=True)
class Change:
    """One fact that has to become another.

    Attributes:
        fact: Which, of which period.
        now: Its value; None if it is not known.
        target: The nearest value that does: for a set, all that it has to hold in the end.
    """

    fact: Fact | Judged
    now: Any
    target: Any


@dataclass(frozen=True)
class Plan:
    """What would have to change.

    Attributes:
        changes: In the order of their slots; empty if the condition is fulfilled already.
        answers: Questions a person would have to answer with yes besides.
    """

    changes: tuple[Change, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoPlan:
    """Nothing that can be changed would do.

    Attributes:
        held_by: Slots of the facts that cannot be changed and stand in the way.
        is_certain: Every way was tried; else the search was given up, or met with a list, whose
            entries it does not change.
    """

    held_by: tuple[str, ...]
    is_certain: bool = field(default=True, compare=False)


@dataclass(frozen=True)
class Leeway:
    """How a fact may change.

    Attributes:
        step: In which it changes: a fen, a person; 1 for what is no number.
        rises: It may become more; of a yes or no: yes; of a set: hold more.
        falls: It may become less, or no. Nobody is advised to sell less or to dismiss people.
    """

    step: Fraction = Fraction(1)
    rises: bool = True
    falls: bool = False


# How a fact may change until the day of the plan; None: not at all.
Leeways = Callable[[Fact], Leeway | None]
