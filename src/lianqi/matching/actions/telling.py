"""Policies find enterprises (政策找人): each is told once of a measure, with the reasons."""

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Actor, Automat, record
from lianqi.matching.enums import Group
from lianqi.matching.errors import NobodyToTell
from lianqi.matching.models import RulePack, Telling
from lianqi.matching.queries.explanations import Explanation, explained
from lianqi.matching.queries.snapshots import snapshots
from lianqi.matching.queries.standings import InBulk, in_bulk
from lianqi.matching.queries.tellings import leads_of, letter, untold
from lianqi.notices.actions import notify
from lianqi.register.models import Enterprise
from lianqi.register.queries import people_of

BATCH = 50
# Two workers, or two presses, wait for each other here; the second finds everybody told.
LOCK = 0x6C71_7465_6C6C


@transaction.atomic
def tell_matches(
    *,
    on: dt.date,
    by: User,
    at: dt.datetime,
    pack_id: int | None = None,
    measure: str = "",
    with_missing: bool = False,
) -> int:
    """Let the worker tell whoever was not told yet; how many matches that is now.

    Args:
        pack_id, measure: Of one measure only; of all in force where none is named.
        with_missing: Those as well who lack one answer.

    Raises:
        NobodyToTell: Everybody was told, or has nobody here to be told.
    """
    if not by.has_perm("matching.tell_matches"):
        raise PermissionDenied
    rows = _in_force(on, pack_id)
    count = untold([row.pk for row in rows], _groups(with_missing=with_missing), measure).count()
    if not count:
        raise NobodyToTell
    told: dict[str, Any] = {"with_missing": with_missing, "matches": count}
    if pack_id is None:  # it is about no pack more than about another, but about who pressed
        record("matching.telling_everybody_asked", by, by=by, at=at, **told)
    else:
        record(
            "matching.telling_asked", rows[0], by=by, at=at, title=rows[0].title, measure=measure,
            **told,
        )  # fmt: skip
    _defer(pack_id, measure, by, with_missing=with_missing)
    return count


@transaction.atomic
def set_telling(pack_id: int, *, tells: bool, by: User, at: dt.datetime) -> RulePack:
    """Whether enterprises that newly meet a measure of the pack are told by the platform."""
    if not by.has_perm("matching.tell_matches"):
        raise PermissionDenied
    row = RulePack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    if row.tells_newly != tells:
        row.tells_newly = tells
        row.save(update_fields=["tells_newly"])
        record(
            "matching.telling_set", row, by=by, at=at, title=row.title, tells=tells
        )  # fmt: skip
    return row


def tell_all(
    *,
    on: dt.date,
    by: User | None,
    at: dt.datetime,
    pack_id: int | None = None,
    measure: str = "",
    with_missing: bool = False,
) -> int:
    """Tell batch by batch, each its own transaction; how many enterprises were told."""
    groups = _groups(with_missing=with_missing)
    rows = _in_force(on, pack_id)
    return _tell(rows, groups, measure, on=on, by=by, at=at)


def tell_newly(*, on: dt.date, at: dt.datetime) -> int:
    """Tell of packs that are set so who newly meets a measure; how many enterprises were told."""
    rows = [row for row in _in_force(on, None) if row.tells_newly]
    return _tell(rows, (Group.MET,), "", on=on, by=None, at=at) if rows else 0


def _tell(
    rows: Sequence[RulePack],
    groups: Sequence[Group],
    measure: str,
    *,
    on: dt.date,
    by: User | None,
    at: dt.datetime,
) -> int:
    force, after, told = in_bulk(rows, on), 0, 0
    while True:
        count, upto = _batch(force, groups, measure, after, on=on, by=by, at=at)
        told += count
        if upto is None:
            return told
        after = upto


@transaction.atomic
def _batch(
    force: InBulk,
    groups: Sequence[Group],
    measure: str,
    after: int,
    *,
    on: dt.date,
    by: User | None,
    at: dt.datetime,
) -> tuple[int, int | None]:
    """Tell the next enterprises; how many, and up to which id; None if there are no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    waiting = untold(force.pack_ids, groups, measure).filter(enterprise__gt=after)
    ids = list(
        waiting.order_by("enterprise").values_list("enterprise", flat=True).distinct()[:BATCH]
    )
    if not ids:
        return 0, None
    matches = waiting.filter(enterprise__in=ids).values_list("enterprise", "pack", "measure")
    wanted: dict[int, set[tuple[int, str]]] = {}
    for enterprise, pack, key in matches.order_by("enterprise"):
        wanted.setdefault(enterprise, set()).add((pack, key))
    known = snapshots(ids, force.catalogue, on=on)
    leads, told = leads_of([place.row for place in force.places]), 0
    for firm in Enterprise.objects.filter(pk__in=ids).order_by("pk"):
        found = [
            shown
            for place in force.places
            if (place.row.pk, place.measure.key) in wanted.get(firm.pk, ())
            # What was matched may be a minute old; nobody is told what does not hold any more.
            if (shown := explained(place, known[firm.pk], force.catalogue, on=on)).verdict.group
            in groups
        ]
        if found:
            _tell_one(firm, found, leads, by=by, at=at)
            told += 1
    return told, ids[-1]


def _tell_one(
    firm: Enterprise,
    found: Sequence[Explanation],
    leads: Mapping[tuple[int, str], str],
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    people = people_of(firm)
    rows = Telling.objects.bulk_create(
        [
            Telling(
                enterprise=firm, key=each.place.row.key, version=each.place.row.version,
                measure=each.place.measure.key, pack=each.place.row, group=each.verdict.group,
                low=_fen(each.verdict.low), high=_fen(each.verdict.high), people=len(people),
                told_at=at, told_by=by,
            )
            for each in found
        ]
    )  # fmt: skip
    notify(
        people,
        event="matching.policies_found",
        names={
            "enterprise": firm.name,
            "count": len(found),
            "lines": letter(found, leads),
        },
        url=f"/matching/enterprises/{firm.pk}/",
        at=at,
        dedupe_key=f"matching.told:{rows[0].pk}",
    )
    actor: Actor = by or Automat()
    record(
        "matching.enterprise_told", firm, by=actor, at=at, enterprise_id=firm.pk,
        measures=[each.place.measure.title for each in found], people=len(people),
    )  # fmt: skip


def _fen(yuan: Fraction | None) -> int | None:
    return None if yuan is None else int(yuan * 100)


def _groups(*, with_missing: bool) -> tuple[Group, ...]:
    return (Group.MET, Group.ONE_MISSING) if with_missing else (Group.MET,)


def _in_force(on: dt.date, pack_id: int | None) -> list[RulePack]:
    rows = RulePack.objects.in_force(on).for_list().order_by("key", "version")
    return list(rows if pack_id is None else rows.filter(pk=pack_id))


def _defer(pack_id: int | None, measure: str, by: User, *, with_missing: bool) -> None:
    """Let the worker tell after the commit."""
    from procrastinate.contrib.django import app  # its connector needs the app registry

    job = app.configure_task("lianqi.matching.tell", lock="lianqi.matching.tell")
    transaction.on_commit(
        lambda: job.defer(
            pack_id=pack_id, measure=measure, with_missing=with_missing, user_id=by.pk
        )
    )
