"""Who may state, order, keep and follow free tests. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.conversions.permissions import keeps_the_force
from lianqi.demands.models import EVERYTHING_READERS
from lianqi.engines.access import Rule, rule
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.freetests.models.institutes import STAFF
from lianqi.register.models import Enterprise
from lianqi.register.permissions import is_of_own_circle
from lianqi.taskforces.models import TaskForce


def _own_firms(user: User) -> frozenset[int]:
    return frozenset(user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES))


@rule
def works_for_it(user: User, test: FreeTest) -> bool:
    """A member of the force; once it is closed, somebody on the desk of the lead unit."""
    return test.unit.pk in user.scope_ids(Scope.UNIT, Role.HANDLER)


@rule
def heads_it(user: User, test: FreeTest) -> bool:
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    return any(f"/{unit}/" in test.force.unit.path for unit in headed)


@rule
def is_its_enterprise(user: User, test: FreeTest) -> bool:
    return test.enterprise_id in _own_firms(user)


@rule
def is_from_own_circle(user: User, test: FreeTest) -> bool:
    return is_of_own_circle(user, test.enterprise)


@rule
def has_an_order_of_it(user: User, test: FreeTest) -> bool:
    firms = _own_firms(user)
    return bool(firms) and test.orders.filter(institute__enterprise_id__in=firms).exists()


@rule
def belongs_to_the_institute(user: User, institute: Institute) -> bool:
    return institute.enterprise_id in _own_firms(user)


@rule
def belongs_to_an_institute(user: User, _: Any) -> bool:
    firms = _own_firms(user)
    return bool(firms) and Institute.objects.filter(enterprise_id__in=firms).exists()


@rule
def acts_for_the_enterprise(user: User, enterprise: Enterprise) -> bool:
    return enterprise.pk in _own_firms(user)


@rule
def keeps_a_force(user: User, _: Any) -> bool:
    """Keeps some task force that is open."""
    if not user.holds(Role.HANDLER, Role.DEPARTMENT_HEAD):
        return False
    forces = TaskForce.objects.open().select_related("unit")
    return any(keeps_the_force(user, force) for force in forces)


def of_its_test(of_a_test: Rule[User, FreeTest]) -> Rule[User, LabOrder]:
    return Rule(f"of its test: {of_a_test}", lambda user, order: of_a_test(user, order.test))


def can_still(move: str) -> Rule[User, Any]:
    return Rule(f"can still {move}", lambda _, thing: move in thing.moves)


@rule
def is_its_institute(user: User, order: LabOrder) -> bool:
    return order.institute.enterprise_id in _own_firms(user)


keeps_it = works_for_it | heads_it
keeps_the_test = of_its_test(keeps_it)
stands_for_the_institute = keeps_the_test | is_its_institute

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "freetests.list": holds(*STAFF, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF),
    "freetests.view": holds(*EVERYTHING_READERS)
    | keeps_it
    | is_from_own_circle
    | has_an_order_of_it,
    "freetests.view_order": holds(*EVERYTHING_READERS)
    | of_its_test(keeps_it | is_from_own_circle)
    | is_its_institute,
    "freetests.figures": holds(*STAFF),
    "freetests.list_institutes": holds(*STAFF) | belongs_to_an_institute,
    "freetests.view_institute": holds(*STAFF) | belongs_to_the_institute,
    "freetests.add_institute": keeps_a_force,
    "freetests.change_institute": keeps_a_force | belongs_to_the_institute,
    "freetests.state": acts_for_the_enterprise,
    "freetests.state_for": keeps_the_force,
    "freetests.specify": keeps_it & can_still("specify"),
    "freetests.withdraw": (keeps_it | is_its_enterprise) & can_still("withdraw"),
    "freetests.place": keeps_it & can_still("place"),
    "freetests.accept": stands_for_the_institute & can_still("accept"),
    "freetests.decline": stands_for_the_institute & can_still("decline"),
    "freetests.receive": stands_for_the_institute & can_still("receive"),
    "freetests.file_result": stands_for_the_institute & can_still("file_result"),
    "freetests.cancel": keeps_the_test & can_still("cancel"),
    "freetests.use": of_its_test(keeps_it | is_its_enterprise) & can_still("use"),
}
