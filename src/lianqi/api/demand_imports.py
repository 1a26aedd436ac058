"""Demands from a spreadsheet, over JSON: upload, dry run, filing, the rows with their reasons."""

import datetime as dt
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Query, Router, Schema, Status, UploadedFile
from ninja.errors import ValidationError

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.actions import start_demand_import
from lianqi.demands.models import DemandImport
from lianqi.demands.reasons import reason_text
from lianqi.register.actions import request_apply
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.queries import rows_after

router = Router(tags=["demands"])


class ImportOut(Schema):
    """An import. `counts` says how many rows are filed, were filed before, or are refused."""

    id: int
    file_name: str
    state: ImportState
    rows_done: int
    rows_total: int
    counts: dict[str, int]
    created_at: dt.datetime
    finished_at: dt.datetime | None


class RowOut(Schema):
    """A row with its plan; `code` and `reason` say why it is refused."""

    number: int
    external: str
    title: str
    plan: RowPlan
    code: str
    reason: str


class RowPage(Schema):
    """Rows of one plan. Pass `next_after` as `after` for the following page; 0 at the end."""

    rows: list[RowOut]
    next_after: int


@router.post("", response={201: ImportOut, **PROBLEMS}, operation_id="import_demands")
def import_demands(
    request: ApiRequest,
    file: Annotated[UploadedFile | None, File()] = None,
) -> Status[DemandImport]:
    """Upload a spreadsheet that follows the template; the dry run starts by itself."""
    if not request.user.has_perm("demands.import"):
        raise PermissionDenied
    if file is None:
        raise ValidationError([{"loc": ("form", "file"), "type": "missing", "msg": "missing"}])
    run = start_demand_import(
        file,
        name=file.name or "",
        max_bytes=settings.UPLOAD_MAX_BYTES,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, run)


@router.get("/{run_id}", response={200: ImportOut, **PROBLEMS}, operation_id="get_demand_import")
def get_import(request: ApiRequest, run_id: int) -> DemandImport:
    """How far an import is."""
    return _run(request, run_id)


@router.get("/{run_id}/rows", response={200: RowPage, **PROBLEMS}, operation_id="list_import_rows")
def list_rows(
    request: ApiRequest,
    run_id: int,
    plan: RowPlan = RowPlan.REFUSE,
    after: int = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """The rows of one plan in the order of the file."""
    rows, next_after = rows_after(_run(request, run_id), plan=plan, after=after, limit=limit)
    found = [
        {
            "number": row.number,
            "external": row.values.get("external", ""),
            "title": row.values.get("title", ""),
            "plan": row.plan,
            "code": row.reason.get("code", ""),
            "reason": reason_text(row.reason) if row.reason else "",
        }
        for row in rows
    ]
    return {"rows": found, "next_after": next_after}


@router.post(
    "/{run_id}/apply", response={200: ImportOut, **PROBLEMS}, operation_id="apply_demand_import"
)
def apply_import(request: ApiRequest, run_id: int) -> DemandImport:
    """File the rows as the dry run planned; what was filed before stays one demand."""
    run = _run(request, run_id)
    request_apply(run.pk, by=request.user, at=timezone.now())
    return _run(request, run_id)


def _run(request: ApiRequest, run_id: int) -> DemandImport:
    if not request.user.has_perm("demands.view_import"):
        raise PermissionDenied
    found: DemandImport = get_object_or_404(
        DemandImport.objects.visible_to(request.user), pk=run_id
    )
    return found
