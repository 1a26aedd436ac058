"""The programme of policy needs in the demo zone leaves something on every page."""

import datetime as dt
import time

import pytest

from lianqi.needs.enums import NeedStatus
from lianqi.needs.models import Need, Programme
from lianqi.needs.queries import daily
from lianqi.ops.demo.firms import create_firms, create_members, create_officers
from lianqi.ops.demo.needs import play_needs
from lianqi.ops.demo.people import create_people
from lianqi.ops.reference import load_all

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = dt.datetime(2026, 3, 4, 2, 30, tzinfo=dt.UTC)


def test_every_page_of_policy_needs_has_something_to_show() -> None:
    load_all()
    began = NOW - dt.timedelta(days=30)
    people = create_people(at=began)
    firms = create_firms(people, seed=1, at=began)[::16]
    create_members(people, firms, at=began)
    create_officers(people, at=began)

    before = time.perf_counter()
    play_needs(people, firms, now=NOW)
    taken = time.perf_counter() - before

    found = daily(Programme.objects.get(), on=NOW.date(), at=NOW)
    statuses = set(Need.objects.values_list("status", flat=True))
    assert taken < 30  # a few seconds on a machine that does nothing else
    assert {"collected", "reported", "in_progress", "solved", "confirmed"} <= statuses
    assert Need.objects.filter(enterprise=firms[0]).exists()
    assert [bool(line.late_since) for line in found.by_unit].count(True) == 1
    assert sum(line.late for line in found.by_lead) > 0
    assert 0 < found.total.solved < found.total.valid < found.total.collected
    assert Need.objects.filter(status=NeedStatus.REPORTED).count() >= 3
