"""Who reads a message."""

import datetime as dt
from collections.abc import Iterable, Mapping

from lianqi.accounts.enums import STAFF_ROLES
from lianqi.accounts.models import Absence, RoleAssignment, User
from lianqi.accounts.queries import acting_for
from lianqi.notices.enums import Audience


def audiences(people: Iterable[int], *, on: dt.date) -> dict[int, Audience]:
    """Which kind of reader each person is that day; who holds no role reads as enterprises do."""
    ids = list(people)
    held = RoleAssignment.objects.in_force(on).filter(user__in=ids, role__in=STAFF_ROLES)
    staff = set(held.values_list("user_id", flat=True))
    return {pk: Audience.STAFF if pk in staff else Audience.ENTERPRISE for pk in ids}


def with_stand_ins(people: Mapping[int, User], *, on: dt.date) -> dict[int, User]:
    """The people, and whoever receives the work of those who are away that day."""
    absent = Absence.objects.filter(user__in=people, from_on__lte=on, until_on__gte=on)
    readers = dict(people)
    for pk in absent.values_list("user_id", flat=True).distinct():
        stand_in = acting_for(people[pk], on=on)
        if stand_in.is_active:
            readers.setdefault(stand_in.pk, stand_in)
    return readers
