"""Writing the note of a visit: kept as a draft, then recorded with the demands it raises."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions import answer_at_once, file_demand
from lianqi.demands.enums import Channel
from lianqi.demands.errors import CategoryNotInUse
from lianqi.demands.models import ContactGiven, Demand
from lianqi.engines.flow import IllegalMove
from lianqi.engines.text import tidy
from lianqi.notices.actions import notify
from lianqi.register.queries import people_of
from lianqi.visits.enums import BY_ONESELF, VisitStatus
from lianqi.visits.errors import (
    NextVisitTooEarly,
    RoundIsPlanned,
    TooManyMatters,
    VisitEnterpriseMerged,
    VisitFiledAlready,
    VisitInFuture,
    VisitTextMissing,
)
from lianqi.visits.flow import VISIT_FLOW
from lianqi.visits.models import Matter, Note, Visit, VisitMatter
from lianqi.work.queries import local_date

MOST_MATTERS = 6


@transaction.atomic
def save_draft(note: Note, *, idempotency_key: str, by: User, at: dt.datetime) -> Visit:
    """Keep what was typed so far, complete or not; only its writer sees it.

    The same key from the same person is the same note, however often it is saved.

    Raises:
        VisitFiledAlready: It was recorded meanwhile, as from another device.
        TooManyMatters, VisitEnterpriseMerged: It cannot be kept like this.
        PermissionDenied: `by` does not visit this enterprise.
    """
    visit = _own_note(note, idempotency_key=idempotency_key, by=by, at=at)
    visit.status = _target("save", visit)
    _write(visit, note, at=at)
    visit.draft = [_kept(matter) for matter in note.matters]
    visit.contacts = [asdict(each) for each in note.contacts]
    visit.save()
    record("visit.draft_saved", visit, by=by, at=at, number=visit.number)
    return visit


@transaction.atomic
def file_visit(note: Note, *, idempotency_key: str, by: User, at: dt.datetime) -> Visit:
    """Record the visit and file each matter as a demand. The same key records nothing twice.

    A matter with an answer is received and closed at once, as a question on the telephone is; the
    others go to the dispatcher. All of it happens, or none: whoever is refused loses nothing typed.

    Raises:
        VisitInFuture, VisitTextMissing, NextVisitTooEarly, TooManyMatters: It is not complete.
        VisitEnterpriseMerged: Choose the entry that is left.
        Refusal: From `file_demand` and `answer_at_once`, about one of the matters.
        PermissionDenied: `by` does not visit this enterprise.
    """
    visit = _own_note(note, idempotency_key=idempotency_key, by=by, at=at)
    if visit.status == VisitStatus.FILED:
        return visit
    _check_complete(note, today=local_date(at))
    _write(visit, note, at=at)
    visit.status, visit.filed_at, visit.draft = _target("file", visit), at, []
    visit.contacts = []
    visit.save()
    for position, matter in enumerate(note.matters):
        demand = _raise_demand(visit, matter, position, contacts=note.contacts, by=by, at=at)
        VisitMatter.objects.create(visit=visit, demand=demand)
    record(
        "visit.filed",
        visit,
        by=by,
        at=at,
        enterprise_id=visit.enterprise_id,
        kind=visit.kind,
        on=visit.on.isoformat(),
        matters=len(note.matters),
    )
    tell_of_visit(visit, matters=len(note.matters), at=at)
    return visit


def tell_of_visit(visit: Visit, *, matters: int, at: dt.datetime) -> None:
    """Notify the people of the enterprise that a visit was recorded, once."""
    notify(
        people_of(visit.enterprise),
        event="visit.filed",
        names={
            "number": visit.number,
            "enterprise": visit.enterprise.name,
            "day": visit.on,
            "count": matters,
        },
        url=visit.get_absolute_url(),
        at=at,
        dedupe_key=f"visit.filed:{visit.pk}",
    )


@transaction.atomic
def drop_draft(visit_id: int, *, by: User, at: dt.datetime) -> None:
    """Throw one's own draft away; a recorded visit stays.

    Raises:
        VisitFiledAlready: It was recorded meanwhile.
        PermissionDenied: It is somebody else's.
    """
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    if visit.written_by_id != by.pk:
        raise PermissionDenied
    _target("save", visit)
    record("visit.draft_dropped", visit, by=by, at=at, number=visit.number)
    visit.delete()


def _own_note(note: Note, *, idempotency_key: str, by: User, at: dt.datetime) -> Visit:
    """The locked row of this note, made where it is not there yet."""
    if not by.has_perm("visits.record", note.enterprise):
        raise PermissionDenied
    if note.kind not in BY_ONESELF:
        raise RoundIsPlanned
    if note.enterprise.merged_into is not None:
        raise VisitEnterpriseMerged(name=note.enterprise.merged_into)
    if len(note.matters) > MOST_MATTERS:
        raise TooManyMatters(most=MOST_MATTERS)
    noted = Visit.objects.select_for_update(of=("self",)).filter(
        written_by=by, idempotency_key=idempotency_key
    )
    if (known := noted.first()) is not None:
        return known
    visit = Visit(
        number=next_number(local_date(at).year),
        enterprise=note.enterprise,
        kind=note.kind,
        on=note.on,
        written_by=by,
        saved_at=at,
        idempotency_key=idempotency_key,
    )
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        # Two clicks at once: the other one won the unique key, unless the error was another one.
        if (winner := noted.first()) is None:
            raise
        return winner
    return visit


def _target(verb: str, visit: Visit) -> VisitStatus:
    try:
        return VISIT_FLOW.target(verb, status=VisitStatus(visit.status))
    except IllegalMove as error:
        raise VisitFiledAlready(number=visit.number) from error


def _check_complete(note: Note, *, today: dt.date) -> None:
    if note.on > today:
        raise VisitInFuture(today=today)
    if not note.said.strip():
        raise VisitTextMissing
    if note.next_on is not None and note.next_on <= note.on:
        raise NextVisitTooEarly(on=note.on)


def _write(visit: Visit, note: Note, *, at: dt.datetime) -> None:
    visit.enterprise, visit.kind, visit.on = note.enterprise, note.kind, note.on
    visit.ours, visit.theirs = tidy(note.ours), tidy(note.theirs)
    visit.said, visit.internal = note.said.strip(), note.internal.strip()
    visit.next_on, visit.saved_at = note.next_on, at


def _kept(matter: Matter) -> dict[str, object]:
    """A matter as a draft stores it."""
    return {
        "category": matter.category.pk if matter.category else None,
        "title": matter.title,
        "text": matter.text,
        "answer": matter.answer,
    }


def _raise_demand(
    visit: Visit,
    matter: Matter,
    position: int,
    *,
    contacts: Sequence[ContactGiven],
    by: User,
    at: dt.datetime,
) -> Demand:
    if matter.category is None:
        raise CategoryNotInUse(category="—")
    given: dict[str, Any] = {
        "enterprise": visit.enterprise,
        "category": matter.category,
        "title": matter.title,
        "text": matter.text or matter.title,
        "channel": Channel.VISIT,
        "contacts": contacts,
        "idempotency_key": f"visit-{visit.pk}-{position}",
        "by": by,
        "at": at,
    }
    if matter.answer.strip():
        return answer_at_once(answer=matter.answer, **given)
    return file_demand(**given)


def next_number(year: int) -> str:
    """`ZF` (走访), the year, a running number that never repeats; gaps mean an aborted note."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('visits_number')")
        return f"ZF{year}{cursor.fetchone()[0]:06d}"
