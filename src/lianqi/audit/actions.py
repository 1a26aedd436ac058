"""Writing the audit trail."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model
from django.utils import timezone

from lianqi.audit.models import ChainCheck, Event
from lianqi.audit.queries import ChainReport, verify_chain

LOOKS_AT_ONCE = 100


class Actor(Protocol):
    """Whoever can be named as the author of an event."""

    pk: Any

    def get_full_name(self) -> str: ...


@dataclass(slots=True)
class Automat:
    """Names the platform itself as the author of an event."""

    pk: int | None = None

    def get_full_name(self) -> str:
        return "Lianqi"


@dataclass(slots=True)
class Anonymous:
    """Names somebody of whom nothing is known as the author of an event."""

    pk: int | None = None

    def get_full_name(self) -> str:
        return "—"


def event(
    verb: str,
    subject: Model,
    *,
    by: Actor,
    at: dt.datetime,
    enterprise_id: int | None = None,
    is_read: bool = False,
    **detail: Any,
) -> Event:
    """Build an event without writing it; `record` and `record_many` write.

    The subject's kind is its Django label in lower case, such as `demands.demand`.
    """
    return Event(
        at=at,
        by_id=by.pk,
        by_name=by.get_full_name(),
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        enterprise_id=enterprise_id,
        is_read=is_read,
        detail=detail,
    )


def record(verb: str, subject: Model, *, by: Actor, at: dt.datetime, **detail: Any) -> Event:
    """Write one event in the caller's transaction. The database links it on commit."""
    line = event(verb, subject, by=by, at=at, **detail)
    line.save(force_insert=True)
    return line


def record_many(events: list[Event]) -> None:
    """Write many events at once, in the given order."""
    Event.objects.bulk_create(events, batch_size=1000)


def record_look(
    verb: str,
    subject: Model,
    *,
    by: Actor,
    at: dt.datetime,
    enterprise_id: int | None,
    **detail: Any,
) -> None:
    """Note that somebody looked at a record of an enterprise: once per person, record and day.

    Looking again the same day writes nothing, so that reloading a page neither fills the trail nor
    waits for the lock of the chain.
    """
    local = at.astimezone(timezone.get_default_timezone())
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    seen = Event.objects.about(subject._meta.label_lower, subject.pk).filter(
        is_read=True, by_id=by.pk, verb=verb, at__gte=midnight
    )
    if not seen.exists():
        record(verb, subject, by=by, at=at, enterprise_id=enterprise_id, is_read=True, **detail)


def record_looks(looks: Iterable[Event]) -> None:
    """Note that many enterprises' data were handed out at once.

    Each batch commits alone: the lock of the chain is held for a moment, not for the whole list.
    """
    waiting = list(looks)
    for start in range(0, len(waiting), LOOKS_AT_ONCE):
        Event.objects.bulk_create(waiting[start : start + LOOKS_AT_ONCE])


def check_chain(*, at: dt.datetime) -> ChainReport:
    """Verify the chain and write down what was found, for the page of the trail.

    The note is no event: verifying must not lengthen what it verifies.
    """
    report = verify_chain()
    ChainCheck.objects.create(
        at=at,
        events=report.events,
        head=report.head,
        broken_event_id=report.broken.event_id if report.broken else None,
        reason=report.broken.reason if report.broken else "",
    )
    return report
