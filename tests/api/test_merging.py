"""Merging over JSON."""

import pytest
from pytest_django import DjangoAssertNumQueries

from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import make_enterprise


def test_merged_listed_and_undone(scene: Scene, call: Call) -> None:
    survivor, demand = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()
    given = {"into_id": survivor.pk, "reason": "同一事项"}

    merged = call("POST", f"/demands/{demand.pk}/merge", given, by=scene.dispatcher)
    again = call("POST", f"/demands/{demand.pk}/merge", given, by=scene.dispatcher)
    listed = call("GET", f"/demands/{survivor.pk}/merged", by=scene.handler)
    path = f"/demands/{demand.pk}/unmerge"
    undone = call("POST", path, {"reason": "并非同一事项"}, by=scene.dispatcher)

    assert (merged[0], merged[1]["status"]) == (200, "merged")
    assert (again[0], again[1]["code"]) == (409, "demand_move_not_possible")
    assert [each["id"] for each in listed[1]] == [demand.pk]
    assert (undone[0], undone[1]["status"]) == (200, "submitted")


def test_merging_is_for_dispatchers(scene: Scene, call: Call) -> None:
    survivor, demand = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()
    given = {"into_id": survivor.pk, "reason": "同一事项"}

    assert call("POST", f"/demands/{demand.pk}/merge", given, by=scene.member)[0] == 403
    assert call("POST", f"/demands/{demand.pk}/merge", given, by=scene.leader)[0] == 403


def test_a_merged_demand_names_its_survivor_to_those_who_may_see_it(
    scene: Scene, call: Call
) -> None:
    other = make_enterprise()
    survivor = scene.file(key="survivor")
    Demand.objects.filter(pk=survivor.pk).update(enterprise=other)
    demand = scene.file()
    scene.merge(demand, survivor)

    _ok, page = call("GET", "/demands", by=scene.dispatcher)
    _fine, own = call("GET", "/demands", by=scene.member)
    _good, one = call("GET", f"/demands/{demand.pk}", by=scene.dispatcher)

    named = {"id": survivor.pk, "number": survivor.number, "url": f"/demands/{survivor.pk}/"}
    assert {each["id"]: each["merged_into"] for each in page["demands"]} == {
        demand.pk: named, survivor.pk: None
    }  # fmt: skip
    assert [each["merged_into"] for each in own["demands"]] == [None]
    assert one["merged_into"] == named


@pytest.mark.parametrize("count", [1, 3])
def test_the_merged_ones_are_listed_with_the_same_queries_for_any_number(
    scene: Scene, call: Call, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    survivor = scene.file(key="survivor")
    for number in range(count):
        scene.merge(scene.file(key=f"rider-{number}"), survivor)
    call("GET", "/demands", by=scene.dispatcher)  # issues the token

    with django_assert_max_num_queries(8):
        _ok, listed = call("GET", f"/demands/{survivor.pk}/merged", by=scene.dispatcher)

    assert [each["merged_into"]["id"] for each in listed] == [survivor.pk] * count
