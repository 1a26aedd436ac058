"""The figures that Wuhu once published (A01–A06), computed from as many generated records.

“截至2月25日，共联络企业297家，政策需求926条。梳理企业245家，有效需求763条分配到各责任部门。已解决需求202条，
协助企业上报融资贷款18.46亿元，已获得银行授信1.67亿元并获批贷款3000万元，疫情以来兑现各类支持资金7593.44万元。”
Seven units guard “1000余家”; what was not solved shall be paid “力争3月底”.
"""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from lianqi.needs.actions import rebuild_need_tallies
from lianqi.needs.enums import MoneyStage, NeedStatus
from lianqi.needs.models import Need, NeedBatch, NeedMoney
from lianqi.needs.queries import Coverage, Daily, Funnel, daily, funnel
from lianqi.register.models import Enterprise, Grid
from lianqi.web.needs.figures import coverage_in_words
from tests.factories import make_enterprise, make_handler, make_unit
from tests.needs.scene import Scene, make_scene

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

AS_OF = dt.date(2020, 2, 25)
NOW = dt.datetime(2020, 2, 25, 10, tzinfo=dt.UTC)
FIRMS, NEEDS, VALID_FIRMS, VALID, SOLVED, UNITS = 297, 926, 245, 763, 202, 7
WAN, YI = Decimal(10_000), Decimal(100_000_000)


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker) -> Iterator[Scene]:  # type: ignore[no-untyped-def]  # pytest-django's own
    """Records as they would stand on that day, loaded once for this module and rolled back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        scene = make_scene()
        scene.programme.enterprises_over = 1000
        scene.programme.save()
        load(scene)
        yield scene
        transaction.set_rollback(True)


def load(scene: Scene) -> None:
    """926 needs of 297 firms in the grids of seven units; 763 of 245 firms are valid."""
    units = [scene.guard, *(make_unit(f"包保单位{n}") for n in range(2, UNITS + 1))]
    grids = [Grid.objects.create(code=f"W{n}", name=f"W{n}", unit=unit)
             for n, unit in enumerate(units)]  # fmt: skip
    leads = [scene.lead, *(make_unit(f"承办单位{n}") for n in range(3))]
    collectors = [make_handler(unit) for unit in units]
    firms = [make_enterprise(grid=grids[n % UNITS]) for n in range(FIRMS)]
    batches = [NeedBatch(programme=scene.programme, unit=unit, from_on=AS_OF) for unit in units[1:]]
    NeedBatch.objects.bulk_create(batches)
    by_unit = {batch.unit_id: batch for batch in NeedBatch.objects.open()}
    needs = []
    for number in range(NEEDS):
        # Every firm has needs; the first 245 firms own the valid ones, the others what was dropped.
        valid = number < VALID
        firm = firms[number % VALID_FIRMS] if valid else firms[
            VALID_FIRMS + number % (FIRMS - VALID_FIRMS)
        ]  # fmt: skip
        at = firms.index(firm) % UNITS
        needs.append(
            record(scene, number, firm, by_unit[units[at].pk], collectors[at],
                   leads[number % len(leads)], valid=valid, solved=number < SOLVED)
        )  # fmt: skip
    Need.objects.bulk_create(needs)
    rebuild_need_tallies()
    money(scene)


def record(  # type: ignore[no-untyped-def]  # test data
    scene: Scene, number: int, firm: Enterprise, batch: NeedBatch, collector, lead, *,
    valid: bool, solved: bool,
) -> Need:  # fmt: skip
    day = AS_OF - dt.timedelta(days=number % 6)
    status = (
        NeedStatus.SOLVED if solved else NeedStatus.IN_PROGRESS if valid else NeedStatus.INVALID
    )
    return Need(
        number=f"XQ2020{number:07d}",
        programme=scene.programme,
        batch=batch,
        enterprise=firm,
        unit_id=batch.unit_id,
        text=f"第{number}条需求",
        collected_by=collector,
        collected_at=NOW,
        collected_on=day,
        idempotency_key=f"w-{number}",
        status=status,
        verdict="valid" if valid else "invalid",
        reason="policy_in_force" if valid else "already_met",
        note="" if valid else "已享受",
        triaged_at=NOW,
        triaged_by=scene.sorter,
        triaged_on=min(day + dt.timedelta(days=1), AS_OF),
        lead=lead if valid else None,
        solution="已兑现" if solved else "",
        solved_on=AS_OF if solved else None,
        search_text="",
    )


def money(scene: Scene) -> None:
    """Sums of the four stages, in amounts that add up to what was published."""
    needs = list(Need.objects.order_by("pk")[:100])
    for stage, total in (
        (MoneyStage.ASKED, Decimal("18.46") * YI), (MoneyStage.GRANTED, Decimal("1.67") * YI),
        (MoneyStage.APPROVED, 3000 * WAN), (MoneyStage.PAID, Decimal("7593.44") * WAN),
    ):  # fmt: skip
        NeedMoney.objects.bulk_create(
            NeedMoney(
                need=need, programme=scene.programme, stage=stage, amount_yuan=total / 100,
                on=AS_OF, recorded_by=scene.handler, recorded_at=NOW,
            )
            for need in needs
        )  # fmt: skip


@pytest.fixture
def found(published: Scene) -> Daily:
    return daily(published.programme, on=AS_OF, at=NOW)


def percent(part: Decimal | int, whole: Decimal | int, digits: int = 1) -> float:
    return round(100 * float(part) / float(whole), digits)


def test_a01_collected(found: Daily) -> None:
    assert (found.total.collected, found.firms.collected) == (926, 297)
    assert len(found.by_unit) == 7
    assert sum(line.counts.collected for line in found.by_unit) == 926
    assert sum(line.firms.collected for line in found.by_unit) == 297
    assert percent(found.total.collected, found.firms.collected * 100, 4) == 3.1178


def test_a02_valid_with_exactly_one_responsible_unit_each(found: Daily) -> None:
    assert (found.total.valid, found.firms.valid) == (763, 245)
    assert percent(found.total.valid, found.total.collected) == 82.4
    assert percent(found.firms.valid, found.firms.collected) == 82.5
    assert sum(line.counts.valid for line in found.by_lead) == 763
    assert Need.objects.valid().filter(lead__isnull=True).count() == 0


def test_a03_solved_by_both_denominators(found: Daily) -> None:
    assert (found.total.solved, found.total.unsolved) == (202, 561)
    assert percent(found.total.solved, found.total.valid) == 26.5
    assert percent(found.total.solved, found.total.collected) == 21.8


def test_a04_money_in_yuan_whatever_it_was_written_in(published: Scene) -> None:
    money = funnel(published.programme, on=AS_OF)

    assert money == Funnel(
        asked=Decimal(1_846_000_000), granted=Decimal(167_000_000), approved=Decimal(30_000_000),
        paid=Decimal(75_934_400),
    )  # fmt: skip
    assert percent(money.granted, money.asked, 2) == 9.05
    assert percent(money.approved, money.asked, 2) == 1.63
    assert percent(money.approved, money.granted, 2) == 17.96


def test_a05_coverage_is_an_upper_bound(found: Daily) -> None:
    coverage = found.coverage

    assert (coverage.contacted, coverage.firms, coverage.is_upper_bound) == (297, 1000, True)


def test_a06_days_left_and_needs_a_day(found: Daily) -> None:
    assert found.days_left == 35
    assert found.needs_per_day is not None
    assert round(found.needs_per_day, 1) == Decimal("16.0")


def test_money_of_a_later_day_is_not_counted(published: Scene) -> None:
    before = funnel(published.programme, on=AS_OF - dt.timedelta(days=1))

    assert before == Funnel(Decimal(0), Decimal(0), Decimal(0), Decimal(0))


def test_the_daily_table_shows_what_was_published(published: Scene) -> None:
    client = Client()
    client.force_login(published.leader)

    page = client.get(reverse("needs:daily"), {"day": "2020-02-25"}).content.decode()

    for shown in (
        "926", "763", "202", "561", "297", "245", "82.40%", "26.47%", "21.81%", "&lt;29.7%",
        "16.0", "9.05%", "1.63%", "18.46 亿元", "1.67 亿元", "3,000 万元", "7,593.44 万元",
    ):  # fmt: skip
        assert shown in page, shown
    assert re.search(r"35\s*天", page)


@pytest.mark.parametrize(
    ("contacted", "base", "shown"),
    [(297, 1000, "<29.7%"), (298, 1003, "<29.8%"), (1, 3, "<33.4%"), (1000, 1000, "暂无数据")],
)
def test_an_upper_bound_is_never_rounded_down(contacted: int, base: int, shown: str) -> None:
    assert coverage_in_words(Coverage(contacted, base, is_upper_bound=True)) == shown


def test_a_known_base_gives_a_share(published: Scene) -> None:
    assert coverage_in_words(Coverage(297, 1000, is_upper_bound=False)) == "29.70%"
