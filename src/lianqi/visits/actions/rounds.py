"""A leader's video round: planned, held live, ended; every promise keeps its day and its unit."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import heads_of
from lianqi.audit.actions import record
from lianqi.demands.actions import answer_at_once, dispatch_demand, file_demand
from lianqi.demands.enums import Channel
from lianqi.demands.errors import CategoryNotInUse
from lianqi.demands.models import Demand
from lianqi.engines.flow import IllegalMove
from lianqi.engines.text import tidy
from lianqi.notices.actions import notify
from lianqi.register.models import Enterprise
from lianqi.register.queries import people_of
from lianqi.visits.actions.notes import next_number, tell_of_visit
from lianqi.visits.enums import RoundStatus, VisitKind, VisitStatus
from lianqi.visits.errors import (
    AgendaEmpty,
    AgendaItemBegun,
    PromiseWithoutUnit,
    RoundBegun,
    RoundMoveNotPossible,
    RoundReasonMissing,
    RoundTooLong,
    VisitEnterpriseMerged,
)
from lianqi.visits.flow import ROUND_FLOW
from lianqi.visits.models import Matter, Promise, Round, RoundUnit, Visit, VisitMatter
from lianqi.work.queries import local_date, local_minute, people_on_the_desk

MOST_ENTERPRISES = 20


@transaction.atomic
def plan_round(
    *,
    title: str,
    leader: User,
    starts_at: dt.datetime,
    place: str,
    enterprises: Collection[Enterprise],
    units: Collection[Unit],
    idempotency_key: str,
    by: User,
    at: dt.datetime,
) -> Round:
    """Put enterprises on the agenda in the given order; the same key plans one round.

    Raises:
        AgendaEmpty, RoundTooLong, VisitEnterpriseMerged: The agenda cannot be like this.
        PermissionDenied: `by` plans no rounds.
    """
    if not by.has_perm("visits.plan_round"):
        raise PermissionDenied
    _check_agenda(enterprises)
    planned = Round.objects.filter(planned_by=by, idempotency_key=idempotency_key)
    if (known := planned.first()) is not None:
        return known
    held = Round(
        number=f"LX{local_date(at).year}{_next_round():06d}",
        title=tidy(title),
        leader=leader,
        starts_at=starts_at,
        place=tidy(place),
        planned_by=by,
        planned_at=at,
        idempotency_key=idempotency_key,
    )
    try:
        with transaction.atomic():
            held.save(force_insert=True)
    except IntegrityError:
        # Two clicks at once: the other one won the unique key, unless the error was another one.
        if (winner := planned.first()) is None:
            raise
        return winner
    _seat(held, units)
    _put_on(held, enterprises, by=by, at=at)
    record(
        "visit.round_planned", held, by=by, at=at, title=held.title, enterprises=len(enterprises)
    )
    _invite(held, enterprises, units, at=at)
    return held


@transaction.atomic
def change_round(
    round_id: int,
    *,
    title: str,
    starts_at: dt.datetime,
    place: str,
    enterprises: Collection[Enterprise],
    units: Collection[Unit],
    by: User,
    at: dt.datetime,
) -> Round:
    """Change time, place, agenda and table while the round has not ended; who is new is told.

    Everybody is told anew where the time changes.

    Raises:
        RoundMoveNotPossible: It has ended.
        AgendaItemBegun: An enterprise that is left out has raised matters already.
        AgendaEmpty, RoundTooLong, VisitEnterpriseMerged: The agenda cannot be like this.
    """
    held, _status = _locked(round_id, "change", by=by)
    _check_agenda(enterprises)
    moved = held.starts_at != starts_at
    before = {visit.enterprise_id: visit for visit in held.agenda.select_for_update(of=("self",))}
    wanted = {firm.pk for firm in enterprises}
    for enterprise_id, visit in before.items():
        if enterprise_id not in wanted:
            if visit.matters.exists() or visit.said:
                raise AgendaItemBegun(enterprise=visit.enterprise)
            visit.delete()
    held.title, held.starts_at, held.place = tidy(title), starts_at, tidy(place)
    held.save(update_fields=["title", "starts_at", "place"])
    held.agenda.update(on=local_date(starts_at))
    seated = set(held.seats.values_list("unit_id", flat=True))
    held.seats.exclude(unit__in=units).delete()
    _seat(held, [unit for unit in units if unit.pk not in seated])
    _put_on(held, [firm for firm in enterprises if firm.pk not in before], by=by, at=at)
    for position, firm in enumerate(enterprises, start=1):
        held.agenda.filter(enterprise=firm).update(position=position)
    record("visit.round_changed", held, by=by, at=at, title=held.title)
    _invite(
        held,
        [firm for firm in enterprises if moved or firm.pk not in before],
        [unit for unit in units if moved or unit.pk not in seated],
        at=at,
    )
    return held


@transaction.atomic
def note_agenda_item(
    visit_id: int, *, theirs: str, said: str, internal: str, by: User, at: dt.datetime
) -> Visit:
    """Write down what was said with one enterprise of the round; as often as needed.

    Raises:
        RoundMoveNotPossible: The round has ended.
        PermissionDenied: `by` neither keeps the round nor looks after the enterprise.
    """
    visit = _locked_item(visit_id, by=by)
    visit.theirs, visit.said, visit.internal = tidy(theirs), said.strip(), internal.strip()
    visit.saved_at = at
    visit.save(update_fields=["theirs", "said", "internal", "saved_at"])
    record("visit.agenda_noted", visit, by=by, at=at, enterprise_id=visit.enterprise_id)
    return visit


@transaction.atomic
def raise_matter(
    visit_id: int,
    matter: Matter,
    *,
    promise: Promise | None = None,
    idempotency_key: str,
    by: User,
    at: dt.datetime,
) -> Demand:
    """Turn what an enterprise asks during the round into a demand, live.

    With an answer it is received and closed at once by the unit that answered. Otherwise it goes
    to the unit that promised, where `by` dispatches, and to the dispatcher's desk where not; the
    promise keeps its own day beside the demand's clock. The same key raises nothing twice.

    Raises:
        RoundMoveNotPossible: The round has ended.
        PromiseWithoutUnit: Somebody has to stand for a promise.
        Refusal: From `file_demand`, `answer_at_once` or `dispatch_demand`.
        PermissionDenied: `by` neither keeps the round nor looks after the enterprise.
    """
    visit = _locked_item(visit_id, by=by)
    raised = Demand.objects.filter(filed_by=by, idempotency_key=idempotency_key)
    if (known := raised.first()) is not None:
        return known
    promise = promise or Promise()
    if (promise.text.strip() or promise.until) and promise.unit is None:
        raise PromiseWithoutUnit
    if matter.category is None:
        raise CategoryNotInUse(category="—")
    demand = _file(visit, matter, promise, idempotency_key=idempotency_key, by=by, at=at)
    VisitMatter.objects.create(
        visit=visit,
        demand=demand,
        unit=promise.unit,
        promise=tidy(promise.text),
        until=promise.until,
    )
    record(
        "visit.matter_raised",
        visit,
        by=by,
        at=at,
        enterprise_id=visit.enterprise_id,
        number=demand.number,
        unit=promise.unit.name if promise.unit else "",
        until=promise.until.isoformat() if promise.until else "",
    )
    return demand


@transaction.atomic
def hold_round(round_id: int, *, by: User, at: dt.datetime) -> Round:
    """End the round: what was said becomes the record of each visit, and enterprises are told.

    An enterprise of which nothing was written did not take part.

    Raises:
        RoundMoveNotPossible: It has ended already.
        PermissionDenied: `by` does not keep the round.
    """
    held, status = _locked(round_id, "hold", by=by)
    held.status = status
    held.ended_at = at
    held.save(update_fields=["status", "ended_at"])
    taken_part = 0
    for visit in held.agenda.select_related("enterprise").prefetch_related("matters__demand"):
        titles = [matter.demand.title for matter in visit.matters.all()]
        visit.said = visit.said or "；".join(titles)
        took_part = bool(visit.said)
        visit.status = VisitStatus.FILED if took_part else VisitStatus.MISSED
        visit.filed_at, visit.on = at if took_part else None, local_date(at)
        visit.save(update_fields=["said", "status", "filed_at", "on"])
        if took_part:
            taken_part += 1
            tell_of_visit(visit, matters=len(titles), at=at)
    record("visit.round_held", held, by=by, at=at, title=held.title, enterprises=taken_part)
    return held


@transaction.atomic
def cancel_round(round_id: int, *, reason: str, by: User, at: dt.datetime) -> Round:
    """Call a round off before anything was raised; everybody invited is told why.

    Raises:
        RoundMoveNotPossible: It has ended.
        RoundBegun: Matters were raised: end it instead.
        RoundReasonMissing: The invited read the reason.
    """
    held, status = _locked(round_id, "cancel", by=by)
    held.status = status
    if VisitMatter.objects.filter(visit__round=held).exists():
        raise RoundBegun(number=held.number)
    if not (said := tidy(reason)):
        raise RoundReasonMissing
    held.reason, held.ended_at = said, at
    held.save(update_fields=["status", "reason", "ended_at"])
    held.agenda.update(status=VisitStatus.MISSED)
    record("visit.round_cancelled", held, by=by, at=at, title=held.title, reason=said)
    firms = [visit.enterprise for visit in held.agenda.select_related("enterprise")]
    names = {"title": held.title, "reason": said}
    for firm in firms:
        _tell(people_of(firm), held, "visit.round_cancelled", names, url="/visits/", at=at)
    _tell(_staff(held, held.units.all(), at=at), held, "visit.round_cancelled", names, at=at)
    return held


def _locked(round_id: int, verb: str, *, by: User) -> tuple[Round, RoundStatus]:
    """Lock the round and return it with the status that `verb` leads to; the table comes first."""
    held = Round.objects.select_for_update(of=("self",)).select_related("leader").get(pk=round_id)
    try:
        target = ROUND_FLOW.target(verb, status=RoundStatus(held.status))
    except IllegalMove as error:
        raise RoundMoveNotPossible(number=held.number, status=held.get_status_display()) from error
    if not by.has_perm(f"visits.{verb}_round", held):
        raise PermissionDenied
    return held, target


def _locked_item(visit_id: int, *, by: User) -> Visit:
    """Lock one item of an agenda; its round first, so that the round cannot end meanwhile."""
    found = Visit.objects.filter(pk=visit_id, round__isnull=False).values_list("round").get()
    held = Round.objects.select_for_update(of=("self",)).get(pk=found[0])
    if held.status != RoundStatus.PLANNED:
        raise RoundMoveNotPossible(number=held.number, status=held.get_status_display())
    items = Visit.objects.select_for_update(of=("self",)).select_related("enterprise")
    visit = items.get(pk=visit_id)
    if not by.has_perm("visits.keep_agenda_item", visit):
        raise PermissionDenied
    return visit


def _check_agenda(enterprises: Collection[Enterprise]) -> None:
    if not enterprises:
        raise AgendaEmpty
    if len(enterprises) > MOST_ENTERPRISES:
        raise RoundTooLong(most=MOST_ENTERPRISES)
    for firm in enterprises:
        if firm.merged_into is not None:
            raise VisitEnterpriseMerged(name=firm.merged_into)


def _seat(held: Round, units: Iterable[Unit]) -> None:
    RoundUnit.objects.bulk_create([RoundUnit(round=held, unit=unit) for unit in units])


def _put_on(held: Round, enterprises: Iterable[Enterprise], *, by: User, at: dt.datetime) -> None:
    for position, firm in enumerate(enterprises, start=1):
        Visit.objects.create(
            number=next_number(local_date(at).year),
            enterprise=firm,
            kind=VisitKind.ROUND,
            on=local_date(held.starts_at),
            ours=held.leader.name,
            status=VisitStatus.AGENDA,
            round=held,
            position=position,
            written_by=by,
            saved_at=at,
            idempotency_key=f"round-{held.pk}-{firm.pk}",
        )


def _file(
    visit: Visit,
    matter: Matter,
    promise: Promise,
    *,
    idempotency_key: str,
    by: User,
    at: dt.datetime,
) -> Demand:
    assert matter.category is not None  # the caller asked
    if matter.answer.strip():
        return answer_at_once(
            enterprise=visit.enterprise,
            category=matter.category,
            title=matter.title,
            text=matter.text or matter.title,
            answer=matter.answer,
            unit=promise.unit,
            channel=Channel.VISIT,
            idempotency_key=idempotency_key,
            by=by,
            at=at,
        )
    demand = file_demand(
        enterprise=visit.enterprise,
        category=matter.category,
        title=matter.title,
        text=matter.text or matter.title,
        channel=Channel.VISIT,
        idempotency_key=idempotency_key,
        by=by,
        at=at,
    )
    if promise.unit is not None and by.has_perm("demands.dispatch", demand):
        return dispatch_demand(demand.pk, unit=promise.unit, note=tidy(promise.text), by=by, at=at)
    return demand


def _invite(
    held: Round, enterprises: Iterable[Enterprise], units: Iterable[Unit], *, at: dt.datetime
) -> None:
    names = {"title": held.title, "at": local_minute(held.starts_at), "place": held.place or "—"}
    for visit in held.agenda.filter(enterprise__in=enterprises).select_related("enterprise"):
        url = visit.get_absolute_url()
        _tell(people_of(visit.enterprise), held, "visit.round_planned", names, url=url, at=at)
    _tell(_staff(held, units, at=at), held, "visit.round_planned", names, at=at)


def _staff(held: Round, units: Iterable[Unit], *, at: dt.datetime) -> list[User]:
    """The leader, and of each unit its head, or who works for it where it has none."""
    on = local_date(at)
    people = {held.leader.pk: held.leader}
    for unit in units:
        people |= {each.pk: each for each in heads_of(unit, on=on) or people_on_the_desk(unit)}
    return list(people.values())


def _tell(
    people: Iterable[User],
    held: Round,
    event: str,
    names: Mapping[str, object],
    *,
    at: dt.datetime,
    url: str = "",
) -> None:
    notify(
        people,
        event=event,
        names=names,
        url=url or held.get_absolute_url(),
        at=at,
        dedupe_key=f"{event}:{held.pk}:{at.isoformat()}",
    )


def _next_round() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('visits_round_number')")
        return int(cursor.fetchone()[0])
