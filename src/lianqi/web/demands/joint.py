"""The acts of assisting and transferring, one address each."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from lianqi.demands import actions
from lianqi.demands.models import Demand
from lianqi.web.demands.acts import carry_out
from lianqi.web.http import AuthedRequest


@require_POST
def add_assistance(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return actions.add_assistance(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "add_assistance", act)


@require_POST
def remove_assistance(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return actions.remove_assistance(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "remove_assistance", act)


@require_POST
def contribute(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return actions.contribute(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "contribute", act)


@require_POST
def ask_transfer(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return actions.ask_transfer(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "ask_transfer", act)


@require_POST
def transfer(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return actions.transfer_demand(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "transfer", act)


@require_POST
def refuse_transfer(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return actions.refuse_transfer(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "refuse_transfer", act)
