"""Filing a demand: by the firm itself, or taken down on its behalf."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role
from lianqi.accounts.models import User
from lianqi.demands.actions import file_demand_with_files
from lianqi.demands.enums import Channel
from lianqi.register.models import Enterprise, EnterpriseQuerySet
from lianqi.shared.errors import Refusal
from lianqi.web.demands.forms import MOST_MATCHES, FilingForm
from lianqi.web.demands.similar import hints_for_filing, is_overlooked
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id, newest_matches


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: AuthedRequest) -> HttpResponse:
    """The form; sent with the button `find` it only searches, for browsers without script."""
    firms, on_behalf = _firms(request.user), _on_behalf(request.user)
    if request.method == "POST" and "find" not in request.POST:
        return _file(request)
    form = FilingForm(
        firms=firms,
        on_behalf=on_behalf,
        shown=_shown(request, firms, on_behalf=on_behalf),
        initial=_initial(request, firms, on_behalf=on_behalf),
    )
    return render(request, "demands/file.html", _context(request, form, on_behalf=on_behalf))


@require_safe
def find_enterprises(request: AuthedRequest) -> HttpResponse:
    """The choices for what was typed into the search field, as a fragment."""
    firms, on_behalf = _firms(request.user), _on_behalf(request.user)
    form = FilingForm(
        firms=firms,
        on_behalf=on_behalf,
        shown=_shown(request, firms, on_behalf=on_behalf),
        initial={"enterprise": request.GET.get("enterprise")},
    )
    context = _context(request, form, on_behalf=on_behalf)
    return render(request, "demands/file.html#firms", context)


@require_POST
def similar(request: AuthedRequest) -> HttpResponse:
    """What is known about the words typed so far, as a fragment; nothing is filed."""
    on_behalf = _on_behalf(request.user)
    firms = _firms(request.user)
    hints = hints_for_filing(request.POST, user=request.user, firms=firms, on_behalf=on_behalf)
    return render(request, "demands/similar.html", {"hints": hints})


@require_safe
def category_terms(request: AuthedRequest) -> HttpResponse:
    """What holds for the chosen category, as a fragment."""
    on_behalf = _on_behalf(request.user)
    form = FilingForm(
        firms=Enterprise.objects.none(),
        on_behalf=on_behalf,
        shown=[],
        initial={"category": request.GET.get("category")},
    )
    return render(request, "demands/file.html#terms", {"form": form})


def _file(request: AuthedRequest) -> HttpResponse:
    firms, on_behalf = _firms(request.user), _on_behalf(request.user)
    form = FilingForm(
        request.POST,
        request.FILES,
        firms=firms,
        on_behalf=on_behalf,
        shown=_shown(request, firms, on_behalf=on_behalf),
    )
    hints = hints_for_filing(request.POST, user=request.user, firms=firms, on_behalf=on_behalf)
    if is_overlooked(hints, request.POST):
        hints = replace(hints, is_stopped=True)
    elif form.is_valid():
        try:
            demand = file_demand_with_files(
                max_bytes=settings.UPLOAD_MAX_BYTES,
                daemon=settings.CLAMAV_ADDRESS,
                by=request.user,
                at=timezone.now(),
                **form.arguments(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Demand %(number)s was filed.") % {"number": demand.number}
            messages.success(request, said)
            return HttpResponseRedirect(demand.get_absolute_url(), status=303)
    context = _context(request, form, on_behalf=on_behalf) | {"hints": hints}
    return render(request, "demands/file.html", context, status=422)


def may_file(user: User) -> bool:
    """Whether there is any enterprise for which the person may file."""
    return user.has_perm("demands.file_on_behalf") or user.holds(*ENTERPRISE_ROLES)


def _on_behalf(user: User) -> bool:
    """Whether the person files for others.

    Raises:
        PermissionDenied: The person files for nobody.
    """
    if not may_file(user):
        raise PermissionDenied
    return user.has_perm("demands.file_on_behalf")


def _firms(user: User) -> EnterpriseQuerySet:
    """The list form of `demands.file`."""
    living = Enterprise.objects.living()
    return living if user.holds(Role.OPERATOR, Role.DISPATCHER) else living.of_own_circle(user)


def _shown(
    request: AuthedRequest, firms: EnterpriseQuerySet, *, on_behalf: bool
) -> list[Enterprise]:
    """The firms to choose from: all of one's own; of the register's thousands those searched for.

    The one already chosen stays among them, whatever is searched for next.
    """
    if not on_behalf:
        return list(firms.order_by("name", "pk"))
    given = request.POST if request.method == "POST" else request.GET
    wanted, chosen = given.get("firm", ""), given.get("enterprise", "")
    unindexed = firms.search(wanted, by_index=False)
    found = newest_matches(firms.search(wanted), MOST_MATCHES, unindexed=unindexed)
    found.sort(key=lambda firm: firm.name)
    pk = as_id(chosen)
    if pk is not None and pk not in {firm.pk for firm in found}:
        found = [*firms.filter(pk=pk), *found]
    return found


def _initial(
    request: AuthedRequest, firms: EnterpriseQuerySet, *, on_behalf: bool
) -> dict[str, Any]:
    """What the form holds at first, or what had been typed before a search for the enterprise."""
    if request.method == "POST":
        return {name: value for name, value in request.POST.items() if name != "attachments"}
    initial: dict[str, Any] = {"enterprise": request.GET.get("enterprise")}
    if point := as_id(request.GET.get("point", "")):
        initial |= {"service_point": point, "channel": Channel.COUNTER}
    if not on_behalf:
        initial |= {
            "enterprise": firms.order_by("name", "pk").values_list("pk", flat=True).first(),
            "contact0-name": request.user.name,
            "contact0-phone": request.user.mobile,
        }
    return initial


def _context(request: AuthedRequest, form: FilingForm, *, on_behalf: bool) -> dict[str, Any]:
    given = request.POST if request.method == "POST" else request.GET
    return {
        "form": form,
        "on_behalf": on_behalf,
        "wanted": given.get("firm", ""),
        "files_to_choose_again": bool(request.FILES),
    }
