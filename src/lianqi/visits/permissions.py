"""Who may record and read visits. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.register.models import Enterprise
from lianqi.register.permissions import is_of_own_circle, looks_after_it
from lianqi.visits.enums import VisitStatus
from lianqi.visits.models import READERS, RECORDERS, Visit


@rule
def is_own_draft(user: User, visit: Visit) -> bool:
    return (
        visit.status == VisitStatus.DRAFT
        and visit.written_by_id == user.pk
        and user.holds(*RECORDERS)
    )


@rule
def is_recorded(_user: User, visit: Visit) -> bool:
    return visit.status == VisitStatus.FILED


@rule
def is_to_own_circle(user: User, visit: Visit) -> bool:
    return is_of_own_circle(user, visit.enterprise)


@rule
def may_visit(user: User, enterprise: Enterprise) -> bool:
    """The service centre visits everybody, a liaison officer the own enterprises."""
    return user.holds(Role.OPERATOR, Role.DISPATCHER) or looks_after_it(user, enterprise)


PERMISSIONS: dict[str, Rule[User, Any]] = {
    "visits.list": holds(
        *READERS, Role.LIAISON_OFFICER, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF
    ),
    "visits.view": is_own_draft | (is_recorded & (holds(*READERS) | is_to_own_circle)),
    "visits.record_somewhere": holds(*RECORDERS),
    "visits.record": may_visit,
    "visits.read_internal": holds(*READERS, Role.LIAISON_OFFICER),
}
