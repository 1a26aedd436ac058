"""Noting who looked at demands: the enterprise concerned can read it.

Only people of the zone are noted: an enterprise does not need to be told of its own people.
"""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count

from lianqi.accounts.models import User
from lianqi.audit.actions import event, record, record_look, record_looks
from lianqi.demands.models import Demand, DemandQuerySet
from lianqi.files.models import StoredFile
from lianqi.register.models import Enterprise


@transaction.atomic
def record_view(demand: Demand, *, by: User, at: dt.datetime) -> None:
    """Note that somebody of the zone looked at a demand: once per person, demand and day."""
    if by.is_zone_staff:
        record_look(
            "demand.viewed",
            demand,
            by=by,
            at=at,
            enterprise_id=demand.enterprise_id,
            number=demand.number,
        )


@transaction.atomic
def record_download(demand: Demand, stored: StoredFile, *, by: User, at: dt.datetime) -> None:
    """Note that somebody of the zone took an attachment of a demand; every time."""
    if by.is_zone_staff:
        record(
            "demand.file_downloaded",
            demand,
            by=by,
            at=at,
            enterprise_id=demand.enterprise_id,
            is_read=True,
            number=demand.number,
            file=stored.name,
        )


def record_export(
    demands: DemandQuerySet, *, filters: Mapping[str, str], by: User, at: dt.datetime
) -> None:
    """Note that somebody of the zone took a list of demands out of the product.

    One event tells of the list, and one for each enterprise in it, for the enterprise to read;
    demands without an enterprise count in the first only.
    """
    if not by.has_perm("demands.list"):
        raise PermissionDenied
    if not by.is_zone_staff:
        return
    counted = demands.order_by().values_list("enterprise_id").annotate(Count("pk"))
    by_enterprise = dict(counted.order_by("enterprise_id"))
    total = sum(by_enterprise.values())
    by_enterprise.pop(None, None)
    record("demands.exported", by, by=by, at=at, is_read=True, rows=total, filters=dict(filters))
    record_looks(
        event(
            "demand.in_export",
            Enterprise(pk=pk),
            by=by,
            at=at,
            enterprise_id=pk,
            is_read=True,
            demands=count,
        )
        for pk, count in by_enterprise.items()
    )
