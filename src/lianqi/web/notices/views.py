"""Notices: the own ones, newest first, and marking them as read."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lianqi.notices.actions import mark_read
from lianqi.notices.models import Notice
from lianqi.web.http import AuthedRequest, back_to
from lianqi.web.paging import as_id, newest_first

MOST_AT_ONCE = 500


@require_safe
def notice_list(request: AuthedRequest) -> HttpResponse:
    notices = Notice.objects.filter(person=request.user)
    page = newest_first(notices, request.GET)
    return render(request, "notices/list.html", {"page": page})


@require_POST
def read(request: AuthedRequest) -> HttpResponse:
    """Mark the named notices as read, or with `all` every unread one; only one's own change."""
    if "all" in request.POST:
        unread = Notice.objects.unread().filter(person=request.user).order_by("-pk")
        ids = list(unread.values_list("pk", flat=True)[:MOST_AT_ONCE])
    else:
        named = map(as_id, request.POST.getlist("notice"))
        ids = [pk for pk in named if pk is not None]
    mark_read(ids, person=request.user, at=timezone.now())
    said = ngettext(
        "%(count)d notice marked as read.", "%(count)d notices marked as read.", len(ids)
    )
    messages.success(request, said % {"count": len(ids)})
    answer = back_to(request, reverse("notices:list"))
    answer.status_code = 303
    return answer
