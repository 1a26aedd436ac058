"""Dispatching many demands at once over JSON."""

import datetime as dt
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from lianqi.accounts.models import Unit
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.models import BulkDispatch, BulkRow
from lianqi.demands.queries import refusal_of

router = Router(tags=["demands"])


class BulkIn(Schema):
    """Up to 500 demands that wait for dispatch. Without a unit each goes to its likely one."""

    demand_ids: Annotated[list[int], Field(min_length=1, max_length=500)]
    unit_id: int | None = None


class BulkRowOut(Schema):
    """One demand. `code` and `why` are empty where it was dispatched, to `unit_id`."""

    demand_id: int
    number: str = Field(alias="demand.number")
    unit_id: int | None
    code: str
    why: str

    @staticmethod
    def resolve_why(row: BulkRow) -> str:
        return str(refusal_of(row) or "")


class BulkOut(Schema):
    """What became of each demand."""

    id: int
    at: dt.datetime
    dispatched: int
    refused: int
    rows: list[BulkRowOut]

    @staticmethod
    def resolve_rows(report: BulkDispatch) -> list[BulkRow]:
        return list(report.rows.for_list().order_by("pk"))


@router.post("/dispatch-many", response={200: BulkOut, **PROBLEMS}, operation_id="dispatch_many")
def dispatch_many(request: ApiRequest, body: BulkIn) -> BulkDispatch:
    """Send many demands at once; the report says what became of each."""
    unit = get_object_or_404(Unit, pk=body.unit_id) if body.unit_id else None
    return actions.dispatch_many(body.demand_ids, unit=unit, by=request.user, at=timezone.now())
