"""Handing out stored files: to whoever may see the record they belong to."""

from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.demands.actions import record_download
from lianqi.demands.models import Demand
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
    demands = Demand.objects.visible_to(request.user)
    if stored.subject_kind != Demand._meta.label_lower:
        raise Http404
    demand = get_object_or_404(demands, pk=stored.subject_id)
    answer = FileResponse(
        open_file(stored),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )
    record_download(demand, stored, by=request.user, at=timezone.now())
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
