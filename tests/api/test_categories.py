"""The catalogue of categories over JSON."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianqi.demands.models import Demand, EvidenceKind
from tests.api.conftest import Call
from tests.demands.duties import make_duty
from tests.demands.scene import Scene
from tests.factories import make_category, make_clock_rule, make_unit, make_user, make_version

DAY = dt.timedelta(days=1)


def test_categories_come_with_the_version_in_force(scene: Scene, call: Call) -> None:
    today = timezone.localdate()
    make_version(scene.category, valid_from=today - 9 * DAY, valid_to=today - DAY)
    current = make_version(
        scene.category, valid_from=today, valid_to=today + DAY, progress_every_days=2
    )
    make_version(scene.category, valid_from=today + 2 * DAY)
    asked = EvidenceKind.objects.create(version=current, name="营业执照", is_obligatory=True)
    make_clock_rule("answer", rule_set=current.pk, amount=3, source="第3号通知")

    status, said = call("GET", "/categories", by=scene.member)

    (category,) = (each for each in said["categories"] if each["code"] == scene.category.code)
    assert status == 200
    assert category["version"] == {
        "id": current.pk,
        "valid_from": f"{today}",
        "valid_to": f"{today + DAY}",
        "is_accepted": True,
        "advice": "",
        "advice_url": "",
        "advice_phone": "",
        "progress_every_days": 2,
        "evidence": [{"id": asked.pk, "name": "营业执照", "is_obligatory": True}],
    }
    times = {each["step"]: (each["amount"], each["is_own"]) for each in category["times"]}
    assert times["answer"] == (3, True)
    assert times["accept"][1] is False


def test_a_category_without_a_version_has_the_general_times(scene: Scene, call: Call) -> None:
    _, said = call("GET", "/categories", by=scene.member)

    (category,) = (each for each in said["categories"] if each["code"] == scene.category.code)
    assert category["version"] is None
    assert {each["is_own"] for each in category["times"]} == {False}


def test_headings_stand_before_and_what_is_out_of_use_is_left_out(scene: Scene, call: Call) -> None:
    heading = make_category("heading")
    leaf, gone = make_category("leaf", parent=heading), make_category("gone", is_active=False)
    below_gone = make_category("below", parent=gone)

    _, said = call("GET", "/categories", by=scene.member)

    told = {each["code"]: each for each in said["categories"]}
    assert (told[heading.code]["is_heading"], told[heading.code]["times"]) == (True, [])
    assert (told[leaf.code]["is_heading"], told[leaf.code]["parent"]) == (False, heading.code)
    assert told.keys().isdisjoint({gone.code, below_gone.code})


def test_a_long_catalogue_costs_no_more_queries(scene: Scene, call: Call) -> None:
    make_version(scene.category)
    call("GET", "/categories", by=scene.member)

    with CaptureQueriesContext(connection) as few:
        call("GET", "/categories", by=scene.member)
    for number in range(20):
        make_version(make_category(f"more-{number}"))
    with CaptureQueriesContext(connection) as many:
        call("GET", "/categories", by=scene.member)

    assert len(many) == len(few)


def test_versions_are_listed_the_latest_first(scene: Scene, call: Call) -> None:
    today = timezone.localdate()
    early = make_version(scene.category, valid_from=today - DAY, valid_to=today)
    late = make_version(scene.category, valid_from=today + DAY)

    status, said = call("GET", f"/categories/{scene.category.code}/versions", by=scene.dispatcher)

    assert status == 200
    assert [each["id"] for each in said["versions"]] == [late.pk, early.pk]


def test_duties_are_paged_by_the_last_one_seen(scene: Scene, call: Call) -> None:
    rules = [make_duty(scene.category, scene.unit, district=f"{n}街道") for n in range(5)]
    path = f"/categories/{scene.category.code}/duties?limit=2"

    _, first = call("GET", path, by=scene.dispatcher)
    _, second = call("GET", f"{path}&before={first['next_before']}", by=scene.dispatcher)
    _, third = call("GET", f"{path}&before={second['next_before']}", by=scene.dispatcher)

    found = [each["id"] for page in (first, second, third) for each in page["duties"]]
    assert found == [rule.pk for rule in reversed(rules)]
    assert third["next_before"] is None


def test_a_matter_is_tried_and_nothing_is_stored(scene: Scene, call: Call) -> None:
    line = make_duty(scene.category, scene.unit)
    other = make_duty(scene.category, make_unit(), district="云西街道")
    body = {
        "category": scene.category.code,
        "title": "夜间停电",
        "enterprise_id": scene.enterprise.pk,
        "filed_at": "2026-03-04T09:00:00+08:00",
    }

    status, said = call("POST", "/categories/try", body, by=scene.dispatcher)

    assert status == 200
    assert (said["version_id"], said["is_accepted"]) == (None, True)
    assert said["suggestions"][0]["unit_id"] == scene.unit.pk
    assert [(each["duty_id"], each["decides"]) for each in said["lines"]] == [
        (line.pk, True),
        (other.pk, False),
    ]
    assert said["deadlines"][0]["step"] == "dispatch"
    assert said["deadlines"][0]["earliest"].startswith("2026-03-05")
    assert Demand.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"category": "nowhere"}, 404),
        ({"enterprise_id": 0}, 404),
        ({"grid_id": 999}, 404),
        ({"industry": "9999"}, 404),
        ({"filed_at": "2026-03-04T09:00:00"}, 422),
        ({"urgency": "soon"}, 422),
    ],
)
def test_what_does_not_exist_is_refused(
    scene: Scene, call: Call, change: dict[str, object], status: int
) -> None:
    body = {"category": scene.category.code} | change

    assert call("POST", "/categories/try", body, by=scene.dispatcher)[0] == status


@pytest.mark.parametrize("path", ["versions", "duties"])
def test_the_duty_catalogue_is_for_people_of_the_zone(scene: Scene, call: Call, path: str) -> None:
    code = scene.category.code

    assert call("GET", f"/categories/{code}/{path}", by=scene.member)[0] == 403
    assert call("POST", "/categories/try", {"category": code}, by=make_user("nobody"))[0] == 403
