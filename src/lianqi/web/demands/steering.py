"""More time, another urgency, another handler: one address each."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from lianqi.demands.actions import (
    ask_extension,
    change_urgency,
    decide_extension,
    reassign_handler,
)
from lianqi.demands.enums import Decision
from lianqi.demands.models import Demand
from lianqi.web.demands.acts import carry_out
from lianqi.web.http import AuthedRequest
from lianqi.work.enums import Urgency


@require_POST
def ask_for_time(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return ask_extension(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "ask_extension", act)


@require_POST
def decide_on_time(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        decision = Decision(given["decision"])
        return decide_extension(
            demand.pk, decision=decision, note=given["note"], by=request.user, at=at
        )

    return carry_out(request, demand_id, "decide_extension", act)


@require_POST
def urgency(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return change_urgency(
            demand.pk,
            urgency=Urgency(given["urgency"]),
            reason=given["reason"],
            by=request.user,
            at=at,
        )

    return carry_out(request, demand_id, "change_urgency", act)


@require_POST
def handler(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return reassign_handler(demand.pk, person=given["person"], by=request.user, at=at)

    return carry_out(request, demand_id, "reassign", act)
