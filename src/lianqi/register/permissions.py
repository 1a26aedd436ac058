"""Who may see and change the register. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.register.models import REGISTER_READERS, ChainPlace, Enterprise


@rule
def is_of_own_circle(user: User, enterprise: Enterprise) -> bool:
    """The single form of `EnterpriseQuerySet.of_own_circle`."""
    own = user.scope_ids(
        Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF, Role.LIAISON_OFFICER
    )
    if enterprise.pk in own:
        return True
    if enterprise.grid_id in user.scope_ids(Scope.GRID, Role.LIAISON_OFFICER):
        return True
    chains = user.scope_ids(Scope.CHAIN, Role.LIAISON_OFFICER)
    return (
        bool(chains)
        and ChainPlace.objects.filter(enterprise=enterprise, chain_id__in=chains).exists()
    )


@rule
def administers_it(user: User, enterprise: Enterprise) -> bool:
    return enterprise.pk in user.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN)


is_data_keeper = holds(Role.DISPATCHER, Role.PLATFORM_ADMIN)
reads_the_register = holds(*REGISTER_READERS)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "register.list": reads_the_register | holds(Role.LIAISON_OFFICER),
    "register.view": reads_the_register | is_of_own_circle,
    "register.change": is_data_keeper,
    "register.import": is_data_keeper,
    "register.merge": is_data_keeper,
    "register.reveal_contact": holds(Role.DISPATCHER, Role.HANDLER, Role.DEPARTMENT_HEAD)
    | is_of_own_circle,
    "register.view_readers": administers_it | holds(Role.AUDITOR),
    "register.invite": administers_it,
    "register.confirm_members": is_data_keeper,
}
