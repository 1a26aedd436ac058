"""What reaches the zone without an account: mails, tips and callers, over JSON."""

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import StringConstraints

from lianqi.api.demands import DemandOut
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.api.unsolvable import AppealOut
from lianqi.demands import actions
from lianqi.demands.enums import MailState, Rating, Solved
from lianqi.demands.models import Appeal, Demand, DemandCategory, IncomingMail, Tip, TipMessage
from lianqi.register.models import Enterprise

mails = Router(tags=["mails"])
demands = Router(tags=["demands"])

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class MailOut(Schema):
    """A mail of the zone's mailbox of which nobody knows yet whose it is."""

    id: int
    sender: str
    sender_name: str
    subject: str
    text: str
    received_at: dt.datetime
    state: MailState
    reason: str
    demand_id: int | None


class MailPage(Schema):
    """Mails to be assigned, newest first. Pass `next_before` as `before` for the following page."""

    mails: list[MailOut]
    next_before: int | None


class AssignIn(Schema):
    """Whose mail it is: an entry of the register, or a name where there is none."""

    enterprise_id: int | None = None
    firm_name: Name = ""
    category: str


class AsideIn(Schema):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class TipMessageOut(Schema):
    """A message between the tipster and the zone; nothing else is known of the tipster."""

    id: int
    text: str
    sent_at: dt.datetime
    is_from_the_tipster: bool

    @staticmethod
    def resolve_is_from_the_tipster(message: TipMessage) -> bool:
        return message.written_by_id is None


class TipMessageIn(Schema):
    text: Text


class HeardIn(Schema):
    """What a caller without an account said of the answer. Nobody has to rate."""

    spoke_with: Said
    solved: Solved
    rating: Rating | None = None
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


class NotSolvedIn(Schema):
    spoke_with: Said
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class AppealHeardIn(Schema):
    spoke_with: Said
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4900)]


@mails.get("", response={200: MailPage, **PROBLEMS}, operation_id="list_mails")
def list_mails(
    request: ApiRequest,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """The mails that wait for somebody to say whose they are."""
    _require_sorter(request)
    found = IncomingMail.objects.visible_to(request.user).waiting()
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: limit + 1])
    return {"mails": rows[:limit], "next_before": rows[limit - 1].pk if len(rows) > limit else None}


@mails.post("/{mail_id}/assign", response={201: DemandOut, **PROBLEMS}, operation_id="assign_mail")
def assign_mail(request: ApiRequest, mail_id: int, body: AssignIn) -> Status[Demand]:
    """Say whose mail it is: it becomes a demand with its attachments, and the sender is told."""
    mail = _mail(request, mail_id)
    firms, pk = Enterprise.objects.living(), body.enterprise_id
    demand = actions.assign_mail(
        mail.pk,
        enterprise=None if pk is None else get_object_or_404(firms, pk=pk),
        firm_name=body.firm_name,
        category=get_object_or_404(DemandCategory, code=body.category),
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, demand)


@mails.post("/{mail_id}/aside", response={200: MailOut, **PROBLEMS}, operation_id="set_mail_aside")
def set_mail_aside(request: ApiRequest, mail_id: int, body: AsideIn) -> IncomingMail:
    """Decide that a mail is no demand."""
    mail = _mail(request, mail_id)
    return actions.set_mail_aside(mail.pk, reason=body.reason, by=request.user, at=timezone.now())


@demands.get(
    "/{demand_id}/tip-messages",
    response={200: list[TipMessageOut], **PROBLEMS},
    operation_id="list_tip_messages",
)
def list_tip_messages(request: ApiRequest, demand_id: int) -> list[TipMessage]:
    """What the tipster and the zone wrote to one another, oldest first."""
    return list(_tip(request, demand_id).messages.order_by("pk"))


@demands.post(
    "/{demand_id}/tip-messages",
    response={201: TipMessageOut, **PROBLEMS},
    operation_id="write_to_tipster",
)
def write_to_tipster(request: ApiRequest, demand_id: int, body: TipMessageIn) -> Status[TipMessage]:
    """Ask or tell the tipster something; it is read by whoever comes back with the code."""
    tip = _tip(request, demand_id)
    message = actions.write_to_tipster(
        tip.demand_id, text=body.text, by=request.user, at=timezone.now()
    )
    return Status(201, message)


@demands.post(
    "/{demand_id}/confirm-by-phone",
    response={200: DemandOut, **PROBLEMS},
    operation_id="confirm_by_phone",
)
def confirm_by_phone(request: ApiRequest, demand_id: int, body: HeardIn) -> Demand:
    """Close an answered demand of a caller without an account, as the caller said."""
    return actions.confirm_by_phone(
        _demand(request, demand_id).pk,
        spoke_with=body.spoke_with,
        solved=body.solved,
        rating=body.rating,
        note=body.note,
        by=request.user,
        at=timezone.now(),
    )


@demands.post(
    "/{demand_id}/dispute-by-phone",
    response={200: DemandOut, **PROBLEMS},
    operation_id="dispute_by_phone",
)
def dispute_by_phone(request: ApiRequest, demand_id: int, body: NotSolvedIn) -> Demand:
    """The caller says that it is not solved: it goes back to the unit."""
    return actions.dispute_by_phone(
        _demand(request, demand_id).pk,
        spoke_with=body.spoke_with,
        note=body.note,
        by=request.user,
        at=timezone.now(),
    )


@demands.post(
    "/{demand_id}/appeal-by-phone",
    response={201: AppealOut, **PROBLEMS},
    operation_id="appeal_by_phone",
)
def appeal_by_phone(request: ApiRequest, demand_id: int, body: AppealHeardIn) -> Status[Appeal]:
    """Write down the appeal of a caller without an account against “cannot be solved”."""
    appeal = actions.appeal_by_phone(
        _demand(request, demand_id).pk,
        spoke_with=body.spoke_with,
        text=body.text,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, appeal)


def _require_sorter(request: ApiRequest) -> None:
    if not request.user.has_perm("demands.sort_mails"):
        raise PermissionDenied


def _mail(request: ApiRequest, mail_id: int) -> IncomingMail:
    _require_sorter(request)
    return get_object_or_404(IncomingMail.objects.visible_to(request.user), pk=mail_id)


def _demand(request: ApiRequest, demand_id: int) -> Demand:
    return get_object_or_404(Demand.objects.visible_to(request.user), pk=demand_id)


def _tip(request: ApiRequest, demand_id: int) -> Tip:
    demand = _demand(request, demand_id)
    if not demand.is_tip:
        raise Http404
    return get_object_or_404(Tip, demand=demand)
