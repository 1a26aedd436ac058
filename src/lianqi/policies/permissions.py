"""Who may enter, break down, publish and explain policies. Nothing outside this file decides.

What the present status allows is not asked here: the table of moves says it, with the reason.
"""

from typing import Any

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.policies.models import PolicyArticle, PolicyDocument, PolicyQuestion


def _acts_for(user: User, unit_ids: list[int]) -> bool:
    """On the desk of one of these units, or the head of one or of what lies above it."""
    if set(unit_ids) & set(user.scope_ids(Scope.UNIT, Role.HANDLER)):
        return True
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    if not headed or not unit_ids:
        return False
    paths = Unit.objects.filter(pk__in=unit_ids).values_list("path", flat=True)
    return any(f"/{unit}/" in path for path in paths for unit in headed)


@rule
def reads_for_the_zone(user: User, _: Any) -> bool:
    return user.is_zone_staff


@rule
def is_made_known(_: User, document: PolicyDocument) -> bool:
    return document.is_made_known


@rule
def leads_an_article(user: User, document: PolicyDocument) -> bool:
    return _acts_for(user, list(document.leads))


@rule
def heads_its_lead(user: User, article: PolicyArticle) -> bool:
    """The head of the lead department says which of its offices carry the article out."""
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    lead = article.lead
    return lead is not None and any(f"/{unit}/" in lead.path for unit in headed)


@rule
def answers_for_its_department(user: User, question: PolicyQuestion) -> bool:
    return _acts_for(user, [question.unit_id])


@rule
def is_answered_for_all(_: User, question: PolicyQuestion) -> bool:
    return question.is_published


@rule
def is_of_its_enterprise(user: User, question: PolicyQuestion) -> bool:
    return question.enterprise_id in user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)


PERMISSIONS: dict[str, Rule[User, Any]] = {
    "policies.view": reads_for_the_zone | is_made_known,
    "policies.edit": holds(Role.RULE_EDITOR),
    "policies.assign": holds(Role.RULE_EDITOR, Role.DISPATCHER),
    "policies.assign_responsible": holds(Role.RULE_EDITOR, Role.DISPATCHER) | heads_its_lead,
    "policies.flag_overlap": holds(
        Role.RULE_EDITOR, Role.DISPATCHER, Role.HANDLER, Role.DEPARTMENT_HEAD
    ),
    "policies.settle_overlap": holds(Role.DISPATCHER, Role.LEADER),
    "policies.explain": holds(Role.RULE_EDITOR) | leads_an_article,
    "policies.tell_outcome": holds(Role.RULE_EDITOR) | leads_an_article,
    "policies.ask": holds(Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF) & is_made_known,
    "policies.view_question": reads_for_the_zone | is_answered_for_all | is_of_its_enterprise,
    "policies.list_questions": reads_for_the_zone
    | holds(Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF),
    "policies.answer": answers_for_its_department,
    "policies.list_duties": reads_for_the_zone,
    "policies.figures": holds(Role.RULE_EDITOR, Role.LEADER, Role.DISPATCHER, Role.AUDITOR),
}
