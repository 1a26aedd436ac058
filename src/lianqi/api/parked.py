"""Parked calls over JSON, for a telephone system beside the screen."""

import datetime as dt
from typing import Annotated, Any

from django.utils import timezone
from ninja import Header, Router, Schema, Status
from pydantic import StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.models import ParkedCall
from lianqi.demands.queries import parked_calls

router = Router(tags=["calls"])
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]


class ParkedOut(Schema):
    """A call that was interrupted. `is_waiting`: for more than a working day."""

    id: int
    caller: str
    firm: str
    words: str
    parked_at: dt.datetime
    is_waiting: bool


class ParkIn(Schema):
    """What was typed so far; all of it may be missing but something must be there."""

    contact_name: Annotated[str, StringConstraints(max_length=50)] = ""
    contact_phone: Annotated[str, StringConstraints(max_length=30)] = ""
    firm: Annotated[str, StringConstraints(max_length=60)] = ""
    title: Line = ""
    text: Text = ""
    answer: Text = ""


@router.get("", response={200: list[ParkedOut], **PROBLEMS}, operation_id="list_parked_calls")
def list_parked(request: ApiRequest) -> list[dict[str, Any]]:
    """The parked calls of your desk, the longest waiting first."""
    rows = parked_calls(request.user, at=timezone.now())
    return [_out(row.call, is_waiting=row.is_waiting) for row in rows]


@router.post("", response={201: ParkedOut, **PROBLEMS}, operation_id="park_call")
def park(
    request: ApiRequest,
    body: ParkIn,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> Status[dict[str, Any]]:
    """Keep a call that was interrupted; it is on the screen of your desk."""
    call = actions.park_call(
        body.model_dump(), idempotency_key=idempotency_key, by=request.user, at=timezone.now()
    )
    return Status(201, _out(call, is_waiting=False))


@router.post("/{parked_id}/discard", response={204: None, **PROBLEMS}, operation_id="discard_call")
def discard(request: ApiRequest, parked_id: int) -> Status[None]:
    """Throw a parked call away."""
    actions.discard_parked(parked_id, by=request.user, at=timezone.now())
    return Status(204, None)


def _out(call: ParkedCall, *, is_waiting: bool) -> dict[str, Any]:
    names = ("id", "caller", "firm", "words", "parked_at")
    return {name: getattr(call, name) for name in names} | {"is_waiting": is_waiting}
