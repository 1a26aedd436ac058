"""The telephone of the demo zone: what waits for the leader and what for the next operator."""

import datetime as dt

import pytest

from lianqi.demands.models import Appeal, Demand, ParkedCall
from lianqi.ops.demo import create_categories
from lianqi.ops.demo.people import create_people
from lianqi.ops.demo.telephone import play_telephone
from lianqi.ops.reference import load_all
from lianqi.work.models import WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = dt.datetime(2026, 6, 3, 2, 30, tzinfo=dt.UTC)


def test_a_caller_appeals_and_another_is_called_back() -> None:
    load_all()
    began = NOW - dt.timedelta(days=160)
    people = create_people(at=began)
    create_categories(people, at=began)

    play_telephone(people, now=NOW)

    demand = Demand.objects.get()
    owed = WorkItem.objects.about(demand).open().get()
    assert (demand.status, owed.step, owed.desk) == ("appealed", "appeal", "leader")
    assert Appeal.objects.get().text.startswith("周先生：")
    call = ParkedCall.objects.get()
    assert ParkedCall.objects.visible_to(people.operator).get() == call
    assert call.firm == "云岭锦程汽车服务部"
