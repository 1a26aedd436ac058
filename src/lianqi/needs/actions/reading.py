"""Noting who looked at needs: the enterprise concerned can read it."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count

from lianqi.accounts.models import User
from lianqi.audit.actions import event, record, record_look, record_looks
from lianqi.needs.models import Need, NeedQuerySet
from lianqi.register.models import Enterprise


@transaction.atomic
def record_need_view(need: Need, *, by: User, at: dt.datetime) -> None:
    """Note that somebody of the zone looked at a need: once per person, need and day."""
    if by.is_zone_staff:
        record_look(
            "need.viewed",
            need,
            by=by,
            at=at,
            enterprise_id=need.enterprise_id,
            number=need.number,
        )


def record_need_export(
    needs: NeedQuerySet, *, filters: Mapping[str, str], by: User, at: dt.datetime
) -> None:
    """Note that somebody of the zone took a list of needs out of the product.

    One event tells of the list, and one for each enterprise in it, for the enterprise to read.
    """
    if not by.has_perm("needs.list"):
        raise PermissionDenied
    if not by.is_zone_staff:
        return
    counted = needs.order_by().values_list("enterprise_id").annotate(Count("pk"))
    by_enterprise = dict(counted.order_by("enterprise_id"))
    total = sum(by_enterprise.values())
    record("needs.exported", by, by=by, at=at, is_read=True, rows=total, filters=dict(filters))
    record_looks(
        event(
            "need.in_export",
            Enterprise(pk=pk),
            by=by,
            at=at,
            enterprise_id=pk,
            is_read=True,
            needs=count,
        )
        for pk, count in by_enterprise.items()
    )
