"""Kinds of unit, roles and scopes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitKind(TextChoices):
    ZONE = "zone", _("Management committee")
    DEPARTMENT = "department", _("Department")
    STREET = "street", _("Street or town")
    PARK = "park", _("Park")
    CHAIN_OFFICE = "chain_office", _("Chain office")
    TASK_FORCE = "task_force", _("Task force")
    SERVICE_POINT = "service_point", _("Service point")
    COMPANY = "company", _("State-owned company")


class Role(TextChoices):
    """What somebody is in the zone. One person may hold several, each with a scope."""

    ENTERPRISE_ADMIN = "enterprise_admin", _("Enterprise administrator")
    ENTERPRISE_STAFF = "enterprise_staff", _("Enterprise staff")
    OPERATOR = "operator", _("Operator")
    DISPATCHER = "dispatcher", _("Dispatcher")
    HANDLER = "handler", _("Handler")
    DEPARTMENT_HEAD = "department_head", _("Department head")
    LIAISON_OFFICER = "liaison_officer", _("Liaison officer")
    RULE_EDITOR = "rule_editor", _("Rule editor")
    LEADER = "leader", _("Leader")
    AUDITOR = "auditor", _("Auditor")
    PLATFORM_ADMIN = "platform_admin", _("Platform administrator")


ENTERPRISE_ROLES = frozenset({Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF})
STAFF_ROLES = frozenset(set(Role) - ENTERPRISE_ROLES)
WORKING_ROLES = STAFF_ROLES - {Role.AUDITOR}  # an auditor reads all and writes nothing


class Language(TextChoices):
    """In which language somebody reads; each is called by its own name."""

    ZH = "zh-hans", "简体中文"
    EN = "en", "English"


class Scope(TextChoices):
    """What a role reaches: the whole zone, or one unit (with those below it), grid, chain, firm."""

    ZONE = "zone", _("Whole zone")
    UNIT = "unit", _("Unit")
    GRID = "grid", _("Grid")
    CHAIN = "chain", _("Industry chain")
    ENTERPRISE = "enterprise", _("Enterprise")
