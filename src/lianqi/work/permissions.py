"""Who has an inbox and who may change a work item. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.work.models import WorkItem


@rule
def is_theirs(user: User, item: WorkItem) -> bool:
    return item.person_id == user.pk or item.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER)


@rule
def heads_the_unit(user: User, item: WorkItem) -> bool:
    """A head answers for the unit and for everything below it."""
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    return (
        bool(headed)
        and item.unit is not None
        and any(f"/{unit}/" in item.unit.path for unit in headed)
    )


@rule
def is_on_the_dispatch_desk(user: User, item: WorkItem) -> bool:
    return item.desk == Role.DISPATCHER and user.holds(Role.DISPATCHER)


WORKERS = (
    Role.DISPATCHER,
    Role.HANDLER,
    Role.DEPARTMENT_HEAD,
    Role.LIAISON_OFFICER,
    Role.LEADER,
)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "work.inbox": holds(*WORKERS),
    "work.view": holds(Role.DISPATCHER, Role.LEADER, Role.AUDITOR) | is_theirs | heads_the_unit,
    "work.pause": is_theirs | heads_the_unit | is_on_the_dispatch_desk,
    "work.extend": heads_the_unit,
    "work.change_priority": holds(Role.DISPATCHER) | heads_the_unit,
    "work.reassign": heads_the_unit,
    "work.manage_clocks": holds(Role.PLATFORM_ADMIN),
}
