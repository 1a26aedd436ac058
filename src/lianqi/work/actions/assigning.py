"""Handing an open item to somebody else of the unit."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, User
from lianqi.accounts.queries import acting_for
from lianqi.audit.actions import record
from lianqi.notices.actions import notify
from lianqi.work.actions.changing import locked_item
from lianqi.work.actions.reckoning import record_of
from lianqi.work.errors import PersonNotOfUnit
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date


@transaction.atomic
def reassign_item(item_id: int, *, person: User, by: User, at: dt.datetime) -> WorkItem:
    """Give an item to one person of the unit, or to the stand-in of whoever is away today.

    The clock runs on: a new face is no new time.

    Raises:
        ItemDone: Somebody finished the item meanwhile.
        PersonNotOfUnit: The person neither handles work of the unit nor heads it.
        PermissionDenied: `by` does not head the unit.
    """
    item = locked_item(item_id, "work.reassign", by=by)
    if not _works_for(person, item, on=local_date(at)):
        raise PersonNotOfUnit(person=person, unit=item.unit)
    earlier, item.person = item.person_id, acting_for(person, on=local_date(at))
    item.save(update_fields=["person"])
    record(
        "work.reassigned",
        record_of(item),
        by=by,
        at=at,
        enterprise_id=item.enterprise_id,
        item=item.pk,
        step=item.step,
        person=item.person.pk,
        meant_for=person.pk,
        earlier=earlier,
    )
    notify(
        [item.person],
        event="work.reassigned",
        names={"label": item.label, "name": by},
        url=item.url,
        at=at,
        dedupe_key=f"work.reassigned:{item.pk}:{at.isoformat()}",
    )
    return item


def _works_for(person: User, item: WorkItem, *, on: dt.date) -> bool:
    held = RoleAssignment.objects.in_force(on).filter(
        user=person,
        user__is_active=True,
        role__in=[Role.HANDLER, Role.DEPARTMENT_HEAD],
        scope=Scope.UNIT,
        scope_id=item.unit_id,
    )
    return held.exists()
