"""Handing out stored files: to whoever may see the record they belong to."""

from collections.abc import Callable
from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.conversions.actions import record_evidence_download
from lianqi.conversions.models import ChainStep, Conversion
from lianqi.demands.actions import record_download, record_report_download
from lianqi.demands.models import Demand, MonthlyReport
from lianqi.files.models import StoredFile
from lianqi.files.queries import open_file
from lianqi.web.http import AuthedRequest


@require_safe
def download(request: AuthedRequest, token: UUID) -> FileResponse:
    """The file, always as a download and never as a page of ours.

    Raises:
        Http404: There is no such file, or its record is not for this person; the answer does not
            tell which.
    """
    stored = get_object_or_404(StoredFile, token=token)
    note = _noting(request, stored)
    answer = FileResponse(
        open_file(stored),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )
    note()
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _noting(request: AuthedRequest, stored: StoredFile) -> Callable[[], None]:
    """Look up the record that the file belongs to; return what notes the download."""
    user, at = request.user, timezone.now()
    if stored.subject_kind == Demand._meta.label_lower:
        demand = get_object_or_404(Demand.objects.visible_to(user), pk=stored.subject_id)
        return lambda: record_download(demand, stored, by=user, at=at)
    if stored.subject_kind == MonthlyReport._meta.label_lower:
        reports = MonthlyReport.objects.visible_to(user)
        report = get_object_or_404(reports, pk=stored.subject_id)
        return lambda: record_report_download(report, stored, by=user, at=at)
    if stored.subject_kind == ChainStep._meta.label_lower:
        conversions = Conversion.objects.visible_to(user)
        conversion = get_object_or_404(conversions, steps=stored.subject_id)
        return lambda: record_evidence_download(conversion, stored, by=user, at=at)
    raise Http404
