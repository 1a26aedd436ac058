"""The timeline of a need: what the audit trail says, as sentences for one reader."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.needs.enums import MoneyStage, TriageReason
from lianqi.needs.models import Need
from lianqi.web.demands.timeline import Detail, Entry, Presenter


def _label(words: Any, value: object) -> str:
    """The words of a choice; a value that a later release no longer knows stands for itself."""
    return str(words(value).label) if value in words.values else str(value or "")


def _collected(detail: Detail) -> str:
    return _("%(unit)s noted the need") % {"unit": detail.get("unit_name", "")}


def _assigned(detail: Detail) -> str:
    return _("Valid: %(unit)s is responsible") % {"unit": detail.get("unit_name", "")}


def _coordinated(detail: Detail) -> str:
    return _("Valid, to be coordinated: %(unit)s is responsible, with %(others)s") % {
        "unit": detail.get("unit_name", ""),
        "others": ", ".join(detail.get("others", [])),
    }


def _dismissed(detail: Detail) -> str:
    return _("Not valid: %(reason)s") % {"reason": _label(TriageReason, detail.get("reason"))}


def _referred(detail: Detail) -> str:
    return _("Out of remit: %(reason)s") % {"reason": _label(TriageReason, detail.get("reason"))}


def _merged(detail: Detail) -> str:
    return _("Same as %(number)s") % {"number": detail.get("into", "")}


def _handed_back(detail: Detail) -> str:
    return _("%(unit)s handed it back to triage") % {"unit": detail.get("unit_name", "")}


def _by_unit(words: Any) -> Any:
    """A sentence about what the responsible unit did."""
    return lambda detail: str(words) % {"unit": detail.get("unit_name", "")}


def _money(detail: Detail) -> str:
    return _("%(stage)s: %(amount)s yuan") % {
        "stage": _label(MoneyStage, detail.get("stage")),
        "amount": detail.get("amount_yuan", ""),
    }


PRESENTERS: Mapping[str, Presenter] = {
    "need.collected": Presenter(_collected, "message-plus"),
    "need.valid": Presenter(_assigned, "send", quotes="note", is_internal=True),
    "need.coordinated": Presenter(_coordinated, "git-merge", quotes="note", is_internal=True),
    "need.invalid": Presenter(_dismissed, "x", "grey", quotes="note"),
    "need.referred": Presenter(_referred, "external-link", "grey", quotes="note"),
    "need.merged": Presenter(_merged, "git-merge", "grey", quotes="note"),
    "need.reconsidered": Presenter(
        lambda _detail: _("Back to triage"), "refresh", "amber", quotes="note", is_internal=True
    ),
    "need.handed_back": Presenter(
        _handed_back, "arrow-back-up", "amber", quotes="note", is_internal=True
    ),
    "need.contacted": Presenter(
        _by_unit(gettext_lazy("%(unit)s contacted the enterprise")), "phone", quotes="progress"
    ),
    "need.progressed": Presenter(
        _by_unit(gettext_lazy("%(unit)s reported progress")), "message-circle", quotes="progress"
    ),
    "need.solved": Presenter(
        _by_unit(gettext_lazy("%(unit)s reports it as solved")), "check", "green", quotes="solution"
    ),
    "need.given_up": Presenter(
        _by_unit(gettext_lazy("%(unit)s cannot solve it")), "circle-x", "amber", quotes="grounds"
    ),
    "need.resumed": Presenter(
        _by_unit(gettext_lazy("%(unit)s takes it up again")), "refresh", quotes="note"
    ),
    "need.confirmed": Presenter(
        lambda _detail: _("Confirmed as solved"),
        "circle-check",
        "green",
        quotes="note",
        is_of_the_firm=True,
    ),
    "need.disputed": Presenter(
        lambda _detail: _("Not solved, says the enterprise"),
        "thumb-down",
        "amber",
        quotes="note",
        is_of_the_firm=True,
    ),
    "need.claimed": Presenter(
        lambda _detail: _("Payment claimed"),
        "building-bank",
        quotes="note",
        is_of_the_firm=True,
    ),
    "need.paid": Presenter(
        _by_unit(gettext_lazy("%(unit)s paid out")), "building-bank", "green", quotes="note"
    ),
    "need.money_recorded": Presenter(_money, "building-bank", quotes="note", is_internal=True),
}


def timeline(need: Need, *, reader: User) -> list[Entry]:
    """Everything that happened to a need, oldest first, as `reader` may know it."""
    events = Event.objects.about(Need._meta.label_lower, need.pk).filter(is_read=False)
    return [_entry(event, reader) for event in events.order_by("pk") if event.verb in PRESENTERS]


def _entry(event: Event, reader: User) -> Entry:
    presenter, internal = PRESENTERS[event.verb], reader.is_zone_staff
    text = event.detail.get(presenter.quotes, "") if presenter.quotes else ""
    return Entry(
        at=event.at,
        title=presenter.sentence(event.detail),
        by=event.by_name if internal or presenter.is_of_the_firm else "",
        text=text if internal or not presenter.is_internal else "",
        icon=presenter.icon,
        tone=presenter.tone,
    )
