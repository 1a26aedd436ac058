"""Who may form, keep and close a task force. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.demands.models import EVERYTHING_READERS
from lianqi.engines.access import Rule, rule
from lianqi.taskforces.models import TaskForce


@rule
def is_its_member(user: User, force: TaskForce) -> bool:
    return force.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER)


@rule
def heads_its_lead_unit(user: User, force: TaskForce) -> bool:
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    return any(f"/{unit}/" in force.unit.path for unit in headed)


def can_still(move: str) -> Rule[User, TaskForce]:
    return Rule(f"can still {move}", lambda _, force: move in force.moves)


may_form = holds(Role.LEADER, Role.DISPATCHER)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "taskforces.list": holds(*EVERYTHING_READERS, Role.HANDLER, Role.DEPARTMENT_HEAD),
    "taskforces.view": holds(*EVERYTHING_READERS) | is_its_member | heads_its_lead_unit,
    "taskforces.form": may_form,
    "taskforces.join": (may_form | heads_its_lead_unit) & can_still("join"),
    "taskforces.leave": (may_form | heads_its_lead_unit) & can_still("leave"),
    "taskforces.change_lead": may_form & can_still("change_lead"),
    "taskforces.change_units": may_form & can_still("change_units"),
    "taskforces.change_types": may_form & can_still("change_types"),
    "taskforces.close": may_form & can_still("close"),
}
