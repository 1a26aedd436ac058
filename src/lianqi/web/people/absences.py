"""Who is away and who stands in: for oneself, and for the people one heads."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianqi.accounts.actions import cancel_absence, set_absence
from lianqi.accounts.models import Absence
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE, done
from lianqi.web.people.forms import AbsenceForm

SHOWN = 200
has_absences = permission_required("accounts.have_absences", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@has_absences
def absence(request: AuthedRequest) -> HttpResponse:
    """The form, and the absences that are not over."""
    today = timezone.localdate()
    form = AbsenceForm(request.POST or None, by=request.user, today=today)

    def act(values: dict[str, Any]) -> None:
        set_absence(
            values["person"],
            stand_in=values["stand_in"],
            from_on=values["from_on"],
            until_on=values["until_on"],
            by=request.user,
            at=timezone.now(),
        )

    if request.method == "POST" and done(form, act):
        messages.success(
            request,
            _("From %(from_on)s to %(until_on)s new work goes to %(stand_in)s.")
            % form.cleaned_data,
        )
        return HttpResponseRedirect(reverse("people:absence"), status=303)
    coming = Absence.objects.visible_to(request.user).not_over(on=today).for_list()[:SHOWN]
    rows = [(each, request.user.has_perm("accounts.set_absence", each.user)) for each in coming]
    context = {"form": form, "rows": rows, "today": today}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "people/absence.html", context, status=status)


@require_POST
@has_absences
def cancel(request: AuthedRequest, absence_id: int) -> HttpResponse:
    shown = get_object_or_404(Absence.objects.visible_to(request.user), pk=absence_id)
    cancel_absence(shown.pk, by=request.user, at=timezone.now())
    said = _("The absence was taken back. Work already handed over stays there.")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("people:absence"), status=303)
