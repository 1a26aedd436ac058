"""What the page of one demand shows to one reader."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from lianqi.accounts.models import User
from lianqi.demands.enums import BESIDE, DemandStatus
from lianqi.demands.models import CaseClass, Demand
from lianqi.demands.queries import (
    RepeatLink,
    contacts_for,
    leading,
    missing_evidence,
    repeats_of,
)
from lianqi.files.models import StoredFile
from lianqi.freetests.queries import tests_of
from lianqi.supervision.models import SupervisionOrder
from lianqi.web.demands.behalf_offers import told_representation
from lianqi.web.demands.forms import ActForm
from lianqi.web.demands.handled import handling_of
from lianqi.web.demands.joint_offers import told_joint
from lianqi.web.demands.merging_offers import told_merge
from lianqi.web.demands.objection_offers import told_objections
from lianqi.web.demands.offers import last_day_to_reopen, offers
from lianqi.web.demands.service_plan import beside_demand
from lianqi.web.demands.similar import hints_for_dispatch
from lianqi.web.demands.timeline import timeline
from lianqi.web.demands.unsolvable_acts import told_unsolvable
from lianqi.web.steps import step_in_words
from lianqi.work.models import WorkItem
from lianqi.work.queries import light_of

TONES = {
    DemandStatus.SUBMITTED: "blue",
    DemandStatus.DISPATCHED: "blue",
    DemandStatus.OBJECTED: "amber",
    DemandStatus.ARBITRATION: "amber",
    DemandStatus.IN_PROGRESS: "blue",
    DemandStatus.ANSWERED: "amber",
    DemandStatus.APPEALED: "amber",
    DemandStatus.CLOSED: "green",
    DemandStatus.MERGED: "grey",
    DemandStatus.WITHDRAWN: "grey",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of an open work item; the enterprise sees the same one as the desk."""

    light: str
    step: str
    due_at: dt.datetime | None
    is_provisional: bool

    @property
    def label(self) -> str:
        """The step in words."""
        return step_in_words(self.step)


def clock_of(item: WorkItem | None, *, at: dt.datetime) -> Clock | None:
    if item is None:
        return None
    return Clock(str(light_of(item, at=at)), item.step, item.due_at, item.is_provisional)


def visible_demand(demand_id: int, user: User) -> Demand:
    """The demand with everything its page shows, if `user` may see it.

    Raises:
        Http404: There is none, or not for this person; the answer does not tell which.
    """
    demands = Demand.objects.visible_to(user).select_related(
        "enterprise__industry",
        "category__lead_unit",
        "unit",
        "handler",
        "filed_by",
        "class_link__case_class__unit",
    )
    if (demand := demands.filter(pk=demand_id).first()) is None:
        raise Http404
    return demand


def page_of(
    demand: Demand,
    *,
    user: User,
    at: dt.datetime,
    bound: ActForm | None = None,
    bound_verb: str = "",
    into: str = "",
) -> dict[str, Any]:
    """The context of `demands/detail.html`, whole or as the swapped region.

    `into` is the number of the demand that this one shall be merged into, if one was picked.
    """
    items = list(
        WorkItem.objects.about(demand).prefetch_related(
            "pauses__started_by", "extensions__granted_by"
        )
    )
    item, owed = leading(items), [each for each in items if each.done_at is None]
    hints = hints_for_dispatch(demand, user=user, at=at)
    merged = told_merge(demand, user)
    return {
        "demand": demand,
        "tone": TONES[DemandStatus(demand.status)],
        "clock": clock_of(item, at=at),
        "beside": [clock_of(each, at=at) for each in owed if each.step in BESIDE],
        "offers": offers(
            demand,
            item,
            user=user,
            at=at,
            owed=owed,
            bound=bound,
            bound_verb=bound_verb,
            nearest=into or hints.nearest_number,
            riding=merged.waiting,
        ),
        "merged": merged,
        "represented": told_representation(demand, user),
        "may_merge": user.has_perm("demands.merge", demand),
        **handling_of(demand, user=user),
        "unsolvables": told_unsolvable(demand, user),
        "missing_evidence": missing_evidence(demand),
        "attachments": StoredFile.objects.of(demand),
        "joint": told_joint(demand, items, user),
        "objections": told_objections(demand, user) if demand.bounces else [],
        "entries": timeline(demand, items, reader=user),
        "hints": hints,
        "repeats": visible_repeats(demand, user),
        "free_tests": tests_of(demand, user),
        "ratings": list(demand.ratings.for_page()) if demand.answered_at else [],
        "contact_people": contacts_for(demand, user),
        "may_keep_contacts": user.has_perm("demands.keep_contacts", demand)
        and demand.status != DemandStatus.WITHDRAWN,
        "reopen_until": last_day_to_reopen(demand) if demand.closed_at else None,
        "may_open_register": may_open_register(demand, user),
        "case": case_of(demand, user),
        "beside_plan": beside_demand(demand, user),
        "may_attach": user.has_perm("demands.attach_enterprise", demand),
        "orders": SupervisionOrder.objects.visible_to(user).about(demand),
        "order_about": item if user.has_perm("supervision.issue") else None,
    }


def visible_repeats(demand: Demand, user: User) -> list[RepeatLink]:
    """Earlier and later demands on the same matter, as far as `user` may open them."""
    links = repeats_of(demand)
    if not links:
        return []
    rows = Demand.objects.visible_to(user).filter(pk__in=[each.demand.pk for each in links])
    seen = set(rows.values_list("pk", flat=True))
    return [each for each in links if each.demand.pk in seen]


def case_of(demand: Demand, user: User) -> CaseClass | None:
    """The class of cases it belongs to, if `user` may open that one."""
    link = getattr(demand, "class_link", None)
    case: CaseClass | None = link.case_class if link is not None else None
    return case if case is not None and user.has_perm("demands.view_class", case) else None


def may_open_register(demand: Demand, user: User) -> bool:
    return demand.enterprise is not None and user.has_perm("register.view", demand.enterprise)
