"""Handing out stored files: to whoever may see the record they belong to."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lianqi.accounts.models import User
from lianqi.demands.models import Demand
from lianqi.files.models import StoredFile
from lianqi.files.queries import open_file
from lianqi.web.http import AuthedRequest

# The kinds of record that have files, and which of them a person may see.
VISIBLE: Mapping[str, Callable[[User], QuerySet[Any]]] = {
    Demand._meta.label_lower: Demand.objects.visible_to,
}


@require_safe
def download(request: AuthedRequest, token: UUID) -> FileResponse:
    """The file, always as a download and never as a page of ours.

    Raises:
        Http404: There is no such file, or its record is not for this person; the answer does not
            tell which.
    """
    stored = get_object_or_404(StoredFile, token=token)
    visible = VISIBLE.get(stored.subject_kind)
    if visible is None or not visible(request.user).filter(pk=stored.subject_id).exists():
        raise Http404
    answer = FileResponse(
        open_file(stored),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
