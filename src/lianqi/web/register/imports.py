"""Importing spreadsheets: upload, mapping, preview, progress, result."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.register.actions import (
    cancel_import,
    decide_near_duplicates,
    request_apply,
    set_mapping,
    start_import,
)
from lianqi.register.enums import ImportField, ImportState, RowPlan
from lianqi.register.flow import IMPORT_FLOW
from lianqi.register.models import ImportRun
from lianqi.register.queries import refused_rows, rows_after, sample_of
from lianqi.register.reasons import reason_text
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.importing import ROWS_ON_A_PAGE, Room, refused_workbook
from lianqi.web.paging import as_id, newest_first
from lianqi.web.register.forms import MappingForm, UploadForm
from lianqi.web.register.telling import changes

UNPROCESSABLE = 422
ROOM = Room(
    "register", gettext_lazy("Register"), gettext_lazy("Apply"), "register/import_rows.html"
)

reads_imports = permission_required("register.view_import", raise_exception=True)
imports_spreadsheets = permission_required("register.import", raise_exception=True)


def _visible(request: AuthedRequest, run_id: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(request.user), pk=run_id)


@require_safe
@reads_imports
def import_list(request: AuthedRequest) -> HttpResponse:
    runs = ImportRun.objects.visible_to(request.user).select_related("created_by")
    context = {
        "room": ROOM,
        "page": newest_first(runs, request.GET),
        "may_import": request.user.has_perm("register.import"),
    }
    return render(request, "imports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@imports_spreadsheets
def upload(request: AuthedRequest) -> HttpResponse:
    """Take a spreadsheet in; a file that cannot be read is refused with the reason."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return ROOM.to(
                start_import(
                    file,
                    name=file.name,
                    max_bytes=settings.UPLOAD_MAX_BYTES,
                    by=request.user,
                    at=timezone.now(),
                )
            )
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "register/upload.html", {"form": form}, status=status)


@require_safe
@reads_imports
def detail(request: AuthedRequest, run_id: int) -> HttpResponse:
    """The page of a run: whatever its state asks for next."""
    run = _visible(request, run_id)
    asks_for_mapping = run.state == ImportState.UPLOADED or "mapping" in request.GET
    if asks_for_mapping and request.user.has_perm("register.import"):
        return _mapping_page(request, run, MappingForm(columns=run.mapping))
    return render(request, "imports/run.html", _context(request, run))


def _context(request: AuthedRequest, run: ImportRun) -> dict[str, Any]:
    plan = request.GET.get("plan", "")
    plans = [*RowPlan.values, "near"]
    if plan not in plans:
        plan = next((name for name in plans if run.counts.get(name)), RowPlan.CREATE.value)
    after = as_id(request.GET.get("after", "")) or 0
    moves = IMPORT_FLOW.allowed(ImportState(run.state))
    rows, next_after = rows_after(run, plan=plan, after=after, limit=ROWS_ON_A_PAGE)
    return ROOM.progress_context(run) | {
        "may_map": True,
        "plan": plan,
        "tabs": [(name, label, run.counts.get(name, 0)) for name, label in _tabs()],
        "rows": [
            (row, changes(row.changes), reason_text(row.reason) if row.reason else "")
            for row in rows
        ],
        "after": next_after,
        "new_names": [
            (ImportField(kind).label, names)
            for kind, names in run.counts.get("new_names", {}).items()
        ],
        "moves": moves if request.user.has_perm("register.import") else frozenset(),
        "error": reason_text(run.error) if run.error else "",
    }


def _tabs() -> list[tuple[str, str]]:
    plans = [(plan.value, str(plan.label)) for plan in RowPlan]
    return [*plans, ("near", _("To decide"))]


def _mapping_page(
    request: AuthedRequest, run: ImportRun, form: MappingForm, *, status: int = 200
) -> HttpResponse:
    context = {"run": run, "form": form, "rows": form.rows(sample_of(run))}
    return render(request, "register/mapping.html", context, status=status)


@require_POST
@imports_spreadsheets
def mapping(request: AuthedRequest, run_id: int) -> HttpResponse:
    """Take what the columns mean and start the preview."""
    run = _visible(request, run_id)
    form = MappingForm(request.POST, columns=run.mapping)
    if form.is_valid():
        try:
            return ROOM.to(
                set_mapping(run.pk, columns=form.columns(), by=request.user, at=timezone.now())
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _mapping_page(request, run, form, status=UNPROCESSABLE)


@require_safe
@reads_imports
def progress(request: AuthedRequest, run_id: int) -> HttpResponse:
    """The bar alone, asked for while the worker is at it."""
    return ROOM.progress(request, _visible(request, run_id))


@require_POST
@imports_spreadsheets
def decide(request: AuthedRequest, run_id: int) -> HttpResponse:
    """Rows with a near-duplicate name that are enterprises of their own: those ticked, or all."""
    run = _visible(request, run_id)
    ticked = [row for given in request.POST.getlist("row") if (row := as_id(given)) is not None]
    numbers = None if "all" in request.POST else ticked
    try:
        count = decide_near_duplicates(
            run.pk, row_numbers=numbers, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(count)d row will be created.", "%(count)d rows will be created.", count)
        messages.success(request, said % {"count": count})
    return ROOM.to(run)


@require_POST
@imports_spreadsheets
def apply(request: AuthedRequest, run_id: int) -> HttpResponse:
    run = _visible(request, run_id)
    try:
        request_apply(run.pk, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return ROOM.to(run)


@require_POST
@imports_spreadsheets
def cancel(request: AuthedRequest, run_id: int) -> HttpResponse:
    run = _visible(request, run_id)
    try:
        cancel_import(run.pk, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The import stops. What was written so far stays."))
    return ROOM.to(run)


@require_safe
@reads_imports
def refused(request: AuthedRequest, run_id: int) -> HttpResponseBase:
    run = _visible(request, run_id)
    return refused_workbook(request, run, refused_rows(run))
