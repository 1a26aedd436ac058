"""Finding demands of similar wording, and marking those filed before there were marks."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from lianqi.demands.actions import backfill_marks, file_demand, forget_marks, withdraw_demand
from lianqi.demands.enums import Channel
from lianqi.demands.models import Demand, DemandMark
from lianqi.demands.queries import near_duplicates, similar_demands
from lianqi.register.models import Enterprise
from tests.demands.scene import Scene
from tests.factories import AT, make_enterprise, make_member

TODAY = AT.date()
LONG_AGO = TODAY - dt.timedelta(days=400)
POWER = ("园区夜间频繁停电", "本月夜间停电三次，产线停工，供电公司没有答复。")
AGAIN = ("夜间频繁停电影响产线", "夜间停电三次，产线停工，供电公司没有答复，请尽快处理。")
LOAN = ("流动资金贷款续贷困难", "一笔贷款下月到期，银行要求先还后贷。")


def file(
    scene: Scene, words: tuple[str, str], *, firm: Enterprise | None = None, at: dt.datetime = AT
) -> Demand:
    number = Demand.objects.count()
    return file_demand(
        enterprise=firm or scene.enterprise, category=scene.category, title=words[0],
        text=words[1], channel=Channel.PHONE, idempotency_key=f"similar-{number}",
        by=scene.dispatcher, at=at,
    )  # fmt: skip


def found(words: tuple[str, str], scene: Scene, **given: object) -> list[Demand]:
    asked = {
        "among": Demand.objects.all(), "enterprise_id": scene.enterprise.pk, "across": True,
        "on": TODAY,
    } | given  # fmt: skip
    return [near.demand for near in near_duplicates(*words, **asked)]  # type: ignore[arg-type]


def test_another_wording_of_the_same_matter_is_found_and_other_matters_are_not(
    scene: Scene,
) -> None:
    power = file(scene, POWER)
    file(scene, LOAN)

    assert found(AGAIN, scene) == [power]
    assert found(LOAN, scene, enterprise_id=None)[0].title == LOAN[0]


def test_across_enterprises_only_when_asked(scene: Scene) -> None:
    other = file(scene, POWER, firm=make_enterprise())

    assert found(AGAIN, scene) == [other]
    assert found(AGAIN, scene, across=False) == []


def test_only_among_what_the_person_may_see(scene: Scene) -> None:
    firm = make_enterprise()
    own, other = file(scene, POWER), file(scene, POWER, firm=firm)

    mine = Demand.objects.visible_to(scene.member)
    theirs = Demand.objects.visible_to(make_member(firm))

    assert found(AGAIN, scene, among=mine) == [own]
    assert found(AGAIN, scene, among=theirs) == [other]


def test_the_window_ends_after_ninety_days(scene: Scene) -> None:
    file(scene, POWER)

    assert len(found(AGAIN, scene, on=TODAY + dt.timedelta(days=90))) == 1
    assert found(AGAIN, scene, on=TODAY + dt.timedelta(days=91)) == []


def test_withdrawn_demands_and_the_demand_itself_are_left_out(scene: Scene) -> None:
    first, second = file(scene, POWER), file(scene, POWER)
    withdraw_demand(first.pk, reason="已解决", by=scene.member, at=AT)

    assert found(AGAIN, scene) == [second]
    assert found(POWER, scene, without=second.pk) == []


def test_the_likest_come_first_and_at_most_so_many(scene: Scene) -> None:
    same, again = file(scene, POWER), file(scene, AGAIN)

    near = near_duplicates(
        *POWER, among=Demand.objects.all(), enterprise_id=None, across=True, on=TODAY, most=2
    )

    assert [each.demand for each in near] == [same, again]
    assert (near[0].percent, near[0].is_nearly_the_same) == (100, True)
    assert near[0].likeness > near[1].likeness


def test_the_number_of_queries_does_not_grow(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        file(scene, POWER)

    with django_assert_num_queries(4):
        found(AGAIN, scene)


def test_words_without_meaning_find_nothing(scene: Scene) -> None:
    file(scene, POWER)

    assert similar_demands("请问", "您好", among=Demand.objects.all(), since=TODAY, most=3) == []


def test_older_demands_are_marked_from_the_newest_on_and_only_once(scene: Scene) -> None:
    demands = [file(scene, words) for words in (POWER, LOAN, AGAIN)]
    expected = set(DemandMark.objects.values_list("mark", "demand_id"))
    DemandMark.objects.all().delete()

    first = backfill_marks(since=LONG_AGO, limit=2)
    marked = set(DemandMark.objects.values_list("demand_id", flat=True))
    second, third = backfill_marks(since=LONG_AGO, limit=2), backfill_marks(since=LONG_AGO)

    assert (first, second, third) == (2, 1, 0)
    assert marked == {demands[1].pk, demands[2].pk}
    assert set(DemandMark.objects.values_list("mark", "demand_id")) == expected


def test_demands_older_than_the_window_are_not_marked(scene: Scene) -> None:
    file(scene, POWER)
    DemandMark.objects.all().delete()

    assert backfill_marks(since=TODAY + dt.timedelta(days=1)) == 0
    assert not DemandMark.objects.exists()


def test_marks_are_forgotten_with_age(scene: Scene) -> None:
    file(scene, POWER)
    later = file(scene, LOAN, at=AT + dt.timedelta(days=1))

    forget_marks(before=TODAY + dt.timedelta(days=1))

    assert set(DemandMark.objects.values_list("demand_id", flat=True)) == {later.pk}


@pytest.mark.parametrize("words", [POWER, LOAN])
def test_a_demand_is_marked_when_it_is_filed(scene: Scene, words: tuple[str, str]) -> None:
    demand = file(scene, words)

    assert DemandMark.objects.filter(demand=demand).count() > 5
