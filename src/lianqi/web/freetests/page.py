"""What the page of one free test shows to one reader: state, proposals, orders, what happened."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.files.models import StoredFile
from lianqi.files.queries import files_of
from lianqi.freetests.actions import (
    accept_order,
    cancel_order,
    decline_order,
    file_result,
    receive_samples,
    specify_test,
    use_result,
    withdraw_test,
)
from lianqi.freetests.enums import FreeTestStatus, LabOrderStatus, Verdict
from lianqi.freetests.models import FreeTest, LabItem, LabOrder
from lianqi.freetests.queries import Match, matches_for
from lianqi.web.audit.words import verb_in_words
from lianqi.web.demands.entries import Entry
from lianqi.web.demands.page import Clock, clock_of
from lianqi.web.freetests.forms import (
    OrderForm,
    OrderReasonForm,
    PlaceForm,
    ReasonForm,
    ResultForm,
    SamplesForm,
    SpecifyForm,
)
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date

TONES = {
    FreeTestStatus.OPEN: "amber",
    FreeTestStatus.ORDERED: "blue",
    FreeTestStatus.TESTED: "green",
    FreeTestStatus.WITHDRAWN: "grey",
}
ORDER_TONES = {
    LabOrderStatus.PLACED: "amber",
    LabOrderStatus.ACCEPTED: "blue",
    LabOrderStatus.RECEIVED: "blue",
    LabOrderStatus.DONE: "green",
    LabOrderStatus.DECLINED: "grey",
    LabOrderStatus.CANCELLED: "grey",
}
VERDICT_TONES = {Verdict.PASSED: "green", Verdict.FAILED: "red"}
MOST_EVENTS = 30
MOST_MATCHES = 5
"""An institute further down is ordered from only if all of these cannot."""
QUOTED = ("reason", "samples", "report")  # what an event may have said


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done, and how its button says it."""

    action: Callable[..., object]
    form: Callable[..., Any]
    label: Promise
    done: Promise
    icon: str
    tone: str = "default"


ACTS: Mapping[str, Act] = {
    "specify": Act(
        specify_test, SpecifyForm, gettext_lazy("Settle standard and items"),
        gettext_lazy("Settled. The institutes that fit are found by it."), "edit",
    ),
    "withdraw": Act(
        withdraw_test, ReasonForm, gettext_lazy("Withdraw the test"),
        gettext_lazy("Withdrawn. The others were told."), "x", "danger",
    ),
}  # fmt: skip
ORDER_ACTS: Mapping[str, Act] = {
    "accept": Act(
        accept_order, OrderForm, gettext_lazy("The institute accepts"),
        gettext_lazy("Accepted. The enterprise was told where to send its samples."),
        "check", "primary",
    ),
    "receive": Act(
        receive_samples, SamplesForm, gettext_lazy("Samples received"),
        gettext_lazy("Noted. The days of the test count from now on."), "check", "primary",
    ),
    "file_result": Act(
        file_result, ResultForm, gettext_lazy("File the result"),
        gettext_lazy("Filed. Enterprise and task force were told."), "clipboard-check", "primary",
    ),
    "use": Act(
        use_result, OrderForm, gettext_lazy("Use as evidence of the conversion"),
        gettext_lazy("The result and its report now stand in the checklist."), "link", "primary",
    ),
    "decline": Act(
        decline_order, OrderReasonForm, gettext_lazy("The institute declines"),
        gettext_lazy("Declined. The free places can be taken by others."), "x",
    ),
    "cancel": Act(
        cancel_order, OrderReasonForm, gettext_lazy("Cancel the order"),
        gettext_lazy("Cancelled. The free places can be taken by others."), "x", "danger",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page shows it. `is_open`: unfolded, because it is what comes next."""

    key: str
    act: Act
    form: forms.Form
    action: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ShownOrder:
    order: LabOrder
    tone: str
    clock: Clock | None
    items: list[tuple[LabItem, str]]
    files: list[StoredFile]
    offers: list[Offer]


@dataclass(frozen=True, slots=True)
class ShownMatch:
    match: Match
    form: PlaceForm
    is_open: bool


@dataclass(frozen=True, slots=True)
class Bound:
    """What somebody typed and was refused: of which act, of which order or institute."""

    verb: str
    form: forms.Form
    of: int | None = None


def page_of(
    test: FreeTest, user: User, *, at: dt.datetime, bound: Bound | None = None
) -> dict[str, Any]:
    """Everything the template needs."""
    orders = list(LabOrder.objects.visible_to(user).filter(test=test).for_list())
    clocks = _clocks(test, orders)
    files = files_of(orders)
    shown = [
        _order(order, user, clocks.get(order.pk), files.get(order.pk, []), at=at, bound=bound)
        for order in orders
    ]
    offers = _offers(test, user, bound)
    matches = _matches(test, user, at=at, bound=bound)
    keys = {offer.key for offer in offers}
    keys |= {offer.key for each in shown for offer in each.offers}
    keys |= {f"place-{each.match.institute.pk}" for each in matches or ()}
    return {
        "test": test,
        "tone": TONES[FreeTestStatus(test.status)],
        "clock": clock_of(clocks.get(None), at=at),
        "items": _states(test, orders),
        "offers": offers,
        "matches": matches,
        "orders": shown,
        "may_open_register": user.has_perm("register.view", test.enterprise),
        "may_open_force": user.has_perm("taskforces.view", test.force),
        "may_open_conversion": test.conversion is not None
        and user.has_perm("conversions.view", test.conversion),
        "may_open_demand": test.demand is not None and user.has_perm("demands.view", test.demand),
        # A refusal whose form is no longer offered is said on top.
        "refused": bound.form if bound and _key(bound.verb, bound.of) not in keys else None,
        "entries": _entries(test, orders, is_staff=user.is_zone_staff),
    }


def _key(verb: str, of: int | None) -> str:
    return verb if of is None else f"{verb}-{of}"


def _bound_form(bound: Bound | None, key: str) -> forms.Form | None:
    return bound.form if bound and _key(bound.verb, bound.of) == key else None


def _offers(test: FreeTest, user: User, bound: Bound | None) -> list[Offer]:
    return [
        Offer(
            key=verb,
            act=act,
            form=_bound_form(bound, verb) or act.form(test=test),
            action=reverse("freetests:act", args=[test.pk, verb]),
            is_open=_bound_form(bound, verb) is not None or (verb == "specify" and not test.items),
        )
        for verb, act in ACTS.items()
        if user.has_perm(f"freetests.{verb}", test)
    ]


def _order(
    order: LabOrder,
    user: User,
    item: WorkItem | None,
    files: list[StoredFile],
    *,
    at: dt.datetime,
    bound: Bound | None,
) -> ShownOrder:
    offers = []
    for verb, act in ORDER_ACTS.items():
        is_idle = verb == "use" and order.test.conversion_id is None
        if is_idle or not user.has_perm(f"freetests.{verb}", order):
            continue
        key = _key(verb, order.pk)
        typed = _bound_form(bound, key)
        offers.append(
            Offer(
                key=key,
                act=act,
                form=typed or act.form(order=order, verb=verb),
                action=reverse("freetests:order_act", args=[order.pk, verb]),
                is_open=typed is not None or act.tone == "primary",
            )
        )
    return ShownOrder(
        order=order,
        tone=ORDER_TONES[LabOrderStatus(order.status)],
        clock=clock_of(item, at=at),
        items=[
            (each, VERDICT_TONES[Verdict(each.verdict)] if each.verdict else "grey")
            for each in sorted(order.items.all(), key=lambda each: each.pk)
        ],
        files=files,
        offers=offers,
    )


def _matches(
    test: FreeTest, user: User, *, at: dt.datetime, bound: Bound | None
) -> list[ShownMatch] | None:
    """Proposals for whoever may order; None where there is nothing to order."""
    if not user.has_perm("freetests.place", test) or not test.items_without_order():
        return None
    found = matches_for(test, on=local_date(at))
    shown = []
    for position, match in enumerate(found[:MOST_MATCHES]):
        typed = _bound_form(bound, f"place-{match.institute.pk}")
        shown.append(
            ShownMatch(
                match=match,
                form=typed
                if isinstance(typed, PlaceForm)
                else PlaceForm(
                    shown=list(match.offers),
                    auto_id=f"id_place_{match.institute.pk}_%s",
                    initial={
                        "institute": match.institute.pk,
                        "offers": [offer.pk for offer in match.offers],
                    },
                ),
                is_open=typed is not None or position == 0,
            )
        )
    return shown


def _states(test: FreeTest, orders: list[LabOrder]) -> list[tuple[str, str, str]]:
    """Each wanted item with what is known of it, newest order first: words and tone."""
    known: dict[str, tuple[str, str]] = {}
    for order in orders:
        if order.status in {LabOrderStatus.DECLINED, LabOrderStatus.CANCELLED}:
            continue
        for item in order.items.all():
            if item.verdict:
                words = item.get_verdict_display()
                said = (str(words), VERDICT_TONES[Verdict(item.verdict)])
            else:
                said = (str(order.get_status_display()), "blue")
            known.setdefault(item.item, said)
    waiting = (str(FreeTestStatus.OPEN.label), "amber")
    return [(item, *known.get(item, waiting)) for item in test.items]


def _clocks(test: FreeTest, orders: list[LabOrder]) -> dict[int | None, WorkItem]:
    """The open work item of the test under None, and of each order under its id; two queries."""
    clocks: dict[int | None, WorkItem] = {}
    for item in WorkItem.objects.about(test).open():
        clocks[None] = item
    owed = WorkItem.objects.open().filter(
        subject_kind=LabOrder._meta.label_lower, subject_id__in=[each.pk for each in orders]
    )
    return clocks | {item.subject_id: item for item in owed}


def _entries(test: FreeTest, orders: list[LabOrder], *, is_staff: bool) -> list[Entry]:
    """What happened, the newest first; who of the zone did it is for the zone's own people."""
    about = Event.objects.changes().about(FreeTest._meta.label_lower, test.pk)
    for order in orders:
        about = about | Event.objects.changes().about(LabOrder._meta.label_lower, order.pk)
    # Who was reminded is the zone's own matter; a file is told of with its result.
    hidden = ["files.stored"] if is_staff else ["files.stored", "work.escalated"]
    return [
        Entry(
            at=event.at,
            title=" ".join(
                filter(None, (verb_in_words(event.verb), str(event.detail.get("institute") or "")))
            ),
            by=event.by_name if is_staff else "",
            text=next((str(said) for key in QUOTED if (said := event.detail.get(key))), ""),
        )
        for event in about.exclude(verb__in=hidden).order_by("-pk")[:MOST_EVENTS]
    ]
