"""The service plan as the page of a demand shows it."""

from dataclasses import dataclass

from lianqi.accounts.models import User
from lianqi.demands.models import UNCOUNTED, Demand
from lianqi.plans.models import ServicePlan
from lianqi.plans.queries import plan_beside


@dataclass(frozen=True, slots=True)
class Beside:
    """The plan a demand is linked to, or the current one of its enterprise, and what may be done.

    `plan` is empty where there is none, or where the reader need not know of it.
    """

    plan: ServicePlan | None
    is_linked: bool
    may_open: bool
    may_link: bool
    may_begin: bool


def beside_demand(demand: Demand, user: User) -> Beside | None:
    """What to show; None where there is nothing to show. One query."""
    if demand.enterprise is None:
        return None
    plan, is_linked = plan_beside(demand)
    may_open = plan is not None and user.has_perm("plans.view", plan)
    is_free = plan is None or not plan.is_current
    shown = Beside(
        # Who works for the zone is told which unit to turn to; to the enterprise a draft is none.
        plan=plan if may_open or user.is_zone_staff else None,
        is_linked=is_linked,
        may_open=may_open,
        may_link=plan is not None and not is_linked and user.has_perm("plans.link", plan),
        may_begin=is_free
        and demand.status not in UNCOUNTED
        and user.has_perm("plans.begin", demand.enterprise),
    )
    return shown if shown.plan is not None or shown.may_begin else None
