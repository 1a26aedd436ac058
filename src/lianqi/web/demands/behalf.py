"""Filing for another enterprise with its consent: the form, and what one filed."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.demands.actions import file_for_another
from lianqi.demands.enums import DemandStatus
from lianqi.demands.errors import NobodyToRepresent
from lianqi.demands.models import Demand, Representation
from lianqi.engines.text import compact
from lianqi.register.models import Enterprise, EnterpriseQuerySet
from lianqi.shared.errors import Refusal
from lianqi.web.demands.behalf_forms import RepresentingForm
from lianqi.web.demands.page import TONES
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE


@require_safe
def filed(request: AuthedRequest) -> HttpResponse:
    """What one filed for others, with its status; after an objection only that there was one."""
    _require(request)
    page = newest_first(
        Representation.objects.filed_by(request.user).for_list(), request.GET, unindexed=None
    )
    seen = set(
        Demand.objects.visible_to(request.user)
        .filter(pk__in=[held.demand_id for held in page.rows])
        .values_list("pk", flat=True)
    )
    rows = [
        (held, TONES[DemandStatus(held.demand.status)], held.demand_id in seen)
        for held in page.rows
    ]
    return render(request, "demands/behalf_list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: AuthedRequest) -> HttpResponse:
    """The form; sent with the button `find` it only shows what the category needs."""
    _require(request)
    if request.method == "POST" and "find" not in request.POST:
        return _file(request)
    initial: dict[str, Any] = {"enterprise": _own(request).values_list("pk", flat=True).first()}
    if request.method == "POST":
        initial = {name: value for name, value in request.POST.items() if name != "attachments"}
    return render(request, "demands/behalf.html", {"form": _form(request, initial=initial)})


def _file(request: AuthedRequest) -> HttpResponse:
    form = _form(request, request.POST, request.FILES)
    if form.is_valid():
        try:
            demand = file_for_another(
                enterprise=_represented(form.cleaned_data["code"]),
                max_bytes=settings.UPLOAD_MAX_BYTES,
                daemon=settings.CLAMAV_ADDRESS,
                by=request.user,
                at=timezone.now(),
                **form.arguments(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Demand %(number)s was filed; the enterprise was told.")
            messages.success(request, said % {"number": demand.number})
            return HttpResponseRedirect(reverse("demands:behalf_list"), status=303)
    context = {"form": form, "files_to_choose_again": bool(request.FILES)}
    return render(request, "demands/behalf.html", context, status=UNPROCESSABLE)


def _require(request: AuthedRequest) -> None:
    if not request.user.has_perm("demands.represent"):
        raise PermissionDenied


def _form(request: AuthedRequest, *args: Any, **kwargs: Any) -> RepresentingForm:
    firms = _own(request)
    by_staff = request.user.is_zone_staff
    shown = [] if by_staff else list(firms)
    return RepresentingForm(*args, firms=firms, shown=shown, by_staff=by_staff, **kwargs)


def _own(request: AuthedRequest) -> EnterpriseQuerySet:
    return Enterprise.objects.living().of_own_circle(request.user).order_by("name", "pk")


def _represented(code: str) -> Enterprise:
    """The entry with this code. The register is not searched here: its list is not for everybody.

    Raises:
        NobodyToRepresent: There is none.
    """
    wanted = compact(code).upper()
    found = Enterprise.objects.filter(code=wanted).first()
    if found is None:
        raise NobodyToRepresent(code=wanted)
    return found
