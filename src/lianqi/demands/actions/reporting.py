"""Telling how far the work has come: the interim answer, and progress at intervals."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.beside import owe_progress
from lianqi.demands.actions.moving import locked_beside, tell_the_enterprise
from lianqi.demands.enums import DemandStatus, ReportKind, Step
from lianqi.demands.errors import ReportMissing
from lianqi.demands.models import Demand, Report
from lianqi.work.actions import finish_items

STEP_OF = {ReportKind.INTERIM: Step.INTERIM, ReportKind.PROGRESS: Step.PROGRESS}


@transaction.atomic
def write_report(
    demand_id: int,
    *,
    kind: ReportKind,
    text: str,
    is_shared: bool,
    by: User,
    at: dt.datetime,
) -> Report:
    """Report on a demand in progress; a report on progress opens the clock of the next one.

    Args:
        demand_id: The demand.
        kind: Interim answer, which the enterprise always reads, or progress.
        text: What was done and what comes next.
        is_shared: Whether the enterprise reads it.
        by: Whoever reports.
        at: Now.

    Raises:
        MoveNotPossible: The demand is not in progress.
        ReportMissing: The text is empty.
        PermissionDenied: `by` does not handle the demand.
    """
    in_progress = frozenset({DemandStatus.IN_PROGRESS})
    demand = locked_beside(demand_id, "demands.report", statuses=in_progress, by=by)
    assert demand.unit is not None  # only before the dispatch is there none
    if not text.strip():
        raise ReportMissing
    report = Report.objects.create(
        demand=demand,
        unit=demand.unit,
        kind=kind,
        text=text.strip(),
        is_shared=is_shared or kind == ReportKind.INTERIM,
        written_at=at,
        written_by=by,
    )
    was_due = finish_items(demand, step=STEP_OF[kind], by=by, at=at)
    if kind == ReportKind.PROGRESS and was_due:
        owe_progress(demand, by=by, at=at)
    if report.is_shared:
        tell_the_enterprise(demand, "demand.reported", at=at, unit=demand.unit)
    _record(demand, report, by=by, at=at)
    return report


def _record(demand: Demand, report: Report, *, by: User, at: dt.datetime) -> None:
    """The event says that there is a report; its text stands in the report only."""
    record(
        "demand.reported",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        kind=report.kind,
        is_shared=report.is_shared,
        report=report.pk,
    )
