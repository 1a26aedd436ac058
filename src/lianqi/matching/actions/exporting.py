"""Lists of matches taken out of the product."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.matching.enums import Group
from lianqi.matching.models import RulePack

MOST_EXPORTED = 50_000


@transaction.atomic
def record_matches_export(
    pack: RulePack, *, measure: str, group: Group, rows: int, by: User, at: dt.datetime
) -> None:
    """Note that somebody took a list of enterprises and what they would get."""
    if not by.has_perm("matching.view_results"):
        raise PermissionDenied
    record(
        "matching.matches_exported", pack, by=by, at=at, is_read=True, title=pack.title,
        measure=measure, group=group.value, rows=rows,
    )  # fmt: skip


@transaction.atomic
def record_settlement_export(
    pack: RulePack, *, measure: str, rows: int, by: User, at: dt.datetime
) -> None:
    """Note that somebody took a list of applicants and what a round would give them."""
    if not by.has_perm("matching.view_results"):
        raise PermissionDenied
    record(
        "matching.settlement_exported", pack, by=by, at=at, is_read=True, title=pack.title,
        measure=measure, rows=rows,
    )  # fmt: skip
