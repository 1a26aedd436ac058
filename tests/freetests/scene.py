"""A force that keeps free tests, an institute with two items, and an enterprise that makes masks."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.accounts.models import User
from lianqi.conversions.actions import Papers
from lianqi.freetests.actions import (
    InstituteTerms,
    ItemResult,
    accept_order,
    accredit,
    add_institute,
    file_result,
    load_test_clocks,
    offer_test,
    place_order,
    receive_samples,
    state_test,
)
from lianqi.freetests.enums import Accreditor, Verdict
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.taskforces.models import TaskForce
from tests.conversions.scene import make_force, member
from tests.factories import AT
from tests.web.zone import Zone

DAY = dt.timedelta(days=1)
STANDARD = "T/CNTAC 55-2020 民用卫生口罩"
ITEMS = ("过滤效率", "通气阻力")
PRICES = {"过滤效率": Decimal("800.00"), "通气阻力": Decimal("300.50")}


def terms(name: str = "云岭纺织检测研究院", **given: Any) -> InstituteTerms:
    known: dict[str, Any] = {
        "contact_name": "方敏",
        "contact_phone": "0591-87650000",
        "address": "云岭市科技路1号",
        "free_items": 4,
        "free_an_enterprise": 2,
        "free_from": AT.date() - 30 * DAY,
        "free_until": AT.date() + 300 * DAY,
    }
    return InstituteTerms(name=name, **known | given)


def make_lab_force(zone: Zone, *, at: dt.datetime = AT, **given: Any) -> TaskForce:
    load_test_clocks(at=at)
    return make_force(zone, at=at, **given)


def make_institute(
    zone: Zone, *, at: dt.datetime = AT, items: tuple[str, ...] = ITEMS, days: int = 5, **given: Any
) -> Institute:
    """An institute that tests these items by `STANDARD`, accredited for a year."""
    institute = add_institute(terms(**given), by=member(zone), at=at)
    accredit(
        institute.pk, accreditor=Accreditor.CMA, number="000000000001",
        valid_until=at.date() + 365 * DAY, by=member(zone), at=at,
    )  # fmt: skip
    for item in items:
        offer_test(
            institute.pk, standard=STANDARD, item=item, samples="30 只", days=days,
            price=PRICES.get(item, Decimal("100.00")), by=member(zone), at=at,
        )  # fmt: skip
    return institute


def state(zone: Zone, force: TaskForce, *, at: dt.datetime = AT, **given: Any) -> FreeTest:
    known: dict[str, Any] = {
        "enterprise": zone.firm,
        "product": "民用口罩",
        "question": "民用口罩要符合哪些标准，出厂检测要做什么？",
        "standard": "T/CNTAC 55-2020",
        "items": ITEMS,
        "samples": "60 只",
        "by": zone.boss,
    }
    return state_test(force=force, at=at, **known | given)


def place(
    zone: Zone, test: FreeTest, institute: Institute, *items: str, at: dt.datetime = AT,
    by: User | None = None,
) -> LabOrder:  # fmt: skip
    offers = institute.offers.standing().filter(item__in=items or ITEMS)
    return place_order(
        test.pk, institute=institute, offers=list(offers), by=by or member(zone), at=at
    )


def report(name: str = "检测报告.txt") -> Papers:
    return Papers([SimpleUploadedFile(name, "两项均合格".encode())], 1000)


def results(order: LabOrder, **failed: str) -> dict[int, ItemResult]:
    """Every item passed, but those named in `failed` with the value that was measured."""
    return {
        item.pk: ItemResult(Verdict.FAILED, failed[item.item])
        if item.item in failed
        else ItemResult(Verdict.PASSED, "96%")
        for item in order.items.all()
    }


def finish(zone: Zone, order: LabOrder, *, at: dt.datetime = AT, **failed: str) -> LabOrder:
    """Let the order run to its result."""
    by = member(zone)
    accept_order(order.pk, by=by, at=at)
    receive_samples(order.pk, samples="60 只", by=by, at=at + DAY)
    return file_result(
        order.pk, results=results(order, **failed), report_number="FZ2026-0118",
        papers=report(), by=by, at=at + 4 * DAY,
    )  # fmt: skip
