"""Noting what an enterprise needs, into the open batch of the unit that guards its grid."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.text import similarity
from lianqi.needs.actions.batches import open_batch
from lianqi.needs.actions.tally import contribution, retally
from lianqi.needs.errors import (
    NearSameNeed,
    NeedEnterpriseMerged,
    NeedTextMissing,
    NoProgramme,
)
from lianqi.needs.models import Need, Programme, search_columns
from lianqi.register.models import Enterprise
from lianqi.work.queries import local_date

NEAR_SAME = 0.8
COMPARED = 30  # the latest needs of an enterprise that a new one is compared with
NAMED = 3


@transaction.atomic
def collect_need(
    *,
    enterprise: Enterprise,
    text: str,
    idempotency_key: str,
    by: User,
    at: dt.datetime,
    policy: str = "",
    is_other_matter: bool = False,
) -> Need:
    """Note a need. The same key from the same person returns the need noted before.

    Args:
        policy: The article of a policy it is about, in words.
        is_other_matter: Said by whoever was shown that an earlier need says nearly the same.

    Raises:
        NeedTextMissing, NeedEnterpriseMerged, NoProgramme: Nothing can be noted like this.
        NearSameNeed: An earlier need of the enterprise says nearly the same.
        PermissionDenied: The unit of `by` does not guard the grid of the enterprise.
    """
    noted = Need.objects.filter(collected_by=by, idempotency_key=idempotency_key)
    if earlier := noted.first():
        return earlier
    if not by.has_perm("needs.collect", enterprise):
        raise PermissionDenied
    _check(enterprise, text.strip(), is_other_matter=is_other_matter)
    programme = Programme.objects.of_day(local_date(at))
    if programme is None:
        raise NoProgramme
    assert enterprise.grid is not None  # the permission asked
    batch = open_batch(enterprise.grid.unit, programme, by=by, at=at)
    search_text, search_tokens = search_columns(text.strip())
    need = Need(
        number=_next_number(local_date(at).year),
        programme=batch.programme,
        batch=batch,
        enterprise=enterprise,
        unit=enterprise.grid.unit,
        text=text.strip(),
        policy=policy.strip(),
        collected_by=by,
        collected_at=at,
        collected_on=local_date(at),
        idempotency_key=idempotency_key,
        search_text=search_text,
        search_tokens=search_tokens,
    )
    try:
        with transaction.atomic():
            need.save(force_insert=True)
    except IntegrityError:
        # Two clicks at once: the other one won the unique key, unless the error was another one.
        if (winner := noted.first()) is None:
            raise
        return winner
    batch.need_count += 1
    batch.save(update_fields=["need_count"])
    retally([], contribution(need))
    record(
        "need.collected",
        need,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        unit_name=str(need.unit),
        text=need.text,
    )
    return need


def _check(enterprise: Enterprise, text: str, *, is_other_matter: bool) -> None:
    if not text:
        raise NeedTextMissing
    if enterprise.merged_into is not None:
        raise NeedEnterpriseMerged(name=enterprise.merged_into)
    if is_other_matter:
        return
    latest = Need.objects.standing().filter(enterprise=enterprise).order_by("-pk")[:COMPARED]
    alike = [each.number for each in latest if similarity(each.text, text) >= NEAR_SAME]
    if alike:
        raise NearSameNeed(numbers=", ".join(alike[:NAMED]))


def _next_number(year: int) -> str:
    """`XQ` (需求), the year, a running number that never repeats; gaps mean an aborted note."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('needs_number')")
        return f"XQ{year}{cursor.fetchone()[0]:07d}"
