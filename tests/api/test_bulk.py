"""Dispatching many demands over JSON."""

from lianqi.demands.enums import DemandStatus
from tests.api.conftest import Call
from tests.demands.scene import Scene


def test_each_line_says_what_became_of_it(scene: Scene, call: Call) -> None:
    first, second = scene.file(), scene.demand_in(DemandStatus.DISPATCHED)
    given = {"demand_ids": [first.pk, second.pk], "unit_id": scene.other.pk}

    status, told = call("POST", "/demands/dispatch-many", given, by=scene.dispatcher)

    assert (status, told["dispatched"], told["refused"]) == (200, 1, 1)
    assert [(row["number"], row["unit_id"], row["code"]) for row in told["rows"]] == [
        (first.number, scene.other.pk, ""),
        (second.number, scene.other.pk, "demand_not_waiting"),
    ]
    assert second.number in told["rows"][1]["why"]


def test_an_unknown_id_sends_nothing(scene: Scene, call: Call) -> None:
    demand = scene.file()
    given = {"demand_ids": [demand.pk, 999]}

    status, told = call("POST", "/demands/dispatch-many", given, by=scene.dispatcher)

    assert (status, told["code"]) == (409, "demands_unknown")
    demand.refresh_from_db()
    assert demand.status == DemandStatus.SUBMITTED


def test_it_is_for_dispatchers(scene: Scene, call: Call) -> None:
    given = {"demand_ids": [scene.file().pk], "unit_id": scene.unit.pk}

    assert call("POST", "/demands/dispatch-many", given, by=scene.handler)[0] == 403
