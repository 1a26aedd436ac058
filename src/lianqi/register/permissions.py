"""Who may see and change the register. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.register.enums import StatedBy, Supplier
from lianqi.register.models import (
    IMPORT_READERS,
    MEMBER_READERS,
    REGISTER_READERS,
    ChainPlace,
    Enterprise,
    Fact,
    ImportRun,
    Membership,
    Statement,
)


@rule
def looks_after_it(user: User, enterprise: Enterprise) -> bool:
    """The liaison officer of the enterprise: by its name, its grid or a chain it stands in."""
    if enterprise.pk in user.scope_ids(Scope.ENTERPRISE, Role.LIAISON_OFFICER):
        return True
    if enterprise.grid_id in user.scope_ids(Scope.GRID, Role.LIAISON_OFFICER):
        return True
    chains = user.scope_ids(Scope.CHAIN, Role.LIAISON_OFFICER)
    return (
        bool(chains)
        and ChainPlace.objects.filter(enterprise=enterprise, chain_id__in=chains).exists()
    )


@rule
def is_of_own_circle(user: User, enterprise: Enterprise) -> bool:
    """The single form of `EnterpriseQuerySet.of_own_circle`."""
    own = user.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF)
    return enterprise.pk in own or looks_after_it(user, enterprise)


@rule
def administers_it(user: User, enterprise: Enterprise) -> bool:
    return enterprise.pk in user.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN)


@rule
def stated_it(user: User, fact: Fact | Statement) -> bool:
    """Each side takes back only what its own side said."""
    enterprise = fact.enterprise.merged_into or fact.enterprise
    if fact.source == StatedBy.ENTERPRISE:
        return administers_it(user, enterprise)
    return fact.source == StatedBy.OFFICER_VISIT and looks_after_it(user, enterprise)


@rule
def is_own_membership(user: User, membership: Membership) -> bool:
    return membership.user_id == user.pk


@rule
def administers_its_enterprise(user: User, membership: Membership) -> bool:
    return administers_it(user, membership.enterprise)


@rule
def is_into_the_register(_user: User, run: ImportRun | None) -> bool:
    """Other apps import through the same runs; who reads those is theirs to say."""
    return getattr(run, "subject", "register") == "register"


def states(user: User, enterprise: Enterprise, supplier: str) -> bool:
    """Whether somebody may state a fact of an enterprise, by who supplies it.

    The one rule for pages, interface and actions. An enterprise states what it alone knows; what an
    office states is taken over by those who keep the register, who name its document, or by the
    officer who visits. A fact that no catalogue knows ("") is anybody's who may state at all.
    """
    is_own = supplier in ("", Supplier.ENTERPRISE)
    permission = "register.state_facts" if is_own else "register.state_for_others"
    return user.has_perm(permission, enterprise)


DATA_KEEPERS = (Role.DISPATCHER, Role.PLATFORM_ADMIN)
is_data_keeper = holds(*DATA_KEEPERS)
reads_all_members = holds(*MEMBER_READERS)
reads_the_register = holds(*REGISTER_READERS)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "register.list": reads_the_register | holds(Role.LIAISON_OFFICER),
    "register.view": reads_the_register | is_of_own_circle,
    "register.change": is_data_keeper,
    "register.keep_contacts": is_data_keeper | administers_it | looks_after_it,
    "register.state_facts": is_data_keeper | administers_it | looks_after_it,
    # What an enterprise cannot say about itself, as where it is registered or what tax it paid.
    "register.state_for_others": is_data_keeper | looks_after_it,
    "register.withdraw_fact": is_data_keeper | stated_it,
    "register.withdraw_statement": is_data_keeper | stated_it,
    "register.manage_zone_data": holds(Role.PLATFORM_ADMIN),
    "register.view_import": holds(*IMPORT_READERS) & is_into_the_register,
    "register.import": is_data_keeper,
    "register.merge": is_data_keeper,
    "register.reveal_contact": holds(
        Role.OPERATOR, Role.DISPATCHER, Role.HANDLER, Role.DEPARTMENT_HEAD
    )
    | is_of_own_circle,
    "register.view_readers": administers_it | holds(Role.AUDITOR),
    "register.invite": administers_it,
    "register.list_members": reads_all_members,
    "register.view_member": reads_all_members | administers_its_enterprise | is_own_membership,
    "register.confirm_members": is_data_keeper,
}
