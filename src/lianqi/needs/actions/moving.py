"""What every move of a need has in common: lock, table, permission; then work and notices."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import heads_of
from lianqi.engines.calendar import ZONE
from lianqi.engines.flow import IllegalMove
from lianqi.needs.enums import NeedStatus, NeedStep
from lianqi.needs.errors import NeedMoveNotPossible
from lianqi.needs.flow import NEED_FLOW
from lianqi.needs.models import Need, NeedBatch
from lianqi.notices.actions import notify
from lianqi.register.queries import people_of
from lianqi.work.actions import open_item
from lianqi.work.queries import local_date, people_on_the_desk

LABEL = 60  # signs of a need's text that name it in an inbox


def locked(need_id: int, verb: str, *, by: User) -> tuple[Need, NeedStatus]:
    """Lock the need and return it with the status that `verb` leads to.

    The table is asked before the permission, so that a person who came late is told so instead of
    "forbidden".

    Raises:
        NeedMoveNotPossible: Somebody moved the need meanwhile.
        PermissionDenied: `by` may not do this.
    """
    need = (
        Need.objects.select_for_update(of=("self",))
        .select_related("enterprise", "unit", "lead", "programme__triage_unit")
        .get(pk=need_id)
    )
    try:
        target = NEED_FLOW.target(verb, status=NeedStatus(need.status))
    except IllegalMove as error:
        raise NeedMoveNotPossible(number=need.number, status=need.get_status_display()) from error
    if not by.has_perm(f"needs.{verb}", need):
        raise PermissionDenied
    return need, target


def end_of_day(at: dt.datetime) -> dt.datetime:
    """The last second of the zone's day.

    What is owed every two days is counted in whole days: a clock that begins when the day of the
    last report is over runs out with a day, and the report is overdue on the next.
    """
    return dt.datetime.combine(local_date(at), dt.time(23, 59, 59), tzinfo=ZONE)


def owe_progress(need: Need, *, by: User, at: dt.datetime) -> None:
    """The responsible unit owes the next report."""
    open_item(
        need,
        step=NeedStep.PROGRESS,
        by=by,
        at=end_of_day(at),
        enterprise_id=need.enterprise_id,
        label=label_of(need),
        url=need.get_absolute_url(),
        unit=need.lead,
    )


def owe_batch(
    batch: NeedBatch, step: NeedStep, *, unit: Unit, by: User | None, at: dt.datetime
) -> None:
    """A guarding unit owes the report, or the sorting unit owes its triage."""
    open_item(
        batch,
        step=step,
        by=by,
        at=end_of_day(at),
        enterprise_id=None,
        label=f"{batch.programme} · {batch.unit} · {batch.from_on}",
        url=batch.get_absolute_url(),
        unit=unit,
    )


def label_of(need: Need) -> str:
    return f"{need.number} {need.text[:LABEL]}"


def at_work_for(unit: Unit, *, at: dt.datetime) -> list[User]:
    """Those who work for a unit; its head where nobody does."""
    return people_on_the_desk(unit) or heads_of(unit, on=local_date(at))


def tell_the_enterprise(need: Need, event: str, *, at: dt.datetime) -> None:
    """Notify the firm's own people and whoever collected the need."""
    people = {person.pk: person for person in people_of(need.enterprise)}
    people[need.collected_by_id] = need.collected_by
    tell(people.values(), need, event, at=at)


def tell(people: Iterable[User], need: Need, event: str, *, at: dt.datetime) -> None:
    """Notify people once per event and moment; the text goes out after the commit.

    Its words stand in `data/messages.toml`.
    """
    notify(
        people,
        event=event,
        names={
            "number": need.number,
            "text": need.text[:LABEL],
            "enterprise": need.enterprise.name,
            "unit": need.lead or "",
        },
        url=need.get_absolute_url(),
        at=at,
        dedupe_key=f"{event}:{need.pk}:{at.isoformat()}",
    )
