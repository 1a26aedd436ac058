"""Creating and changing enterprises; noting who looked at them."""

import datetime as dt
from typing import Any, Unpack
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from lianqi.accounts.models import User
from lianqi.audit.actions import record, record_look
from lianqi.engines.text import CreditCodeError, check_credit_code, tidy
from lianqi.register.actions.fields import (
    EnterpriseFields,
    before_and_after,
    differences,
    index_names,
    plain,
    set_fields,
)
from lianqi.register.actions.history import classes_of, keep_former
from lianqi.register.actions.sizing import reclassify
from lianqi.register.errors import CodeTaken, EntryMerged, NameMissing, WrongCreditCode
from lianqi.register.models import Enterprise, FormerName

ZONE_TIME = ZoneInfo("Asia/Shanghai")
SHORTEST_NAME = 2


@transaction.atomic
def create_enterprise(
    *, code: str, by: User, at: dt.datetime, **fields: Unpack[EnterpriseFields]
) -> Enterprise:
    """Enter an enterprise; both check digits of the code are verified.

    Raises:
        WrongCreditCode: Says which character is wrong and what was expected.
        CodeTaken: The code is in the register.
        NameMissing: The name has fewer than two characters.
    """
    require(by, "register.change")
    try:
        verified = check_credit_code(code).value
    except CreditCodeError as error:
        raise WrongCreditCode(error) from error
    if taken := Enterprise.objects.filter(code=verified).first():
        raise CodeTaken(code=verified, name=taken.name)
    enterprise = new_enterprise(verified, dict(fields), at=at)
    reclassify([enterprise])
    enterprise.save(force_insert=True)
    stated = {name: plain(value) for name, value in fields.items()}
    record(
        "register.created",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        code=verified,
        fields=stated,
    )
    return enterprise


def new_enterprise(code: str, fields: dict[str, Any], *, at: dt.datetime) -> Enterprise:
    """Build an enterprise in memory, ready to be inserted."""
    if len(tidy(fields.get("name", ""))) < SHORTEST_NAME:
        raise NameMissing
    enterprise = Enterprise(code=code, created_at=at)
    set_fields(enterprise, fields, at=at)
    index_names(enterprise, [])
    return enterprise


@transaction.atomic
def change_enterprise(
    enterprise_id: int, *, by: User, at: dt.datetime, **fields: Unpack[EnterpriseFields]
) -> Enterprise:
    """Change what is stated; a changed name is kept as a former name. Nothing new writes nothing.

    Raises:
        EntryMerged: The entry was merged into another one.
        NameMissing: The new name has fewer than two characters.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.change", enterprise)
    changed = differences(enterprise, fields)
    if not changed:
        return enterprise
    if len(tidy(changed.get("name", enterprise.name))) < SHORTEST_NAME:
        raise NameMissing
    detail = before_and_after(enterprise, changed)
    if "name" in changed:
        keep_former_name(enterprise, at=at)
    before = classes_of(enterprise)
    set_fields(enterprise, changed, at=at)
    if "name" in changed:
        index_names(enterprise, list(enterprise.former_names.values_list("name", flat=True)))
    reclassify([enterprise])
    enterprise.save()
    keep_former([(enterprise, before)], at=at)
    record(
        "register.changed", enterprise, by=by, at=at, enterprise_id=enterprise.pk, changed=detail
    )
    return enterprise


def keep_former_name(enterprise: Enterprise, *, at: dt.datetime) -> None:
    """Keep the present name before it is replaced; its last day is the day before the change."""
    FormerName.objects.get_or_create(
        enterprise=enterprise,
        name=enterprise.name,
        defaults={"until_on": at.astimezone(ZONE_TIME).date() - dt.timedelta(days=1)},
    )


def locked(enterprise_id: int) -> Enterprise:
    """Lock an entry that is still its own; its merged ones are history.

    Raises:
        EntryMerged: The entry was merged into another one.
    """
    enterprise = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise_id)
    if enterprise.merged_into is not None:
        raise EntryMerged(name=enterprise.merged_into.name)
    return enterprise


def locked_survivor(entry: Enterprise) -> Enterprise:
    """Lock the entry on whose page the records of this one are shown: itself or its survivor."""
    return locked(entry.merged_into_id or entry.pk)


def require(by: User, permission: str, thing: Model | None = None) -> None:
    if not by.has_perm(permission, thing):
        raise PermissionDenied


@transaction.atomic
def record_view(enterprise: Enterprise, *, by: User, at: dt.datetime) -> None:
    """Note that somebody of the zone looked at a profile: once per person, enterprise and day."""
    if by.is_zone_staff:
        record_look("register.viewed", enterprise, by=by, at=at, enterprise_id=enterprise.pk)


@transaction.atomic
def record_export(*, rows: int, filters: dict[str, str], by: User, at: dt.datetime) -> None:
    """Note that somebody took a list of enterprises out of the product."""
    require(by, "register.list")
    record("register.exported", by, by=by, at=at, is_read=True, rows=rows, filters=filters)
