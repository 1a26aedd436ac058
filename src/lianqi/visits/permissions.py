"""Who may record and read visits. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.register.models import Enterprise
from lianqi.register.permissions import is_of_own_circle, looks_after_it
from lianqi.visits.enums import RoundStatus, VisitStatus
from lianqi.visits.flow import ROUND_FLOW
from lianqi.visits.models import READERS, RECORDERS, Round, RoundUnit, Visit, units_at_hand


@rule
def is_own_draft(user: User, visit: Visit) -> bool:
    return (
        visit.status == VisitStatus.DRAFT
        and visit.written_by_id == user.pk
        and user.holds(*RECORDERS)
    )


@rule
def is_no_draft(_user: User, visit: Visit) -> bool:
    return visit.status != VisitStatus.DRAFT


@rule
def sits_at_its_table(user: User, visit: Visit) -> bool:
    """Works for a unit that attends the round of this visit, or heads it."""
    return visit.round_id is not None and _attends(user, visit.round_id)


@rule
def attends(user: User, held: Round) -> bool:
    return _attends(user, held.pk)


@rule
def looks_after_one_of_them(user: User, held: Round) -> bool:
    if not user.holds(Role.LIAISON_OFFICER):
        return False
    firms = Enterprise.objects.looked_after_by(user)
    return Visit.objects.filter(round=held, enterprise__in=firms).exists()


@rule
def looks_after_its_enterprise(user: User, visit: Visit) -> bool:
    return looks_after_it(user, visit.enterprise)


def round_can_still(move: str) -> Rule[User, Round]:
    return Rule(
        f"round can still {move}",
        lambda _, held: move in ROUND_FLOW.allowed(RoundStatus(held.status)),
    )


def _attends(user: User, round_id: int) -> bool:
    units = units_at_hand(user)
    return bool(units) and RoundUnit.objects.filter(round=round_id, unit__in=units).exists()


@rule
def is_to_own_circle(user: User, visit: Visit) -> bool:
    return is_of_own_circle(user, visit.enterprise)


@rule
def may_visit(user: User, enterprise: Enterprise) -> bool:
    """The service centre visits everybody, a liaison officer the own enterprises."""
    return user.holds(Role.OPERATOR, Role.DISPATCHER) or looks_after_it(user, enterprise)


keeps_the_round = holds(Role.OPERATOR, Role.DISPATCHER)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "visits.list": holds(
        *READERS,
        Role.LIAISON_OFFICER,
        Role.HANDLER,
        Role.DEPARTMENT_HEAD,
        Role.ENTERPRISE_ADMIN,
        Role.ENTERPRISE_STAFF,
    ),
    "visits.view": is_own_draft
    | (is_no_draft & (holds(*READERS) | is_to_own_circle | sits_at_its_table)),
    "visits.record_somewhere": holds(*RECORDERS),
    "visits.record": may_visit,
    "visits.read_internal": holds(
        *READERS, Role.LIAISON_OFFICER, Role.HANDLER, Role.DEPARTMENT_HEAD
    ),
    "visits.list_rounds": holds(*READERS, Role.LIAISON_OFFICER, Role.HANDLER, Role.DEPARTMENT_HEAD),
    "visits.view_round": holds(*READERS) | attends | looks_after_one_of_them,
    "visits.plan_round": holds(Role.LEADER, Role.DISPATCHER),
    "visits.change_round": holds(Role.LEADER, Role.DISPATCHER) & round_can_still("change"),
    "visits.hold_round": keeps_the_round & round_can_still("hold"),
    "visits.cancel_round": holds(Role.LEADER, Role.DISPATCHER) & round_can_still("cancel"),
    "visits.keep_agenda_item": keeps_the_round | looks_after_its_enterprise,
}
