"""Who may begin, keep and follow conversions. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.conversions.models import Conversion
from lianqi.demands.models import EVERYTHING_READERS
from lianqi.engines.access import Rule, rule
from lianqi.register.permissions import is_of_own_circle
from lianqi.taskforces.models import TaskForce


@rule
def works_for_it(user: User, conversion: Conversion) -> bool:
    """A member of the force; once it is closed, somebody on the desk of the lead unit."""
    return conversion.unit.pk in user.scope_ids(Scope.UNIT, Role.HANDLER)


@rule
def heads_it(user: User, conversion: Conversion) -> bool:
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    return any(f"/{unit}/" in conversion.force.unit.path for unit in headed)


@rule
def is_its_enterprise(user: User, conversion: Conversion) -> bool:
    return conversion.enterprise_id in user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)


@rule
def is_from_own_circle(user: User, conversion: Conversion) -> bool:
    return is_of_own_circle(user, conversion.enterprise)


@rule
def keeps_the_force(user: User, force: TaskForce) -> bool:
    """A member, or the head of the lead unit."""
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    return force.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER) or any(
        f"/{unit}/" in force.unit.path for unit in headed
    )


@rule
def belongs_to_an_enterprise_that_converts(user: User, _: Any) -> bool:
    return user.holds(*ENTERPRISE_ROLES) and Conversion.objects.visible_to(user).exists()


def can_still(move: str) -> Rule[User, Conversion]:
    return Rule(f"can still {move}", lambda _, conversion: move in conversion.moves)


keeps_it = works_for_it | heads_it

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "conversions.list": holds(
        *EVERYTHING_READERS, Role.HANDLER, Role.DEPARTMENT_HEAD, Role.LIAISON_OFFICER
    )
    | belongs_to_an_enterprise_that_converts,
    "conversions.view": holds(*EVERYTHING_READERS) | keeps_it | is_from_own_circle,
    "conversions.begin": keeps_the_force,
    "conversions.report": is_its_enterprise & can_still("report"),
    # The enterprise adds to the step under way only: `actions/evidence.py` says so.
    "conversions.attach": (keeps_it | is_its_enterprise) & can_still("attach"),
    "conversions.settle": keeps_it & can_still("settle"),
    "conversions.skip": keeps_it & can_still("skip"),
    "conversions.go_back": keeps_it & can_still("go_back"),
    "conversions.own": keeps_it & can_still("own"),
    "conversions.link": keeps_it & can_still("link"),
    "conversions.end": keeps_it & can_still("end"),
}
