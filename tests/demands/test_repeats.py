"""Repeat demands: same enterprise, same category, similar words, thirty days."""

import datetime as dt

import pytest
from django.utils import timezone

from lianqi.demands.actions import compile_statistics, file_demand, withdraw_demand
from lianqi.demands.enums import Channel, Measure, Span
from lianqi.demands.models import Demand, DemandCategory, Repeat
from lianqi.demands.queries import overview, repeats_of
from lianqi.engines.rates import Rate
from lianqi.register.models import Enterprise
from tests.demands.scene import Scene
from tests.factories import AT, make_category, make_enterprise

DAY = dt.timedelta(days=1)


def ask(
    scene: Scene,
    at: dt.datetime,
    *,
    enterprise: Enterprise | None = None,
    category: DemandCategory | None = None,
    title: str = "厂区频繁停电，请协调",
    text: str = "本周停电，请尽快协调供电部门处理。",
) -> Demand:
    return file_demand(
        enterprise=enterprise or scene.enterprise, category=category or scene.category,
        title=title, text=text, channel=Channel.PHONE,
        idempotency_key=f"key-{Demand.objects.count()}", by=scene.dispatcher, at=at,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "found"), [(0, True), (30, True), (31, False)])
def test_thirty_days_count_and_no_more(scene: Scene, days: int, *, found: bool) -> None:
    ask(scene, AT)

    ask(scene, AT + days * DAY)

    assert Repeat.objects.exists() == found


def test_another_firm_category_or_matter_is_no_repeat(scene: Scene) -> None:
    ask(scene, AT)

    ask(scene, AT, enterprise=make_enterprise())
    ask(scene, AT, category=make_category("labour"))
    ask(scene, AT, title="员工子女如何办理入学", text="请告知办理条件和时间。")

    assert not Repeat.objects.exists()


def test_what_was_withdrawn_is_not_repeated(scene: Scene) -> None:
    demand = scene.file()
    withdraw_demand(demand.pk, reason="重复", by=scene.member, at=AT)

    scene.file()

    assert not Repeat.objects.exists()


def test_both_sides_show_it_and_it_is_counted(scene: Scene) -> None:
    first, second = (
        ask(scene, AT),
        ask(scene, AT + DAY, text="本周又停电，请尽快协调供电部门处理。"),
    )

    [down], [up] = repeats_of(first), repeats_of(second)

    assert (down.demand, down.is_earlier) == (second, False)
    assert (up.demand, up.is_earlier) == (first, True)
    compile_statistics(at=AT + DAY)
    found = overview(Span.MONTH, timezone.localdate(AT).replace(day=1))
    assert found is not None
    assert found.found[Measure.REPEAT].rate == Rate(1, 2)
