"""Telling enterprises of the measures that fit them: pressed by hand, or set for a pack."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lianqi.matching.actions import set_telling, tell_matches
from lianqi.matching.models import RulePack
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import press

tells = permission_required("matching.tell_matches", raise_exception=True)


@require_POST
@tells
def tell_everybody(request: AuthedRequest) -> HttpResponse:
    """All measures in force."""
    _tell(request, None, "")
    return HttpResponseRedirect(reverse("matching:results"), status=303)


@require_POST
@tells
def tell(request: AuthedRequest, pack_id: int, measure_key: str) -> HttpResponse:
    row = get_object_or_404(RulePack.objects.visible_to(request.user).published(), pk=pack_id)
    _tell(request, row.pk, measure_key)
    return HttpResponseRedirect(
        reverse("matching:result", args=[row.pk, measure_key]), status=303
    )  # fmt: skip


@require_POST
@tells
def set_newly(request: AuthedRequest, pack_id: int) -> HttpResponse:
    """Whether whoever newly meets a measure of the pack is told without a press."""
    row = get_object_or_404(RulePack.objects.visible_to(request.user).published(), pk=pack_id)
    on = request.POST.get("tells") == "yes"

    def carry_out() -> None:
        set_telling(row.pk, tells=on, by=request.user, at=timezone.now())

    said = (
        _("From now on enterprises that newly meet a measure of this pack are told by themselves.")
        if on
        else _("New matches of this pack are told by hand only.")
    )
    press(request, carry_out, said)
    return HttpResponseRedirect(row.get_absolute_url(), status=303)


def _tell(request: AuthedRequest, pack_id: int | None, measure: str) -> None:
    try:
        count = tell_matches(
            pack_id=pack_id,
            measure=measure,
            with_missing=request.POST.get("with_missing") == "yes",
            on=timezone.localdate(),
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    said = ngettext(
        "%(count)d match is being told.", "%(count)d matches are being told.", count
    )  # fmt: skip
    messages.success(request, said % {"count": count})
