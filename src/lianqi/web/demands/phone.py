"""Writing down what a caller without an account says of an answer."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from lianqi.demands.actions import appeal_by_phone, confirm_by_phone, dispute_by_phone
from lianqi.demands.models import Demand
from lianqi.web.demands.acts import carry_out
from lianqi.web.demands.phone_forms import heard
from lianqi.web.http import AuthedRequest


@require_POST
def confirm(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return confirm_by_phone(demand.pk, by=request.user, at=at, **heard(given))

    return carry_out(request, demand_id, "confirm_by_phone", act)


@require_POST
def dispute(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return dispute_by_phone(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "dispute_by_phone", act)


@require_POST
def appeal(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return appeal_by_phone(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "appeal_by_phone", act)
