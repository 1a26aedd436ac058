"""Noting who of the zone took lists and reports of free tests."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.files.models import StoredFile
from lianqi.freetests.models import LabOrder


@transaction.atomic
def record_report_download(
    order: LabOrder, stored: StoredFile, *, by: User, at: dt.datetime
) -> None:
    """Note that somebody of the zone took a report; every time."""
    if by.is_zone_staff:
        record(
            "freetests.file_downloaded", order, by=by, at=at,
            enterprise_id=order.test.enterprise_id, is_read=True, file=stored.name,
        )  # fmt: skip


@transaction.atomic
def record_export(
    name: str, rows: int, *, filters: Mapping[str, str], by: User, at: dt.datetime
) -> None:
    """Note that somebody of the zone took a list out of the product, of tests or of orders."""
    if not by.has_perm("freetests.list"):
        raise PermissionDenied
    if by.is_zone_staff:
        record(
            "freetests.exported", by, by=by, at=at, is_read=True,
            list=name, rows=rows, filters=dict(filters),
        )  # fmt: skip
