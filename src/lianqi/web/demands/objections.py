"""The acts of objecting and deciding, one address each."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from lianqi.demands.actions import (
    arbitrate_objection,
    object_to_dispatch,
    overrule_objection,
    uphold_objection,
)
from lianqi.demands.enums import ObjectionReason
from lianqi.demands.models import Demand
from lianqi.web.demands.acts import carry_out
from lianqi.web.http import AuthedRequest


@require_POST
def object_(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        given["reason"] = ObjectionReason(given["reason"])
        return object_to_dispatch(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "object", act)


@require_POST
def uphold(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return uphold_objection(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "uphold", act)


@require_POST
def overrule(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return overrule_objection(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "overrule", act)


@require_POST
def arbitrate(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return arbitrate_objection(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "arbitrate", act)
