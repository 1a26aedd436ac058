"""Free tests over JSON: what is to be tested, institutes that fit, orders, results."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.models import User
from lianqi.api.http import ApiRequest
from lianqi.api.lab_orders import LabOrderOut, ReasonIn, order_of, with_reports
from lianqi.api.schemas import PROBLEMS
from lianqi.conversions.models import Conversion
from lianqi.demands.models import Demand
from lianqi.freetests import actions
from lianqi.freetests.enums import FreeTestStatus
from lianqi.freetests.models import FreeTest, Institute, LabOffer, LabOrder
from lianqi.freetests.queries import matches_for
from lianqi.register.models import Enterprise
from lianqi.taskforces.models import TaskForce

router = Router(tags=["free tests"])

Item = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Items = Annotated[list[Item], Field(max_length=20)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Samples = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class FreeTestOut(Schema):
    """What an enterprise wants tested. `items_without_order` still need an institute."""

    id: int
    number: str
    enterprise_id: int
    task_force_id: int = Field(alias="force_id")
    conversion_id: int | None
    demand_id: int | None
    product: str
    question: str
    standard: str
    items: list[str]
    samples: str
    wanted_by: dt.date | None
    status: FreeTestStatus
    stated_at: dt.datetime
    end_reason: str


class FreeTestPage(Schema):
    """Tests, newest first. Pass `next_before` as `before` for the following page."""

    free_tests: list[FreeTestOut]
    next_before: int | None


class WholeTest(FreeTestOut):
    """A test with the orders that you may see."""

    items_without_order: list[str]
    orders: list[LabOrderOut]


class FreeTestIn(Schema):
    """`demand` and `conversion` are numbers of records of the enterprise."""

    enterprise_id: int
    task_force_id: int
    product: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    question: Annotated[str, StringConstraints(max_length=1000)] = ""
    standard: Line = ""
    items: Items = []
    samples: Samples = ""
    wanted_by: dt.date | None = None
    conversion: str = ""
    demand: str = ""


class SpecifyIn(Schema):
    items: Items
    standard: Line = ""
    samples: Samples = ""
    wanted_by: dt.date | None = None


class PlaceIn(Schema):
    """`offer_ids`: lines of the institute, one for each item."""

    institute_id: int
    offer_ids: Annotated[list[int], Field(max_length=20)]


class MatchOut(Schema):
    """An institute that fits, with the reasons; `offers` are the ids of the lines to order."""

    institute_id: int
    institute: str
    offer_ids: list[int]
    lacking: list[str]
    is_accredited: bool
    places_left: int
    is_orderable: bool
    days: int
    ready_on: dt.date
    is_in_time: bool
    saved: Decimal
    reasons: list[str]


class FreeTestQuery(Schema):
    """Filters of the list; all that are given must hold."""

    status: FreeTestStatus | None = None
    task_force_id: int | None = None
    enterprise_id: int | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: FreeTestPage, **PROBLEMS}, operation_id="list_free_tests")
def list_free_tests(request: ApiRequest, query: Query[FreeTestQuery]) -> dict[str, Any]:
    """The tests you may see, newest first."""
    found = FreeTest.objects.visible_to(request.user)
    given = {
        "status": query.status, "force_id": query.task_force_id,
        "enterprise_id": query.enterprise_id, "pk__lt": query.before,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in given.items() if value is not None})
    rows = list(found.order_by("-pk")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return {"free_tests": rows, "next_before": rows[-1].pk if more else None}


@router.post("", response={201: WholeTest, **PROBLEMS}, operation_id="state_free_test")
def state_free_test(request: ApiRequest, body: FreeTestIn) -> Status[dict[str, Any]]:
    """Say what is to be tested: for your own enterprise, or for a task force you keep."""
    user = request.user
    force = get_object_or_404(TaskForce.objects.open(), pk=body.task_force_id)
    enterprise = get_object_or_404(Enterprise.objects.visible_to(user), pk=body.enterprise_id)
    if not (
        user.has_perm("freetests.state", enterprise) or user.has_perm("freetests.state_for", force)
    ):
        raise PermissionDenied
    conversions, demands = Conversion.objects.visible_to(user), Demand.objects.visible_to(user)
    given = body.dict(exclude={"enterprise_id", "task_force_id", "conversion", "demand"})
    test = actions.state_test(
        enterprise=enterprise,
        force=force,
        conversion=_by_number(conversions, body.conversion),
        demand=_by_number(demands, body.demand),
        by=user,
        at=timezone.now(),
        **given,
    )
    return Status(201, _whole(test, user))


@router.get("/{test_id}", response={200: WholeTest, **PROBLEMS}, operation_id="get_free_test")
def get_free_test(request: ApiRequest, test_id: int) -> dict[str, Any]:
    """One test with its orders."""
    return _whole(_test(request, test_id), request.user)


@router.post(
    "/{test_id}/specify", response={200: WholeTest, **PROBLEMS}, operation_id="specify_free_test"
)
def specify(request: ApiRequest, test_id: int, body: SpecifyIn) -> dict[str, Any]:
    """Settle standard and items, before anything is ordered."""
    test = _test(request, test_id)
    actions.specify_test(test.pk, **body.dict(), by=request.user, at=timezone.now())
    return _whole(_test(request, test_id), request.user)


@router.post(
    "/{test_id}/withdraw", response={200: WholeTest, **PROBLEMS}, operation_id="withdraw_free_test"
)
def withdraw(request: ApiRequest, test_id: int, body: ReasonIn) -> dict[str, Any]:
    """Nothing needs to be tested any more."""
    test = _test(request, test_id)
    actions.withdraw_test(test.pk, reason=body.reason, by=request.user, at=timezone.now())
    return _whole(_test(request, test_id), request.user)


@router.get(
    "/{test_id}/matches", response={200: list[MatchOut], **PROBLEMS}, operation_id="match_free_test"
)
def matches(request: ApiRequest, test_id: int) -> list[dict[str, Any]]:
    """Institutes that fit, the best first, each with the reasons. Nothing is ordered by this."""
    test = _test(request, test_id)
    if not request.user.has_perm("freetests.place", test):
        raise PermissionDenied
    names = ("lacking", "is_orderable", "days", "ready_on", "is_in_time", "saved", "reasons")
    return [
        {name: getattr(match, name) for name in names}
        | {
            "institute_id": match.institute.pk,
            "institute": match.institute.name,
            "offer_ids": [offer.pk for offer in match.offers],
            "is_accredited": bool(match.valid),
            "places_left": match.places.left,
        }
        for match in matches_for(test, on=timezone.localdate())
    ]


@router.post(
    "/{test_id}/orders", response={201: LabOrderOut, **PROBLEMS}, operation_id="place_test_order"
)
def place(request: ApiRequest, test_id: int, body: PlaceIn) -> Status[LabOrder]:
    """Order items of an institute; free places are kept from then on."""
    test = _test(request, test_id)
    if "place" in test.moves and not request.user.has_perm("freetests.place", test):
        raise PermissionDenied
    institute = get_object_or_404(Institute, pk=body.institute_id)
    order = actions.place_order(
        test.pk,
        institute=institute,
        offers=list(LabOffer.objects.filter(institute=institute, pk__in=body.offer_ids)),
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, order_of(request, order.pk))


def _by_number(rows: Any, number: str) -> Any:
    return get_object_or_404(rows, number=number) if number else None


def _test(request: ApiRequest, test_id: int) -> FreeTest:
    return get_object_or_404(FreeTest.objects.visible_to(request.user), pk=test_id)


def _whole(test: FreeTest, user: User) -> dict[str, Any]:
    names = FreeTestOut.model_fields.keys() - {"task_force_id"}
    return {name: getattr(test, name) for name in names} | {
        "force_id": test.force_id,
        "items_without_order": test.items_without_order(),
        "orders": with_reports(
            list(LabOrder.objects.visible_to(user).filter(test=test).for_list())
        ),
    }
