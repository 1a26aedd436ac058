"""Who may write rules, and who may read what they mean for whom. Nothing outside this file decides.

What the present status allows is not asked here: the table of moves says it, with the reason.
"""

from typing import Any

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role
from lianqi.accounts.models import User
from lianqi.accounts.permissions import holds
from lianqi.engines.access import Rule, rule
from lianqi.matching.models import RulePack
from lianqi.register.permissions import is_of_own_circle, reads_the_register


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
}
