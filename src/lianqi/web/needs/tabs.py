"""The pages of policy needs that a person may open, as the row of buttons on each of them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.accounts.models import User
from lianqi.needs.models import desk_units


@dataclass(frozen=True, slots=True)
class Tab:
    """One button."""

    label: str
    url: str
    icon: str
    is_here: bool


def tabs(request: HttpRequest, user: User) -> list[Tab]:
    """Only what leads somewhere; a single page needs no row of buttons."""
    pages = [
        (_("All needs"), "needs:list", "list-details", user.has_perm("needs.list")),
        (_("Collect"), "needs:collect", "plus", user.has_perm("needs.collect_somewhere")),
        (_("Reports"), "needs:batches", "send", user.has_perm("needs.list_batches")),
        (_("Triage"), "needs:triage", "filter", user.has_perm("needs.triage_somewhere")),
        (_("Progress owed"), "needs:desk", "clock", bool(desk_units(user))),
        (_("Daily table"), "needs:daily", "chart-bar", user.has_perm("needs.figures")),
    ]
    found = [
        Tab(label, reverse(name), icon, reverse(name) == request.path)
        for label, name, icon, may_open in pages
        if may_open
    ]
    return found if len(found) > 1 else []
