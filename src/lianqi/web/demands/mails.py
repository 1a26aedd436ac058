"""Mails of unknown senders: whose they are, or that they are no demand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.demands.actions import assign_mail, set_mail_aside
from lianqi.demands.models import IncomingMail
from lianqi.files.models import StoredFile
from lianqi.register.models import Enterprise
from lianqi.shared.errors import Refusal
from lianqi.web.demands.forms import MOST_MATCHES, CategoryField
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first


class AssignForm(forms.Form):
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.living(),
        label=gettext_lazy("Enterprise"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    firm = forms.CharField(
        label=gettext_lazy("Find the enterprise"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Name, pinyin initials or code. If nothing fits, it stays as typed."
        ),
    )
    category = CategoryField(
        label=gettext_lazy("Category"), empty_label=gettext_lazy("Please choose")
    )

    def __init__(self, *args: Any, shown: list[Enterprise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enterprise = self.fields["enterprise"]
        assert isinstance(enterprise, forms.ModelChoiceField)
        enterprise.choices = [(firm.pk, f"{firm.name} {firm.code}") for firm in shown]
        if not shown:
            enterprise.widget = forms.HiddenInput()


@require_safe
def mails(request: AuthedRequest) -> HttpResponse:
    _require_sorter(request)
    page = newest_first(IncomingMail.objects.visible_to(request.user).waiting(), request.GET)
    return render(request, "demands/mails.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: AuthedRequest, mail_id: int) -> HttpResponse:
    """One mail with the form; the button `find` only looks for the enterprise."""
    _require_sorter(request)
    found = get_object_or_404(IncomingMail.objects.visible_to(request.user), pk=mail_id)
    shown = list(Enterprise.objects.living().search(request.POST.get("firm", ""))[:MOST_MATCHES])
    is_sent = request.method == "POST" and "find" not in request.POST
    form = AssignForm(request.POST if is_sent else None, shown=shown, initial=request.POST.dict())
    if is_sent and form.is_valid():
        given = form.cleaned_data
        try:
            demand = assign_mail(
                found.pk,
                enterprise=given["enterprise"],
                firm_name=given["firm"],
                category=given["category"],
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Demand %(number)s was filed.") % {"number": demand.number})
            return HttpResponseRedirect(reverse("demands:mails"), status=303)
    context = {"mail": found, "form": form, "files": StoredFile.objects.of(found)}
    return render(request, "demands/mail.html", context, status=422 if is_sent else 200)


@require_POST
def set_aside(request: AuthedRequest, mail_id: int) -> HttpResponse:
    _require_sorter(request)
    found = get_object_or_404(IncomingMail.objects.visible_to(request.user), pk=mail_id)
    reason = request.POST.get("reason", "")
    try:
        set_mail_aside(found.pk, reason=reason, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Set aside: it is no demand."))
    return HttpResponseRedirect(reverse("demands:mails"), status=303)


def _require_sorter(request: AuthedRequest) -> None:
    if not request.user.has_perm("demands.sort_mails"):
        raise PermissionDenied
