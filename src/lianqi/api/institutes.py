"""Institutes over JSON: who tests what, how much of it is free, and what came of it."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.freetests import actions
from lianqi.freetests.enums import Accreditor
from lianqi.freetests.models import Accreditation, Institute, LabOffer, LabOrder
from lianqi.freetests.queries import figures_by_institute, places_of
from lianqi.register.models import Enterprise

router = Router(tags=["free tests"])

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]
Items = Annotated[int, Field(ge=0, le=100_000)]


class AccreditationOut(Schema):
    accreditor: Accreditor
    number: str
    valid_until: dt.date


class LabOfferOut(Schema):
    """A test on offer; `price` is the normal one in yuan, `days` are working days."""

    id: int
    standard: str
    item: str
    samples: str
    days: int
    price: Decimal


class InstituteOut(Schema):
    """An institute. `places_left`: free test items that could be ordered today."""

    id: int
    name: str
    enterprise_id: int | None
    address: str
    contact_name: str
    contact_phone: str
    free_items: int
    free_a_month: int | None
    free_an_enterprise: int | None
    free_from: dt.date | None
    free_until: dt.date | None
    is_active: bool
    places_left: int
    accreditations: list[AccreditationOut]
    offers: list[LabOfferOut]


class InstitutePage(Schema):
    """Institutes, the last added first. Pass `next_before` as `before` for the following page."""

    institutes: list[InstituteOut]
    next_before: int | None


class InstituteIn(Schema):
    """`free_items` 0 means none for free; otherwise first and last day are needed."""

    name: Name
    contact_name: Short
    contact_phone: Short
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    enterprise_id: int | None = None
    free_items: Items = 0
    free_a_month: Items | None = None
    free_an_enterprise: Items | None = None
    free_from: dt.date | None = None
    free_until: dt.date | None = None
    is_active: bool = True


class AccreditationIn(Schema):
    accreditor: Accreditor
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    valid_until: dt.date


class LabOfferIn(Schema):
    standard: Name
    item: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    samples: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    days: Annotated[int, Field(ge=1, le=250)]
    price: Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)]


class FiguresOut(Schema):
    """Figures of one institute; `used` are items whose result is filed, `saved` is in yuan."""

    institute_id: int
    institute: str
    orders: int
    done: int
    declined: int
    used: int
    reserved: int
    passed: int
    failed: int
    saved: Decimal
    days: float | None


@router.get("", response={200: InstitutePage, **PROBLEMS}, operation_id="list_institutes")
def list_institutes(
    request: ApiRequest,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """The institutes you may see."""
    found = Institute.objects.visible_to(request.user)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.prefetch_related("accreditations").order_by("-pk")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return {"institutes": _shown(rows), "next_before": rows[-1].pk if more else None}


@router.post("", response={201: InstituteOut, **PROBLEMS}, operation_id="add_institute")
def add_institute(request: ApiRequest, body: InstituteIn) -> Status[dict[str, Any]]:
    """Put an institute on the list; members of a task force do."""
    if not request.user.has_perm("freetests.add_institute"):
        raise PermissionDenied
    added = actions.add_institute(_terms(request, body), by=request.user, at=timezone.now())
    return Status(201, _shown([added])[0])


@router.get(
    "/figures", response={200: list[FiguresOut], **PROBLEMS}, operation_id="free_test_figures"
)
def figures(
    request: ApiRequest, first: dt.date | None = None, last: dt.date | None = None
) -> list[dict[str, Any]]:
    """What the orders of a period brought, by institute; without days, all orders."""
    if not request.user.has_perm("freetests.figures"):
        raise PermissionDenied
    orders = LabOrder.objects.visible_to(request.user)
    orders = orders.placed_between(first, last)
    names = (
        "orders", "done", "declined", "used", "reserved", "passed", "failed", "saved", "days",
    )  # fmt: skip
    return [
        {name: getattr(row, name) for name in names}
        | {"institute_id": row.institute.pk, "institute": row.institute.name}
        for row in figures_by_institute(orders)
        if row.institute is not None
    ]


@router.get(
    "/{institute_id}", response={200: InstituteOut, **PROBLEMS}, operation_id="get_institute"
)
def get_institute(request: ApiRequest, institute_id: int) -> dict[str, Any]:
    """One institute with what it offers."""
    return _shown([_institute(request, institute_id)])[0]


@router.put(
    "/{institute_id}", response={200: InstituteOut, **PROBLEMS}, operation_id="change_institute"
)
def change_institute(request: ApiRequest, institute_id: int, body: InstituteIn) -> dict[str, Any]:
    """Replace the terms; orders that were placed keep their places."""
    found = _changed(request, institute_id)
    terms = _terms(request, body)
    changed = actions.change_institute(found.pk, terms, by=request.user, at=timezone.now())
    return _shown([changed])[0]


@router.post(
    "/{institute_id}/accreditations",
    response={200: InstituteOut, **PROBLEMS},
    operation_id="accredit_institute",
)
def accredit(request: ApiRequest, institute_id: int, body: AccreditationIn) -> dict[str, Any]:
    """Note a certificate, or the new last day of one that is known."""
    found = _changed(request, institute_id)
    actions.accredit(found.pk, **body.dict(), by=request.user, at=timezone.now())
    return _shown([_institute(request, institute_id)])[0]


@router.post(
    "/{institute_id}/offers", response={201: LabOfferOut, **PROBLEMS}, operation_id="offer_test"
)
def offer(request: ApiRequest, institute_id: int, body: LabOfferIn) -> Status[LabOffer]:
    """Add an item that the institute tests by a standard."""
    found = _changed(request, institute_id)
    return Status(
        201, actions.offer_test(found.pk, **body.dict(), by=request.user, at=timezone.now())
    )


@router.post(
    "/{institute_id}/offers/{offer_id}/withdraw",
    response={200: LabOfferOut, **PROBLEMS},
    operation_id="withdraw_test_offer",
)
def withdraw(request: ApiRequest, institute_id: int, offer_id: int) -> LabOffer:
    """The institute no longer tests this; what was ordered stays."""
    found = _changed(request, institute_id)
    line = get_object_or_404(found.offers, pk=offer_id)
    return actions.withdraw_offer(line.pk, by=request.user, at=timezone.now())


def _institute(request: ApiRequest, institute_id: int) -> Institute:
    return get_object_or_404(Institute.objects.visible_to(request.user), pk=institute_id)


def _changed(request: ApiRequest, institute_id: int) -> Institute:
    found = _institute(request, institute_id)
    if not request.user.has_perm("freetests.change_institute", found):
        raise PermissionDenied
    return found


def _terms(request: ApiRequest, body: InstituteIn) -> actions.InstituteTerms:
    firms = Enterprise.objects.visible_to(request.user).living()
    given = body.dict(exclude={"enterprise_id"})
    firm = get_object_or_404(firms, pk=body.enterprise_id) if body.enterprise_id else None
    return actions.InstituteTerms(enterprise=firm, **given)


def _shown(institutes: list[Institute]) -> list[dict[str, Any]]:
    """The institutes with accreditations, offers and places; three queries."""
    ids = [each.pk for each in institutes]
    places = places_of(institutes, on=timezone.localdate())
    offers = list(LabOffer.objects.standing().filter(institute__in=ids).order_by("pk"))
    known = list(Accreditation.objects.filter(institute__in=ids).order_by("pk"))
    names = InstituteOut.model_fields.keys() - {"places_left", "accreditations", "offers"}
    return [
        {name: getattr(each, name) for name in names}
        | {
            "places_left": places[each.pk].left,
            "accreditations": [one for one in known if one.institute_id == each.pk],
            "offers": [one for one in offers if one.institute_id == each.pk],
        }
        for each in institutes
    ]
