"""Who may do what about policy needs. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.needs.models import (
    EVERYTHING_READERS,
    Need,
    NeedBatch,
    Programme,
    collecting_units,
    desk_units,
)
from lianqi.register.models import Enterprise, Grid
from lianqi.register.permissions import is_of_own_circle


def _heads(user: User, unit_id: int | None) -> bool:
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    if unit_id is None or not headed:
        return False
    path = Unit.objects.values_list("path", flat=True).get(pk=unit_id)
    return any(f"/{unit}/" in path for unit in headed)


def _reaches(user: User, unit_id: int | None) -> bool:
    return unit_id in collecting_units(user) or _heads(user, unit_id)


@rule
def guards_its_grid(user: User, enterprise: Enterprise) -> bool:
    """Collects for the unit that the register names responsible for the grid."""
    grid = enterprise.grid
    return grid is not None and grid.is_active and grid.unit_id in collecting_units(user)


@rule
def guards_some_grid(user: User, _: Any) -> bool:
    units = collecting_units(user)
    return bool(units) and Grid.objects.in_use().filter(unit_id__in=units).exists()


@rule
def reaches_its_guarding_unit(user: User, thing: Need | NeedBatch) -> bool:
    return _reaches(user, thing.unit_id)


@rule
def reaches_its_responsible_unit(user: User, need: Need) -> bool:
    return need.lead_id is not None and _reaches(user, need.lead_id)


@rule
def reaches_a_unit_with_a_part_in_it(user: User, need: Need) -> bool:
    if need.pk is None:
        return False
    return any(_reaches(user, unit) for unit in need.shares.values_list("unit_id", flat=True))


@rule
def sorts_its_programme(user: User, thing: Need | NeedBatch) -> bool:
    return thing.programme.triage_unit_id in desk_units(user)


@rule
def sorts_some_programme(user: User, _: Any) -> bool:
    return Programme.objects.sorted_by(user).exists()


@rule
def works_for_its_responsible_unit(user: User, need: Need) -> bool:
    return need.lead_id is not None and (
        need.lead_id in desk_units(user) or _heads(user, need.lead_id)
    )


@rule
def is_its_enterprise(user: User, need: Need) -> bool:
    return need.enterprise_id in user.scope_ids(
        Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF
    )


@rule
def is_from_own_circle(user: User, need: Need) -> bool:
    return is_its_enterprise(user, need) or (
        user.holds(Role.LIAISON_OFFICER) and is_of_own_circle(user, need.enterprise)
    )


def can_still(move: str) -> Rule[User, Any]:
    return Rule(f"can still {move}", lambda _, thing: move in thing.moves)


solves_it = works_for_its_responsible_unit
reads_everything = holds(*EVERYTHING_READERS)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "needs.manage": holds(Role.PLATFORM_ADMIN),
    "needs.list": holds(*(role for role in Role if role != Role.PLATFORM_ADMIN)),
    "needs.view": reads_everything
    | reaches_its_guarding_unit
    | reaches_its_responsible_unit
    | reaches_a_unit_with_a_part_in_it
    | sorts_its_programme
    | is_from_own_circle,
    "needs.collect": guards_its_grid,
    "needs.collect_somewhere": guards_some_grid,
    "needs.list_batches": holds(
        Role.HANDLER, Role.DEPARTMENT_HEAD, Role.LIAISON_OFFICER, *EVERYTHING_READERS
    ),
    "needs.view_batch": reads_everything | reaches_its_guarding_unit | sorts_its_programme,
    "needs.report_batch": reaches_its_guarding_unit & can_still("report_batch"),
    "needs.triage_somewhere": sorts_some_programme,
    "needs.assign": sorts_its_programme & can_still("assign"),
    "needs.reject": sorts_its_programme & can_still("reject"),
    "needs.merge": sorts_its_programme & can_still("merge"),
    "needs.refer": sorts_its_programme & can_still("refer"),
    "needs.reconsider": sorts_its_programme & can_still("reconsider"),
    "needs.hand_back": solves_it & can_still("hand_back"),
    "needs.progress": solves_it & can_still("progress"),
    "needs.solve": solves_it & can_still("solve"),
    "needs.give_up": solves_it & can_still("give_up"),
    "needs.resume": solves_it & can_still("resume"),
    "needs.confirm": is_its_enterprise & can_still("confirm"),
    "needs.dispute": is_its_enterprise & can_still("dispute"),
    "needs.claim": is_its_enterprise & can_still("claim"),
    "needs.pay": solves_it & can_still("pay"),
    "needs.record_money": solves_it,
    "needs.figures": holds(Role.DEPARTMENT_HEAD, *EVERYTHING_READERS) | sorts_some_programme,
}
