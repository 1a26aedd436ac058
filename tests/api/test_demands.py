"""Every operation about demands: who may, what comes back, how it is refused."""

import pytest
from django.test import Client

from lianqi.accounts.enums import Role
from lianqi.accounts.models import ApiToken
from lianqi.audit.models import Event
from lianqi.demands.enums import DemandStatus
from lianqi.demands.flow import DEMAND_FLOW
from lianqi.demands.models import Demand
from lianqi.work.models import WorkItem
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_category, make_enterprise, make_member, make_user

BODIES = {
    "dispatch": {"unit_id": 0}, "accept": None, "answer": {"answer": "已更换变压器。"},
    "object": {"reason": "unclear", "note": "请补充"}, "confirm": {"rating": "4"},
    "dispute": {"note": "未解决"}, "reopen": {"note": "又停电"}, "withdraw": {"note": "不需要了"},
}  # fmt: skip


def filing(scene: Scene, **more: object) -> dict[str, object]:
    return {
        "enterprise_id": scene.enterprise.pk, "category": scene.category.code,
        "title": "厂区频繁停电", "text": "本周已停电三次，请协调。",
    } | more  # fmt: skip


def body(verb: str, scene: Scene) -> object:
    return {"unit_id": scene.unit.pk} if verb == "dispatch" else BODIES[verb]


def person(verb: str, scene: Scene) -> object:
    if verb == "dispatch":
        return scene.dispatcher
    return scene.handler if verb in {"accept", "answer", "object"} else scene.member


def source(verb: str) -> DemandStatus:
    return min(DEMAND_FLOW.moves[verb].sources - {DemandStatus.SUBMITTED})


def test_whole_journey(scene: Scene, call: Call) -> None:
    status, filed = call("POST", "/demands", filing(scene), by=scene.member, key="journey-1")
    assert (status, filed["status"], filed["channel"]) == (201, "submitted", "api")
    path = f"/demands/{filed['id']}"

    for verb, reached in (
        ("dispatch", "dispatched"), ("accept", "in_progress"), ("answer", "answered"),
        ("confirm", "closed"), ("reopen", "in_progress"), ("answer", "answered"),
        ("dispute", "in_progress"),
    ):  # fmt: skip
        who = person(verb, scene)
        status, said = call("POST", f"{path}/{verb}", body(verb, scene), by=who)
        assert (status, said["status"]) == (200, reached)

    status, said = call("GET", path, by=scene.member)
    assert (status, said["reopenings"], said["unit_id"]) == (200, 2, scene.unit.pk)


def test_api_and_page_leave_the_same_records(scene: Scene, call: Call) -> None:
    browser = Client()
    browser.force_login(scene.member)
    form = {
        "enterprise": scene.enterprise.pk, "category": scene.category.pk, "title": "厂区频繁停电",
        "text": "本周已停电三次，请协调。", "idempotency_key": "page-key-1", "channel": "portal",
    }  # fmt: skip
    assert browser.post("/demands/new/", form).status_code == 303
    call("POST", "/demands", filing(scene), by=scene.member, key="api-key-1")

    by_page, by_api = Demand.objects.order_by("pk")
    same = [
        field.name for field in Demand._meta.fields
        if field.name not in {"id", "number", "channel", "filed_at", "idempotency_key"}
    ]  # fmt: skip
    for name in same:
        assert getattr(by_api, name) == getattr(by_page, name), name
    for demand in (by_api, by_page):
        events = Event.objects.about("demands.demand", demand.pk)
        assert [event.verb for event in events] == ["demand.filed"]
        assert [item.step for item in WorkItem.objects.about(demand)] == ["dispatch"]


def test_same_key_gives_the_same_demand(scene: Scene, call: Call) -> None:
    first = call("POST", "/demands", filing(scene), by=scene.member, key="same-key-1")
    again = call("POST", "/demands", filing(scene), by=scene.member, key="same-key-1")

    assert first[0] == again[0] == 201
    assert first[1] == again[1]
    assert Demand.objects.count() == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 65])
def test_key_is_needed_and_of_sensible_length(scene: Scene, call: Call, key: str) -> None:
    status, said = call("POST", "/demands", filing(scene), by=scene.member, key=key)

    assert (status, said["code"]) == (422, "malformed")
    assert not Demand.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"title": "   "}, {"title": "长" * 101}, {"text": ""},
        {"text": "长" * 5001}, {"enterprise_id": "x"}, {"contacts": [{"name": "长" * 51}]},
    ],
)  # fmt: skip
def test_malformed_filing_names_the_field(
    scene: Scene, call: Call, wrong: dict[str, object]
) -> None:
    status, said = call(
        "POST", "/demands", filing(scene, **wrong), by=scene.member, key="wrong-key"
    )

    assert (status, said["code"]) == (422, "malformed")
    assert next(iter(wrong)) in said["message"]


def test_broken_json_is_a_problem_not_a_crash(scene: Scene, call: Call) -> None:
    status, _said = call("POST", "/demands", b"{", by=scene.member, key="broken-key")

    assert status in {400, 422}
    assert not Demand.objects.exists()


def test_category_out_of_use_is_refused_with_its_code(scene: Scene, call: Call) -> None:
    make_category("old", is_active=False)

    status, said = call(
        "POST", "/demands", filing(scene, category="old"), by=scene.member, key="old-key-1"
    )

    assert (status, said["code"]) == (409, "demand_category_not_in_use")


def test_unknown_category_and_foreign_firm_are_not_found(scene: Scene, call: Call) -> None:
    foreign = make_enterprise()

    for wrong in ({"category": "none"}, {"enterprise_id": foreign.pk}):
        status, said = call(
            "POST", "/demands", filing(scene, **wrong), by=scene.member, key="missing-1"
        )
        assert (status, said["code"]) == (404, "not_found")


def test_who_sees_a_firm_but_does_not_speak_for_it_may_not_file(scene: Scene, call: Call) -> None:
    leader = grant(make_user(), Role.LEADER)

    for who in (leader, scene.handler):
        status, said = call("POST", "/demands", filing(scene), by=who, key="leader-key")
        assert (status, said["code"]) == (403, "forbidden")


@pytest.mark.parametrize("verb", sorted(BODIES))
def test_move_from_another_status_is_a_conflict(scene: Scene, call: Call, verb: str) -> None:
    status_of = next(s for s in DemandStatus if s not in DEMAND_FLOW.moves[verb].sources)
    demand = scene.demand_in(status_of)

    who = person(verb, scene)
    if who == scene.handler and status_of == DemandStatus.SUBMITTED:
        demand = scene.demand_in(DemandStatus.ANSWERED)
    status, said = call("POST", f"/demands/{demand.pk}/{verb}", body(verb, scene), by=who)

    assert (status, said["code"]) == (409, "demand_move_not_possible")


@pytest.mark.parametrize("verb", sorted(BODIES))
def test_who_does_not_see_it_finds_nothing(scene: Scene, call: Call, verb: str) -> None:
    demand = scene.demand_in(source(verb))
    stranger = make_member(make_enterprise())

    status, said = call("POST", f"/demands/{demand.pk}/{verb}", body(verb, scene), by=stranger)

    assert (status, said["code"]) == (404, "not_found")


@pytest.mark.parametrize("verb", sorted(BODIES))
@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR])
def test_who_only_reads_is_forbidden(scene: Scene, call: Call, verb: str, role: Role) -> None:
    demand = scene.demand_in(source(verb))

    status, said = call(
        "POST", f"/demands/{demand.pk}/{verb}", body(verb, scene), by=grant(make_user(), role)
    )

    assert (status, said["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("verb", "wrong"),
    [
        ("dispatch", {}), ("dispatch", {"unit_id": "x"}), ("answer", {"answer": "  "}),
        ("object", {"reason": "lazy", "note": "?"}), ("object", {"reason": "unclear"}),
        ("confirm", {"rating": "6"}), ("confirm", {}), ("dispute", {"note": ""}),
        ("reopen", {}), ("withdraw", {"note": " "}),
    ],
)  # fmt: skip
def test_malformed_move_changes_nothing(
    scene: Scene, call: Call, verb: str, wrong: dict[str, object]
) -> None:
    demand = scene.demand_in(source(verb))

    who = person(verb, scene)
    status, said = call("POST", f"/demands/{demand.pk}/{verb}", wrong, by=who)

    assert (status, said["code"]) == (422, "malformed")
    demand.refresh_from_db()
    assert demand.status == source(verb)


def test_dispatch_to_an_unknown_unit_is_not_found(scene: Scene, call: Call) -> None:
    demand = scene.file()

    status, said = call(
        "POST", f"/demands/{demand.pk}/dispatch", {"unit_id": 999_999}, by=scene.dispatcher
    )

    assert (status, said["code"]) == (404, "not_found")


def test_window_over_is_a_conflict_with_its_code(scene: Scene, call: Call) -> None:
    demand = scene.demand_in(DemandStatus.CLOSED, at=AT.replace(year=2025))

    status, said = call("POST", f"/demands/{demand.pk}/reopen", {"note": "又停电"}, by=scene.member)

    assert (status, said["code"]) == (409, "demand_reopen_window_over")


def test_pages_by_key_show_each_demand_once(scene: Scene, call: Call) -> None:
    filed = [scene.file().pk for _ in range(7)]

    seen, before = [], None
    while True:
        query = f"?limit=3{f'&before={before}' if before else ''}"
        _, said = call("GET", f"/demands{query}", by=scene.dispatcher)
        seen += [row["id"] for row in said["demands"]]
        scene.file()  # arrives meanwhile and moves nothing
        before = said["next_before"]
        if before is None:
            break

    assert seen == sorted(filed, reverse=True)


def test_filters_must_all_hold(scene: Scene, call: Call) -> None:
    scene.file()
    closed = scene.demand_in(DemandStatus.CLOSED)

    def found(query: str) -> list[int]:
        _, said = call("GET", f"/demands?{query}", by=scene.dispatcher)
        return [row["id"] for row in said["demands"]]

    assert found("status=closed") == [closed.pk]
    assert found(f"status=closed&unit_id={scene.unit.pk}&channel=portal") == [closed.pk]
    assert found("status=closed&channel=phone") == []
    assert found(f"q={closed.number}") == [closed.pk]
    assert len(found(f"enterprise_id={scene.enterprise.pk}&category=utilities")) == 2


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "status=gone", "before=x"])
def test_filters_that_make_no_sense_are_malformed(scene: Scene, call: Call, query: str) -> None:
    status, said = call("GET", f"/demands?{query}", by=scene.dispatcher)

    assert (status, said["code"]) == (422, "malformed")


def test_list_shows_only_what_the_person_may_see(scene: Scene, call: Call) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)
    stranger = make_member(make_enterprise())

    for who, seen in ((scene.member, [demand.pk]), (scene.handler, [demand.pk]), (stranger, [])):
        _, said = call("GET", "/demands", by=who)
        assert [row["id"] for row in said["demands"]] == seen
        status, _ = call("GET", f"/demands/{demand.pk}", by=who)
        assert status == (200 if seen else 404)


def test_without_a_token_nobody_is_let_in(scene: Scene) -> None:
    for path in ("/demands", "/enterprises", "/figures/demands"):
        answer = Client().get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_revoked_token_is_not_valid(scene: Scene, call: Call) -> None:
    assert call("GET", "/demands", by=scene.member)[0] == 200
    ApiToken.objects.update(revoked_at=AT)

    status, said = call("GET", "/demands", by=scene.member)

    assert (status, said["code"]) == (401, "token_not_valid")


def test_session_needs_the_csrf_token(scene: Scene) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(scene.member)

    answer = browser.post(
        "/api/v1/demands", filing(scene), content_type="application/json",
        headers={"idempotency-key": "no-csrf-token"},
    )  # fmt: skip

    assert answer.status_code == 403
    assert not Demand.objects.exists()
