"""Texts with named places: `{number} {title}`. Nothing but names is looked up, nothing computed."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def places(text: str) -> frozenset[str]:
    """The names that a text asks for."""
    return frozenset(_PLACE.findall(text))


def has_stray_brace(text: str) -> bool:
    """Whether a brace is left that belongs to no place; it would stand in the text as it is."""
    return bool(re.search(r"[{}]", _PLACE.sub("", text)))


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put the values into their places.

    A value is never read as a text with places of its own: what an enterprise typed stays as it is.

    Raises:
        KeyError: A place has no value.

    Example:
        >>> fill("{number} {title}", {"number": "SQ1", "title": "{name}"})
        'SQ1 {name}'
    """
    return _PLACE.sub(lambda place: str(values[place[1]]), text)
