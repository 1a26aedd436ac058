"""Which industry and size class an enterprise had on an earlier day."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from lianqi.register.actions import (
    Observed,
    add_fact,
    apply_import,
    change_enterprise,
    observe_list,
    request_apply,
    withdraw_fact,
)
from lianqi.register.models import Enterprise, FormerClass, Industry
from tests.register.scene import NOON, Scene, code

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 20)
STATED: dict[str, Any] = {"period": "2025", "source": "年报"}


@pytest.fixture
def firm(scene: Scene) -> Enterprise:
    return scene.enterprise(1, "海纳科技有限公司", industry=Industry.objects.get(code="3911"))


def told(firm: Enterprise) -> list[tuple[str | None, str, dt.date | None, dt.date]]:
    rows = FormerClass.objects.filter(enterprise=firm).order_by("until")
    return [(each.industry_id, each.size_class, each.since, each.until) for each in rows]


def count(scene: Scene, firm: Enterprise, employees: int, revenue: int, at: dt.datetime) -> None:
    for key, value, unit in (("employees", employees, "人"), ("revenue", revenue, "元")):
        add_fact(
            firm.pk, key=key, value=Decimal(value), unit=unit, by=scene.keeper, at=at, **STATED
        )


def test_what_changes_is_kept_until_the_day_before(scene: Scene, firm: Enterprise) -> None:
    count(scene, firm, 300, 20_000_000, NOON + 5 * DAY)
    other = Industry.objects.get(code="6511")

    change_enterprise(firm.pk, industry=other, by=scene.keeper, at=NOON + 9 * DAY)

    assert told(firm) == [
        ("3911", "", None, TODAY + 4 * DAY),
        ("3911", "medium", TODAY + 5 * DAY, TODAY + 8 * DAY),
    ]


def test_a_day_keeps_one_row_and_the_first_day_none(scene: Scene, firm: Enterprise) -> None:
    count(scene, firm, 300, 20_000_000, NOON)
    assert told(firm) == []

    count(scene, firm, 10, 1_000_000, NOON + DAY)
    change_enterprise(
        firm.pk, industry=Industry.objects.get(code="6511"), by=scene.keeper, at=NOON + DAY
    )

    assert told(firm) == [("3911", "medium", None, TODAY)]


def test_nothing_is_kept_where_neither_changes(scene: Scene, firm: Enterprise) -> None:
    change_enterprise(firm.pk, name="远山科技有限公司", by=scene.keeper, at=NOON + DAY)
    add_fact(
        firm.pk, key="专利", value=Decimal(3), unit="项", by=scene.keeper, at=NOON + DAY, **STATED
    )

    assert told(firm) == []


def test_a_withdrawn_figure_leaves_what_was_believed(scene: Scene, firm: Enterprise) -> None:
    count(scene, firm, 300, 20_000_000, NOON + DAY)
    last = firm.facts.latest("pk")

    withdraw_fact(last.pk, by=scene.keeper, at=NOON + 3 * DAY)

    assert told(firm) == [
        ("3911", "", None, TODAY), ("3911", "medium", TODAY + DAY, TODAY + 2 * DAY),
    ]  # fmt: skip


def test_an_import_keeps_it_for_all_rows(scene: Scene, firm: Enterprise) -> None:
    header = ["统一社会信用代码", "企业名称", "行业"]
    rows = [[code(1), "海纳科技有限公司", "6511"], [code(2), "新来科技有限公司", "6511"]]
    run = scene.previewed(header, *rows)

    request_apply(run.pk, by=scene.keeper, at=NOON + 2 * DAY)
    apply_import(run.pk, at=NOON + 2 * DAY)

    assert told(firm) == [("3911", "", None, TODAY + DAY)]
    assert FormerClass.objects.count() == 1


def test_a_list_of_figures_keeps_it(scene: Scene, firm: Enterprise) -> None:
    lines = [
        Observed(firm.pk, "employees", Decimal(300), "人", "2025"),
        Observed(firm.pk, "revenue", Decimal(20_000_000), "元", "2025"),
    ]

    observe_list(lines, source="税务局名单", by=scene.keeper, at=NOON + DAY)

    assert Enterprise.objects.get().size_class == "medium"
    assert told(firm) == [("3911", "", None, TODAY)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(0, ""), (4, ""), (5, "medium"), (6, "medium"), (8, "medium"), (9, None), (20, None)],
)
def test_the_row_of_a_day(scene: Scene, firm: Enterprise, day: int, expected: str | None) -> None:
    count(scene, firm, 300, 20_000_000, NOON + 5 * DAY)
    count(scene, firm, 10, 1_000_000, NOON + 9 * DAY)

    found = FormerClass.objects.holding(TODAY + day * DAY).first()

    assert (found.size_class if found else None) == expected
