"""Who may write rules, and who may read what they mean for whom. Nothing outside this file decides.

What the present status allows is not asked here: the table of moves says it, with the reason.
"""

from typing import Any

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.matching.models import LIST_READERS, RulePack
from lianqi.register.permissions import (
    is_data_keeper,
    is_of_own_circle,
    reads_the_register,
)


@rule
def works_for_the_zone(user: User, _: Any) -> bool:
    return user.is_zone_staff


@rule
def is_published(_: User, pack: RulePack) -> bool:
    return pack.is_published


PERMISSIONS: dict[str, Rule[User, Any]] = {
    "matching.list_packs": works_for_the_zone | holds(*ENTERPRISE_ROLES),
    "matching.view_pack": works_for_the_zone | is_published,
    "matching.edit_packs": holds(Role.RULE_EDITOR),
    "matching.view_verdicts": reads_the_register | is_of_own_circle,
    "matching.find_own": holds(*ENTERPRISE_ROLES),
    # What departments list about many enterprises, on its way into the register.
    "matching.import": is_data_keeper,
    "matching.view_import": holds(*LIST_READERS),
    # Questions of a rule: whoever would review the application.
    "matching.review": holds(Role.HANDLER, Role.DEPARTMENT_HEAD),
    "matching.view_results": works_for_the_zone,
    # What the zone says to many enterprises at once is said by who answers for the service, or for
    # the department that pays; whoever writes rules does not know the enterprises.
    "matching.tell_matches": holds(Role.DISPATCHER, Role.DEPARTMENT_HEAD),
    "matching.start_run": holds(Role.RULE_EDITOR, Role.DISPATCHER, Role.PLATFORM_ADMIN),
    # Whoever may have to say later on what a decision rested.
    "matching.save_assessment": holds(Role.DISPATCHER, Role.HANDLER, Role.DEPARTMENT_HEAD),
}
