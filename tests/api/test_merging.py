"""Merging over JSON."""

from lianqi.demands.enums import DemandStatus
from tests.api.conftest import Call
from tests.demands.scene import Scene


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
