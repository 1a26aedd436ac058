"""Call-backs and repeats over JSON."""

from django.utils import timezone

from lianqi.demands.actions import confirm_demand, draw_callbacks
from lianqi.demands.enums import DemandStatus, Rating, Solved
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import AT


def test_a_call_from_the_next_one_to_reopening(scene: Scene, call: Call) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED)
    confirm_demand(
        demand.pk, rating=Rating.DISSATISFIED, solved=Solved.NO, note="慢", by=scene.member, at=AT
    )
    draw_callbacks(timezone.localdate(AT), seed="s", at=AT)
    who = scene.dispatcher

    status, taken = call("POST", "/demands/callbacks/next", {}, by=who)
    path = f"/demands/callbacks/{taken['id']}"
    steps = [
        call("POST", f"{path}/phone", {}, by=who),
        call("POST", f"{path}/calls", {"outcome": "reached"}, by=who),
        call(
            "POST",
            f"{path}/calls",
            {"outcome": "reached", "contacted": True, "solved": "no", "rating": "2"},
            by=who,
        ),
        call("POST", f"{path}/reopen", {}, by=who),
        call("POST", "/demands/callbacks/next", {}, by=who),
        call("POST", "/demands/callbacks/next", {}, by=scene.member),
        call("GET", "/demands/callbacks", by=scene.member),
    ]

    assert (status, taken["reason"]) == (200, "bad")
    assert [each for each, _ in steps] == [200, 409, 200, 200, 409, 403, 403]
    assert steps[1][1]["code"] == "demand_callback_answers_missing"
    _, page = call("GET", "/demands/callbacks?state=done", by=who)
    assert [each["has_reopened"] for each in page["callbacks"]] == [True]
    query = "closed_from=2026-03-04&closed_before=2026-03-05"
    _, figures = call("GET", f"/demands/callbacks/figures?{query}", by=who)
    assert (figures["reached"], figures["solved_rate"], figures["false_rate"]) == (1, 0.0, None)


def test_repeats_of_a_demand(scene: Scene, call: Call) -> None:
    first, second = scene.file(), scene.file()

    _, rows = call("GET", f"/demands/{second.pk}/repeats", by=scene.member)

    assert [(each["demand_id"], each["is_earlier"]) for each in rows] == [(first.pk, True)]
