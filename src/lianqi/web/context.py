"""What the frame around every page needs: navigation, counts, the zone's name."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqi.accounts.models import User
from lianqi.notices.models import Notice
from lianqi.work.models import WorkItem

COUNT_CAP = 100


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation, already translated, only if the person may open it."""

    label: str
    url: str
    icon: str
    active: bool
    count: int = 0


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame's data: two indexed, capped counts for people, nothing for the public."""
    user = getattr(request, "user", None)
    frame: dict[str, Any] = {"zone_name": settings.ZONE_NAME, "now": timezone.now()}
    if not isinstance(user, User):
        return frame | {"nav": _nav(request, None, 0), "unread_notices": 0, "inbox_count": 0}
    waiting = WorkItem.objects.inbox_of(user)[:COUNT_CAP].count() if user.is_zone_staff else 0
    unread = Notice.objects.unread().filter(person=user)[:COUNT_CAP].count()
    return frame | {
        "nav": _nav(request, user, waiting),
        "unread_notices": unread,
        "inbox_count": waiting,
    }


def _nav(request: HttpRequest, user: User | None, waiting: int) -> list[NavItem]:
    # label, url name, icon, permission (empty: the public too), how many wait
    entries: list[tuple[str, str, str, str, int]] = [
        (_("Home"), "home", "home", "", 0),
        (_("Inbox"), "inbox:list", "inbox", "work.inbox", waiting),
        (_("Demands"), "demands:list", "message-circle", "demands.list", 0),
        (_("Take a call"), "demands:call", "phone", "demands.take_calls", 0),
        (_("Policies"), "policies:list", "files", "", 0),
        (_("Policies for you"), "matching:mine", "award", "matching.find_own", 0),
        (_("Rule packs"), "matching:packs", "list-details", "matching.list_packs", 0),
        (_("Matching"), "matching:results", "chart-bar", "matching.view_results", 0),
        (_("Policy needs"), "needs:list", "clipboard-list", "needs.list", 0),
        (_("Visits"), "visits:list", "map-pin", "visits.list", 0),
        (_("Register"), "register:list", "building", "register.list", 0),
        (_("Figures"), "leader:figures", "chart-bar", "demands.figures", 0),
        (_("Supervision"), "supervision:list", "alert-triangle", "supervision.list", 0),
        (_("Task forces"), "taskforces:list", "users", "taskforces.list", 0),
        (_("Conversions"), "conversions:list", "building-factory-2", "conversions.list", 0),
        (_("Service plans"), "plans:list", "file-text", "plans.list", 0),
        (_("Free tests"), "freetests:list", "clipboard-check", "freetests.list", 0),
        (_("People and units"), "people:list", "users", "accounts.view_people", 0),
        (_("Zone data"), "zone:home", "settings", "register.manage_zone_data", 0),
        (
            _("Enterprise users"),
            "people:memberships",
            "clipboard-check",
            "register.list_members",
            0,
        ),
        (_("Audit trail"), "audit:list", "history", "accounts.view_trail", 0),
        (_("Messages sent"), "messages:outbox", "mail", "notices.view_outbox", 0),
    ]
    shown = [
        (label, reverse(name), icon, count)
        for label, name, icon, permission, count in entries
        if permission == "" or (user is not None and user.has_perm(permission))
    ]
    covering = [url for _label, url, _icon, _count in shown if _covers(url, request.path)]
    here = max(covering, key=len, default="")
    return [NavItem(label, url, icon, url == here, count) for label, url, icon, count in shown]


def _covers(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
