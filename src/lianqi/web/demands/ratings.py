"""Rating late or a second time, and the follow-up of a bad rating: one address each."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from lianqi.demands.actions import finish_remedy, note_remedy_contact, rate_again, rate_demand
from lianqi.demands.enums import RemedyCause, RemedyResult
from lianqi.demands.models import Demand
from lianqi.demands.queries import periods_of
from lianqi.web.demands.acts import carry_out, rated
from lianqi.web.http import AuthedRequest


@require_POST
def rate(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return rate_demand(
            demand.pk, **rated(given), window_days=_days(demand), by=request.user, at=at
        )

    return carry_out(request, demand_id, "rate", act)


@require_POST
def again(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return rate_again(
            demand.pk, **rated(given), window_days=_days(demand), by=request.user, at=at
        )

    return carry_out(request, demand_id, "rate_again", act)


@require_POST
def contact(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return note_remedy_contact(demand.pk, note=given["note"], by=request.user, at=at)

    return carry_out(request, demand_id, "contact_remedy", act)


@require_POST
def finish(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return finish_remedy(
            demand.pk,
            cause=RemedyCause(given["cause"]),
            measures=given["measures"],
            result=RemedyResult(given["result"]),
            by=request.user,
            at=at,
        )

    return carry_out(request, demand_id, "finish_remedy", act)


def _days(demand: Demand) -> int:
    return periods_of(demand.category_id).rating_days
