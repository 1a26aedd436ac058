"""What other systems are told of a service plan: its public part, measure by measure."""

import json

import pytest

from lianqi.audit.models import Event
from lianqi.plans.actions import judge_measure, note_plan, settle_measure
from lianqi.plans.enums import MeasureStatus, Verdict
from lianqi.webhooks.enums import HookEvent
from lianqi.webhooks.queries import payloads
from tests.factories import AT
from tests.plans.scene import start
from tests.web.zone import make_zone

pytestmark = pytest.mark.django_db


def test_a_plan_is_told_without_what_people_wrote(django_assert_max_num_queries: object) -> None:
    zone = make_zone()
    plan = start(zone)
    note_plan(plan.pk, text="内部备注", by=zone.handler, at=AT)
    measure = plan.measures.get(position=1)
    settle_measure(
        measure.pk, result=MeasureStatus.DONE, text="结果文字", by=zone.other_handler, at=AT
    )
    judge_measure(measure.pk, verdict=Verdict.DOUBTED, text="异议文字", by=zone.boss, at=AT)
    told = HookEvent.values

    events = Event.objects.filter(verb__startswith="plans.", verb__in=told).order_by("pk")
    with django_assert_max_num_queries(4):  # type: ignore[operator]  # the events themselves and three
        found = payloads(events)

    assert [each["type"] for each in found.values()] == [
        "plans.proposed", "plans.agreed", "plans.started", "plans.measure_settled",
        "plans.measure_doubted",
    ]  # fmt: skip
    record = next(iter(found.values()))["data"]["plan"]
    assert (record["number"], record["status"]) == (plan.number, "under_way")
    assert [each["status"] for each in record["measures"]] == ["done", "open"]
    assert record["measures"][0]["verdict"] == "doubted"
    said = json.dumps(list(found.values()), ensure_ascii=False)
    for inner in ("内部备注", "结果文字", "异议文字", plan.diagnosis, measure.what, "王强"):
        assert inner not in said
