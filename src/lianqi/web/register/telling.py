"""Events and planned changes of the register as sentences."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianqi.audit.models import Event
from lianqi.engines.rules.catalogue import national
from lianqi.register.enums import (
    EnterpriseStatus,
    EnterpriseType,
    ImportField,
    TitleLevel,
)
from lianqi.register.models import Enterprise

SENTENCES: Mapping[str, tuple[str | Promise, str]] = {
    "register.created": (_("Entered into the register"), "plus"),
    "register.changed": (_("Changed"), "edit"),
    "register.fact_added": (_("Fact added"), "chart-line"),
    "register.fact_withdrawn": (_("Observation withdrawn"), "arrow-back-up"),
    "register.statement_made": (_("Statement made"), "edit"),
    "register.statement_withdrawn": (_("Statement withdrawn"), "arrow-back-up"),
    "register.statements_listed": (_("Statements of a list taken over"), "edit"),
    "register.figures_listed": (_("Figures of a list taken over"), "chart-line"),
    "register.titles_listed": (_("Titles of a list taken over"), "award"),
    "register.title_added": (_("Title added"), "award"),
    "register.title_changed": (_("Title corrected"), "edit"),
    "register.title_removed": (_("Title removed"), "trash"),
    "register.contact_added": (_("Contact added"), "user-plus"),
    "register.contact_changed": (_("Contact corrected"), "edit"),
    "register.contact_removed": (_("Contact removed"), "trash"),
    "register.placed_in_chain": (_("Placed in an industry chain"), "link"),
    "register.taken_out_of_chain": (_("Taken out of an industry chain"), "trash"),
    "register.put_on_list": (_("Put on a list of key enterprises"), "star"),
    "register.taken_off_list": (_("Taken off a list of key enterprises"), "trash"),
    "register.merged": (_("A duplicate entry was merged into this one"), "git-merge"),
}
READS: Mapping[str, str | Promise] = {
    "register.viewed": _("Looked at the profile"),
    "register.contact_revealed": _("Saw a contact unmasked"),
    "demand.viewed": _("Looked at a demand"),
    "demand.callback_phone_seen": _("Saw a telephone number to call back"),
    "demand.file_downloaded": _("Downloaded an attachment of a demand"),
    "demand.in_export": _("Exported a list with demands of the enterprise"),
    "need.viewed": _("Looked at a policy need"),
    "visit.viewed": _("Looked at the record of a visit"),
    "plans.viewed": _("Looked at the service plan"),
    "plans.in_export": _("Exported a list with service plans of the enterprise"),
    "need.in_export": _("Exported a list with policy needs of the enterprise"),
}
_WORDS = {"status": EnterpriseStatus, "type": EnterpriseType, "title_level": TitleLevel}
# What a title keeps that no column of a spreadsheet states.
_LABELS: Mapping[str, str | Promise] = {
    "title_label": pgettext_lazy("recognition", "Title"),
    "title_granted_on": _("Title: valid from"),
    "title_source": _("Source"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline, as the component shows it."""

    at: dt.datetime
    title: str
    by: str
    text: str
    icon: str
    tone: str = "blue"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed thing with what it was and what it becomes; None is nothing."""

    label: str
    before: str | None
    after: str | None


def told(events: Iterable[Event], *, with_names: bool) -> list[Told]:
    """The timeline of an enterprise. Its own people do not see which official acted."""
    return [
        Told(
            event.at,
            str(SENTENCES[event.verb][0]),
            event.by_name if with_names else "",
            _text(event.detail),
            SENTENCES[event.verb][1],
        )
        for event in events
        if event.verb in SENTENCES
    ]


def told_reads(events: Iterable[Event]) -> list[Told]:
    """Who looked, when, and for what purpose."""
    return [
        Told(
            event.at,
            str(READS.get(event.verb, event.verb)),
            event.by_name,
            _quoted(event.detail),
            "eye",
        )
        for event in events
    ]


def _quoted(detail: Mapping[str, Any]) -> str:
    """For what purpose, or which demand and file."""
    kept = (detail.get(key) for key in ("purpose", "number", "file"))
    return " ".join(str(value) for value in kept if value)


def _text(detail: Mapping[str, Any]) -> str:
    if "changed" in detail:
        return "\n".join(
            f"{change.label}: {change.before or '—'} → {change.after or '—'}"
            for change in changes(detail["changed"])
        )
    if "statements" in detail:
        return "、".join(_fact_name(each["key"]) for each in detail["statements"])
    if "listed" in detail:
        return "、".join(_listed(each) for each in detail["listed"])
    told = [_fact_name(detail["key"])] if "key" in detail else []
    kept = (detail.get(key) for key in ("name", "label", "chain", "key_list", "code", "period"))
    return " ".join([*told, *(str(value) for value in kept if value)])


def _listed(line: Mapping[str, Any]) -> str:
    """A figure with its period, or a title."""
    if "label" in line:
        return str(line["label"])
    return f"{_fact_name(line['key'])} {line['period']}"


def _fact_name(key: str) -> str:
    """As the catalogue of facts calls it; what only a rule pack knows stays as it was stated."""
    spec = national().find(key)
    return spec.label if spec else key


def changes(changed: Mapping[str, list[Any]]) -> list[Change]:
    """Changes as the import and the audit trail keep them, in the reader's language."""
    return [
        Change(_label(key), _word(key, before), _word(key, after))
        for key, (before, after) in changed.items()
    ]


def _label(key: str) -> str:
    field, _space, rest = key.partition(" ")
    if field == "contact":
        return str(_("Contact"))
    if field in _LABELS:
        return str(_LABELS[field])
    label = str(ImportField(field).label) if field in ImportField.values else field
    return f"{label} {rest}".strip()


def _word(key: str, value: Any) -> str | None:
    if value is None or value == "":
        return None
    choices: Any = _WORDS.get(key) or (TitleLevel if key.startswith("title ") else None)
    return str(choices(value).label) if choices and value in choices.values else str(value)


def size_reason(enterprise: Enterprise) -> str:
    """Why the enterprise is in its size class, or why it is in none."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return str(enterprise.size_reason.get(language, ""))
