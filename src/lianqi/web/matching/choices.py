"""What can be chosen in the cells of a pack, with its words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.engines.packs.pack import (
    APPLICANTS,
    CONFIDENCES,
    LEVELS,
    PROCESSES,
    SOURCE_KINDS,
    BenefitKind,
)
from lianqi.engines.packs.rows.amounts import ABOVE, FROM, Way
from lianqi.engines.packs.wording import STATUS_WORDS
from lianqi.engines.rules.tables import (
    DAY_WORDS,
    NUMBER_WORDS,
    SET_WORDS,
    TEXT_WORDS,
    TRUTH_WORDS,
)
from lianqi.web.matching.words import SUPPLIERS

_LEVEL_WORDS = {
    "national": _("National"), "province": _("Province"), "city": _("City"),
    "district": _("District"), "zone": pgettext_lazy("level of a policy", "Zone"),
}  # fmt: skip
_SOURCE_WORDS = {
    "O": _("page of a public body"), "C": _("copy of the official text"),
    "N": _("news or a summary"),
}  # fmt: skip
_CONFIDENCE_WORDS = {
    "confirmed": _("confirmed"), "secondary": _("from a second source"),
    "inferred": _("inferred"), "unconfirmed": _("not confirmed"),
}  # fmt: skip
_APPLICANT_WORDS = {
    "enterprise": _("an enterprise"), "project": _("a project"), "person": _("a person"),
    "loan": _("a loan"), "contract": _("a contract"), "building": _("a building"),
    "zone": _("the zone itself"),
}  # fmt: skip
_PROCESS_WORDS = {
    "declare": _("by application"), "confirm": _("by confirming what is known"),
    "none": _("without application"),
}  # fmt: skip

Choices = list[tuple[str, Any]]
NOTHING = ("", "—")


def _choices(keys: tuple[str, ...], words: Mapping[str, Any]) -> Choices:
    return [(each, words[each]) for each in keys]


def chosen(*words: tuple[str, Any]) -> Choices:
    return [NOTHING, *words]


LEVEL = _choices(LEVELS, _LEVEL_WORDS)
SOURCE_KIND = _choices(SOURCE_KINDS, _SOURCE_WORDS)
CONFIDENCE = _choices(CONFIDENCES, _CONFIDENCE_WORDS)
APPLICANT = _choices(APPLICANTS, _APPLICANT_WORDS)
SUBJECT = chosen(*APPLICANT)
APPLICATION = chosen(*_choices(PROCESSES, _PROCESS_WORDS))
BENEFIT = chosen(*((each.value, each.label) for each in BenefitKind))
WORD = chosen(
    *(
        (each, each)
        for each in dict.fromkeys(
            word
            for words in (NUMBER_WORDS, TRUTH_WORDS, TEXT_WORDS, SET_WORDS, DAY_WORDS)
            for word in words
            if word[0] not in "≥≤<>=≠"
        )
    )
)
STATUS = chosen(*((each["zh"], each["zh"]) for each in STATUS_WORDS.values()))
WAY: Choices = [
    (Way.TEXT.value, _("a sum, or an expression")),
    (Way.RATE.value, _("a share or a price: one figure times another")),
    (Way.TIERS.value, _("a table: the bracket decides the whole amount")),
    (Way.SLICES.value, _("a table: each slice at its own rate")),
]
STEP_WORD: Choices = [("", "—"), (FROM, FROM), (ABOVE, ABOVE)]
ROUNDING = chosen(("half_up", _("to the nearest")), ("down", _("down")))
WHEN_SHORT = chosen(
    ("proportional", _("everybody gets less")), ("first_come", _("first come, first served")),
    ("rank", _("by rank")),
)  # fmt: skip
EXCLUSION = chosen(("higher", _("the higher one is paid")), ("either", _("either is paid")))
FACT_KIND = chosen(
    ("number", _("a number")), ("bool", _("yes or no")), ("text", _("one word of several")),
    ("date", _("a day")), ("set", _("several words")), ("list", _("entries with fields")),
)  # fmt: skip
GRAIN = chosen(
    ("year", pgettext_lazy("grain of a fact", "by year")), ("half", _("by half year")),
    ("quarter", _("by quarter")), ("month", _("by month")),
)  # fmt: skip
SUPPLIER = chosen(*SUPPLIERS.items())
