"""Handing out stored files: to whoever may see the record they belong to."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.files.actions import hand_out
from lianqi.web.http import AuthedRequest


@require_safe
def download(request: AuthedRequest, token: UUID) -> FileResponse:
    """The file, always as a download and never as a page of ours.

    Raises:
        Http404: There is no such file, or its record is not for this person; the answer does not
            tell which.
    """
    try:
        stored, opened = hand_out(token, by=request.user, at=timezone.now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    answer = FileResponse(
        opened, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
