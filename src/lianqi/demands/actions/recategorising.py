"""Moving an open demand to another category, or to what holds for its category now."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.errors import (
    CategoryNotAccepted,
    CategoryNotInUse,
    CategoryUnchanged,
    MoveNotPossible,
    MoveReasonMissing,
)
from lianqi.demands.flow import OPEN
from lianqi.demands.models import Demand, DemandCategory
from lianqi.demands.queries import version_in_force
from lianqi.work.actions import change_rule_set
from lianqi.work.queries import local_date


@transaction.atomic
def move_category(
    demand_id: int, *, category: DemandCategory, reason: str, by: User, at: dt.datetime
) -> Demand:
    """Put an open demand under another category, or under the version of its own in force now.

    Its open steps get the clocks that hold there, counted from when they were opened; those whose
    time has run out keep theirs. Unit and urgency stay.

    Raises:
        MoveNotPossible: It is closed or withdrawn.
        CategoryUnchanged: It stands there already.
        CategoryNotInUse, CategoryNotAccepted: Nothing may be filed there.
        MoveReasonMissing: The reason is empty.
        PermissionDenied: `by` does not dispatch.
    """
    demand = (
        Demand.objects.select_for_update(of=("self",)).select_related("category").get(pk=demand_id)
    )
    if demand.status not in OPEN:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display())
    if not by.has_perm("demands.move_category", demand):
        raise PermissionDenied
    version = version_in_force(category, on=local_date(at))
    version_id = version.pk if version else None
    if (demand.category_id, demand.category_version_id) == (category.pk, version_id):
        raise CategoryUnchanged(number=demand.number, category=category)
    if not DemandCategory.objects.in_use().filter(pk=category.pk).exists():
        raise CategoryNotInUse(category=category)
    if version is not None and not version.is_accepted:
        raise CategoryNotAccepted(category=category, advice=version.whole_advice)
    if not reason.strip():
        raise MoveReasonMissing
    earlier, earlier_version = demand.category, demand.category_version_id
    demand.category, demand.category_version = category, version
    demand.save(update_fields=["category", "category_version"])
    change_rule_set(demand, rule_set=version_id, by=by, at=at)
    record(
        "demand.category_moved",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        category=category.code,
        category_name=category.name_zh,
        earlier=earlier.code,
        earlier_name=earlier.name_zh,
        version=version_id,
        earlier_version=earlier_version,
        reason=reason.strip(),
    )
    return demand
