"""The timeline of a demand: what the audit trail and the clock say, as sentences for one reader."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.enums import (
    BESIDE,
    AppealVerdict,
    CallOutcome,
    Channel,
    ObjectionReason,
    Rating,
    ReportKind,
    Solved,
    Verdict,
)
from lianqi.demands.models import EVERYTHING_READERS, Demand
from lianqi.web.amounts import amount_in_words
from lianqi.web.demands.entries import Entry as Entry  # noqa: PLC0414  # given on
from lianqi.web.demands.handled import contact_entries
from lianqi.work.enums import Urgency
from lianqi.work.models import Extension, Pause, WorkItem

Detail = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Presenter:
    """How one verb is told: sentence, and which detail is quoted below it.

    Enterprises see who of the firm acted, and units, but neither the names of officials nor what
    units write to one another (`is_internal`). Who of the firm rated (`is_rating`) is told to the
    firm and to those who look after all demands, not to the unit that was rated.
    """

    sentence: Callable[[Detail], str]
    icon: str
    tone: str = "blue"
    quotes: str = ""
    is_internal: bool = False
    is_of_the_firm: bool = False
    is_rating: bool = False


def _filed(detail: Detail) -> str:
    return _("Filed (%(channel)s)") % {"channel": _label(Channel, detail.get("channel"))}


def _dispatched(detail: Detail) -> str:
    named = {"unit": detail.get("unit_name", "")}
    if detail.get("urgency", Urgency.NORMAL) == Urgency.NORMAL:
        return _("Sent to %(unit)s") % named
    named["urgency"] = _label(Urgency, detail["urgency"])
    return _("Sent to %(unit)s (%(urgency)s)") % named


def _routed(detail: Detail) -> str:
    return _("Went to %(unit)s by itself, as agreed for the category") % {
        "unit": detail.get("unit_name", "")
    }


def _recalled(detail: Detail) -> str:
    return _("Taken back from %(unit)s by the service centre") % {
        "unit": detail.get("unit_name", "")
    }


def _handed_over(detail: Detail) -> str:
    return _("%(earlier)s was closed: %(unit)s goes on with it") % {
        "earlier": detail.get("earlier_name", ""),
        "unit": detail.get("unit_name", ""),
    }


def _accepted(detail: Detail) -> str:
    return _("%(unit)s accepted the demand") % {"unit": detail.get("unit_name", "")}


def _objected(detail: Detail) -> str:
    return _("%(unit)s objected: %(reason)s") % {
        "unit": detail.get("unit_name", ""),
        "reason": _label(ObjectionReason, detail.get("reason")),
    }


def _decided(detail: Detail) -> str:
    words = (
        _("Objection upheld: sent to %(unit)s")
        if detail.get("verdict") == Verdict.UPHELD
        else _("Objection not upheld: %(unit)s handles the demand")
    )
    return words % {"unit": detail.get("unit_name", "")}


def _of_unit(words: Any) -> Callable[[Detail], str]:
    return lambda detail: str(words) % {"unit": detail.get("unit_name", "")}


def _answered(detail: Detail) -> str:
    return _("%(unit)s answered") % {"unit": detail.get("unit_name", "")}


def _reported(detail: Detail) -> str:
    kind = _label(ReportKind, detail.get("kind"))
    return _("%(unit)s reported: %(kind)s") % {"unit": detail.get("unit_name", ""), "kind": kind}


def _closed_unreplied(detail: Detail) -> str:
    return _("%(unit)s closed it: the enterprise did not reply") % {
        "unit": detail.get("unit_name", "")
    }


def _confirmed(detail: Detail) -> str:
    words = {
        "rating": _label(Rating, detail.get("rating")),
        "solved": _label(Solved, detail.get("solved")),
    }
    if detail.get("solved", Solved.YES) == Solved.YES:
        return _("Confirmed as solved, rated “%(rating)s”") % words
    return _("Answer accepted as “%(solved)s”, rated “%(rating)s”") % words


def _confirmed_by_phone(detail: Detail) -> str:
    words = {
        "who": detail.get("spoke_with", ""),
        "solved": _label(Solved, detail.get("solved")),
        "rating": _label(Rating, detail.get("rating")) or _("not rated"),
    }
    return _("%(who)s said on the telephone: “%(solved)s”, %(rating)s") % words


def _rated(detail: Detail) -> str:
    return _("Rated “%(rating)s” after the closing") % {
        "rating": _label(Rating, detail.get("rating"))
    }


def _attached(detail: Detail) -> str:
    return _("Found in the register: %(name)s") % {"name": detail.get("name", "")}


def _category_moved(detail: Detail) -> str:
    named = {"category": detail.get("category_name", ""), "earlier": detail.get("earlier_name", "")}
    if detail.get("category") == detail.get("earlier"):
        return _("Now under what holds for “%(category)s” today") % named
    return _("Moved from “%(earlier)s” to “%(category)s”") % named


def _rated_again(detail: Detail) -> str:
    return _("Rated “%(rating)s” after the follow-up") % {
        "rating": _label(Rating, detail.get("rating"))
    }


def _remedied(detail: Detail) -> str:
    return _("%(unit)s followed up the rating") % {"unit": detail.get("unit_name", "")}


def _called_back(detail: Detail) -> str:
    return _("Called back: %(outcome)s") % {"outcome": _label(CallOutcome, detail.get("outcome"))}


def _extension_asked(detail: Detail) -> str:
    more = amount_in_words(detail["clock_kind"], detail["amount"])
    return _("%(unit)s asked for more time: %(more)s") % {
        "unit": detail.get("unit_name", ""),
        "more": more,
    }


def _urgency_changed(detail: Detail) -> str:
    return _("Urgency changed from “%(earlier)s” to “%(urgency)s”") % {
        "earlier": _label(Urgency, detail.get("earlier")),
        "urgency": _label(Urgency, detail.get("urgency")),
    }


def _reassigned(detail: Detail) -> str:
    return _("%(unit)s gave it to another handler: %(name)s") % {
        "unit": detail.get("unit_name", ""),
        "name": detail.get("handler_name", ""),
    }


def _ground(detail: Detail) -> str:
    is_english = (get_language() or "").startswith("en")
    return str(detail.get("ground_en" if is_english else "ground_zh", ""))


def _unsolvable(detail: Detail) -> str:
    return _("Cannot be solved: %(ground)s") % {"ground": _ground(detail)}


def _proposed_unsolvable(detail: Detail) -> str:
    return _("%(unit)s proposes “cannot be solved”: %(ground)s") % {
        "unit": detail.get("unit_name", ""),
        "ground": _ground(detail),
    }


def _appeal_decided(detail: Detail) -> str:
    return _("Appeal decided: %(verdict)s") % {
        "verdict": _label(AppealVerdict, detail.get("verdict"))
    }


def _label(words: Any, value: object) -> str:
    """The words of a choice; a value that a later release no longer knows stands for itself."""
    return str(words(value).label) if value in words.values else str(value or "")


PRESENTERS: Mapping[str, Presenter] = {
    "demand.filed": Presenter(_filed, "message-plus", is_of_the_firm=True),
    "demand.enterprise_attached": Presenter(_attached, "building"),
    "demand.answered_at_once": Presenter(
        lambda _detail: _("Answered at once"), "phone", "green", quotes="answer"
    ),
    "demand.tip_replied": Presenter(
        lambda _detail: _("The tipster wrote"), "message-circle", "amber", quotes="text"
    ),
    "demand.tipster_told": Presenter(
        lambda _detail: _("Message to the tipster"), "message-circle", quotes="text"
    ),
    "demand.merged": Presenter(
        lambda _detail: _("Merged with a similar demand: one answer for all who reported it"),
        "git-merge",
        quotes="note",
        is_internal=True,
    ),
    "demand.unmerged": Presenter(
        lambda _detail: _("No longer merged: handled on its own again"),
        "arrow-back-up",
        "amber",
        quotes="note",
        is_internal=True,
    ),
    "demand.absorbed": Presenter(
        lambda _detail: _("Another demand was merged into this one"),
        "git-merge",
        quotes="note",
        is_internal=True,
    ),
    "demand.handed_over": Presenter(_handed_over, "transfer"),
    "demand.routed": Presenter(_routed, "send"),
    "demand.recalled": Presenter(_recalled, "arrow-back-up", "amber", quotes="reason"),
    "demand.dispatched": Presenter(_dispatched, "send", quotes="note", is_internal=True),
    "demand.category_moved": Presenter(_category_moved, "transfer", "amber", quotes="reason"),
    "demand.accepted": Presenter(_accepted, "check"),
    "demand.objected": Presenter(
        _objected, "arrow-back-up", "amber", quotes="note", is_internal=True
    ),
    "demand.decided": Presenter(_decided, "send", quotes="note", is_internal=True),
    "demand.assistance_asked": Presenter(
        _of_unit(gettext_lazy("%(unit)s is asked to assist")),
        "users",
        quotes="note",
        is_internal=True,
    ),
    "demand.assistance_removed": Presenter(
        _of_unit(gettext_lazy("%(unit)s is no longer asked to assist")),
        "x",
        "grey",
        quotes="note",
        is_internal=True,
    ),
    "demand.contributed": Presenter(
        _of_unit(gettext_lazy("%(unit)s contributed")),
        "message-circle",
        quotes="note",
        is_internal=True,
    ),
    "demand.transfer_asked": Presenter(
        _of_unit(gettext_lazy("%(unit)s asked for a transfer")),
        "transfer",
        "amber",
        quotes="note",
        is_internal=True,
    ),
    "demand.transferred": Presenter(
        _of_unit(gettext_lazy("Transferred to %(unit)s")),
        "transfer",
        quotes="note",
        is_internal=True,
    ),
    "demand.transfer_refused": Presenter(
        _of_unit(gettext_lazy("Transfer refused: %(unit)s keeps it")),
        "x",
        "grey",
        quotes="note",
        is_internal=True,
    ),
    "demand.answered": Presenter(_answered, "message-circle", "green", quotes="answer"),
    "demand.replied": Presenter(
        lambda _detail: _("The enterprise replied"), "send", quotes="reply", is_of_the_firm=True
    ),
    "demand.reminded": Presenter(
        lambda _detail: _("The enterprise was reminded of the question"), "bell", "grey"
    ),
    "demand.closed_unreplied": Presenter(_closed_unreplied, "x", "grey", quotes="grounds"),
    "demand.reported": Presenter(_reported, "chart-line"),
    "demand.extension_asked": Presenter(
        _extension_asked, "calendar", "amber", quotes="reason", is_internal=True
    ),
    "demand.extension_refused": Presenter(
        lambda _detail: _("More time was refused"),
        "calendar",
        "grey",
        quotes="note",
        is_internal=True,
    ),
    "demand.urgency_changed": Presenter(
        _urgency_changed, "alert-triangle", "amber", quotes="reason", is_internal=True
    ),
    "demand.reassigned": Presenter(_reassigned, "user", "grey", is_internal=True),
    "demand.unsolvable_proposed": Presenter(
        _proposed_unsolvable, "circle-x", "amber", is_internal=True
    ),
    "demand.unsolvable_signed": Presenter(
        lambda _detail: _("Signed by the head; a leader signs next"), "edit", is_internal=True
    ),
    "demand.unsolvable_returned": Presenter(
        lambda _detail: _("“Cannot be solved” was returned to the unit"),
        "arrow-back-up",
        "grey",
        quotes="text",
        is_internal=True,
    ),
    "demand.unsolvable": Presenter(_unsolvable, "circle-x", "red", quotes="basis"),
    "demand.appealed_by_phone": Presenter(
        lambda _detail: _("The caller appealed by telephone"), "phone", "amber", quotes="text"
    ),
    "demand.appealed": Presenter(
        lambda _detail: _("The enterprise appealed"),
        "arrow-back-up",
        "amber",
        quotes="text",
        is_of_the_firm=True,
    ),
    "demand.appeal_decided": Presenter(_appeal_decided, "check", quotes="reasons"),
    "demand.confirmed": Presenter(
        _confirmed, "circle-check", "green", quotes="note", is_of_the_firm=True, is_rating=True
    ),
    "demand.disputed": Presenter(
        lambda _detail: _("Not solved: back to the unit"),
        "thumb-down",
        "amber",
        quotes="note",
        is_of_the_firm=True,
    ),
    "demand.confirmed_by_phone": Presenter(_confirmed_by_phone, "phone", "green", quotes="note"),
    "demand.disputed_by_phone": Presenter(
        lambda _detail: _("Not solved, says the caller: back to the unit"),
        "thumb-down",
        "amber",
        quotes="note",
    ),
    "demand.reopened": Presenter(
        lambda _detail: _("Reopened"), "refresh", "amber", quotes="note", is_of_the_firm=True
    ),
    "demand.closed_silent": Presenter(
        lambda _detail: _("Closed: the answer was neither confirmed nor disputed in time"),
        "clock",
        "grey",
    ),
    "demand.rated": Presenter(
        _rated, "star", "green", quotes="note", is_of_the_firm=True, is_rating=True
    ),
    "demand.rated_again": Presenter(
        _rated_again, "star", "green", quotes="note", is_of_the_firm=True, is_rating=True
    ),
    "demand.called_back": Presenter(_called_back, "phone", quotes="remarks", is_internal=True),
    "demand.remedy_contacted": Presenter(
        lambda _detail: _("Spoke to the enterprise about the rating"),
        "phone",
        quotes="note",
        is_internal=True,
    ),
    "demand.remedy_done": Presenter(_remedied, "check", "green", quotes="measures"),
    "demand.represented": Presenter(
        lambda detail: _("%(agent)s filed it for the enterprise") % {"agent": detail["agent"]},
        "users",
    ),
    "demand.representation_ended": Presenter(
        lambda detail: (
            _("The enterprise objected to %(agent)s filing for it") % {"agent": detail["agent"]}
        ),
        "arrow-back-up",
        "amber",
        quotes="reason",
        is_of_the_firm=True,
    ),
    "demand.contacts_changed": Presenter(
        lambda _detail: _("Contacts changed"), "user-plus", "grey", is_of_the_firm=True
    ),
    "demand.withdrawn": Presenter(
        lambda _detail: _("Withdrawn"), "x", "grey", quotes="reason", is_of_the_firm=True
    ),
}


def timeline(demand: Demand, items: Iterable[WorkItem], *, reader: User) -> list[Entry]:
    """Everything that happened to a demand, oldest first, as `reader` may know it.

    Args:
        demand: The demand.
        items: Its work items with pauses, their starters, and extensions prefetched.
        reader: Whoever looks at the page.
    """
    events = Event.objects.about(Demand._meta.label_lower, demand.pk).filter(is_read=False)
    # Whoever filed for the enterprise reads what happened, but not who of the enterprise acted.
    is_of_it = reader.is_zone_staff or reader.has_perm("demands.rate", demand)
    entries = [
        _entry(event, reader, is_of_it=is_of_it) for event in events if _is_for(reader, event)
    ]
    # What is owed beside the answer stands along with it: one line for all of them is enough.
    for item in (each for each in items if each.step not in BESIDE):
        for pause in item.pauses.all():
            entries += _pause_entries(pause, reader)
        for extension in item.extensions.all():
            entries.append(_extension_entry(extension, item.clock_kind, reader))
    entries += contact_entries(demand, reader)
    return sorted(entries, key=lambda entry: entry.at)


def _is_for(reader: User, event: Event) -> bool:
    """Whether the line is for this reader. A report the unit kept to itself is not for the firm."""
    if event.verb not in PRESENTERS:
        return False
    return reader.is_zone_staff or bool(event.detail.get("is_shared", True))


def _entry(event: Event, reader: User, *, is_of_it: bool) -> Entry:
    presenter, internal = PRESENTERS[event.verb], reader.is_zone_staff
    names_people = internal or (presenter.is_of_the_firm and is_of_it)
    if presenter.is_rating and internal:
        names_people = reader.holds(*EVERYTHING_READERS)
    text = event.detail.get(presenter.quotes, "") if presenter.quotes else ""
    return Entry(
        at=event.at,
        title=presenter.sentence(event.detail),
        by=event.by_name if names_people else "",
        text=text if internal or not presenter.is_internal else "",
        icon=presenter.icon,
        tone=presenter.tone,
    )


def _pause_entries(pause: Pause, reader: User) -> list[Entry]:
    internal = reader.is_zone_staff
    began = Entry(
        at=pause.started_at,
        title=_("The clock stands still: %(reason)s") % {"reason": pause.get_reason_display()},
        by=pause.started_by.get_full_name() if internal else "",
        text=pause.evidence if internal else "",
        icon="player-pause",
        tone="grey",
    )
    if pause.ended_at is None:
        return [began]
    return [began, Entry(at=pause.ended_at, title=_("The clock runs again"), icon="clock")]


def _extension_entry(extension: Extension, clock_kind: str, reader: User) -> Entry:
    more = amount_in_words(clock_kind, extension.amount)
    return Entry(
        at=extension.granted_at,
        title=_("The time limit was extended: %(more)s") % {"more": more},
        by=extension.granted_by.get_full_name() if reader.is_zone_staff else "",
        text=extension.reason,
        icon="calendar",
        tone="amber",
    )
