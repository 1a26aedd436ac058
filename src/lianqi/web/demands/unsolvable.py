"""“Cannot be solved” and the appeal, one address each."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from lianqi.demands.actions import (
    appeal_unsolvable,
    decide_appeal,
    propose_unsolvable,
    sign_unsolvable,
)
from lianqi.demands.enums import AppealVerdict, Decision
from lianqi.demands.models import Demand
from lianqi.web.demands.acts import carry_out
from lianqi.web.http import AuthedRequest


@require_POST
def propose(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return propose_unsolvable(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "propose_unsolvable", act)


@require_POST
def sign(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        decision = Decision(given["decision"])
        return sign_unsolvable(
            demand.pk, decision=decision, note=given["note"], by=request.user, at=at
        )

    return carry_out(request, demand_id, "sign_unsolvable", act)


@require_POST
def appeal(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return appeal_unsolvable(demand.pk, text=given["text"], by=request.user, at=at)

    return carry_out(request, demand_id, "appeal", act)


@require_POST
def decide(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        verdict = AppealVerdict(given["verdict"])
        return decide_appeal(
            demand.pk, verdict=verdict, reasons=given["reasons"], by=request.user, at=at
        )

    return carry_out(request, demand_id, "decide_appeal", act)
