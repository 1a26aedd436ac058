"""Whose verdicts a person may see, and the addresses of their pages."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from lianqi.register.actions import record_view
from lianqi.register.models import Enterprise
from lianqi.web.http import AuthedRequest


def seen_enterprise(request: AuthedRequest, enterprise_id: int) -> Enterprise:
    """The enterprise, if the person may see what it is entitled to; looking is noted."""
    seen = Enterprise.objects.living().visible_to(request.user)
    enterprise = get_object_or_404(seen, pk=enterprise_id)
    if not request.user.has_perm("matching.view_verdicts", enterprise):
        raise PermissionDenied
    if request.method == "GET":
        record_view(enterprise, by=request.user, at=timezone.now())
    return enterprise


def address(name: str, day: dt.date, *args: object) -> str:
    """A page of verdicts; today needs no day in it."""
    url = reverse(name, args=args)
    return url if day == timezone.localdate() else f"{url}?on={day.isoformat()}"
