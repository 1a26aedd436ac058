"""Free tests of the mask makers: two items each, one passed, one failed, some on their way."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.accounts.models import User
from lianqi.conversions.actions import Papers
from lianqi.conversions.models import Conversion
from lianqi.freetests.actions import (
    InstituteTerms,
    ItemResult,
    accept_order,
    accredit,
    add_institute,
    cancel_order,
    decline_order,
    file_result,
    offer_test,
    place_order,
    receive_samples,
    state_test,
)
from lianqi.freetests.enums import Accreditor, Verdict
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.ops.demo.people import People
from lianqi.register.models import Membership

DAY = dt.timedelta(days=1)
MASKS = "T/CNTAC 55-2020 民用卫生口罩"
MEDICAL = "YY/T 0969-2013 一次性使用医用口罩"
# Name, days, price of each item, how much is free: in all, a month, for one enterprise.
INSTITUTES = (
    ("云岭现代纺织检测研究院", 5, {"过滤效率": "800.00", "通气阻力": "300.00"}, (60, 20, 2)),
    ("云岭产品质量检验中心", 8, {"过滤效率": "720.00", "环氧乙烷残留量": "450.00"}, (12, 4, 2)),
    ("云岭医疗器械检验所", 10, {"过滤效率": "950.00", "通气阻力": "360.00"}, (0, None, None)),
)
BOTH = ("过滤效率", "通气阻力")
ASKED = "民用口罩生产要符合哪些标准？出厂检测需要做什么？"
REPORT = "检测报告（演示）：样品按委托项目检测，结果见各项记录。".encode()


def play_free_tests(people: People, *, now: dt.datetime) -> None:
    """Let the force that keeps the conversions find institutes for what they make."""
    keeper = User.objects.get(pk=people.handlers["economy"][0].pk)
    textile, quality, _medical = [
        _institute(*each, by=keeper, at=now - 61 * DAY) for each in INSTITUTES
    ]
    done, tested, asked, _ended = Conversion.objects.order_by("pk")
    for conversion, ago, values, failed in (
        (done, 34, {"过滤效率": "96.2%", "通气阻力": "38 Pa/cm²"}, ()),
        (tested, 16, {"过滤效率": "95.4%", "通气阻力": "53 Pa/cm²"}, ("通气阻力",)),
    ):
        test = _state(conversion, by=keeper, at=now - ago * DAY)
        order = _order(test, textile, BOTH, by=keeper, at=now - (ago - 1) * DAY)
        _run(order, values, failed, number=ago, by=keeper, at=now - (ago - 2) * DAY)
    _declined_and_waiting(asked, textile, quality, keeper, now=now)
    member = Membership.objects.confirmed().filter(enterprise=asked.enterprise).earliest("pk")
    if member.user is not None:
        state_test(
            enterprise=asked.enterprise, force=asked.force, product=asked.product, question=ASKED,
            samples="样品五十片", wanted_by=(now + 20 * DAY).date(), conversion=asked,
            by=member.user, at=now - DAY / 4,
        )  # fmt: skip


def _declined_and_waiting(
    conversion: Conversion,
    textile: Institute,
    quality: Institute,
    keeper: User,
    *,
    now: dt.datetime,
) -> None:
    """One institute declines, another accepts; an order that is no longer needed is cancelled."""
    test = _state(conversion, by=keeper, at=now - 9 * DAY)
    order = _order(test, quality, ("过滤效率",), by=keeper, at=now - 8 * DAY)
    decline_order(order.pk, reason="设备检修，两周后恢复。", by=keeper, at=now - 7 * DAY)
    order = _order(test, textile, ("过滤效率",), by=keeper, at=now - 6 * DAY)
    cancel_order(order.pk, reason="企业更换面料，重新送样。", by=keeper, at=now - 6 * DAY)
    order = _order(test, textile, BOTH, by=keeper, at=now - 2 * DAY)
    accept_order(order.pk, by=keeper, at=now - DAY)


def _institute(
    name: str,
    days: int,
    prices: Mapping[str, str],
    free: tuple[int, int | None, int | None],
    *,
    by: User,
    at: dt.datetime,
) -> Institute:
    items, a_month, an_enterprise = free
    first = at.date()
    institute = add_institute(
        InstituteTerms(
            name=name,
            contact_name="方敏",
            contact_phone="0591-87650000",
            address="云岭市科技路1号收样室",
            free_items=items,
            free_a_month=a_month,
            free_an_enterprise=an_enterprise,
            free_from=first if items else None,
            free_until=first + 365 * DAY if items else None,
        ),
        by=by,
        at=at,
    )
    for accreditor, number in ((Accreditor.CMA, "000000000001"), (Accreditor.CNAS, "L00001")):
        accredit(
            institute.pk, accreditor=accreditor, number=number, valid_until=first + 700 * DAY,
            by=by, at=at,
        )  # fmt: skip
    standard = MASKS if items else MEDICAL
    for item, price in prices.items():
        offer_test(
            institute.pk, standard=standard, item=item, samples="30 只", days=days,
            price=Decimal(price), by=by, at=at,
        )  # fmt: skip
    return institute


def _state(conversion: Conversion, *, by: User, at: dt.datetime) -> FreeTest:
    return state_test(
        enterprise=conversion.enterprise,
        force=conversion.force,
        product=conversion.product,
        question=ASKED,
        standard="T/CNTAC 55-2020",
        items=BOTH,
        samples="样品六十片",
        conversion=conversion,
        by=by,
        at=at,
    )


def _order(
    test: FreeTest, institute: Institute, items: tuple[str, ...], *, by: User, at: dt.datetime
) -> LabOrder:
    offers = list(institute.offers.standing().filter(item__in=items))
    return place_order(test.pk, institute=institute, offers=offers, by=by, at=at)


def _run(
    order: LabOrder,
    values: Mapping[str, str],
    failed: tuple[str, ...],
    *,
    number: int,
    by: User,
    at: dt.datetime,
) -> None:
    """Accepted the same day, samples a day later, the result after four more."""
    accept_order(order.pk, by=by, at=at)
    receive_samples(order.pk, samples="样品六十片，包装完好", by=by, at=at + DAY)
    results = {
        item.pk: ItemResult(
            Verdict.FAILED if item.item in failed else Verdict.PASSED, values[item.item]
        )
        for item in order.items.all()
    }
    report = SimpleUploadedFile(f"检测报告{number}.txt", REPORT, content_type="text/plain")
    file_result(
        order.pk, results=results, report_number=f"FZ2026-01{number}",
        papers=Papers([report], max_bytes=1_000_000), by=by, at=at + 5 * DAY,
    )  # fmt: skip
