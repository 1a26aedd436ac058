"""Noting who of the zone read a plan, and who took a list out of the product."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count

from lianqi.accounts.models import User
from lianqi.audit.actions import event, record, record_look, record_looks
from lianqi.plans.models import ServicePlan, ServicePlanQuerySet
from lianqi.register.models import Enterprise


@transaction.atomic
def record_view(plan: ServicePlan, *, by: User, at: dt.datetime) -> None:
    """Note that somebody of the zone looked at a plan: once per person, plan and day."""
    if by.is_zone_staff:
        record_look(
            "plans.viewed",
            plan,
            by=by,
            at=at,
            enterprise_id=plan.enterprise_id,
            number=plan.number,
        )


def record_export(
    plans: ServicePlanQuerySet, *, filters: Mapping[str, str], by: User, at: dt.datetime
) -> None:
    """Note that somebody of the zone took a list of plans or measures out of the product.

    One event tells of the list, and one for each enterprise in it, for the enterprise to read.
    """
    if not by.has_perm("plans.list"):
        raise PermissionDenied
    if not by.is_zone_staff:
        return
    counted = plans.order_by().values_list("enterprise_id").annotate(Count("pk"))
    by_enterprise = dict(counted.order_by("enterprise_id"))
    total = sum(by_enterprise.values())
    record("plans.exported", by, by=by, at=at, is_read=True, rows=total, filters=dict(filters))
    record_looks(
        event(
            "plans.in_export",
            Enterprise(pk=pk),
            by=by,
            at=at,
            enterprise_id=pk,
            is_read=True,
            plans=count,
        )
        for pk, count in by_enterprise.items()
    )
