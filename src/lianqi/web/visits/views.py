"""Reading visits: the list with both of its counts, and one visit."""

import datetime as dt

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.accounts.models import User
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from lianqi.visits.actions import record_visit_view
from lianqi.visits.enums import VisitStatus
from lianqi.visits.models import Round, Visit
from lianqi.visits.queries import visit_count
from lianqi.web.demands.page import TONES
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.visits.forms import FilterForm

MOST_DUE = 10
DAYS_AHEAD = 7

reads_the_list = permission_required("visits.list", raise_exception=True)


@require_safe
@reads_the_list
def visits(request: AuthedRequest) -> HttpResponse:
    user = request.user
    form = FilterForm(request.GET, user=user)
    found = form.narrow(Visit.objects.visible_to(user))
    context = {
        "form": form,
        "page": newest_first(found.for_list(), request.GET),
        "count": visit_count(found) if user.is_zone_staff else None,
        "drafts": list(Visit.objects.drafts_of(user).for_list()[:MOST_DUE]),
        "due": _due(user),
        "is_filtered": any(request.GET.values()),
        "may_record": user.has_perm("visits.record_somewhere"),
    }
    return render(request, "visits/list.html", context)


def _due(user: User) -> list[Visit]:
    """Visits that were announced for the days to come, or are late, to the own enterprises."""
    if not user.has_perm("visits.record_somewhere"):
        return []
    until = timezone.localdate() + dt.timedelta(days=DAYS_AHEAD)
    announced = Visit.objects.visible_to(user).announcing(until=until)
    return list(announced.select_related("enterprise").order_by("next_on", "pk")[:MOST_DUE])


@require_safe
@reads_the_list
def detail(request: AuthedRequest, visit_id: int) -> HttpResponse:
    visible = Visit.objects.visible_to(request.user).for_list()
    visit = get_object_or_404(visible, pk=visit_id)
    record_visit_view(visit, by=request.user, at=timezone.now())
    demands = Demand.objects.filter(visit_matter__visit=visit).visible_to(request.user)
    context = {
        "visit": visit,
        "is_draft": visit.status == VisitStatus.DRAFT,
        "demands": [
            (demand, TONES[DemandStatus(demand.status)])
            for demand in demands.select_related("unit", "category").order_by("pk")
        ],
        "reads_internal": request.user.has_perm("visits.read_internal"),
        # What is being written during a round is the enterprise's to read when the round has ended.
        "shows_text": visit.status == VisitStatus.FILED or request.user.is_zone_staff,
        "round": Round.objects.visible_to(request.user).filter(agenda=visit).first(),
        "is_own": visit.written_by_id == request.user.pk,
    }
    return render(request, "visits/detail.html", context)
