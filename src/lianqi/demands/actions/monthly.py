"""Making monthly reports: by the job when a month is over, and whenever somebody asks."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import translation

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.errors import MonthNotCompiled
from lianqi.demands.models import MonthlyReport
from lianqi.demands.queries import month_figures, report_of
from lianqi.engines.documents import as_docx, as_pdf
from lianqi.files.actions import store_upload
from lianqi.files.models import StoredFile
from lianqi.notices.actions import notify
from lianqi.work.queries import local_date

TASK = "lianqi.demands.monthly_report"
REPORTS_URL = "/leader/reports/"
_MOST_BYTES = 50 * 1024 * 1024


@transaction.atomic
def request_report(month: dt.date, *, language: str, by: User, at: dt.datetime) -> None:
    """Ask the worker for a report of the month that begins on that day.

    Raises:
        MonthNotCompiled: There are no figures of that month.
        PermissionDenied: `by` may not ask for it.
    """
    if not by.has_perm("demands.make_report"):
        raise PermissionDenied
    if month_figures(month) is None:
        raise MonthNotCompiled(month=f"{month:%Y-%m}")
    record("demands.report_requested", by, by=by, at=at, month=f"{month:%Y-%m}")
    transaction.on_commit(lambda: _defer(month, language, by.pk))


def _defer(month: dt.date, language: str, user_id: int) -> None:
    from procrastinate.contrib.django import app  # its connector needs the app registry
    from procrastinate.exceptions import AlreadyEnqueued

    lock = f"{TASK} {month} {language}"
    try:
        job = app.configure_task(TASK, queueing_lock=lock)
        job.defer(month=str(month), language=language, user_id=user_id)
    except AlreadyEnqueued:
        return  # somebody asked for the same a moment ago


@transaction.atomic
def make_report(
    month: dt.date, *, language: str, zone: str, by: User | None, at: dt.datetime
) -> MonthlyReport:
    """Make the report of a month from the compiled figures and keep it as PDF and as DOCX.

    Args:
        language: In which it is written.
        zone: The name under which the zone appears.
        by: Who asked for it and is told; None for the job, which tells the leaders.

    Raises:
        MonthNotCompiled: There are no figures of that month.
    """
    found = month_figures(month)
    if found is None:
        raise MonthNotCompiled(month=f"{month:%Y-%m}")
    with translation.override(language):
        document = report_of(found, zone=zone, at=at)
        pdf, docx = as_pdf(document), as_docx(document)
    report = MonthlyReport.objects.create(
        month=month, language=language, computed_at=found.computed_at, made_at=at, made_by=by
    )
    for content, ending in ((pdf, "pdf"), (docx, "docx")):
        uploaded = SimpleUploadedFile(f"{document.title} {month:%Y-%m}.{ending}", content)
        store_upload(uploaded, subject=report, max_bytes=_MOST_BYTES, daemon="", by=by, at=at)
    record("demands.report_made", report, by=by or Automat(), at=at, month=f"{month:%Y-%m}")
    leaders = User.people.holding(Role.LEADER, on=local_date(at))
    notify(
        leaders if by is None else [by],
        event="report.made",
        names={"month": f"{month:%Y-%m}", "demands": found.counted},
        url=REPORTS_URL,
        at=at,
        dedupe_key=f"report.made:{report.pk}",
    )
    return report


def make_due_report(*, language: str, zone: str, at: dt.datetime) -> MonthlyReport | None:
    """Make the report of the month before once; None if there is one, or no figures of all of it.

    Called every night, so that a night without power costs a day and no report.
    """
    first = local_date(at).replace(day=1)
    month = (first - dt.timedelta(days=1)).replace(day=1)
    if MonthlyReport.objects.by_the_job(month).exists():
        return None
    found = month_figures(month)
    if found is None or local_date(found.computed_at) < first:
        return None
    return make_report(month, language=language, zone=zone, by=None, at=at)


@transaction.atomic
def record_report_download(
    report: MonthlyReport, stored: StoredFile, *, by: User, at: dt.datetime
) -> None:
    """Note that somebody took a report; every time."""
    record("demands.report_downloaded", report, by=by, at=at, is_read=True, file=stored.name)
