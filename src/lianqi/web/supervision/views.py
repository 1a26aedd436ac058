"""Supervision orders: the list, one order with what may be done about it, issuing one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.audit.models import Event
from lianqi.supervision.actions import (
    answer_order,
    issue_order,
    send_back_order,
    settle_order,
    withdraw_order,
)
from lianqi.supervision.enums import OrderStatus
from lianqi.supervision.models import SupervisionOrder
from lianqi.web.audit.words import verb_in_words
from lianqi.web.demands.page import clock_of
from lianqi.web.demands.timeline import Entry
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done
from lianqi.web.supervision.forms import (
    AnswerForm,
    IssueForm,
    OrderFilter,
    RemarkForm,
    SettleForm,
)
from lianqi.work.models import WorkItem

TONES = {
    OrderStatus.ISSUED: "red",
    OrderStatus.ANSWERED: "amber",
    OrderStatus.CLOSED: "green",
    OrderStatus.WITHDRAWN: "grey",
}
QUOTED = ("text", "answer", "remark")  # what an event may have said


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done about an order, and how its button says it."""

    action: Callable[..., SupervisionOrder]
    form: type[forms.Form]
    label: Promise
    done: Promise
    icon: str
    tone: str = "primary"


ACTS: Mapping[str, Act] = {
    "answer": Act(
        answer_order, AnswerForm, gettext_lazy("Answer"),
        gettext_lazy("Answered. Whoever issued the order reviews it."), "message-circle",
    ),
    "settle": Act(
        settle_order, SettleForm, gettext_lazy("Settle the order"),
        gettext_lazy("The order is settled."), "check",
    ),
    "send_back": Act(
        send_back_order, RemarkForm, gettext_lazy("Send back to the unit"),
        gettext_lazy("Sent back to the unit, with a new clock."), "arrow-back-up", "default",
    ),
    "withdraw": Act(
        withdraw_order, RemarkForm, gettext_lazy("Take the order back"),
        gettext_lazy("The order was taken back."), "x", "danger",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page shows it; the first one is unfolded."""

    verb: str
    act: Act
    form: forms.Form
    is_open: bool


@require_safe
@permission_required("supervision.list", raise_exception=True)
def orders(request: AuthedRequest) -> HttpResponse:
    form = OrderFilter(request.GET)
    found = form.narrow(SupervisionOrder.objects.visible_to(request.user))
    page = newest_first(found.for_list(), request.GET)
    context = {
        "form": form,
        "page": page,
        "rows": [(order, TONES[OrderStatus(order.status)]) for order in page.rows],
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "supervision/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("supervision.issue", raise_exception=True)
def issue(request: AuthedRequest, item_id: int) -> HttpResponse:
    """An order about the record of a work item: from the list of what is late, or its page."""
    seen = WorkItem.objects.visible_to(request.user).select_related("unit")
    item = get_object_or_404(seen, pk=item_id)
    form = IssueForm(request.POST or None, initial={"unit": item.unit, "urgency": item.priority})
    issued: list[SupervisionOrder] = []

    def act(values: dict[str, object]) -> object:
        order = issue_order(item, by=request.user, at=timezone.now(), **values)  # type: ignore[arg-type]  # the cleaned fields of the form
        issued.append(order)
        return order

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The order was issued; the unit and its head were told."))
        return HttpResponseRedirect(issued[0].get_absolute_url(), status=303)
    context = {"item": item, "form": form, "clock": clock_of(item, at=timezone.now())}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "supervision/issue.html", context, status=status)


@require_safe
def detail(request: AuthedRequest, order_id: int) -> HttpResponse:
    return _page(request, _seen(request, order_id))


@require_POST
def act(request: AuthedRequest, order_id: int, verb: str) -> HttpResponse:
    """Carry out one act; what is refused comes back as it was typed, with 422."""
    order = _seen(request, order_id)
    if (chosen := ACTS.get(verb)) is None:
        raise Http404
    form = chosen.form(request.POST)

    def carry_out(values: dict[str, object]) -> object:
        return chosen.action(order.pk, by=request.user, at=timezone.now(), **values)

    if not done(form, carry_out):
        return _page(request, _seen(request, order_id), form, verb)
    messages.success(request, str(chosen.done))
    return HttpResponseRedirect(order.get_absolute_url(), status=303)


def _seen(request: AuthedRequest, order_id: int) -> SupervisionOrder:
    if not request.user.has_perm("supervision.list"):
        raise PermissionDenied
    seen = SupervisionOrder.objects.visible_to(request.user).for_list()
    return get_object_or_404(seen, pk=order_id)


def _page(
    request: AuthedRequest,
    order: SupervisionOrder,
    bound: forms.Form | None = None,
    bound_verb: str = "",
) -> HttpResponse:
    verbs = [verb for verb in ACTS if request.user.has_perm(f"supervision.{verb}", order)]
    item = WorkItem.objects.about(order).filter(done_at__isnull=True).first()
    context = {
        "order": order,
        "tone": TONES[OrderStatus(order.status)],
        "clock": clock_of(item, at=timezone.now()),
        "offers": [
            Offer(
                verb,
                ACTS[verb],
                bound if bound is not None and verb == bound_verb else ACTS[verb].form(),
                is_open=position == 0 or verb == bound_verb,
            )
            for position, verb in enumerate(verbs)
        ],
        # A refusal whose form is no longer offered, because the order moved on, is said on top.
        "refused": bound if bound is not None and bound_verb not in verbs else None,
        "entries": _entries(order),
    }
    status = UNPROCESSABLE if bound is not None else 200
    return render(request, "supervision/detail.html", context, status=status)


def _entries(order: SupervisionOrder) -> list[Entry]:
    events = Event.objects.about(SupervisionOrder._meta.label_lower, order.pk)
    shown = events.filter(is_read=False, verb__startswith="supervision.")
    return [
        Entry(
            at=event.at,
            title=verb_in_words(event.verb),
            by=event.by_name,
            text=next((said for key in QUOTED if (said := event.detail.get(key))), ""),
        )
        for event in shown
    ]
