"""Finding the enterprise of a demand whose caller was not in the register."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.moving import tell_the_enterprise
from lianqi.demands.actions.repeats import note_repeat
from lianqi.demands.errors import EnterpriseKnown, EnterpriseMerged
from lianqi.demands.models import Demand
from lianqi.register.models import Enterprise
from lianqi.work.actions import place_items


@transaction.atomic
def attach_enterprise(
    demand_id: int, *, enterprise: Enterprise, by: User, at: dt.datetime
) -> Demand:
    """Say which entry of the register a demand belongs to; its people see it from now on.

    Raises:
        EnterpriseKnown: Somebody said so already.
        EnterpriseMerged: The entry was merged into another one meanwhile.
        PermissionDenied: `by` may not, or the demand is an anonymous tip.
    """
    demand = Demand.objects.select_for_update().get(pk=demand_id)
    if demand.enterprise is not None:
        raise EnterpriseKnown(number=demand.number, name=demand.enterprise)
    if not by.has_perm("demands.attach_enterprise", demand):
        raise PermissionDenied
    if enterprise.merged_into is not None:
        raise EnterpriseMerged(name=enterprise.merged_into)
    demand.enterprise = enterprise
    demand.save(update_fields=["enterprise"])
    place_items(demand, enterprise_id=enterprise.pk)
    note_repeat(demand, at=at)
    tell_the_enterprise(demand, "demand.filed", at=at)
    record(
        "demand.enterprise_attached",
        demand,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        name=enterprise.name,
        told_name=demand.firm_name,
        told_code=demand.firm_code,
    )
    return demand
