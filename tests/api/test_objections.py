"""Objections over JSON: the same two rounds as on the pages."""

from django.utils import timezone

from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from tests.api.conftest import Call
from tests.demands.scene import Scene


def test_two_rounds_and_the_end(scene: Scene, call: Call) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED, at=timezone.now())
    path, why = f"/demands/{demand.pk}", {"reason": "wrong_unit", "note": "属住建职责"}
    naming = {"unit_id": scene.other.pk, "decision": "依职责目录"}

    proposed = why | {"proposed_unit_id": scene.other.pk}
    first = call("POST", f"{path}/object", proposed, by=scene.handler)
    upheld = call("POST", f"{path}/uphold", naming, by=scene.dispatcher)
    second = call("POST", f"{path}/object", why, by=scene.other_handler)
    final = call("POST", f"{path}/arbitrate", naming, by=scene.leader)
    third = call("POST", f"{path}/object", why, by=scene.other_handler)

    answers = (first, upheld, second, final)
    assert [(status, said["status"]) for status, said in answers] == [
        (200, "objected"), (200, "dispatched"), (200, "arbitration"), (200, "dispatched"),
    ]  # fmt: skip
    assert (third[0], third[1]["code"]) == (409, "demand_unit_is_final")
    assert final[1]["bounces"] == 2


def test_objections_are_for_the_zone(scene: Scene, call: Call) -> None:
    demand = scene.demand_in(DemandStatus.OBJECTED)

    _status, rows = call("GET", f"/demands/{demand.pk}/objections", by=scene.handler)
    _status, told = call("GET", f"/demands/{demand.pk}/objections", by=scene.member)

    assert [(row["round"], row["unit_id"]) for row in rows] == [(1, scene.unit.pk)]
    assert told == []


def test_not_upheld_over_json(scene: Scene, call: Call) -> None:
    demand = scene.demand_in(DemandStatus.OBJECTED)

    status, said = call(
        "POST", f"/demands/{demand.pk}/overrule", {"decision": "属你局"}, by=scene.dispatcher
    )

    assert (status, said["status"]) == (200, "dispatched")
    assert Demand.objects.get(pk=demand.pk).unit == scene.unit
