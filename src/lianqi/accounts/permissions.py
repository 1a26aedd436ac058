"""Who may manage people and units. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import WORKING_ROLES, Role, Scope
from lianqi.accounts.models import User
from lianqi.engines.access import Rule, rule


def holds(*roles: Role) -> Rule[User, Any]:
    """The person holds one of these roles, whatever the scope."""
    # Named in one order: a set of roles has another one in every process.
    name = " or ".join(role.value.replace("_", " ") for role in Role if role in roles)
    return Rule(name, lambda user, _: user.holds(*roles))


@rule
def is_own_absence(user: User, person: User) -> bool:
    return person.pk == user.pk


@rule
def is_head_of_the_person(user: User, person: User) -> bool:
    return person.unit_id is not None and person.unit_id in user.scope_ids(
        Scope.UNIT, Role.DEPARTMENT_HEAD
    )


@rule
def takes_part_in_the_work(user: User, _: Any) -> bool:
    """Everybody on staff but a mere auditor, who writes nothing."""
    return user.holds(*WORKING_ROLES)


is_platform_admin = holds(Role.PLATFORM_ADMIN)
reads_the_house = holds(Role.PLATFORM_ADMIN, Role.AUDITOR)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "accounts.view_people": reads_the_house,
    "accounts.view_units": reads_the_house,
    "accounts.view_trail": reads_the_house,
    "accounts.manage_people": is_platform_admin,
    "accounts.manage_units": is_platform_admin,
    "accounts.have_absences": takes_part_in_the_work,
    "accounts.set_absence": (takes_part_in_the_work & is_own_absence)
    | is_head_of_the_person
    | is_platform_admin,
}
