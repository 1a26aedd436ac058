"""Callers without an account appeal against “cannot be solved” on the telephone."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    accept_demand,
    appeal_by_phone,
    attach_enterprise,
    close_silent_demands,
    decide_appeal,
    dispatch_demand,
    dispute_by_phone,
)
from lianqi.demands.enums import AppealVerdict, DemandStatus, Step
from lianqi.demands.errors import (
    AppealInstead,
    AppealTextMissing,
    AppealWindowOver,
    MoveNotPossible,
    NothingToAppeal,
    SpokenWithMissing,
)
from lianqi.demands.models import Appeal, ContactGiven, Demand
from lianqi.notices.models import Delivery
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.demands.test_phone import answered, called, heard, operator
from tests.factories import AT

DAY = dt.timedelta(days=1)


def refused(scene: Scene, **fields: Any) -> Demand:
    """A caller's demand of which all have signed that it cannot be solved."""
    demand = called(scene, **fields)
    dispatch_demand(demand.pk, unit=scene.unit, by=scene.dispatcher, at=AT)
    return scene.declare(accept_demand(demand.pk, by=scene.handler, at=AT))


def appeal(demand: Demand, by: User, **fields: Any) -> Appeal:
    known: dict[str, Any] = {
        "spoke_with": "李晓梅", "text": "依据已废止。", "by": by, "at": AT,
    }  # fmt: skip
    return appeal_by_phone(demand.pk, **known | fields)


def test_it_is_written_down_and_decided_like_any_other(scene: Scene) -> None:
    demand = refused(scene)

    raised = appeal(demand, operator())

    demand.refresh_from_db()
    assert demand.status == DemandStatus.APPEALED
    assert raised.text == "李晓梅：依据已废止。"
    assert WorkItem.objects.about(demand).open().get().step == Step.APPEAL
    assert Event.objects.filter(verb="demand.appealed_by_phone").count() == 1
    decide_appeal(
        demand.pk, verdict=AppealVerdict.REOPENED, reasons="已核实。", by=scene.dispatcher, at=AT
    )
    demand.refresh_from_db()
    assert demand.status == DemandStatus.IN_PROGRESS


def test_the_last_day_counts(scene: Scene) -> None:
    demand, person = refused(scene), operator()

    with pytest.raises(AppealWindowOver):
        appeal(demand, person, at=AT + 11 * DAY)
    appeal(demand, person, at=AT + 10 * DAY)

    with pytest.raises(MoveNotPossible):
        appeal(demand, person)


def test_a_demand_closed_by_silence_comes_back(scene: Scene) -> None:
    demand = refused(scene)
    Demand.objects.filter(pk=demand.pk).update(answered_at=AT - 40 * DAY)
    demand.unsolvables.update(appeal_until=AT.date() - DAY)
    close_silent_demands(after_days=5, at=AT)
    demand.unsolvables.update(appeal_until=AT.date())

    appeal(demand, operator())

    demand.refresh_from_db()
    assert (demand.status, demand.closed_at) == (DemandStatus.APPEALED, None)


def test_what_the_caller_accepted_is_not_appealed(scene: Scene) -> None:
    demand, person = refused(scene), operator()
    heard(demand, person)

    with pytest.raises(NothingToAppeal):
        appeal(demand, person)


def test_without_a_person_or_a_text_it_is_refused(scene: Scene) -> None:
    demand, person = refused(scene), operator()

    with pytest.raises(SpokenWithMissing):
        appeal(demand, person, spoke_with=" ")
    with pytest.raises(AppealTextMissing):
        appeal(demand, person, text=" ")
    with pytest.raises(NothingToAppeal):
        appeal(answered(scene, key="other"), person)


def test_not_solved_is_no_way_around_the_appeal(scene: Scene) -> None:
    demand = refused(scene)

    with pytest.raises(AppealInstead):
        dispute_by_phone(demand.pk, spoke_with="李晓梅", note="未解决", by=operator(), at=AT)


def test_who_may_not_write_it_down(scene: Scene) -> None:
    demand = refused(scene)

    for person in (scene.handler, scene.leader, scene.member):
        with pytest.raises(PermissionDenied):
            appeal(demand, person)
    attach_enterprise(demand.pk, enterprise=scene.enterprise, by=scene.dispatcher, at=AT)
    with pytest.raises(PermissionDenied):
        appeal(demand, operator())


def test_the_caller_is_told_of_the_decision_if_wanted(scene: Scene) -> None:
    told = ContactGiven(name="李晓梅", phone="13912345678", told_by="sms")
    demand = refused(scene, contacts=[told])
    appeal(demand, operator())

    decide_appeal(
        demand.pk, verdict=AppealVerdict.STANDS, reasons="依据充分。", by=scene.dispatcher, at=AT
    )

    keys = Delivery.objects.filter(channel="sms").values_list("letter_key", flat=True)
    assert any(key.startswith("demand.appeal_decided") for key in keys)
