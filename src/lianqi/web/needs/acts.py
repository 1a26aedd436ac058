"""The acts on a need: load, bind, one action, render."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lianqi.shared.errors import Refusal
from lianqi.web.desks import Desk
from lianqi.web.http import AuthedRequest
from lianqi.web.needs.offers import ACTS
from lianqi.web.needs.page import page_of, visible_need

DESK = Desk("needs", visible_need, page_of)


@require_POST
def act(request: AuthedRequest, need_id: int, move: str) -> HttpResponse:
    """Bind the form of `move` and act; what is refused comes back as it was typed, with 422."""
    if move not in ACTS:
        raise Http404
    need, at = visible_need(need_id, request.user), timezone.now()
    form = ACTS[move].form(request.POST, verb=move)
    if not form.is_valid():
        return DESK.region(request, need, at, form, move)
    try:
        ACTS[move].action(need.pk, by=request.user, at=at, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return DESK.refused(request, need_id, at, form, move)
    messages.success(request, str(ACTS[move].done))
    return DESK.done(request, need_id, at)
