"""The catalogue and the published time limits that come with the program: data/README.md.

Both are offers. What a zone took over stands in its tables and is its own.
"""

import datetime as dt
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lianqi.accounts.enums import Language
from lianqi.demands.enums import Step
from lianqi.engines.calendar import ClockKind
from lianqi.work.enums import Urgency

DATA = Path(__file__).parent / "data"
LONGEST = 999
Clocks = Mapping[tuple[Step, Urgency], tuple[ClockKind, int]]


class BadDefaults(ValueError):
    """A data file does not have the form of data/README.md: which file, which entry, what."""


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """What an authority promised its enterprises, and where it says so.

    `is_confirmed` is false where nobody has read it on a page of the authority itself.
    """

    code: str
    name_zh: str
    name_en: str
    document: str
    article: str
    issued: dt.date
    url: str
    read_on: dt.date
    is_confirmed: bool
    note_zh: str
    note_en: str
    clocks: Clocks

    def name(self, language: str) -> str:
        return self.name_en if language == Language.EN else self.name_zh

    def note(self, language: str) -> str:
        return self.note_en if language == Language.EN else self.note_zh

    @property
    def source(self) -> str:
        """Document and article in one line, as a clock rule keeps it."""
        return "，".join(filter(None, (self.document, self.article)))[:200]


@dataclass(frozen=True, slots=True)
class DefaultCategory:
    """A category or heading (without anything below it, a category) of the first catalogue."""

    code: str
    name_zh: str
    name_en: str
    under: str = ""
    urgency: Urgency = Urgency.NORMAL
    leads_zh: str = ""
    leads_en: str = ""
    advice_zh: str = ""
    advice_url: str = ""
    advice_phone: str = ""
    progress_every_days: int | None = None
    evidence: tuple[tuple[str, bool], ...] = ()
    """Documents, each with whether it is obligatory."""
    time_limits: TimeLimits | None = None
    clocks: Clocks = field(default_factory=dict)
    tips: bool = False
    is_heading: bool = False

    def name(self, language: str) -> str:
        return self.name_en if language == Language.EN else self.name_zh

    def leads(self, language: str) -> str:
        return self.leads_en if language == Language.EN else self.leads_zh

    @property
    def is_accepted(self) -> bool:
        return not self.advice_zh


@functools.cache
def time_limits() -> Mapping[str, TimeLimits]:
    """The published promises by code, in the order of the file."""
    file = DATA / "time_limits.toml"
    return read_time_limits(file.read_text(encoding="utf-8"), file.name)


@functools.cache
def default_categories() -> tuple[DefaultCategory, ...]:
    """The first catalogue, headings before what stands below them."""
    file = DATA / "categories.toml"
    return read_categories(file.read_text(encoding="utf-8"), file.name, time_limits())


def read_time_limits(text: str, name: str) -> dict[str, TimeLimits]:
    """Read promises from TOML.

    Raises:
        BadDefaults: Something is missing, unknown, or no length of a clock.
    """
    found = {}
    for code, entry in tomllib.loads(text).items():
        where, rest = f"{name}, {code}", dict(entry)
        clocks = _clocks({each: rest.pop(each.value, {}) for each in Urgency}, where)
        if not clocks:
            raise BadDefaults(f"{where}: no time limit")
        made: TimeLimits = _made(TimeLimits, {"code": code, "clocks": clocks, **rest}, where)
        if not (made.document and made.name_zh and made.name_en):
            raise BadDefaults(f"{where}: a promise needs its names and its document")
        found[code] = made
    return found


def read_categories(
    text: str, name: str, limits: Mapping[str, TimeLimits]
) -> tuple[DefaultCategory, ...]:
    """Read a catalogue from TOML; its clocks follow the promises of `limits`.

    Raises:
        BadDefaults: Something is missing or unknown, a code is there twice, or a heading comes
            after what stands below it.
    """
    table = tomllib.loads(text)
    pressing = _clocks(
        {Urgency(key): lengths for key, lengths in table.get("pressing", {}).items()}, name
    )
    entries = table.get("category", [])
    headings = {entry["under"] for entry in entries if "under" in entry}
    found: dict[str, DefaultCategory] = {}
    for entry in entries:
        where, rest = f"{name}, {entry.get('code', '?')}", dict(entry)
        followed = rest.pop("time_limits", "")
        if followed and followed not in limits:
            raise BadDefaults(f"{where}: no such time limits: {followed}")
        promise = limits.get(followed)
        rest["urgency"] = _word(Urgency, rest.get("urgency", Urgency.NORMAL), where)
        rest["evidence"] = tuple(
            (line.removeprefix("*").strip(), line.startswith("*"))
            for line in rest.get("evidence", ())
        )
        made: DefaultCategory = _made(
            DefaultCategory,
            {
                **rest,
                "time_limits": promise,
                "clocks": _with_pressing(promise.clocks, pressing) if promise else {},
                "is_heading": rest.get("code") in headings,
            },
            where,
        )
        if made.code in found:
            raise BadDefaults(f"{where}: the code is there twice")
        if made.under and made.under not in found:
            raise BadDefaults(f"{where}: its heading {made.under} has to come before it")
        found[made.code] = made
    return tuple(found.values())


def _with_pressing(promised: Clocks, pressing: Clocks) -> Clocks:
    """A promise for ordinary matters makes pressing ones neither slower, nor they it."""
    more = {
        (step, urgency): clock
        for (step, urgency), clock in pressing.items()
        if (usual := promised.get((step, Urgency.NORMAL))) and _about(clock) < _about(usual)
    }
    return {**more, **promised}


def _about(clock: tuple[ClockKind, int]) -> int:
    """Hours, near enough to tell which of two is the shorter."""
    kind, amount = clock
    return amount * 24 if kind in {ClockKind.WORKING_DAYS, ClockKind.CALENDAR_DAYS} else amount


def _clocks(by_urgency: Mapping[Urgency, Mapping[str, str]], where: str) -> Clocks:
    return {
        (_word(Step, step, where), urgency): _length(length, where)
        for urgency, lengths in by_urgency.items()
        for step, length in lengths.items()
    }


def _length(text: str, where: str) -> tuple[ClockKind, int]:
    amount, _space, kind = str(text).partition(" ")
    if not amount.isdecimal() or not 1 <= int(amount) <= LONGEST:
        raise BadDefaults(f"{where}: not an amount: {text}")
    return _word(ClockKind, kind, where), int(amount)


def _word(words: Any, value: str, where: str) -> Any:
    try:
        return words(value)
    except ValueError as error:
        raise BadDefaults(f"{where}: unknown word: {value}") from error


def _made(form: Any, values: Mapping[str, Any], where: str) -> Any:
    try:
        return form(**values)
    except TypeError as error:  # a key that is missing or unknown
        raise BadDefaults(f"{where}: {error}") from error
