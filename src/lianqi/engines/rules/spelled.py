"""A rule's text made plain: what the parser gets, and what was put aside for it."""

from dataclasses import dataclass, field

from lianqi.engines.rules.nodes import Const


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """A name in the Chinese spelling."""

    name: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A period in the Chinese spelling: the grain ("" for any), and how far back or which."""

    grain: str
    count: int | None = None
    period: str = ""


Aside = Const | Text | Said | Stated


@dataclass(slots=True)
class Spelled:
    """A text made plain.

    Attributes:
        original: As it was typed.
        plain: What the parser of the standard library reads: one line of ASCII.
        aside: What the placeholders _0, _1 … stand for.
        starts, ends: Places in `original` by places in `plain`.
        signs: Comparison signs without a left side, by place in `plain`; "not" is written there.
    """

    original: str
    plain: str = ""
    aside: dict[str, Aside] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    signs: dict[int, str] = field(default_factory=dict)
