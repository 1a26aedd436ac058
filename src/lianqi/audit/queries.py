"""Reading and checking the audit trail."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from lianqi.audit.models import ChainCheck

GENESIS = "0" * 64

# Everything an event says, as text that does not depend on session settings. The same fields in the
# same order stand in the trigger (migration 0002); this page recomputes them without trusting it.
_ROWS = """
SELECT l.position, l.event_id, l.previous, l.digest, e.id,
       (extract(epoch FROM e.at) * 1000000)::bigint::text, coalesce(e.by_id::text, ''), e.by_name,
       e.verb, e.subject_kind, e.subject_id::text, coalesce(e.enterprise_id::text, ''),
       e.is_read::text, e.detail::text
FROM audit_link l FULL JOIN audit_event e ON e.id = l.event_id
ORDER BY l.position NULLS LAST, e.id
"""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first place where the chain does not hold; `reason` is a msgid."""

    event_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `verify_chain` found: how many events, the last digest, the first break if any."""

    events: int
    head: str
    broken: BrokenLink | None


def digest(previous: str, fields: tuple[str, ...]) -> str:
    """SHA-256 of the previous digest and an event's fields, joined by the unit separator."""
    return hashlib.sha256("\x1f".join((previous, *fields)).encode()).hexdigest()


def verify_chain(progress: Callable[[int], None] = lambda _: None) -> ChainReport:
    """Walk the chain from its first link and stop at the first that does not hold.

    Found are: an event changed, removed, inserted behind the chain's back, or reordered, and a link
    changed or removed. Cutting off the end is found only against a digest kept elsewhere, which is
    why the report names the head.

    Args:
        progress: Called every 10,000 events with the number checked so far.
    """
    count, previous = 0, GENESIS
    with transaction.atomic(), connection.connection.cursor(name="audit_verify") as cursor:
        cursor.itersize = 5000
        cursor.execute(_ROWS)
        for position, linked_id, before, stated, event_id, *fields in cursor:
            reason = None
            if event_id is None:
                reason = gettext_noop("the event is gone, its link remains")
            elif position is None:
                reason = gettext_noop("the event has no link")
            elif position != count + 1:
                reason = gettext_noop("a link before it is missing")
            elif before != previous:
                reason = gettext_noop("the link does not continue from the one before")
            elif digest(before, (str(event_id), *fields)) != stated:
                reason = gettext_noop("the event's content does not match its digest")
            if reason:
                return ChainReport(count, previous, BrokenLink(event_id or linked_id, reason))
            count, previous = count + 1, stated
            if count % 10_000 == 0:
                progress(count)
    return ChainReport(count, previous, None)


def last_check() -> ChainCheck | None:
    """The latest verification that was written down, if there was one."""
    return ChainCheck.objects.order_by("-pk").first()
