"""Keeping rows of the zone's own data: added once, changed with what stood there before.

Reasons and grounds have a code that never changes; of a kind of rule, a category has one at most.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.models import DemandCategory
from lianqi.shared.errors import Refusal

Row = TypeVar("Row", bound=Model)


def add_coded(
    row: Any, *, taken: type[Refusal], check: Callable[[Any], None], verb: str, by: User,
    at: dt.datetime,
) -> None:  # fmt: skip
    """Add a row with a code of its own.

    Raises:
        Refusal: `taken`, if another row has the code, or whatever `check` finds.
        PermissionDenied: `by` does not keep the catalogue.
    """
    _require(by)
    if type(row).objects.filter(code=row.code).exists():
        raise taken(code=row.code)
    check(row)
    row.save(force_insert=True)
    record(verb, row, by=by, at=at, code=row.code)


@transaction.atomic
def add_rule(
    rule: Any, *, taken: type[Refusal], check: Callable[[Any], None], verb: str, by: User,
    at: dt.datetime,
) -> None:  # fmt: skip
    """Give the rule's category a rule of its own.

    Raises:
        Refusal: `taken`, if it has one, or whatever `check` finds.
        PermissionDenied: `by` does not keep the catalogue.
    """
    _require(by)
    # Two at once wait for one another here, so that the second is refused in words.
    category = DemandCategory.objects.select_for_update(of=("self",)).get(pk=rule.category_id)
    if type(rule).objects.filter(category=category).exists():
        raise taken(category=category)
    check(rule)
    rule.save(force_insert=True)
    record(verb, rule, by=by, at=at, category=category.code)


@transaction.atomic
def change_row(
    model: type[Row], pk: int, values: Mapping[str, Any], *, check: Callable[[Row], None],
    verb: str, by: User, at: dt.datetime,
) -> Row:  # fmt: skip
    """Set what differs and note each value before and after; nothing, if nothing does.

    Raises:
        Refusal: Whatever `check` finds.
        PermissionDenied: `by` does not keep the catalogue.
    """
    _require(by)
    row = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
    before = {name: getattr(row, name) for name in values}
    changed = {name: [before[name], new] for name, new in values.items() if before[name] != new}
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        check(row)
        row.save(update_fields=list(changed))
        record(verb, row, by=by, at=at, changed=changed)
    return row


def _require(by: User) -> None:
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied
