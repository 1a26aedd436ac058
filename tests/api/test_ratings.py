"""Ratings and follow-ups over JSON: the same rules, the same refusals."""

import pytest

from lianqi.demands.actions import load_rating_reasons
from lianqi.demands.enums import DemandStatus
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import AT, make_head

BAD = {"rating": "2", "solved": "no"}


def test_bad_rating_its_follow_up_and_the_second_verdict(scene: Scene, call: Call) -> None:
    load_rating_reasons(at=AT)
    demand, head = scene.demand_in(DemandStatus.ANSWERED), make_head(scene.unit)
    path = f"/demands/{demand.pk}"

    steps = [
        call("POST", f"{path}/confirm", BAD, by=scene.member),
        call("POST", f"{path}/confirm", BAD | {"reasons": ["nonsense"]}, by=scene.member),
        call("POST", f"{path}/confirm", BAD | {"reasons": ["slow"]}, by=scene.member),
        call("POST", f"{path}/remedy/contact", {"note": "已通话"}, by=scene.handler),
        call("POST", f"{path}/remedy/contact", {"note": "已通话"}, by=head),
        call(
            "POST",
            f"{path}/remedy/finish",
            {"cause": "slow", "measures": "已办", "result": "done"},
            by=head,
        ),
        call("POST", f"{path}/rate-again", {"rating": "4", "solved": "yes"}, by=scene.member),
    ]

    assert [status for status, _ in steps] == [409, 404, 200, 403, 200, 200, 200]
    assert steps[0][1]["code"] == "demand_rating_reason_missing"
    _, ratings = call("GET", f"{path}/ratings", by=scene.member)
    assert [(each["turn"], each["rating"], each["reasons"]) for each in ratings] == [
        (1, "2", ["slow"]),
        (2, "4", []),
    ]
    assert ratings[0]["remedy"]["measures"] == "已办"


def test_reasons_are_listed_with_their_ratings(scene: Scene, call: Call) -> None:
    load_rating_reasons(at=AT)

    status, reasons = call("GET", "/demands/rating-reasons", by=scene.member)

    assert status == 200
    assert {each["code"]: each["steps"] for each in reasons}["unsolved"] == ["2", "1"]


@pytest.mark.parametrize("verb", ["rate", "rate-again"])
def test_what_is_not_to_be_rated_is_a_conflict(scene: Scene, call: Call, verb: str) -> None:
    demand = scene.demand_in(DemandStatus.CLOSED)

    status, said = call(
        "POST", f"/demands/{demand.pk}/{verb}", {"rating": "4", "solved": "yes"}, by=scene.member
    )

    assert (status, said["code"]) == (409, "demand_already_rated")
