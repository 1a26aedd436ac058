"""What a role reaches, in words and as a choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Manager
from django.utils.translation import gettext as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, Unit
from lianqi.register.models import Chain, Enterprise, Grid

HOLDERS: dict[Scope, Manager[Any]] = {
    Scope.UNIT: Unit.objects,
    Scope.GRID: Grid.objects,
    Scope.CHAIN: Chain.objects,
    Scope.ENTERPRISE: Enterprise.objects,
}
# Which reach a role of the staff can have; roles inside an enterprise come from its memberships.
REACHES: dict[Role, tuple[Scope, ...]] = {
    Role.OPERATOR: (Scope.ZONE,),
    Role.DISPATCHER: (Scope.ZONE,),
    Role.HANDLER: (Scope.UNIT,),
    Role.DEPARTMENT_HEAD: (Scope.UNIT,),
    Role.LIAISON_OFFICER: (Scope.GRID, Scope.CHAIN, Scope.ENTERPRISE),
    Role.RULE_EDITOR: (Scope.ZONE,),
    Role.LEADER: (Scope.ZONE,),
    Role.AUDITOR: (Scope.ZONE,),
    Role.PLATFORM_ADMIN: (Scope.ZONE,),
}


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of a person as the page shows it."""

    assignment: RoleAssignment
    reach: str


def in_words(assignments: Iterable[RoleAssignment]) -> list[HeldRole]:
    """Roles with the names of what they reach, in at most one query per kind of scope."""
    rows = list(assignments)
    names: dict[tuple[str, int | None], str] = {}
    for scope, rows_of in HOLDERS.items():
        ids = {row.scope_id for row in rows if row.scope == scope}
        if ids:
            names |= {(scope.value, each.pk): str(each) for each in rows_of.filter(pk__in=ids)}
    return [
        HeldRole(
            row,
            _("whole zone")
            if row.scope == Scope.ZONE
            else names.get((row.scope, row.scope_id), _("no longer there")),
        )
        for row in rows
    ]
