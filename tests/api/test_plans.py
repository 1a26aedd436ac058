"""Service plans over JSON: the whole chain, refusals with their codes, what may be seen."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from lianqi.plans.actions import note_plan, send_back_plan, write_plan
from lianqi.work.queries import current_calendar, local_date
from tests.plans.scene import begin, prepare, propose
from tests.web.zone import Zone, make_zone

Call = Callable[..., tuple[int, Any]]
BASE = "/plans"


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


@pytest.fixture
def due() -> dt.date:
    ahead = local_date(timezone.now()) + dt.timedelta(days=28)
    return current_calendar().working_day_on_or_after(ahead)


def test_the_whole_chain(call: Call, zone: Zone, due: dt.date) -> None:
    prepare(zone)
    by, boss = zone.handler, zone.boss
    demand = zone.demand("accepted")
    body = {
        "enterprise_id": zone.firm.pk, "title": "方案", "aim": "达产", "diagnosis": "用电不足",
        "unit_id": zone.economy.pk, "officer_id": by.pk, "demands": [demand.number],
    }  # fmt: skip
    status, plan = call("POST", BASE, body, by=by)
    path = f"{BASE}/{plan['id']}"
    measure = {"what": "增设电源", "kind": "space", "unit_id": zone.housing.pk, "due_on": str(due)}
    added, found = call("POST", f"{path}/measures", measure, by=by)
    own = f"/measures/{found['id']}"
    later = str(current_calendar().working_day_on_or_after(due + dt.timedelta(days=7)))
    steps: list[tuple[str, dict[str, Any], Any]] = [
        (f"{own}/place", {"position": 1}, by),
        (f"{path}/propose", {}, by),
        (f"{path}/send-back", {"round": 1, "wishes": "再加一项"}, boss),
        (f"{path}/write", {"title": "新方案", "aim": "达产", "diagnosis": "用电不足"}, by),
        (f"{path}/propose", {}, by),
        (f"{path}/agree", {"round": 2}, boss),
        (f"{path}/start", {}, by),
        (f"{own}/progress", {"text": "已勘察"}, zone.other_handler),
        (f"{own}/postpone", {"due_on": later, "reason": "设备未到"}, by),
        (f"{own}/settle", {"result": "done", "text": "已送电"}, zone.other_handler),
        (f"{own}/judge", {"verdict": "doubted", "text": "夜间跳闸"}, boss),
        (f"{own}/restate", {"result": "partly", "text": "另案解决"}, zone.other_handler),
        (f"{own}/judge", {"verdict": "confirmed"}, boss),
        (f"{path}/review", {"text": "顺利", "review_on": later}, by),
        (f"{path}/complete", {"outcome": "达产"}, by),
    ]

    answers = [call("POST", address, given, by=who) for address, given, who in steps]
    last = answers[-1][1]
    _, story = call("GET", own, by=boss)

    assert (status, added, plan["demands"]) == (201, 201, [demand.number])
    assert [each[0] for each in answers] == [200] * len(steps)
    assert (last["status"], last["title"], last["outcome"]) == ("completed", "新方案", "达产")
    assert [each["reply"] for each in last["proposals"]] == ["sent_back", "agreed"]
    assert [each["kind"] for each in story["entries"]] == [
        "progress", "postponed", "result", "doubted", "result", "confirmed",
    ]  # fmt: skip


def test_refusals_have_codes(call: Call, zone: Zone) -> None:
    plan = begin(zone)
    path = f"{BASE}/{plan.pk}"
    body = {"enterprise_id": zone.firm.pk, "title": "又一份", "unit_id": zone.economy.pk}
    agreement = {"person": "林", "way": "telephone", "agreed_on": "2026-03-04"}

    answers = [
        call("POST", BASE, body, by=zone.dispatcher),
        call("POST", f"{path}/propose", by=zone.handler),
        call("POST", f"{path}/agree", {"round": 1}, by=zone.handler),
        call("POST", f"{path}/record-agreement", agreement, by=zone.handler),
        call("POST", f"{path}/end", {"reason": " "}, by=zone.handler),
        call("POST", f"{path}/end", {"reason": "迁出"}, by=zone.handler),
    ]

    assert [(status, body.get("code", "")) for status, body in answers] == [
        (409, "plan_under_way"),
        (409, "plan_measures_missing"),
        (409, "plan_move_not_possible"),
        (409, "plan_move_not_possible"),
        (422, "malformed"),
        (200, ""),
    ]


def test_the_enterprise_reads_what_was_put_to_it_and_no_note(call: Call, zone: Zone) -> None:
    plan = propose(zone)
    note_plan(plan.pk, text="或将外迁", by=zone.handler, at=timezone.now())
    send_back_plan(plan.pk, round_number=1, wishes="再加", by=zone.boss, at=timezone.now())
    write_plan(
        plan.pk, title="内部新题", aim="", diagnosis="内部", review_on=None, by=zone.handler,
        at=timezone.now(),
    )  # fmt: skip
    measure = plan.measures.get(position=1)

    _, own = call("GET", f"{BASE}/{plan.pk}", by=zone.boss)
    _, inside = call("GET", f"{BASE}/{plan.pk}", by=zone.handler)
    _, listed = call("GET", BASE, by=zone.boss)
    _, measures = call("GET", "/measures", by=zone.boss)
    _, notes = call("GET", f"{BASE}/{plan.pk}/notes", by=zone.boss)

    assert (own["title"], own["is_earlier"], own["measures"]) == (
        "扩产用电与人才保障方案",
        True,
        [],
    )
    assert [each["what"] for each in own["proposed"]] == [
        "增设一路十千伏电源",
        "组织专场招聘会两场",
    ]
    assert (inside["title"], len(inside["measures"])) == ("内部新题", 2)
    assert [each["title"] for each in listed["plans"]] == [""]
    assert (measures["measures"], notes) == ([], [])
    assert call("GET", f"/measures/{measure.pk}", by=zone.boss)[0] == 404
    assert call("GET", f"{BASE}/{plan.pk}", by=zone.other_boss)[0] == 404


def test_lists_are_filtered_and_paged_and_figures_counted(call: Call, zone: Zone) -> None:
    first = propose(zone)
    second = begin(zone, enterprise=zone.other_firm)

    _, page = call("GET", f"{BASE}?limit=1", by=zone.leader)
    _, rest = call("GET", f"{BASE}?before={page['next_before']}", by=zone.leader)
    _, proposed = call("GET", f"{BASE}?status=proposed&unit_id={zone.housing.pk}", by=zone.leader)
    _, late = call("GET", f"{BASE}?late=true", by=zone.leader)
    _, due = call("GET", "/measures?counted=due", by=zone.leader)
    _, planned = call("GET", "/measures?status=planned&limit=1", by=zone.leader)
    _, figures = call("GET", f"{BASE}/figures", by=zone.leader)

    assert [each["id"] for each in page["plans"]] == [second.pk]
    assert [each["id"] for each in rest["plans"]] == [first.pk]
    assert [each["id"] for each in proposed["plans"]] == [first.pk]
    assert (late["plans"], due["measures"]) == ([], [])
    assert (len(planned["measures"]), planned["next_before"] is None) == (1, False)
    assert (figures["under_way"], figures["due"]) == (0, 0)
