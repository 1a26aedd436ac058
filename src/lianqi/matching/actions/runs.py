"""Matching runs: asked for, carried out by the worker chunk by chunk, cancelled."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime

from lianqi.accounts.models import User
from lianqi.audit.actions import Actor, Automat, record
from lianqi.engines.flow import IllegalMove
from lianqi.matching.actions.settling import settle_across
from lianqi.matching.actions.standing import Change, Reach, lock_matching, match_anew
from lianqi.matching.enums import RunFailure, RunKind, RunStatus
from lianqi.matching.errors import PackNotMatched, RunMoveNotPossible, RunUnderWay
from lianqi.matching.flow import RUN_FLOW
from lianqi.matching.models import Match, MatchRun, RulePack
from lianqi.matching.queries.standings import in_bulk
from lianqi.register.models import Enterprise

CHUNK = 20_000
"""Enterprises matched in one transaction: a second or two, for which other matching waits."""


@transaction.atomic
def start_run(*, on: dt.date, by: User, at: dt.datetime) -> MatchRun:
    """Match all enterprises with all measures in force, in the background.

    Raises:
        RunUnderWay: That is being done already.
    """
    if not by.has_perm("matching.start_run"):
        raise PermissionDenied
    return _begun(RunKind.ALL, None, on=on, by=by, at=at)


@transaction.atomic
def start_pack_run(pack_id: int, *, on: dt.date, by: User, at: dt.datetime) -> MatchRun:
    """Match all enterprises with one pack: as it holds, or a draft as a preview of what would.

    A pack that begins later is asked for the day on which it begins, one that ended for its last.

    Raises:
        RunUnderWay: That is being done already.
        PackNotMatched: It has no measure for enterprises.
    """
    if not by.has_perm("matching.start_run"):
        raise PermissionDenied
    pack = RulePack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    return begin_pack_run(pack, on=on, by=by, at=at)


def begin_pack_run(
    pack: RulePack, *, on: dt.date, by: User | None, at: dt.datetime
) -> MatchRun:  # fmt: skip
    """Write a run of one pack down and hand it to the worker.

    Raises:
        RunUnderWay, PackNotMatched: As `start_pack_run`.
    """
    kind = RunKind.PACK if pack.is_published else RunKind.PREVIEW
    day = max(on, pack.valid_from) if pack.valid_from else on
    day = min(day, pack.valid_until) if pack.valid_until else day
    if not in_bulk([pack], day).places:
        raise PackNotMatched(title=pack.title, day=date_format(day))
    return _begun(kind, pack, on=day, by=by, at=at)


def begin_nightly(*, on: dt.date, at: dt.datetime) -> MatchRun | None:
    """The run of every night: rules fold the day in, so that time alone changes what is met.

    None if somebody's run of all measures is under way, or there is nothing to match.
    """
    if not RulePack.objects.in_force(on).exists():
        return None
    try:
        with transaction.atomic():
            return _begun(RunKind.ALL, None, on=on, by=None, at=at)
    except RunUnderWay:
        return None


def carry_out(run_id: int, *, at: dt.datetime) -> None:
    """Match chunk by chunk until the end, or until somebody cancels; otherwise do nothing.

    Each chunk is one transaction that also notes how far the run got: after a crash the next call
    goes on where the last one stopped.
    """
    try:
        while _chunk(run_id, at=at):
            pass
    except Exception:
        _end(run_id, "fail", at=at, failure=RunFailure.UNEXPECTED)
        raise


@transaction.atomic
def cancel_run(run_id: int, *, by: User, at: dt.datetime) -> MatchRun:
    """Stop; what was matched so far stays.

    Raises:
        RunMoveNotPossible: It has ended already.
    """
    run = _moved(run_id, "cancel")
    if not by.has_perm("matching.start_run"):
        raise PermissionDenied
    run.finished_at = at
    run.save(update_fields=["status", "finished_at"])
    record("matching.run_cancelled", run, by=by, at=at, done=run.done, total=run.total)
    return run


@transaction.atomic
def forget_matches(*, before: dt.datetime) -> int:
    """Remove matches of packs that were withdrawn before that time, and runs that ended before."""
    lock_matching()
    old = RulePack.objects.withdrawn_before(before)
    count, _each = Match.objects.filter(pack__in=old).delete()
    MatchRun.objects.ended_before(before).delete()
    return count


def _begun(
    kind: RunKind, pack: RulePack | None, *, on: dt.date, by: User | None, at: dt.datetime
) -> MatchRun:
    run = MatchRun(kind=kind, pack=pack, day=on, started_by=by, created_at=at)
    run.digests = {str(row.pk): row.digest for row in _rows(run)}
    run.total = Enterprise.objects.in_the_zone().count()
    under_way = MatchRun.objects.under_way().filter(kind=kind, pack=pack).first()
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as error:
        since = under_way.created_at if under_way else at
        raise RunUnderWay(since=f"{localtime(since):%H:%M}") from error
    actor: Actor = by or Automat()
    record(
        "matching.run_started", run, by=actor, at=at, kind=kind.value, day=on.isoformat(),
        **({"title": pack.title} if pack else {}),
    )  # fmt: skip
    _defer(run)
    return run


def _rows(run: MatchRun) -> Sequence[RulePack]:
    """The packs a run looks at; those it began with."""
    packs = RulePack.objects.for_list().order_by("key", "version")
    if run.digests:
        return list(packs.filter(pk__in=run.digests))
    if run.kind == RunKind.ALL:
        return list(packs.in_force(run.day))
    return list(packs.filter(pk__in=[run.pack_id] if run.pack_id else []))


@transaction.atomic
def _chunk(run_id: int, *, at: dt.datetime) -> bool:
    """Match the next enterprises; False when there is nothing more to do."""
    run = MatchRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None or not run.is_under_way:  # a draft that is thrown away takes its run along
        return False
    rows = _rows(run)
    if {str(row.pk): row.digest for row in rows} != run.digests:
        _end(run_id, "fail", at=at, failure=RunFailure.PACK_CHANGED)
        return False
    force = in_bulk(rows, run.day)
    lock_matching()
    there = Enterprise.objects.in_the_zone().filter(pk__gt=run.cursor).order_by("pk")
    ids = list(there.values_list("pk", flat=True)[:CHUNK])
    is_last = len(ids) < CHUNK
    upto = None if is_last else ids[-1]
    reach = Reach(after=run.cursor, upto=upto)
    found = match_anew(force, ids, reach, [row.pk for row in rows], at=at)
    if run.kind == RunKind.PACK and run.day == localdate(at):
        settle_across(rows[0], reach, on=run.day)
    run.status = RUN_FLOW.target("begin", status=RunStatus(run.status))
    run.cursor = ids[-1] if ids else run.cursor
    run.done += len(ids)
    run.total = max(run.total, run.done)
    _add(run, found)
    run.save()
    if is_last:
        _end(run_id, "finish", at=at)
    return not is_last


def _add(run: MatchRun, found: Change) -> None:
    run.gained, run.lost = run.gained + found.gained, run.lost + found.lost
    for turn in found.turns:
        of_pack = run.changes.setdefault(str(turn.pack_id), {})
        gained, lost = of_pack.get(turn.measure, (0, 0))
        of_pack[turn.measure] = [gained + turn.gained, lost + turn.lost]


@transaction.atomic
def _end(run_id: int, verb: str, *, at: dt.datetime, failure: str = "") -> None:
    run = _moved(run_id, verb)
    run.finished_at, run.failure = at, failure
    if verb == "finish":
        run.total = run.done
    run.save()
    record(
        f"matching.run_{'failed' if verb == 'fail' else 'finished'}", run,
        by=run.started_by or Automat(), at=at, kind=run.kind, enterprises=run.done,
        gained=run.gained, lost=run.lost, **({"reason": failure} if failure else {}),
    )  # fmt: skip


def _moved(run_id: int, verb: str) -> MatchRun:
    """The locked run with its new status, not yet saved."""
    run = MatchRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    try:
        run.status = RUN_FLOW.target(verb, status=RunStatus(run.status))
    except IllegalMove as error:
        raise RunMoveNotPossible(status=run.get_status_display()) from error
    return run


def _defer(run: MatchRun) -> None:
    """Let the worker carry a run out after the commit."""
    from procrastinate.contrib.django import app  # its connector needs the app registry

    job = app.configure_task("lianqi.matching.run", lock="lianqi.matching.run")
    transaction.on_commit(lambda: job.defer(run_id=run.pk))
