"""The public home page, also everybody's first page after signing in, and the public figures."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.accounts.enums import ENTERPRISE_ROLES
from lianqi.accounts.models import User
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand, DemandCategory
from lianqi.demands.queries import breakdown, figures, open_items
from lianqi.web.charts import month_rows, rate_bars
from lianqi.web.demands.filing import may_file
from lianqi.web.demands.page import TONES, clock_of
from lianqi.web.http import AnyRequest
from lianqi.web.inbox.rows import inbox_rows
from lianqi.web.periods import year_of
from lianqi.work.models import WorkItem
from lianqi.work.queries import inbox_counts

MOST_SHOWN = 5
FIRST_YEAR = 2000


@login_not_required
@require_safe
def home(request: AnyRequest) -> HttpResponse:
    at = timezone.now()
    year = year_of(timezone.localdate(at))
    context: dict[str, Any] = {
        "year": year.first.year,
        "figures": figures(received_from=year.first, received_before=year.before),
    }
    if isinstance(request.user, User):
        context |= _own(request.user, at)
    else:
        context["takes_tips"] = DemandCategory.objects.for_tips().exists()
    return render(request, "home/home.html", context)


@login_not_required
@require_safe
def public_figures(request: AnyRequest) -> HttpResponse:
    this_year = timezone.localdate().year
    asked = request.GET.get("year", "")
    is_sensible = asked.isdecimal() and FIRST_YEAR <= int(asked) <= this_year
    year = year_of(dt.date(int(asked) if is_sensible else this_year, 1, 1))
    found = breakdown(received_from=year.first, received_before=year.before)
    months = month_rows(found.by_month)
    context = {
        "year": year.first.year,
        "later_year": year.before.year if year.before.year <= this_year else None,
        "figures": found.total,
        "months": months,
        "closing_bars": rate_bars(months, of="closing_rate"),
        "satisfaction_bars": rate_bars(months, of="satisfaction_rate"),
    }
    return render(request, "home/figures.html", context)


def _own(user: User, at: dt.datetime) -> dict[str, Any]:
    """What the signed-in person has to do: the firm's open demands, the top of the inbox."""
    own: dict[str, Any] = {"may_file": may_file(user), "is_waiting": not user.assignments}
    if user.has_perm("work.inbox"):
        own["counts"] = inbox_counts(user, at=at)
        urgent = WorkItem.objects.inbox_of(user).for_list()[:MOST_SHOWN]
        own["urgent"] = inbox_rows(urgent, at=at)
    if user.holds(*ENTERPRISE_ROLES):
        demands = list(Demand.objects.visible_to(user).open().for_list()[:MOST_SHOWN])
        items = open_items(demands)
        own["rows"] = [
            {
                "demand": demand,
                "tone": TONES[DemandStatus(demand.status)],
                "clock": clock_of(items.get(demand.pk), at=at),
            }
            for demand in demands
        ]
    return own
