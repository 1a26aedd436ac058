"""How pressing a demand is: who judges it, and what follows for its clocks."""

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.audit.models import Event
from lianqi.demands.actions import dispatch_demand, file_demand, load_clock_rules
from lianqi.demands.actions.rules import LADDER
from lianqi.demands.enums import Channel, Step
from lianqi.demands.models import Demand
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule, EscalationRule, WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, make_clock_rule


def filed(scene: Scene, *, by: str = "dispatcher", urgency: Urgency | None = None) -> Demand:
    return file_demand(
        enterprise=scene.enterprise,
        category=scene.category,
        title="厂区频繁停电",
        text="本周已停电三次，请协调。",
        channel=Channel.PHONE,
        urgency=urgency,
        idempotency_key=f"urgency-{by}-{urgency}",
        by=getattr(scene, by),
        at=AT,
    )


def test_a_demand_is_as_pressing_as_is_usual_for_its_category(scene: Scene) -> None:
    scene.category.usual_urgency = Urgency.URGENT
    scene.category.save()

    demand = filed(scene, by="member")

    assert demand.urgency == Urgency.URGENT


def test_the_desk_judges_the_urgency_when_it_takes_a_demand_down(scene: Scene) -> None:
    make_clock_rule("dispatch", kind="fixed_hours", amount=1, priority="critical")

    demand = filed(scene, urgency=Urgency.CRITICAL)

    item = WorkItem.objects.about(demand).get()
    assert demand.urgency == Urgency.CRITICAL
    assert (item.priority, item.clock_kind, item.clock_amount) == ("critical", "fixed_hours", 1)
    assert Event.objects.get(verb="demand.filed").detail["urgency"] == "critical"


def test_an_enterprise_does_not_judge_the_urgency_itself(scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        filed(scene, by="member", urgency=Urgency.CRITICAL)

    assert not Demand.objects.exists()


def test_the_dispatcher_judges_anew_and_the_clocks_follow(scene: Scene) -> None:
    make_clock_rule("accept", kind="working_hours", amount=2, priority="urgent")
    demand = filed(scene, by="member")

    sent = dispatch_demand(
        demand.pk, unit=scene.unit, urgency=Urgency.URGENT, by=scene.dispatcher, at=AT
    )
    again = dispatch_demand(demand.pk, unit=scene.unit, by=scene.dispatcher, at=AT)

    item = WorkItem.objects.about(demand).open().get()
    assert (sent.urgency, again.urgency) == (Urgency.URGENT, Urgency.URGENT)
    assert (item.step, item.clock_kind, item.clock_amount) == ("accept", "working_hours", 2)


def test_every_step_gets_a_first_rule_for_every_urgency(db: None) -> None:
    written = load_clock_rules(at=AT)

    rules = set(ClockRule.objects.values_list("step", "priority"))
    every = {(step.value, each.value) for step in Step for each in Urgency}
    # The working day for an objection is the same for all.
    assert rules == every - {("object", "urgent"), ("object", "critical")}
    assert written == len(rules)


def test_a_zone_gets_the_rules_of_new_steps_and_keeps_its_own(db: None) -> None:
    make_clock_rule("answer", amount=7)
    EscalationRule.objects.create(subject_kind="demands.demand", share="0.9", level=1)

    load_clock_rules(at=AT)
    again = load_clock_rules(at=AT)

    assert again == 0
    assert ClockRule.objects.get(step="answer", priority="normal").amount == 7
    assert ClockRule.objects.filter(step="contact").count() == len(Urgency)
    assert EscalationRule.objects.filter(subject_kind="demands.demand").count() == 1


def test_classes_of_cases_have_a_ladder_too_until_the_zone_takes_it_away(db: None) -> None:
    load_clock_rules(at=AT)
    ladder = EscalationRule.objects.filter(subject_kind="demands.caseclass")
    first = {(str(each.share), each.level) for each in ladder}
    ladder.delete()
    load_clock_rules(at=AT)

    assert first == set(LADDER)
    assert not ladder.exists()


def test_first_clocks_are_the_shorter_the_more_pressing(db: None) -> None:
    load_clock_rules(at=AT)
    in_hours = {"working_days": 24, "working_hours": 24 / 7.5, "fixed_hours": 1}

    lengths = {
        step: [
            in_hours[rule.kind] * rule.amount
            for each in Urgency
            for rule in ClockRule.objects.filter(step=step, priority=each)
        ]
        for step in Step.values
    }

    assert all(hours == sorted(hours, reverse=True) for hours in lengths.values())
