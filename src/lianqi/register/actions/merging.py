"""Two entries that are one enterprise."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.actions import assign_role
from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.register.actions.enterprises import locked, require
from lianqi.register.errors import MergeWithItself
from lianqi.register.models import Enterprise, Membership


@transaction.atomic
def merge_enterprises(
    *, survivor_id: int, duplicate_id: int, by: User, at: dt.datetime
) -> Enterprise:
    """Fold the duplicate into the survivor and return the survivor.

    Nothing is moved or deleted: what was filed, stated or decided under the duplicate stays there
    and is shown on the survivor's page. The duplicate's code still finds the survivor.

    Raises:
        EntryMerged: One of them was merged before.
        MergeWithItself: Both are the same entry.
    """
    if survivor_id == duplicate_id:
        raise MergeWithItself
    # Always in the order of their ids, so that two merges of the same pair cannot wait in a circle.
    entries = {pk: locked(pk) for pk in sorted((survivor_id, duplicate_id))}
    survivor, duplicate = entries[survivor_id], entries[duplicate_id]
    require(by, "register.merge", survivor)
    require(by, "register.merge", duplicate)
    duplicate.merged_into, duplicate.merged_at = survivor, at
    duplicate.save(update_fields=["merged_into", "merged_at"])
    Enterprise.objects.filter(merged_into=duplicate).update(merged_into=survivor)
    _give_members_the_survivor(survivor, duplicate, by=by, at=at)
    record(
        "register.merged",
        survivor,
        by=by,
        at=at,
        enterprise_id=survivor.pk,
        duplicate=duplicate.pk,
        code=duplicate.code,
        name=duplicate.name,
    )
    return survivor


def _give_members_the_survivor(
    survivor: Enterprise, duplicate: Enterprise, *, by: User, at: dt.datetime
) -> None:
    """Whoever acts for the duplicate acts for the survivor as well; the old role stays."""
    of_the_survivor = Membership.objects.current().filter(enterprise=survivor)
    for membership in (
        Membership.objects.confirmed()
        .filter(enterprise=duplicate)
        .exclude(user_id__in=of_the_survivor.values("user_id"))
        .select_related("user")
        .order_by("pk")
    ):
        assert membership.user is not None
        Membership.objects.create(
            enterprise=survivor,
            user=membership.user,
            role=membership.role,
            state=membership.state,
            asked_at=at,
            decided_at=at,
            decided_by=by,
        )
        assign_role(
            membership.user,
            Role(membership.role),
            by=by,
            at=at,
            scope=Scope.ENTERPRISE,
            scope_id=survivor.pk,
        )
