"""Monthly reports over JSON: those that were made, with their files, and asking for one."""

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.enums import Language
from lianqi.api.files import FileOut
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.actions import request_report
from lianqi.demands.models import MonthlyReport
from lianqi.files.queries import files_of

router = Router(tags=["figures"])


class ReportOut(Schema):
    """A report as it was made; later figures appear in later reports.

    `by_itself` is false where somebody asked for it. `files` are the same report in each format.
    """

    id: int
    month: str
    language: str
    computed_at: dt.datetime
    made_at: dt.datetime
    by_itself: bool
    files: list[FileOut]


class ReportPage(Schema):
    """Reports, newest first. Pass `next_before` as `before` for the following page."""

    reports: list[ReportOut]
    next_before: int | None


class ReportFilter(Schema):
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class ReportIn(Schema):
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    language: Language = Language.ZH


@router.get("/reports", response={200: ReportPage, **PROBLEMS}, operation_id="list_monthly_reports")
def list_reports(request: ApiRequest, query: Query[ReportFilter]) -> dict[str, Any]:
    """The monthly reports that were made."""
    if not request.user.has_perm("demands.figures"):
        raise PermissionDenied
    found = MonthlyReport.objects.visible_to(request.user).for_list()
    if query.month is not None:
        found = found.filter(month=_first_day(query.month))
    if query.before is not None:
        found = found.filter(pk__lt=query.before)
    rows = list(found[: query.limit + 1])
    more, rows = len(rows) > query.limit, rows[: query.limit]
    files = files_of(rows)
    return {
        "reports": [_told(each, files.get(each.pk, [])) for each in rows],
        "next_before": rows[-1].pk if more else None,
    }


@router.get(
    "/reports/{report_id}", response={200: ReportOut, **PROBLEMS}, operation_id="get_monthly_report"
)
def get_report(request: ApiRequest, report_id: int) -> dict[str, Any]:
    """One monthly report with its files."""
    if not request.user.has_perm("demands.figures"):
        raise PermissionDenied
    report = get_object_or_404(MonthlyReport.objects.visible_to(request.user), pk=report_id)
    return _told(report, files_of([report]).get(report.pk, []))


@router.post(
    "/reports", response={202: ReportIn, **PROBLEMS}, operation_id="ask_for_monthly_report"
)
def ask_for_report(request: ApiRequest, body: ReportIn) -> Status[ReportIn]:
    """Ask for the report of a month; who asked is told when it is made."""
    request_report(
        _first_day(body.month), language=body.language, by=request.user, at=timezone.now()
    )
    return Status(202, body)


def _first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def _told(report: MonthlyReport, files: list[Any]) -> dict[str, Any]:
    return {
        "id": report.pk,
        "month": f"{report.month:%Y-%m}",
        "language": report.language,
        "computed_at": report.computed_at,
        "made_at": report.made_at,
        "by_itself": report.made_by_id is None,
        "files": files,
    }
