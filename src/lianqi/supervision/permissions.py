"""Who may issue, answer and review supervision orders. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.supervision.models import ISSUERS, READERS, SupervisionOrder


@rule
def is_on_its_unit(user: User, order: SupervisionOrder) -> bool:
    return order.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER)


@rule
def heads_its_unit(user: User, order: SupervisionOrder) -> bool:
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    if not headed:
        return False
    path = Unit.objects.values_list("path", flat=True).get(pk=order.unit_id)
    return any(f"/{unit}/" in path for unit in headed)


def can_still(move: str) -> Rule[User, SupervisionOrder]:
    return Rule(f"can still {move}", lambda _, order: move in order.moves)


is_addressed = is_on_its_unit | heads_its_unit
may_issue = holds(*ISSUERS)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "supervision.list": holds(*READERS, Role.HANDLER, Role.DEPARTMENT_HEAD),
    "supervision.view": holds(*READERS) | is_addressed,
    "supervision.issue": may_issue,
    "supervision.answer": is_addressed & can_still("answer"),
    "supervision.settle": may_issue & can_still("settle"),
    "supervision.send_back": may_issue & can_still("send_back"),
    "supervision.withdraw": may_issue & can_still("withdraw"),
}
