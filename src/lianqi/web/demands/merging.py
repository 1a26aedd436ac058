"""The acts of merging, one address each."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from lianqi.demands import actions
from lianqi.demands.models import Demand
from lianqi.web.demands.acts import carry_out
from lianqi.web.http import AuthedRequest


@require_POST
def merge(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return actions.merge_demand(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "merge", act)


@require_POST
def unmerge(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return actions.unmerge_demand(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "unmerge", act)
