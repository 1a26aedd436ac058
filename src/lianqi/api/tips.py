"""Anonymous tips over JSON: open to everybody, and nothing is kept about who sends them.

No account, no token and no address go any further than this file; number and code stand in the
body, never in an address that a log would keep.
"""

import datetime as dt
from typing import Annotated, Any

from allauth.core.internal.httpkit import get_client_ip
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Header, Router, Schema, Status
from pydantic import UUID4, Field, StringConstraints

from lianqi.api.channels import TipMessageOut
from lianqi.api.schemas import PROBLEMS, Problem
from lianqi.demands import actions
from lianqi.demands.enums import DemandStatus
from lianqi.demands.errors import TipsTooOften
from lianqi.demands.models import DemandCategory, Tip, TipMessage, secret_of
from lianqi.shared.errors import Refusal

router = Router(tags=["tips"], auth=None)

REFUSED = {**PROBLEMS, 429: Problem}
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class TipCategoryOut(Schema):
    """A category in which somebody may write without a name."""

    code: str
    name: str

    @staticmethod
    def resolve_name(category: DemandCategory) -> str:
        return str(category)


class TipIn(Schema):
    """What it is about, and nothing about whom it is from."""

    category: str
    title: Line
    text: Text


class TakenOut(Schema):
    """Number and code of the tip. The code is in this answer alone: nobody can restore it."""

    number: str
    secret: str


class CodeIn(Schema):
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
    secret: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class FurtherIn(CodeIn):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class TipOut(Schema):
    """How a tip stands, for whoever has its code."""

    number: str = Field(alias="demand.number")
    title: str = Field(alias="demand.title")
    text: str = Field(alias="demand.text")
    category: str = Field(alias="demand.category.code")
    status: DemandStatus = Field(alias="demand.status")
    unit: str
    filed_on: dt.date = Field(alias="demand.filed_on")
    answer: str = Field(alias="demand.answer")
    messages: list[TipMessageOut]

    @staticmethod
    def resolve_unit(tip: Tip) -> str:
        return tip.demand.unit.name if tip.demand.unit else ""

    @staticmethod
    def resolve_messages(tip: Tip) -> list[TipMessage]:
        return list(tip.messages.order_by("pk"))


@router.get(
    "/categories",
    response={200: list[TipCategoryOut], **REFUSED},
    operation_id="list_tip_categories",
)
def list_tip_categories(request: HttpRequest) -> Any:  # noqa: ARG001  # open to everybody
    """The categories in which tips are taken."""
    return list(DemandCategory.objects.for_tips())


@router.post("", response={201: TakenOut, **REFUSED}, operation_id="file_tip")
def file_tip(
    request: HttpRequest, body: TipIn, idempotency_key: Annotated[UUID4, Header()]
) -> Status[dict[str, str]]:
    """Send a tip. Repeating the call with the same key files nothing twice and gives the same code.

    The key is a random UUID of version 4 and as secret as the code: whoever has it gets the code.
    """
    at = timezone.now()
    actions.count_tip(get_client_ip(request) or "", at=at)
    secret = secret_of(str(idempotency_key))
    demand = actions.file_tip(
        category=get_object_or_404(DemandCategory, code=body.category),
        title=body.title,
        text=body.text,
        secret=secret,
        idempotency_key=str(idempotency_key),
        at=at,
    )
    return Status(201, {"number": demand.number, "secret": secret})


@router.post("/look-up", response={200: TipOut, **REFUSED}, operation_id="look_up_tip")
def look_up_tip(request: HttpRequest, body: CodeIn) -> Tip:
    """How a tip stands, with the answer and the messages."""
    return _opened(request, body)


@router.post("/messages", response={201: TipOut, **REFUSED}, operation_id="add_to_tip")
def add_to_tip(request: HttpRequest, body: FurtherIn) -> Status[Tip]:
    """Add something to a tip, or answer a question about it."""
    tip = _opened(request, body)
    actions.reply_to_tip(tip, text=body.text, at=timezone.now())
    return Status(201, tip)


def too_often(refusal: Refusal) -> bool:
    """Whether a refusal is told with the status that asks to come again later."""
    return isinstance(refusal, TipsTooOften)


def _opened(request: HttpRequest, body: CodeIn) -> Tip:
    actions.count_look(get_client_ip(request) or "", at=timezone.now())
    found = Tip.objects.opened_by(body.number, body.secret)
    tip = found.select_related("demand__category", "demand__unit").first()
    if tip is None:
        raise Http404
    return tip
