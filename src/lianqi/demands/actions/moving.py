"""What every move of a demand has in common: lock, table, permission; then work and notices."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection

from lianqi.accounts.models import Unit, User
from lianqi.demands.actions.contact_letters import write_to_contacts
from lianqi.demands.enums import BESIDE, DemandStatus, Step
from lianqi.demands.errors import MoveNotPossible, UnitIsFinal
from lianqi.demands.flow import DEMAND_FLOW
from lianqi.demands.models import Demand, Representation
from lianqi.engines.flow import IllegalMove
from lianqi.notices.actions import notify
from lianqi.register.queries import people_of
from lianqi.work.actions import open_item
from lianqi.work.enums import Part
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date

# Steps that wait for whoever accepted the demand, not for the whole unit.
OF_THE_HANDLER = BESIDE | {Step.ANSWER}


def locked(demand_id: int, verb: str, *, by: User) -> tuple[Demand, DemandStatus]:
    """Lock the demand and return it with the status that `verb` leads to.

    The table is asked before the permission, so that a person who came late is told so instead of
    "forbidden".

    Raises:
        MoveNotPossible: Somebody moved the demand meanwhile.
        PermissionDenied: `by` may not do this.
    """
    # Nothing is joined: what another row said before the wait for the lock may not be true after.
    demand = Demand.objects.select_for_update().get(pk=demand_id)
    try:
        target = DEMAND_FLOW.target(verb, status=DemandStatus(demand.status))
    except IllegalMove as error:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display()) from error
    if not by.has_perm(f"demands.{verb}", demand):
        raise PermissionDenied
    return demand, target


def locked_beside(
    demand_id: int, permission: str, *, statuses: frozenset[DemandStatus], by: User
) -> Demand:
    """Lock the demand for something beside its moves, which leaves the status as it is.

    Args:
        demand_id: The demand.
        permission: The whole name, such as `demands.note`.
        statuses: In which it makes sense; asked before the permission, as `locked` does.
        by: Whoever acts.

    Raises:
        MoveNotPossible: The demand is in another status.
        PermissionDenied: `by` may not do this.
    """
    demand = (
        Demand.objects.select_for_update(of=("self",))
        .select_related("enterprise", "category", "unit", "handler")
        .get(pk=demand_id)
    )
    if demand.status not in statuses:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display())
    if not by.has_perm(permission, demand):
        raise PermissionDenied
    return demand


def owe(
    demand: Demand,
    step: Step,
    *,
    by: User | None,
    at: dt.datetime,
    unit: Unit | None,
    desk: str = "",
    person: User | None = None,
    part: Part = Part.LEAD,
    since: dt.datetime | None = None,
) -> WorkItem:
    """Open the work item of a step: what has to be done now, by whom, until when.

    Args:
        person: Whose it is, if not the unit's or the desk's; the answer is the handler's.
        since: From when its clock counts, if from earlier than now.
    """
    return open_item(
        demand,
        step=step,
        by=by,
        at=at,
        part=part,
        since=since,
        enterprise_id=demand.enterprise_id,
        label=f"{demand.number} {demand.title}",
        url=demand.get_absolute_url(),
        unit=unit,
        desk=desk,
        person=demand.handler if step in OF_THE_HANDLER else person,
        priority=demand.urgency,
        rule_set=demand.category_version_id,
    )


def takes_work(unit: Unit) -> bool:
    """Whether the unit is in use and stays so until this transaction ends.

    Who closes a task force meanwhile waits, and then finds what was just sent to it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_active FROM accounts_unit WHERE id = %s FOR SHARE", [unit.pk])
        return bool(cursor.fetchone()[0])


def forbid_after_arbitration(demand: Demand) -> None:
    """Refuse to send a demand anywhere once the leader in charge has named its unit.

    Raises:
        UnitIsFinal: It was arbitrated.
    """
    final = demand.objections.arbitrated().select_related("decided_unit").first()
    if final is not None and final.decided_at is not None:
        raise UnitIsFinal(
            number=demand.number, unit=final.decided_unit, on=local_date(final.decided_at)
        )


def tell_the_enterprise(demand: Demand, event: str, *, at: dt.datetime, **names: object) -> None:
    """Notify whoever filed the demand, the firm's own people, and the contacts who want it."""
    firm = people_of(demand.enterprise) if demand.enterprise else []
    people = {person.pk: person for person in firm}
    filer = demand.filed_by
    # Whoever filed for another enterprise hears of it as far as the consent goes.
    if filer is not None and not Representation.objects.silencing(demand).exists():
        people[filer.pk] = filer
    tell(people.values(), demand, event, at=at, **names)
    said = {"number": demand.number, "title": demand.title, **names}
    write_to_contacts(demand, event, names=said, at=at, told=people.values())


def tell(
    people: Iterable[User], demand: Demand, event: str, *, at: dt.datetime, **names: object
) -> None:
    """Notify people once per event and moment; the text goes out after the commit.

    Its words stand in `data/messages.toml` and may use the number, the title and `names`.
    """
    notify(
        people,
        event=event,
        names={"number": demand.number, "title": demand.title, **names},
        url=demand.get_absolute_url(),
        at=at,
        dedupe_key=f"{event}:{demand.pk}:{at.isoformat()}",
    )
