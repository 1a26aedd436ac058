"""Finding the register's entry of a caller whose enterprise was not in it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianqi.demands.actions import attach_enterprise as attach
from lianqi.demands.models import Demand
from lianqi.register.models import Enterprise, core_of
from lianqi.shared.errors import Refusal
from lianqi.web.demands.forms import MOST_MATCHES
from lianqi.web.demands.page import visible_demand
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id


@require_http_methods(["GET", "HEAD", "POST"])
def attach_enterprise(request: AuthedRequest, demand_id: int) -> HttpResponse:
    """Entries that may be meant, each with a button; a POST says which one it is."""
    demand = visible_demand(demand_id, request.user)
    refused = ""
    if request.method == "POST":
        pk = as_id(request.POST.get("enterprise", ""))
        chosen = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
        try:
            attach(demand.pk, enterprise=chosen, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            said = _("The demand belongs to %(name)s now; its people were told.")
            messages.success(request, said % {"name": chosen})
            return HttpResponseRedirect(demand.get_absolute_url(), status=303)
    elif not request.user.has_perm("demands.attach_enterprise", demand):
        raise PermissionDenied
    context = _context(request, demand) | {"refused": refused}
    is_part = request.htmx and not refused
    template = "demands/matching.html#found" if is_part else "demands/matching.html"
    return render(request, template, context, status=422 if refused else 200)


def _context(request: AuthedRequest, demand: Demand) -> dict[str, Any]:
    wanted = request.GET.get("firm", "")
    return {"demand": demand, "wanted": wanted, "firms": _meant(demand, wanted)}


def _meant(demand: Demand, wanted: str) -> list[Enterprise]:
    """What was searched for; before a search, what the caller's own words point to."""
    living = Enterprise.objects.living()
    if wanted:
        return list(living.search(wanted).order_by("name", "pk")[:MOST_MATCHES])
    if demand.firm_code and (found := list(living.filter(code=demand.firm_code))):
        return found
    if not demand.firm_name:
        return []
    return list(living.near(core_of(demand.firm_name)).order_by("name", "pk")[:MOST_MATCHES])
