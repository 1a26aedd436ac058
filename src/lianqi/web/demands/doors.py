"""Where an act on a demand comes in: load, bind, one action, render."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lianqi.demands.models import Demand
from lianqi.shared.errors import Refusal
from lianqi.web.demands.offers import ACTS
from lianqi.web.demands.page import page_of, visible_demand
from lianqi.web.desks import Desk
from lianqi.web.http import AuthedRequest

DESK = Desk("demands", visible_demand, page_of)


def door(
    verb: str, action: Callable[..., object], **settled: Callable[[Demand], object]
) -> Callable[..., HttpResponse]:
    """The address of one act: the action is told what the form of `verb` holds, and by whom.

    What is refused comes back as it was typed, with 422.

    Args:
        verb: The act, as `ACTS` and the address name it.
        action: Takes the id of a demand, the fields of the form by name, `by` and `at`.
        settled: What the zone has settled and the action wants to know as well, by name.
    """

    @require_POST
    def enter(request: AuthedRequest, demand_id: int) -> HttpResponse:
        demand, at = visible_demand(demand_id, request.user), timezone.now()
        form = ACTS[verb].form(request.POST, request.FILES, verb=verb)
        if not form.is_valid():
            return DESK.region(request, demand, at, form, verb)
        rules = {name: rule(demand) for name, rule in settled.items()}
        try:
            action(demand.pk, **form.cleaned_data, **rules, by=request.user, at=at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return DESK.refused(request, demand_id, at, form, verb)
        messages.success(request, str(ACTS[verb].done))
        return DESK.done(request, demand_id, at)

    return enter
