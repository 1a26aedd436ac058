"""An assessment that can be told again years later, byte for byte.

The rule itself is saved, not only its name: as canonical JSON of its intermediate form, with the
hash by which versions are told apart. The facts are saved as they were.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from math import inf
from typing import Any

from lianqi.engines.rules import nodes
from lianqi.engines.rules.meaning import Snapshot
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.rule import (
    Assessment,
    Benefit,
    Clause,
    Rounding,
    RoundingMode,
    Rule,
    assess,
)

FORM = 1
_CLASSES = {
    each.__name__: each
    for each in (
        *(each for each in vars(nodes).values() if isinstance(each, type) and is_dataclass(each)),
        Rule,
        Clause,
        Benefit,
        Rounding,
    )
}
_ENUMS = {each.__name__: each for each in (nodes.Kind, nodes.Sign, nodes.Operation, RoundingMode)}


class NotSavedError(ValueError):
    """What should be read back was not written by `saved`."""


def canonical(value: object) -> str:
    """JSON with sorted names and without white space; equal values give equal text."""
    return _json(_plain(value))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def version_of(rule: Rule) -> str:
    """The hash of a rule: SHA-256 of its canonical form."""
    return hashlib.sha256(canonical(rule).encode()).hexdigest()


def saved(rule: Rule, snapshot: Snapshot, day: dt.date) -> str:
    """An assessment with all that it rests on.

    Args:
        rule: As the pack has it, not bound to a day.
    """
    return _json(
        {
            "form": FORM,
            "on": day.isoformat(),
            "rule": _plain(rule),
            "version": version_of(rule),
            "facts": {name: _plain(each) for name, each in snapshot.items() if each is not None},
            "assessment": told(assess(rule.on(day), snapshot)),
        }
    )


@dataclass(frozen=True)
class Kept:
    """What a saved assessment rests on.

    Attributes:
        version: The hash of the rule.
        facts: The snapshot, by slot.
    """

    rule: Rule
    version: str
    facts: Mapping[str, Any]
    day: dt.date

    def assess(self) -> Assessment:
        return assess(self.rule.on(self.day), self.facts)


def opened(text: str) -> Kept:
    """What was saved, to be shown.

    Raises:
        NotSavedError: The text was not written by `saved`, or its rule is not the one it names.
    """
    try:
        kept = json.loads(text)
        rule, day = _back(kept["rule"]), dt.date.fromisoformat(kept["on"])
        facts = {name: _back(each) for name, each in kept["facts"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotSavedError(f"this is no saved assessment: {error}") from error
    if (
        kept.get("form") != FORM
        or not isinstance(rule, Rule)
        or kept["version"] != version_of(rule)
    ):
        raise NotSavedError("the rule is not the one that the assessment names")
    return Kept(rule, kept["version"], facts, day)


def replayed(text: str) -> str:
    """The same assessment, computed anew from what was saved; equal if nothing was changed.

    Raises:
        NotSavedError: The text was not written by `saved`, or its rule is not the one it names.
    """
    kept = opened(text)
    return saved(kept.rule, kept.facts, kept.day)


def told(assessment: Assessment) -> dict[str, object]:
    """An assessment as plain data."""
    return {
        "status": assessment.status.value,
        "asks": sorted(assessment.asks),
        "clauses": [[key, status.value] for key, status in assessment.clauses],
        "benefits": [
            {
                "key": each.key,
                "status": each.status.value,
                "amount": _amount(each.amount),
                "asks": sorted(each.asks),
            }
            for each in assessment.benefits
        ],
        "amount": _amount(assessment.amount),
        "amount_asks": sorted(assessment.amount_asks),
    }


def _amount(amount: Range | None) -> object:
    """Yuan as text: 500000, or from … to; None is without end."""
    if amount is None:
        return None
    low, high = (None if each in (inf, -inf) else _yuan(each) for each in (amount.low, amount.high))
    return low if amount.is_known else [low, high]


def _yuan(amount: object) -> str:
    number = Fraction(str(amount))
    hundredths = number * 100
    if hundredths.denominator != 1:
        return str(number)
    sign, whole = "-" if hundredths < 0 else "", abs(int(hundredths))
    return f"{sign}{whole // 100}.{whole % 100:02}"


def _plain(value: object) -> object:  # noqa: PLR0911  # one line for each kind of value
    match value:
        case Enum():
            return {"word": [type(value).__name__, value.value]}
        case bool() | int() | str() | None:
            return value
        case Fraction():
            return {"number": f"{value.numerator}/{value.denominator}"}
        case dt.date():
            return {"day": value.isoformat()}
        case frozenset():
            return {"set": sorted(value)}
        case tuple() | list():
            return [_plain(each) for each in value]
        case Mapping():
            return {"entry": {str(name): _plain(each) for name, each in value.items()}}
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} cannot be saved")
    return {
        "is": type(value).__name__,
        **{each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.compare},
    }


def _back(value: Any) -> Any:  # noqa: PLR0911  # one line for each kind of value
    if isinstance(value, list):
        return tuple(_back(each) for each in value)
    if not isinstance(value, dict):
        return value
    match value:
        case {"number": str(number), **rest} if not rest:
            return Fraction(number)
        case {"day": str(day), **rest} if not rest:
            return dt.date.fromisoformat(day)
        case {"set": list(members), **rest} if not rest:
            return frozenset(members)
        case {"word": [str(name), word], **rest} if not rest:
            return _ENUMS[name](word)
        case {"is": str(name), **rest}:
            return _CLASSES[name](**{key: _back(each) for key, each in rest.items()})
        case {"entry": dict(entry), **rest} if not rest:
            return {key: _back(each) for key, each in entry.items()}
    raise NotSavedError(f"{value} means nothing here")
