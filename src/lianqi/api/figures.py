"""The closing rate (K01) and the satisfaction rate (K02), with what they are made of."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from ninja import Router, Schema

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.queries import Figures, figures

router = Router(tags=["figures"])


class FiguresOut(Schema):
    """Counts of the demands received in the period. A rate without a base is null, never zero."""

    received: int
    closed: int
    rated: int
    satisfied: int
    closing_rate: float | None
    satisfaction_rate: float | None


@router.get("/demands", response={200: FiguresOut, **PROBLEMS}, operation_id="demand_figures")
def demand_figures(
    request: ApiRequest, received_from: dt.date, received_before: dt.date
) -> Figures:
    """Figures of the demands received from the first day up to, excluding, the last."""
    if not request.user.has_perm("demands.figures"):
        raise PermissionDenied
    return figures(received_from=received_from, received_before=received_before)
