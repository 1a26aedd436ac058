"""Where a statement comes from, by who makes it."""

from lianqi.accounts.models import User
from lianqi.engines.text import tidy
from lianqi.register.enums import StatedBy
from lianqi.register.models import Enterprise


def source_of(by: User, enterprise: Enterprise, stated: str = "") -> str:
    """Those who keep the register name their source; others are the source themselves.

    An enterprise and the officer who visits it cannot pass their word off as somebody else's.
    """
    if by.has_perm("register.change", enterprise):
        return tidy(stated)
    if by.has_perm("register.invite", enterprise):
        return StatedBy.ENTERPRISE.value
    return StatedBy.OFFICER_VISIT.value
