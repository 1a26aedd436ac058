"""Dispatching many demands at once, with a report line by line.

The same records as one by one, written together: their queries grow with the units, not with the
demands.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import event, record_many
from lianqi.audit.models import Event
from lianqi.demands.actions.handling import dispatch_demand
from lianqi.demands.actions.tally import contribution, retally_many
from lianqi.demands.enums import DemandStatus, Step
from lianqi.demands.errors import (
    DemandsUnknown,
    NoSuggestion,
    NotWaiting,
    NotWritten,
    TooManyAtOnce,
    UnitNotInUse,
    UnsureSuggestion,
)
from lianqi.demands.models import BulkDispatch, BulkRow, Demand
from lianqi.demands.queries import Catalogue, Suggestion
from lianqi.notices.actions import notify
from lianqi.shared.errors import Refusal
from lianqi.work.actions import Owed, finish_many, open_many
from lianqi.work.queries import local_date, people_on_the_desk

MOST_AT_ONCE = 500


@dataclass(slots=True)
class _Line:
    """One demand on its way: where to, what was suggested, and the code if it is refused."""

    demand: Demand
    suggested: list[Suggestion]
    unit: Unit | None
    code: str = ""
    percent: int | None = None

    @property
    def target(self) -> Unit:
        assert self.unit is not None  # whoever has none was refused
        return self.unit


@transaction.atomic
def dispatch_many(
    demand_ids: Collection[int], *, unit: Unit | None, by: User, at: dt.datetime
) -> BulkDispatch:
    """Send each of the demands to `unit`, or to its likely suggestion; report what became of each.

    Only demands that wait for dispatch are sent: one that a colleague sent meanwhile is refused,
    not sent again. Without `unit`, only what the rules suggest as likely is followed; a person
    decides about the rest. The lines are written together; if that fails, in halves, so that a line
    that cannot be written is refused alone. Each unit gets one notice, with the number.

    Raises:
        TooManyAtOnce: More than 500.
        DemandsUnknown: There is no such demand; nothing was sent.
        UnitNotInUse: The unit was closed.
        PermissionDenied: `by` does not dispatch.
    """
    if not by.has_perm("demands.dispatch_many"):
        raise PermissionDenied
    if len(set(demand_ids)) > MOST_AT_ONCE:
        raise TooManyAtOnce(most=MOST_AT_ONCE)
    lines = _lines(_locked(set(demand_ids)), unit, at=at)
    _refuse_closed_units(lines, unit)
    report = BulkDispatch.objects.create(by=by, at=at, unit=unit)
    _send([line for line in lines if not line.code], report, by=by, at=at)
    _tell_units((line.target for line in lines if not line.code), by=by, at=at)
    BulkRow.objects.bulk_create(
        BulkRow(
            bulk=report,
            demand=line.demand,
            unit=line.unit,
            code=line.code,
            status=line.demand.status if line.code == NotWaiting.code else "",
            percent=line.percent,
        )
        for line in lines
    )
    report.refused = sum(bool(line.code) for line in lines)
    report.dispatched = len(lines) - report.refused
    report.save(update_fields=["dispatched", "refused"])
    return report


def _locked(ids: set[int]) -> list[Demand]:
    """The demands in the order of their ids, which is also the order of the locks."""
    rows = Demand.objects.filter(pk__in=ids).order_by("pk")
    held = list(rows.select_for_update().values_list("pk", flat=True))
    if missing := ids - set(held):
        raise DemandsUnknown(ids="、".join(str(pk) for pk in sorted(missing)))
    # Read after the locks are held: what was read while waiting for one may not be true any more.
    return list(rows.select_related("category__lead_unit", "enterprise__industry"))


def _lines(demands: list[Demand], unit: Unit | None, *, at: dt.datetime) -> list[_Line]:
    """Which unit each demand goes to, or the code of the reason why it goes nowhere."""
    catalogue = Catalogue(demands, on=local_date(at))
    lines = []
    for demand in demands:
        line = _Line(demand, catalogue.suggestions(demand), unit)
        first = line.suggested[0] if line.suggested else None
        if unit is None and first is not None:
            line.unit, line.percent = first.unit, first.percent
        if demand.status != DemandStatus.SUBMITTED:
            line.code = NotWaiting.code
        elif line.unit is None:
            line.code = NoSuggestion.code
        elif unit is None and first is not None and not first.is_likely:
            line.code = UnsureSuggestion.code
        lines.append(line)
    return lines


def _refuse_closed_units(lines: list[_Line], chosen: Unit | None) -> None:
    """Refuse what would go to a closed unit; the others stay open until the transaction ends."""
    wanted = {line.target.pk for line in lines if line.unit is not None}
    wanted |= {chosen.pk} if chosen else set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM accounts_unit WHERE id = ANY(%s) AND is_active ORDER BY id FOR SHARE",
            [sorted(wanted)],
        )
        open_ones = {pk for (pk,) in cursor.fetchall()}
    if chosen is not None and chosen.pk not in open_ones:
        raise UnitNotInUse(unit=chosen)
    for line in lines:
        if not line.code and line.target.pk not in open_ones:
            line.code = UnitNotInUse.code


def _send(lines: list[_Line], report: BulkDispatch, *, by: User, at: dt.datetime) -> None:
    """Write the lines in a savepoint; on an error of the database, each half in its own."""
    if not lines:
        return
    try:
        with transaction.atomic():
            if len(lines) == 1:
                dispatch_demand(lines[0].demand.pk, unit=lines[0].target, by=by, at=at)
            else:
                _write(lines, report, by=by, at=at)
    except Refusal as refusal:
        lines[0].code = refusal.code
    except IntegrityError:
        if len(lines) == 1:
            lines[0].code = NotWritten.code
            return
        half = len(lines) // 2
        _send(lines[:half], report, by=by, at=at)
        _send(lines[half:], report, by=by, at=at)


def _write(lines: list[_Line], report: BulkDispatch, *, by: User, at: dt.datetime) -> None:
    """What `dispatch_demand` writes for a demand that waits, for all of them."""
    demands = [line.demand for line in lines]
    before = [contribution(demand) for demand in demands]
    by_unit: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        by_unit[line.target.pk].append(line.demand.pk)
    for unit_id, ids in by_unit.items():
        Demand.objects.filter(pk__in=ids).update(
            status=DemandStatus.DISPATCHED,
            unit_id=unit_id,
            dispatched_at=at,
            dispatches=F("dispatches") + 1,
        )
        Demand.objects.filter(merged_into__in=ids, status=DemandStatus.MERGED).update(unit=unit_id)
    finish_many(demands, step=Step.DISPATCH, by=by, at=at)
    open_many([_owed(line) for line in lines], step=Step.ACCEPT, at=at)
    after = [contribution(demand) for demand in demands]
    for tally, line in zip(after, lines, strict=True):
        assert tally is not None  # only a withdrawn demand has none
        tally.unit_id = line.target.pk
    retally_many(before, after)
    record_many([_event(line, report, by=by, at=at) for line in lines])


def _event(line: _Line, report: BulkDispatch, *, by: User, at: dt.datetime) -> Event:
    return event(
        "demand.dispatched",
        line.demand,
        by=by,
        at=at,
        enterprise_id=line.demand.enterprise_id,
        unit=line.target.pk,
        unit_name=line.target.name,
        earlier=None,
        note="",
        urgency=line.demand.urgency,
        suggested=line.suggested[0].unit.pk if line.suggested else None,
        also_suggested=[each.unit.pk for each in line.suggested[1:]],
        bulk=report.pk,
    )


def _owed(line: _Line) -> Owed:
    demand = line.demand
    return Owed(
        subject=demand,
        enterprise_id=demand.enterprise_id,
        label=f"{demand.number} {demand.title}",
        url=demand.get_absolute_url(),
        unit=line.target,
        priority=demand.urgency,
        rule_set=demand.category_version_id,
    )


def _tell_units(units: Iterable[Unit], *, by: User, at: dt.datetime) -> None:
    for unit, count in Counter(units).items():
        notify(
            people_on_the_desk(unit),
            event="demand.dispatched_many",
            names={"count": count, "unit": unit},
            url="/inbox/",
            at=at,
            dedupe_key=f"demand.dispatched_many:{by.pk}:{unit.pk}:{at.isoformat()}",
        )
