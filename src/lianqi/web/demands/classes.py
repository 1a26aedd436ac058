"""Classes of cases: clusters found by night, the list, one class and its acts."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.accounts.models import User
from lianqi.demands.actions import (
    drop_class,
    fix_class,
    link_demand,
    move_fix_day,
    open_class,
    reopen_class,
    unlink_demand,
)
from lianqi.demands.enums import ClassStatus
from lianqi.demands.models import CaseClass, Demand, DemandCluster, DemandQuerySet
from lianqi.demands.queries import recurrence
from lianqi.shared.errors import Refusal
from lianqi.web.demands.class_forms import DayForm, DropForm, FixForm, LinkForm, NewClassForm
from lianqi.web.demands.forms import ActForm
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id, newest_first
from lianqi.work.models import WorkItem
from lianqi.work.queries import light_of

MOST_CLUSTERS = 100
MOST_OFFERED = 100
TONES = {ClassStatus.OPEN: "amber", ClassStatus.FIXED: "green", ClassStatus.DROPPED: "grey"}
Act = Callable[[int, dict[str, Any], User, dt.datetime], object]


@dataclass(frozen=True, slots=True)
class Words:
    """An act as the page offers it."""

    form: type[ActForm]
    title: str | Promise
    done: str | Promise
    icon: str
    tone: str = "default"


ACTS: Mapping[str, Words] = {
    "fix": Words(
        FixForm,
        gettext_lazy("The cause is fixed"),
        gettext_lazy("Fixed. The enterprises that reported it were told."),
        "check",
        "primary",
    ),
    "link": Words(
        LinkForm, gettext_lazy("Add a demand"), gettext_lazy("The demand was added."), "link"
    ),
    "postpone": Words(
        DayForm, gettext_lazy("Promise another day"), gettext_lazy("The day was changed."), "clock"
    ),
    "reopen": Words(
        DayForm, gettext_lazy("It came back"), gettext_lazy("The unit owes it again."), "refresh"
    ),
    "drop": Words(
        DropForm, gettext_lazy("Give it up"), gettext_lazy("The class was given up."), "x", "danger"
    ),
}


@dataclass(frozen=True, slots=True)
class Offer:
    verb: str
    words: Words
    form: ActForm
    url_name: str


@require_safe
@permission_required("demands.list_classes", raise_exception=True)
def index(request: AuthedRequest) -> HttpResponse:
    user = request.user
    cases = CaseClass.objects.visible_to(user).select_related("unit")
    page = newest_first(cases, request.GET)
    clusters: list[DemandCluster] = []
    if user.has_perm("demands.view_clusters"):
        found = DemandCluster.objects.select_related("category").order_by("-size", "pk")
        clusters = list(found[:MOST_CLUSTERS])
    context = {
        "page": page,
        "rows": [(case, TONES[ClassStatus(case.status)]) for case in page.rows],
        "clusters": clusters,
        "sees_clusters": user.has_perm("demands.view_clusters"),
    }
    return render(request, "demands/classes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("demands.open_class", raise_exception=True)
def new(request: AuthedRequest) -> HttpResponse:
    """The form, with the demands of `?cluster=` or the one of `?demand=` to choose from."""
    demands = _offered(request)
    cluster = _cluster(request)
    if request.method == "POST":
        return _open(request, demands, cluster)
    initial = {
        "title": cluster.label if cluster else "",
        "demands": demands.values_list("pk", flat=True),
    }
    form = NewClassForm(demands=demands, initial=initial)
    return render(request, "demands/new_class.html", {"form": form, "cluster": cluster})


def _open(
    request: AuthedRequest, demands: DemandQuerySet, cluster: DemandCluster | None
) -> HttpResponse:
    form = NewClassForm(request.POST, demands=demands)
    if form.is_valid():
        given = dict(form.cleaned_data)
        ids = [demand.pk for demand in given.pop("demands")]
        try:
            case = open_class(demand_ids=ids, by=request.user, at=timezone.now(), **given)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Class %(number)s was opened.") % {"number": case.number})
            return HttpResponseRedirect(case.get_absolute_url(), status=303)
    context = {"form": form, "cluster": cluster}
    return render(request, "demands/new_class.html", context, status=422)


def _cluster(request: AuthedRequest) -> DemandCluster | None:
    pk = as_id(request.GET.get("cluster", ""))
    return DemandCluster.objects.filter(pk=pk).first() if pk else None


def _offered(request: AuthedRequest) -> DemandQuerySet:
    """The demands one may choose: of the cluster, or the one the person came from."""
    free = Demand.objects.visible_to(request.user).filter(class_link__isnull=True)
    cluster, single = (as_id(request.GET.get(name, "")) for name in ("cluster", "demand"))
    if cluster is not None:
        ids = DemandCluster.objects.filter(pk=cluster).values("members__demand")
        return free.filter(pk__in=list(free.filter(pk__in=ids).order_by("pk")[:MOST_OFFERED]
                                       .values_list("pk", flat=True))).order_by("pk")  # fmt: skip
    return free.filter(pk=single) if single is not None else free.none()


@require_safe
@permission_required("demands.list_classes", raise_exception=True)
def detail(request: AuthedRequest, class_id: int) -> HttpResponse:
    return _page(request, _visible(class_id, request.user))


@require_POST
def fix(request: AuthedRequest, class_id: int) -> HttpResponse:
    return _carry_out(
        request, class_id, "fix",
        lambda pk, given, by, at: fix_class(pk, note=given["note"], by=by, at=at),
    )  # fmt: skip


@require_POST
def link(request: AuthedRequest, class_id: int) -> HttpResponse:
    return _carry_out(
        request, class_id, "link",
        lambda pk, given, by, at: link_demand(pk, number=given["number"], by=by, at=at),
    )  # fmt: skip


@require_POST
def postpone(request: AuthedRequest, class_id: int) -> HttpResponse:
    return _carry_out(
        request, class_id, "postpone",
        lambda pk, given, by, at: move_fix_day(pk, by=by, at=at, **given),
    )  # fmt: skip


@require_POST
def reopen(request: AuthedRequest, class_id: int) -> HttpResponse:
    return _carry_out(
        request, class_id, "reopen",
        lambda pk, given, by, at: reopen_class(pk, by=by, at=at, **given),
    )  # fmt: skip


@require_POST
def drop(request: AuthedRequest, class_id: int) -> HttpResponse:
    return _carry_out(
        request, class_id, "drop",
        lambda pk, given, by, at: drop_class(pk, note=given["note"], by=by, at=at),
    )  # fmt: skip


@require_POST
def unlink(request: AuthedRequest, class_id: int, demand_id: int) -> HttpResponse:
    case = _visible(class_id, request.user)
    try:
        unlink_demand(case.pk, demand_id, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The demand was taken out of the class."))
    return HttpResponseRedirect(case.get_absolute_url(), status=303)


def _carry_out(request: AuthedRequest, class_id: int, verb: str, act: Act) -> HttpResponse:
    """Bind the form of `verb` and act; what is refused comes back as it was typed, with 422."""
    case = _visible(class_id, request.user)
    form = ACTS[verb].form(request.POST, verb=verb)
    if form.is_valid():
        try:
            act(case.pk, form.cleaned_data, request.user, timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(ACTS[verb].done))
            return HttpResponseRedirect(case.get_absolute_url(), status=303)
    return _page(request, _visible(class_id, request.user), form, verb)


def _visible(class_id: int, user: User) -> CaseClass:
    """The class, if the person may see it.

    Raises:
        PermissionDenied: The person sees no classes at all.
        Http404: There is none, or not for this person.
    """
    if not user.has_perm("demands.list_classes"):
        raise PermissionDenied
    cases = CaseClass.objects.visible_to(user).select_related("unit", "opened_by", "fixed_by")
    if (case := cases.filter(pk=class_id).first()) is None:
        raise Http404
    return case


def _page(
    request: AuthedRequest, case: CaseClass, bound: ActForm | None = None, verb: str = ""
) -> HttpResponse:
    user, at = request.user, timezone.now()
    links = case.links.select_related("demand__enterprise", "demand__unit")
    seen = links.filter(demand__in=Demand.objects.visible_to(user).values("pk"))
    page = newest_first(seen, request.GET)
    item = WorkItem.objects.about(case).open().first()
    offers = [
        Offer(
            each,
            words,
            bound if bound is not None and each == verb else words.form(verb=each),
            f"demands:{each}_class",
        )
        for each, words in ACTS.items()
        if user.has_perm(f"demands.{each}_class", case)
    ]
    context = {
        "case": case,
        "tone": TONES[ClassStatus(case.status)],
        "light": str(light_of(item, at=at)) if item else "",
        "due_at": item.due_at if item else None,
        "page": page,
        "hidden": links.count() - seen.count(),
        "recurrence": recurrence(case, on=timezone.localdate(at)),
        "offers": offers,
        "refused": bound if bound is not None and verb not in {each.verb for each in offers}
        else None,
        "may_unlink": user.has_perm("demands.link_class", case),
    }  # fmt: skip
    return render(request, "demands/class.html", context, status=422 if bound else 200)
