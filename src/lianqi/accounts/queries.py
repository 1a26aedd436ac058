"""Questions about people: who stands in, who leads."""

import datetime as dt

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Absence, RoleAssignment, Unit, User


def acting_for(user: User, *, on: dt.date) -> User:
    """Who receives new work meant for `user` on that day: the person, or the last stand-in present.

    A stand-in who may not sign in any more receives nothing: the work goes on to that person's own
    stand-in, and if there is none it stays with the last one who may, which can be `user`. A circle
    of absences ends with `user` too: work is never lost between people.
    """
    seen, person, found = {user.pk}, user, user
    while absence := (
        Absence.objects.filter(user=person, from_on__lte=on, until_on__gte=on)
        .select_related("stand_in")
        .order_by("-from_on", "pk")
        .first()
    ):
        if absence.stand_in_id in seen:
            return user
        person = absence.stand_in
        seen.add(person.pk)
        if person.is_active:
            found = person
    return found


def heads_of(unit: Unit, *, on: dt.date) -> list[User]:
    """The heads of a unit on that day, or of the nearest unit above that has one."""
    ids = [int(part) for part in unit.path.split("/") if part]
    held = RoleAssignment.objects.in_force(on).filter(
        role=Role.DEPARTMENT_HEAD, scope=Scope.UNIT, scope_id__in=ids, user__is_active=True
    )
    by_unit: dict[int, list[User]] = {}
    for assignment in held.select_related("user").order_by("user_id"):
        by_unit.setdefault(assignment.scope_id or 0, []).append(assignment.user)
    return next((by_unit[pk] for pk in reversed(ids) if pk in by_unit), [])
