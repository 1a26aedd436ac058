"""Departments' lists: what a list is about, its template, the preview, taking it over."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.engines.rules.catalogue import FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.matching.actions import start_list
from lianqi.matching.columns import Listed, ListKind, template_of
from lianqi.matching.models import FactList
from lianqi.matching.queries.asking import published_catalogue
from lianqi.matching.queries.lists import fact_to_list
from lianqi.matching.queries.values import NotUsableError, value_of
from lianqi.matching.reasons import reason_text
from lianqi.register.actions import cancel_import, request_apply
from lianqi.register.enums import ImportState, RowPlan, TitleLevel
from lianqi.register.flow import IMPORT_FLOW
from lianqi.register.models import ImportRow
from lianqi.register.queries import rows_after
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.importing import ROWS_ON_A_PAGE, Room, refused_workbook
from lianqi.web.matching.list_forms import FactChoiceForm, ListForm
from lianqi.web.matching.words import fact_text, number_text, supplier_text
from lianqi.web.paging import as_id, newest_first
from lianqi.web.people.acting import UNPROCESSABLE, press
from lianqi.web.workbook import workbook_response

ROOM = Room(
    "matching",
    gettext_lazy("Register"),
    gettext_lazy("Take this list over"),
    "matching/list_rows.html",
    home="register:list",
    runs_label=gettext_lazy("Lists of departments"),
)
PLANS: Mapping[RowPlan, Any] = {
    RowPlan.CREATE: gettext_lazy("Not known before"),
    RowPlan.CHANGE: gettext_lazy("Differs from what is known"),
    RowPlan.SAME: gettext_lazy("Known already"),
    RowPlan.REFUSE: gettext_lazy("Refused"),
}

reads_lists = permission_required("matching.view_import", raise_exception=True)
takes_lists = permission_required("matching.import", raise_exception=True)


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row with what is known and what it says, in words."""

    row: ImportRow
    url: str
    cells: str
    before: str
    after: str
    remark: str


@require_safe
@reads_lists
def list_list(request: AuthedRequest) -> HttpResponse:
    """All lists that were uploaded, the latest first: by whom, when, about what, how many rows."""
    runs = FactList.objects.visible_to(request.user).select_related("created_by")
    page = newest_first(runs, request.GET)
    context = {
        "room": ROOM,
        "page": page,
        "rows": [(each, _taken(each)) for each in page.rows],
        "may_import": request.user.has_perm("matching.import"),
    }
    return render(request, "matching/lists.html", context)


def _taken(run: FactList) -> int:
    counts: dict[str, int] = run.counts
    return counts.get(RowPlan.CREATE, 0) + counts.get(RowPlan.CHANGE, 0)


@require_safe
@takes_lists
def choose(request: AuthedRequest) -> HttpResponse:
    """What the list is about; the form that follows is made for it."""
    form = FactChoiceForm(request.GET or None, catalogue=published_catalogue())
    if form.is_valid():
        return HttpResponseRedirect(reverse("matching:list_new", args=[form.cleaned_data["fact"]]))
    return render(request, "matching/list_choose.html", {"form": form, "room": ROOM})


@require_http_methods(["GET", "HEAD", "POST"])
@takes_lists
def upload(request: AuthedRequest, fact: str) -> HttpResponse:
    """Take a list in; a file that cannot be read is refused with the reason."""
    spec = _spec(fact)
    is_sent = request.method == "POST"
    form = ListForm(request.POST, request.FILES, spec=spec) if is_sent else ListForm(spec=spec)
    if is_sent and form.is_valid():
        now, file = timezone.now(), form.cleaned_data["file"]
        try:
            run = start_list(
                file, form.about(now=now), name=file.name,
                max_bytes=settings.UPLOAD_MAX_BYTES, by=request.user, at=now,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return ROOM.to(run)
    context = {
        "form": form,
        "room": ROOM,
        "spec": spec,
        "supplier": supplier_text(spec.supplier),
        "known": "、".join(spec.values.values()),
        "fields": [(each.label, each.meaning) for each in spec.fields.values()],
        "is_condition": spec.kind is Kind.BOOL,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "matching/list_new.html", context, status=status)


@require_safe
@takes_lists
def template(_request: AuthedRequest, fact: str) -> HttpResponseBase:
    """The headings alone: an example row would be taken over by somebody one day."""
    listed = Listed(_spec(fact))
    return workbook_response(f"list-{listed.spec.key}.xlsx", template_of(listed), [])


@require_safe
@reads_lists
def detail(request: AuthedRequest, list_id: int) -> HttpResponse:
    """The page of a list: what would become of each row, or what became of it."""
    run = _visible(request, list_id)
    plan = request.GET.get("plan", "")
    if plan not in {each.value for each in PLANS}:
        plan = next((each.value for each in PLANS if run.counts.get(each)), RowPlan.CREATE.value)
    after = as_id(request.GET.get("after", "")) or 0
    rows, next_after = rows_after(run, plan=plan, after=after, limit=ROWS_ON_A_PAGE)
    may_import = request.user.has_perm("matching.import")
    spec = fact_to_list(run.fact, published_catalogue())
    context = ROOM.progress_context(run) | {
        "plan": plan,
        "tabs": [(each.value, label, run.counts.get(each, 0)) for each, label in PLANS.items()],
        "rows": [_row(each, spec) for each in rows],
        "after": next_after,
        "moves": IMPORT_FLOW.allowed(ImportState(run.state)) if may_import else frozenset(),
        "error": reason_text(run.error) if run.error else "",
        "everybody": _everybody(run, spec),
        "taken": _taken(run),
        "is_applied": run.state == ImportState.APPLIED,
    }
    return render(request, "imports/run.html", context)


@require_safe
@reads_lists
def progress(request: AuthedRequest, list_id: int) -> HttpResponse:
    """The bar alone, asked for while the worker is at it."""
    return ROOM.progress(request, _visible(request, list_id))


@require_POST
@takes_lists
def apply(request: AuthedRequest, list_id: int) -> HttpResponse:
    run = _visible(request, list_id)
    press(
        request,
        lambda: request_apply(run.pk, by=request.user, at=timezone.now()),
        _("The list is being taken over. This page shows how far it is."),
    )
    return ROOM.to(run)


@require_POST
@takes_lists
def cancel(request: AuthedRequest, list_id: int) -> HttpResponse:
    run = _visible(request, list_id)
    press(
        request,
        lambda: cancel_import(run.pk, by=request.user, at=timezone.now()),
        _("The list is not taken over any further. What was taken over so far stays."),
    )
    return ROOM.to(run)


@require_safe
@reads_lists
def refused(request: AuthedRequest, list_id: int) -> HttpResponseBase:
    run = _visible(request, list_id)
    width = len(run.mapping)
    lines = (
        [*row.cells, *[None] * (width - len(row.cells)), reason_text(row.reason)]
        for row in run.rows.planned(RowPlan.REFUSE).iterator(chunk_size=1000)
    )
    return refused_workbook(request, run, lines)


def _visible(request: AuthedRequest, list_id: int) -> FactList:
    found: FactList = get_object_or_404(FactList.objects.visible_to(request.user), pk=list_id)
    return found


def _spec(fact: str) -> FactSpec:
    spec = fact_to_list(fact, published_catalogue())
    if spec is None:
        raise Http404
    return spec


# --- words ----------------------------------------------------------------------------------------


def _row(row: ImportRow, spec: FactSpec | None) -> RowShown:
    before, firm = row.changes.get("before"), row.values.get("enterprise")
    return RowShown(
        row,
        reverse("register:detail", args=[firm]) if firm else "",
        " · ".join(str(each) for each in row.cells if each not in (None, "")),
        _said(spec, *before) if before else "",
        _said(spec, row.values["value"], row.values["since"], row.values["until"])
        if row.values
        else "",
        reason_text(row.reason) if row.reason else "",
    )


def _everybody(run: FactList, spec: FactSpec | None) -> str:
    if run.preset is None or (isinstance(run.preset, dict) and not run.preset.get("label")):
        return ""
    return _value(spec, run.preset)


def _said(spec: FactSpec | None, value: Any, since: str, until: str) -> str:
    """The value with the days between which it holds."""
    said = _value(spec, value)
    if since and until:
        return _("%(value)s, from %(since)s until %(until)s") % {
            "value": said, "since": since, "until": until,
        }  # fmt: skip
    if since:
        return _("%(value)s, from %(since)s") % {"value": said, "since": since}
    if until:
        return _("%(value)s, until %(until)s") % {"value": said, "until": until}
    return said


def _value(spec: FactSpec | None, value: Any) -> str:
    if isinstance(value, dict) and "label" in value:
        level = TitleLevel(value["level"]).label if value["level"] else ""
        return " ".join(str(each) for each in (value["label"], level, value["batch"]) if each)
    if spec is None:
        return str(value)
    if Listed(spec).kind is ListKind.FIGURE:
        return number_text(
            Fraction(value) * spec.unit.scale, spec.unit.dims, spec.unit.symbol
        )  # fmt: skip
    try:
        return fact_text(spec, value_of(spec, value))
    except NotUsableError:
        return str(value)
