"""Who may change the words of messages and look into the outbox."""

from typing import Any

from lianqi.accounts.models import User
from lianqi.accounts.permissions import is_platform_admin, reads_the_house
from lianqi.engines.access import Rule

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "notices.manage_wordings": is_platform_admin,
    "notices.view_outbox": reads_the_house,
    "notices.send_again": is_platform_admin,
}
