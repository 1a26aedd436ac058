"""What the page of one need shows to one reader."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from lianqi.accounts.models import User
from lianqi.needs.enums import BatchStatus, NeedStatus, NeedStep
from lianqi.needs.flow import DISMISSED, SOLVED
from lianqi.needs.models import Need
from lianqi.needs.queries import owed_items
from lianqi.web.needs.forms import ActForm
from lianqi.web.needs.offers import offers
from lianqi.web.needs.timeline import timeline
from lianqi.work.models import WorkItem
from lianqi.work.queries import light_of


def tone_of(status: str) -> str:
    if status in DISMISSED:
        return "grey"
    if status in {NeedStatus.SOLVED, NeedStatus.UNSOLVED}:
        return "amber"
    return "green" if status in SOLVED or status == BatchStatus.REPORTED else "blue"


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of what is owed."""

    light: str
    due_at: dt.datetime | None
    is_late: bool


def clock_of(item: WorkItem | None, *, at: dt.datetime) -> Clock | None:
    """The clock of an open item, or of a finished one that was late."""
    if item is None or (item.done_at is not None and not item.was_late):
        return None
    light = str(light_of(item, at=at))
    return Clock(light, item.due_at, is_late=light == "red")


def visible_need(need_id: int, user: User) -> Need:
    """The need with everything its page shows, if `user` may see it.

    Raises:
        Http404: There is none, or not for this person; the answer does not tell which.
    """
    needs = Need.objects.visible_to(user).select_related(
        "enterprise__grid", "unit", "lead", "programme__triage_unit", "merged_into", "collected_by"
    )
    if (need := needs.filter(pk=need_id).first()) is None:
        raise Http404
    return need


def page_of(
    need: Need,
    *,
    user: User,
    at: dt.datetime,
    bound: ActForm | None = None,
    bound_verb: str = "",
) -> dict[str, Any]:
    """The context of `needs/detail.html`, whole or as the swapped region."""
    item = owed_items([need], NeedStep.PROGRESS).get(need.pk)
    is_owed = item is not None and item.done_at is None
    visible = Need.objects.visible_to(user)
    return {
        "need": need,
        "tone": tone_of(need.status),
        "clock": clock_of(item, at=at) if is_owed else None,
        "offers": offers(need, user=user, bound=bound, bound_verb=bound_verb),
        "entries": timeline(need, reader=user),
        "shares": list(need.shares.select_related("unit").order_by("unit__path")),
        "money": list(need.money.order_by("pk")) if user.is_zone_staff else [],
        "merged": list(visible.filter(merged_into=need).order_by("pk")),
        "may_sort": need.status == NeedStatus.REPORTED and user.has_perm("needs.assign", need),
        "may_open_register": user.has_perm("register.view", need.enterprise),
    }
