"""Free tests: the list, one of them, stating one, ordering, and the acts on its orders."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import User
from lianqi.conversions.actions import Papers
from lianqi.conversions.models import Conversion
from lianqi.demands.models import Demand
from lianqi.freetests.actions import place_order, state_test
from lianqi.freetests.enums import FreeTestStatus
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.register.models import Enterprise
from lianqi.taskforces.models import TaskForce
from lianqi.web.freetests.forms import FreeTestFilter, PlaceForm, StateForm
from lianqi.web.freetests.page import ACTS, ORDER_ACTS, TONES, Bound, page_of
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id, newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done


@require_safe
@permission_required("freetests.list", raise_exception=True)
def free_tests(request: AuthedRequest) -> HttpResponse:
    narrowing = FreeTestFilter(request.GET, user=request.user)
    found = narrowing.narrow(FreeTest.objects.visible_to(request.user))
    page = newest_first(found.for_list(), request.GET)
    context = {
        "form": narrowing,
        "page": page,
        "rows": [(each, TONES[FreeTestStatus(each.status)]) for each in page.rows],
        "is_filtered": any(request.GET.values()),
        "query": request.GET.urlencode(),
        "may_state": _may_state(request.user),
    }
    return render(request, "freetests/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def state(request: AuthedRequest) -> HttpResponse:
    """State what is to be tested, from a conversion or a demand or by itself."""
    user = request.user
    forces = _forces(user)
    if not _may_state(user):
        raise PermissionDenied
    initial = _initial(request, forces)
    typed = StateForm(request.POST or None, user=user, forces=forces, initial=initial)
    stated: list[FreeTest] = []

    def carry_out(_values: dict[str, Any]) -> None:
        stated.append(state_test(by=user, at=timezone.now(), **typed.values()))

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Taken down. The task force finds an institute."))
        return HttpResponseRedirect(stated[0].get_absolute_url(), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "freetests/state.html", {"form": typed}, status=status)


@require_safe
def free_test(request: AuthedRequest, test_id: int) -> HttpResponse:
    return _page(request, _seen(request, test_id))


@require_POST
def act(request: AuthedRequest, test_id: int, verb: str) -> HttpResponse:
    """Settle or withdraw; what is refused comes back as it was typed, with 422."""
    test = _seen(request, test_id)
    if (chosen := ACTS.get(verb)) is None:
        raise Http404
    _forbid(request.user, verb, test)
    typed = chosen.form(data=request.POST, test=test)

    def carry_out(_values: dict[str, Any]) -> object:
        return chosen.action(test.pk, by=request.user, at=timezone.now(), **typed.values())

    if not done(typed, carry_out):
        return _page(request, _seen(request, test_id), Bound(verb, typed))
    messages.success(request, str(chosen.done))
    return HttpResponseRedirect(test.get_absolute_url(), status=303)


@require_POST
def place(request: AuthedRequest, test_id: int) -> HttpResponse:
    """Order items of one institute, as the form of its proposal says."""
    test = _seen(request, test_id)
    _forbid(request.user, "place", test)
    institute_id = as_id(request.POST.get("institute", "")) or 0
    typed = PlaceForm(request.POST, auto_id=f"id_place_{institute_id}_%s")

    def carry_out(values: dict[str, Any]) -> None:
        institute: Institute = values["institute"]
        place_order(
            test.pk,
            institute=institute,
            offers=list(values["offers"]),
            by=request.user,
            at=timezone.now(),
        )

    if not done(typed, carry_out):
        return _page(request, _seen(request, test_id), Bound("place", typed, institute_id))
    messages.success(request, _("Ordered. The free places are kept; the institute was told."))
    return HttpResponseRedirect(test.get_absolute_url(), status=303)


@require_POST
def act_on_order(request: AuthedRequest, lab_order_id: int, verb: str) -> HttpResponse:
    """An act of the institute or the force on one order."""
    orders = LabOrder.objects.visible_to(request.user).for_list()
    order = get_object_or_404(orders, pk=lab_order_id)
    if (chosen := ORDER_ACTS.get(verb)) is None:
        raise Http404
    _forbid(request.user, verb, order)
    typed = chosen.form(data=request.POST, files=request.FILES, order=order, verb=verb)

    def carry_out(_values: dict[str, Any]) -> object:
        values = typed.values()
        if "papers" in values:
            values["papers"] = Papers(
                values["papers"], settings.UPLOAD_MAX_BYTES, settings.CLAMAV_ADDRESS
            )
        return chosen.action(order.pk, by=request.user, at=timezone.now(), **values)

    if not done(typed, carry_out):
        return _page(request, _seen(request, order.test_id), Bound(verb, typed, order.pk))
    messages.success(request, str(chosen.done))
    return HttpResponseRedirect(order.get_absolute_url(), status=303)


def _page(request: AuthedRequest, test: FreeTest, bound: Bound | None = None) -> HttpResponse:
    context = page_of(test, request.user, at=timezone.now(), bound=bound)
    status = UNPROCESSABLE if bound is not None else 200
    return render(request, "freetests/detail.html", context, status=status)


def _seen(request: AuthedRequest, test_id: int) -> FreeTest:
    seen = FreeTest.objects.visible_to(request.user).select_related(
        "enterprise", "force__unit", "force__lead_unit", "conversion__force__unit", "demand",
        "stated_by",
    )  # fmt: skip
    return get_object_or_404(seen, pk=test_id)


def _forbid(user: User, verb: str, thing: FreeTest | LabOrder) -> None:
    """What is no longer possible is for the action to say; what is not theirs ends here."""
    if verb in thing.moves and not user.has_perm(f"freetests.{verb}", thing):
        raise PermissionDenied


def _own_firm(user: User) -> Enterprise | None:
    firms = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
    return Enterprise.objects.living().filter(pk__in=firms).order_by("pk").first()


def _forces(user: User) -> list[TaskForce]:
    """Those that a person may state a test to: an enterprise to any, a keeper to the own."""
    forces = list(TaskForce.objects.open().select_related("unit").order_by("-pk"))
    if user.holds(*ENTERPRISE_ROLES):
        return forces
    return [force for force in forces if user.has_perm("freetests.state_for", force)]


def _may_state(user: User) -> bool:
    firm = _own_firm(user)
    if firm is not None and user.has_perm("freetests.state", firm):
        return True
    return bool(_forces(user))


def _initial(request: AuthedRequest, forces: list[TaskForce]) -> dict[str, Any]:
    """What is known already: from the conversion or demand that the address names."""
    user, firm = request.user, _own_firm(request.user)
    initial: dict[str, Any] = {"code": firm.code if firm else ""}
    if len(forces) == 1:
        initial["force"] = forces[0].pk
    if pk := as_id(request.GET.get("conversion", "")):
        seen = Conversion.objects.visible_to(user).select_related("enterprise")
        conversion = get_object_or_404(seen, pk=pk)
        initial |= {
            "conversion": conversion.number,
            "force": conversion.force_id,
            "code": conversion.enterprise.code,
            "product": conversion.product,
        }
    if pk := as_id(request.GET.get("demand", "")):
        demand = get_object_or_404(
            Demand.objects.visible_to(user).select_related("enterprise"), pk=pk
        )
        initial |= {"demand": demand.number, "question": demand.title}
        if demand.enterprise is not None:
            initial["code"] = demand.enterprise.code
    return initial
