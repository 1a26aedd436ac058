"""Register, figures, and the description of the interface."""

import pytest
from django.test import Client

from lianqi.accounts.enums import Role
from lianqi.api.root import api
from lianqi.audit.models import Event
from lianqi.demands.actions import compile_statistics, load_formulas
from lianqi.demands.enums import DemandStatus
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_enterprise, make_head, make_user


def test_operations_have_ids_of_their_own() -> None:
    paths = api.get_openapi_schema()["paths"]
    ids = [operation["operationId"] for path in paths.values() for operation in path.values()]

    assert len(ids) == len(set(ids)) > 14
    assert {"file_demand", "list_enterprises", "demand_figures"} <= set(ids)


def test_every_operation_describes_its_problems() -> None:
    for path in api.get_openapi_schema()["paths"].values():
        for operation in path.values():
            assert {403, 404, 409, 422} <= set(operation["responses"])


def test_description_can_be_read(scene: Scene) -> None:
    browser = Client()
    browser.force_login(scene.member)

    answer = browser.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Lianqi"


def test_enterprises_page_by_key(scene: Scene, call: Call) -> None:
    made = [scene.enterprise.pk, *(make_enterprise().pk for _ in range(4))]

    _, first = call("GET", "/enterprises?limit=3", by=scene.dispatcher)
    _, second = call(
        "GET", f"/enterprises?limit=3&after={first['next_after']}", by=scene.dispatcher
    )

    assert [row["id"] for row in first["enterprises"] + second["enterprises"]] == made
    assert second["next_after"] is None


def test_enterprises_are_found_by_name_initials_and_code(scene: Scene, call: Call) -> None:
    wanted = make_enterprise("云岭海纳精密科技有限公司")

    for query in ("海纳", "hnjm", wanted.code, wanted.code[-6:]):
        _, said = call("GET", f"/enterprises?q={query}", by=scene.dispatcher)
        assert [row["id"] for row in said["enterprises"]] == [wanted.pk], query


def test_a_firm_sees_itself_only(scene: Scene, call: Call) -> None:
    other = make_enterprise()

    status, own = call("GET", f"/enterprises/{scene.enterprise.pk}", by=scene.member)
    _, listed = call("GET", "/enterprises", by=scene.member)
    foreign, said = call("GET", f"/enterprises/{other.pk}", by=scene.member)

    assert (status, own["code"]) == (200, scene.enterprise.code)
    assert [row["id"] for row in listed["enterprises"]] == [scene.enterprise.pk]
    assert (foreign, said["code"]) == (404, "not_found")


def test_figures_count_what_was_received_in_the_period(scene: Scene, call: Call) -> None:
    scene.demand_in(DemandStatus.CLOSED)
    scene.file()
    span = "received_from=2026-03-04&received_before=2026-03-05"

    status, said = call("GET", f"/figures/demands?{span}", by=scene.dispatcher)

    assert (status, said) == (200, {
        "received": 2, "closed": 1, "rated": 1, "satisfied": 1, "closing_rate": 0.5,
        "satisfaction_rate": 1.0,
    })  # fmt: skip


def test_rate_without_a_base_is_null(scene: Scene, call: Call) -> None:
    span = "received_from=1990-01-01&received_before=1990-02-01"

    _, said = call("GET", f"/figures/demands?{span}", by=scene.dispatcher)

    assert (said["received"], said["closing_rate"], said["satisfaction_rate"]) == (0, None, None)


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.DISPATCHER])
def test_figures_are_open_to_those_who_answer_for_them(call: Call, role: Role) -> None:
    who = grant(make_user(), role)

    status, _ = call(
        "GET", "/figures/demands?received_from=2026-01-01&received_before=2027-01-01", by=who
    )

    assert status == 200


def test_figures_are_closed_to_others(scene: Scene, call: Call) -> None:
    span = "received_from=2026-01-01&received_before=2027-01-01"

    for who in (scene.member, scene.handler, grant(make_user(), Role.PLATFORM_ADMIN)):
        status, said = call("GET", f"/figures/demands?{span}", by=who)
        assert (status, said["code"]) == (403, "forbidden")
    assert call("GET", f"/figures/demands?{span}", by=make_head(scene.unit))[0] == 200


def test_figures_need_both_days(scene: Scene, call: Call) -> None:
    status, said = call("GET", "/figures/demands?received_from=2026-01-01", by=scene.dispatcher)

    assert (status, said["code"]) == (422, "malformed")


def test_reading_one_record_leaves_the_trace_of_the_pages(scene: Scene, call: Call) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)

    for by in (scene.dispatcher, scene.member):
        call("GET", f"/demands/{demand.pk}", by=by)
        call("GET", f"/enterprises/{scene.enterprise.pk}", by=by)

    looks = Event.objects.filter(is_read=True).order_by("pk")
    assert [(each.verb, each.by_id, each.enterprise_id) for each in looks] == [
        ("demand.viewed", scene.dispatcher.pk, scene.enterprise.pk),
        ("register.viewed", scene.dispatcher.pk, scene.enterprise.pk),
    ]


def test_statistics_come_with_base_reasons_and_interval(scene: Scene, call: Call) -> None:
    scene.demand_in(DemandStatus.CLOSED)
    scene.demand_in(DemandStatus.WITHDRAWN)
    compile_statistics(at=AT)
    asked = "span=month&first=2026-03-01&dimension=channel&measure=closing"

    status, said = call("GET", f"/figures/statistics?{asked}", by=scene.dispatcher)

    assert status == 200
    (row,) = said["rows"]
    assert (row["key"], row["part"], row["base"], row["rate"]) == ("portal", 1, 1, 1.0)
    assert (row["rank"], row["left_out"]) == (None, {"withdrawn": 1})
    assert row["interval"] == pytest.approx([0.2065, 1.0], abs=1e-4)
    assert row["stages"]["accept"] == {"count": 1, "median": 0.0, "p90": 0.0}


def test_statistics_are_closed_to_firms(scene: Scene, call: Call) -> None:
    asked = "span=month&first=2026-03-01&dimension=channel&measure=closing"

    status, _ = call("GET", f"/figures/statistics?{asked}", by=scene.member)

    assert status == 403


def test_the_three_rates_come_with_their_formula(scene: Scene, call: Call) -> None:
    load_formulas(at=AT)
    asked = "closed_from=2026-03-01&closed_before=2026-04-01"

    status, said = call("GET", f"/figures/three-rates?{asked}", by=scene.dispatcher)

    assert status == 200
    assert said["version"]["valid_from"] == "2000-01-01"
    assert said["version"]["terms"][1] == {
        "name": "satisfaction", "base": "called", "weight": "0.4",
        "counts": {"satisfied": "1", "basic": "0.9"},
    }  # fmt: skip
    assert (said["total"]["score"], said["total"]["counted"]["called"]) == (None, 0)
    assert said["by_unit"] == []


def test_the_three_rates_are_closed_to_firms(scene: Scene, call: Call) -> None:
    asked = "closed_from=2026-03-01&closed_before=2026-04-01"

    status, _ = call("GET", f"/figures/three-rates?{asked}", by=scene.member)

    assert status == 403
