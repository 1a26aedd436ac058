"""Importing demands from a spreadsheet: template, dry run, filing, the refused rows back."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.demands.actions import start_demand_import
from lianqi.demands.columns import TEMPLATE
from lianqi.demands.models import DemandCategory, DemandImport
from lianqi.demands.reasons import reason_text
from lianqi.register.actions import cancel_import, request_apply
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.flow import IMPORT_FLOW
from lianqi.register.queries import rows_after
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.importing import ROWS_ON_A_PAGE, Room, refused_workbook
from lianqi.web.paging import as_id, newest_first
from lianqi.web.people.acting import UNPROCESSABLE, press
from lianqi.web.register.forms import UploadForm
from lianqi.web.workbook import workbook_response

ROOM = Room(
    "demands",
    gettext_lazy("Demands"),
    gettext_lazy("File these demands"),
    "demands/import_rows.html",
)
PLANS = (RowPlan.CREATE, RowPlan.SAME, RowPlan.REFUSE)

reads_imports = permission_required("demands.view_import", raise_exception=True)
imports_demands = permission_required("demands.import", raise_exception=True)


@require_safe
@reads_imports
def import_list(request: AuthedRequest) -> HttpResponse:
    runs = DemandImport.objects.visible_to(request.user).select_related("created_by")
    context = {
        "room": ROOM,
        "page": newest_first(runs, request.GET),
        "may_import": request.user.has_perm("demands.import"),
    }
    return render(request, "imports/list.html", context)


@require_safe
@imports_demands
def template(_request: AuthedRequest) -> HttpResponseBase:
    """The headings alone: an example row would be imported by somebody one day."""
    return workbook_response("demands-template.xlsx", TEMPLATE, [])


@require_http_methods(["GET", "HEAD", "POST"])
@imports_demands
def upload(request: AuthedRequest) -> HttpResponse:
    """Take a spreadsheet in; a file that cannot be read is refused with the reason."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = start_demand_import(
                file,
                name=file.name,
                max_bytes=settings.UPLOAD_MAX_BYTES,
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return ROOM.to(run)
    categories = DemandCategory.objects.in_use().order_by("position", "pk")
    context = {"form": form, "categories": categories}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "demands/upload.html", context, status=status)


@require_safe
@reads_imports
def detail(request: AuthedRequest, run_id: int) -> HttpResponse:
    """The page of a run: what would become of each row, or what became of it."""
    run = _visible(request, run_id)
    plan = request.GET.get("plan", "")
    if plan not in {each.value for each in PLANS}:
        plan = next((each.value for each in PLANS if run.counts.get(each)), RowPlan.CREATE.value)
    after = as_id(request.GET.get("after", "")) or 0
    rows, next_after = rows_after(run, plan=plan, after=after, limit=ROWS_ON_A_PAGE)
    may_import = request.user.has_perm("demands.import")
    context = ROOM.progress_context(run) | {
        "plan": plan,
        "tabs": [(each.value, _label(each, run), run.counts.get(each, 0)) for each in PLANS],
        "rows": [(row, reason_text(row.reason) if row.reason else "") for row in rows],
        "after": next_after,
        "moves": IMPORT_FLOW.allowed(ImportState(run.state)) if may_import else frozenset(),
        "error": reason_text(run.error) if run.error else "",
    }
    return render(request, "imports/run.html", context)


def _label(plan: RowPlan, run: DemandImport) -> str:
    if plan == RowPlan.CREATE:
        return _("Filed") if run.state == ImportState.APPLIED else _("To be filed")
    return _("Filed before") if plan == RowPlan.SAME else str(plan.label)


@require_safe
@reads_imports
def progress(request: AuthedRequest, run_id: int) -> HttpResponse:
    """The bar alone, asked for while the worker is at it."""
    return ROOM.progress(request, _visible(request, run_id))


@require_POST
@imports_demands
def apply(request: AuthedRequest, run_id: int) -> HttpResponse:
    run = _visible(request, run_id)
    press(
        request,
        lambda: request_apply(run.pk, by=request.user, at=timezone.now()),
        _("The rows are being filed. This page shows how far it is."),
    )
    return ROOM.to(run)


@require_POST
@imports_demands
def cancel(request: AuthedRequest, run_id: int) -> HttpResponse:
    run = _visible(request, run_id)
    press(
        request,
        lambda: cancel_import(run.pk, by=request.user, at=timezone.now()),
        _("The import stops. What was filed so far stays."),
    )
    return ROOM.to(run)


@require_safe
@reads_imports
def refused(request: AuthedRequest, run_id: int) -> HttpResponseBase:
    run = _visible(request, run_id)
    rows = run.rows.planned(RowPlan.REFUSE).iterator(chunk_size=1000)
    width = len(run.mapping)
    lines = (
        [*row.cells, *[None] * (width - len(row.cells)), reason_text(row.reason)] for row in rows
    )
    return refused_workbook(request, run, lines)


def _visible(request: AuthedRequest, run_id: int) -> DemandImport:
    found: DemandImport = get_object_or_404(
        DemandImport.objects.visible_to(request.user), pk=run_id
    )
    return found
