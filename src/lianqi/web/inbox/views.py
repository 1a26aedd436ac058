"""The inbox: what waits for this person, the most urgent first."""

import datetime as dt

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Absence, User
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from lianqi.web.http import AuthedRequest
from lianqi.web.inbox.forms import InboxForm
from lianqi.web.inbox.pages import page_by_due
from lianqi.web.inbox.rows import inbox_rows
from lianqi.work.models import WorkItem
from lianqi.work.queries import inbox_counts


@require_safe
@permission_required("work.inbox", raise_exception=True)
def inbox(request: AuthedRequest) -> HttpResponse:
    user, at = request.user, timezone.now()
    units = sorted(set(user.scope_ids(Scope.UNIT, Role.HANDLER, Role.DEPARTMENT_HEAD)))
    form = InboxForm(request.GET, unit_ids=units)
    mine = WorkItem.objects.inbox_of(user)
    page = page_by_due(form.narrow(mine, at=at), request.GET.get("after", ""))
    context = {
        "form": form,
        "counts": inbox_counts(user, at=at),
        "rows": inbox_rows(page.items, at=at),
        "after": page.after,
        "is_first": "after" not in request.GET,
        "is_filtered": any(request.GET.values()),
        "routed": _not_accepted_yet(user),
        "absences": absences_covered_by(user, on=timezone.localdate(at)),
    }
    return render(request, "inbox/list.html", context)


def _not_accepted_yet(user: User) -> int:
    """How many demands went to task forces by themselves and can still be taken back."""
    if not user.holds(Role.DISPATCHER):
        return 0
    return Demand.objects.routed().filter(status=DemandStatus.DISPATCHED).count()


def absences_covered_by(user: User, *, on: dt.date) -> list[Absence]:
    """Who is away that day and has this person as stand-in, with the last day of it."""
    covered = Absence.objects.filter(stand_in=user, from_on__lte=on, until_on__gte=on)
    return list(covered.select_related("user").order_by("until_on", "pk"))
