"""Proposals: who fits, in which order, for which reasons; institutes as records; figures."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import override

from lianqi.audit.models import Event
from lianqi.freetests.actions import (
    accredit,
    add_institute,
    cancel_order,
    change_institute,
    offer_test,
    withdraw_offer,
)
from lianqi.freetests.enums import Accreditor
from lianqi.freetests.errors import (
    AccreditationExpired,
    AccreditationIncomplete,
    InstituteIncomplete,
    InstituteKnown,
    NotAccredited,
    OfferIncomplete,
    OfferKnown,
    QuotaPeriodWrong,
)
from lianqi.freetests.models import Institute, LabOrder
from lianqi.freetests.queries import figures_by_institute, matches_for, totals
from lianqi.taskforces.models import TaskForce
from lianqi.webhooks.queries import payloads
from tests.conversions.scene import member
from tests.factories import AT
from tests.freetests.scene import (
    DAY,
    STANDARD,
    finish,
    make_institute,
    make_lab_force,
    place,
    state,
    terms,
)
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def force(zone: Zone) -> TaskForce:
    return make_lab_force(zone)


def names(test: Any, on: dt.date = TODAY) -> list[str]:
    return [match.institute.name for match in matches_for(test, on=on)]


def test_a_proposal_says_its_reasons(zone: Zone, force: TaskForce) -> None:
    make_institute(zone)
    test = state(zone, force, wanted_by=AT.date() + 30 * DAY)

    with override("en"):
        match = matches_for(test, on=AT.date())[0]

    said = " ".join(match.reasons)
    assert said.startswith(f"Tests 过滤效率（{STANDARD}）, 通气阻力（{STANDARD}）.")
    assert "Accredited: CMA (metrology accreditation) 000000000001 until " in said
    assert "2 free places left." in said
    assert "Result after 5 working days" in said
    assert (match.is_orderable, match.is_in_time, match.saved) == (True, True, Decimal("1100.50"))


def test_the_best_comes_first(zone: Zone, force: TaskForce) -> None:
    make_institute(zone, name="只测一项", items=("过滤效率",), days=1)
    make_institute(zone, name="无免费名额", free_items=0, free_from=None, free_until=None, days=1)
    make_institute(zone, name="太慢", days=20)
    make_institute(zone, name="合适", days=5)
    make_institute(zone, name="更快", days=3)
    make_institute(zone, name="无关", items=("色牢度",))
    make_institute(zone, name="停用", is_active=False)
    test = state(zone, force, wanted_by=AT.date() + 10 * DAY)

    assert names(test) == ["更快", "合适", "太慢", "无免费名额", "只测一项"]


def test_an_accreditation_counts_until_its_last_day(zone: Zone, force: TaskForce) -> None:
    expiring = make_institute(zone, name="即将到期", days=1)
    make_institute(zone, name="有效")
    last = AT.date() + 10 * DAY
    accredit(
        expiring.pk, accreditor=Accreditor.CMA, number="000000000001", valid_until=last,
        by=member(zone), at=AT,
    )  # fmt: skip
    test = state(zone, force)

    assert expiring.accreditations.count() == 1
    assert names(test, last) == ["即将到期", "有效"]
    assert names(test, last + DAY) == ["有效", "即将到期"]


def test_nothing_is_ordered_or_offered_on_an_expired_accreditation(
    zone: Zone, force: TaskForce
) -> None:
    last, by = AT.date() + 10 * DAY, member(zone)
    institute = make_institute(zone, name="即将到期")
    vouching: dict[str, Any] = {
        "accreditor": Accreditor.CMA, "number": "000000000001", "by": by, "at": AT
    }  # fmt: skip
    line: dict[str, Any] = {
        "standard": STANDARD, "item": "色牢度", "samples": "1 m", "days": 2,
        "price": Decimal("90.00"), "by": by,
    }  # fmt: skip
    accredit(institute.pk, valid_until=last, **vouching)
    test, other = state(zone, force), state(zone, force)
    orderable = [matches_for(test, on=day)[0].is_orderable for day in (last, last + DAY)]

    place(zone, test, institute, at=AT + 10 * DAY)
    with pytest.raises(NotAccredited) as ordered:
        place(zone, other, institute, "过滤效率", at=AT + 11 * DAY)
    with pytest.raises(AccreditationExpired) as offered:
        offer_test(institute.pk, at=AT + 11 * DAY, **line)
    accredit(institute.pk, valid_until=last + 365 * DAY, **vouching)
    offer_test(institute.pk, at=AT + 11 * DAY, **line)

    assert orderable == [True, False]
    assert "另选一家机构" in str(ordered.value)
    assert str(last) in str(offered.value)
    assert institute.offers.count() == 3


def test_an_institute_that_nobody_vouches_for_gets_no_order(zone: Zone, force: TaskForce) -> None:
    institute = make_institute(zone)
    institute.accreditations.all().delete()
    test = state(zone, force)

    with pytest.raises(NotAccredited):
        place(zone, test, institute)

    assert not test.orders.exists()


def test_the_wanted_standard_comes_before_another(zone: Zone, force: TaskForce) -> None:
    make_institute(zone, name="同标准", days=9)
    other = make_institute(zone, name="他标准", items=(), days=1)
    for item in ("过滤效率", "通气阻力"):
        offer_test(
            other.pk, standard="YY/T 0969-2013", item=item, samples="30 只", days=1,
            price=Decimal("1.00"), by=member(zone), at=AT,
        )  # fmt: skip

    assert names(state(zone, force, standard="T/CNTAC55—2020")) == ["同标准", "他标准"]
    assert names(state(zone, force, standard="")) == ["他标准", "同标准"]


def test_nothing_is_proposed_for_what_is_ordered(zone: Zone, force: TaskForce) -> None:
    institute = make_institute(zone)
    test = state(zone, force)
    place(zone, test, institute)

    assert names(test) == []


def test_proposing_takes_few_queries(
    zone: Zone, force: TaskForce, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        make_institute(zone, name=f"机构{number}")
    test = state(zone, force)

    with django_assert_max_num_queries(6):
        assert len(matches_for(test, on=AT.date())) == 4


# --- Institutes ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": " "}, InstituteIncomplete),
        ({"contact_phone": ""}, InstituteIncomplete),
        ({"free_until": None}, QuotaPeriodWrong),
        ({"free_until": AT.date() - 31 * DAY}, QuotaPeriodWrong),
        ({"free_items": 0}, QuotaPeriodWrong),
    ],
)
def test_an_institute_can_be_ordered_from(
    zone: Zone, force: TaskForce, given: dict[str, Any], refusal: Any
) -> None:
    assert force.status == "open"
    with pytest.raises(refusal):
        add_institute(terms(**given), by=member(zone), at=AT)
    assert not Institute.objects.exists()


def test_an_institute_is_on_the_list_once(zone: Zone, force: TaskForce) -> None:
    institute = make_institute(zone)
    known = {"by": member(zone), "at": AT}

    with pytest.raises(InstituteKnown):
        add_institute(terms(), **known)  # type: ignore[arg-type]  # test data
    changed = change_institute(institute.pk, terms(free_items=9), **known)  # type: ignore[arg-type]  # test data
    with pytest.raises(IntegrityError), transaction.atomic():
        Institute.objects.update(free_from=None)

    assert (changed.free_items, force.status) == (9, "open")
    event = Event.objects.get(verb="freetests.institute_changed")
    assert event.detail["changed"] == ["free_items"]


def test_what_an_institute_offers_is_whole_and_once(zone: Zone, force: TaskForce) -> None:
    institute, by = make_institute(zone), member(zone)
    line: dict[str, Any] = {
        "standard": STANDARD, "item": "色牢度", "samples": "1 m", "days": 2,
        "price": Decimal("90.00"), "by": by, "at": AT,
    }  # fmt: skip
    with pytest.raises(OfferIncomplete):
        offer_test(institute.pk, **line | {"days": 0})
    with pytest.raises(OfferIncomplete):
        offer_test(institute.pk, **line | {"item": " "})
    with pytest.raises(AccreditationIncomplete):
        accredit(
            institute.pk,
            accreditor=Accreditor.CNAS,
            number=" ",
            valid_until=AT.date(),
            by=by,
            at=AT,
        )
    offer = offer_test(institute.pk, **line)
    with pytest.raises(OfferKnown):
        offer_test(institute.pk, **line)
    withdraw_offer(offer.pk, by=by, at=AT)

    assert offer_test(institute.pk, **line).pk != offer.pk
    assert force.status == "open"


def test_only_keepers_of_a_force_keep_institutes(zone: Zone, force: TaskForce) -> None:
    for who in (zone.boss, zone.handler, zone.leader, zone.dispatcher, zone.auditor, zone.officer):
        with pytest.raises(PermissionDenied):
            add_institute(terms(), by=who, at=AT)
    assert add_institute(terms(), by=zone.head, at=AT).name == terms().name
    assert force.status == "open"


# --- Figures ---------------------------------------------------------------------------------
def test_figures_count_what_was_tested_and_what_it_saved(zone: Zone, force: TaskForce) -> None:
    one = make_institute(zone, free_items=20, free_an_enterprise=None)
    other = make_institute(zone, name="云岭产品质量检验中心", free_an_enterprise=None)
    finish(zone, place(zone, state(zone, force), one), 通气阻力="52 Pa/cm²")
    place(zone, state(zone, force, product="防护口罩"), one, "过滤效率")
    cancelled = place(zone, state(zone, force, product="手套"), other)
    cancel_order(cancelled.pk, reason="企业撤回", by=member(zone), at=AT)
    later = place(zone, state(zone, force, product="面罩"), other, at=AT + 40 * DAY)
    finish(zone, later, at=AT + 40 * DAY)
    orders = LabOrder.objects.all()

    rows = {row.institute: row for row in figures_by_institute(orders)}
    early = orders.placed_between(None, AT.date())
    of_early = figures_by_institute(early)

    first = rows[one]
    assert (first.orders, first.done, first.used, first.reserved) == (2, 1, 2, 1)
    assert (first.passed, first.failed, first.saved, first.days) == (1, 1, Decimal("1100.50"), 4)
    assert (rows[other].orders, rows[other].used, rows[other].declined) == (2, 2, 0)
    both = totals(rows.values(), orders)
    assert (both.used, both.saved, both.days) == (4, Decimal("2201.00"), 4)
    assert [(row.used, row.saved, row.days) for row in of_early] == [
        (2, Decimal("1100.50"), 4), (0, Decimal("0.00"), None),
    ]  # fmt: skip
    assert figures_by_institute(LabOrder.objects.none()) == []


def test_the_price_of_the_day_of_the_order_counts(zone: Zone, force: TaskForce) -> None:
    institute = make_institute(zone)
    order = place(zone, state(zone, force), institute, "过滤效率")
    line = institute.offers.get(item="过滤效率")
    withdraw_offer(line.pk, by=member(zone), at=AT)
    offer_test(
        institute.pk, standard=STANDARD, item="过滤效率", samples="30 只", days=5,
        price=Decimal("9999.99"), by=member(zone), at=AT,
    )  # fmt: skip

    finish(zone, order)

    assert figures_by_institute(LabOrder.objects.all())[0].saved == Decimal("800.00")


# --- Other systems ---------------------------------------------------------------------------
def test_other_systems_are_told_of_orders_and_results_without_what_people_wrote(
    zone: Zone, force: TaskForce
) -> None:
    institute = make_institute(zone)
    test = state(zone, force, product="口罩，电13800138000")
    order = finish(zone, place(zone, test, institute))
    events = Event.objects.filter(verb__in=["freetests.stated", "freetests.result_filed"])

    told = {each["type"]: each["data"] for each in payloads(events).values()}

    result = told["freetests.result_filed"]["test_order"]
    assert (result["number"], result["saved"], result["status"]) == (
        order.number,
        "1100.50",
        "done",
    )
    assert {each["verdict"] for each in result["items"]} == {"passed"}
    assert told["freetests.stated"]["free_test"]["product"] == "口罩，电138****8000"
    for written in (test.question, "方敏", "0591-87650000", "FZ2026-0118", "13800138000"):
        assert written not in str(told)
