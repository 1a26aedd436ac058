"""Who may connect other systems."""

from typing import Any

from lianqi.accounts.models import User
from lianqi.accounts.permissions import is_platform_admin, reads_the_house
from lianqi.engines.access import Rule

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "webhooks.view": reads_the_house,
    "webhooks.manage": is_platform_admin,
}
