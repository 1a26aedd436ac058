"""Two clicks on one note, from two devices, against PostgreSQL."""

from typing import Any

import pytest

from lianqi.demands.models import Demand
from lianqi.visits.actions import file_visit, hold_round
from lianqi.visits.errors import RoundMoveNotPossible
from lianqi.visits.models import Round, Visit
from tests.demands.test_at_once import at_once
from tests.factories import AT
from tests.visits.test_rounds import ask, plan
from tests.visits.test_visits import note, power
from tests.web.zone import make_zone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_two_devices_record_one_visit() -> None:
    zone = make_zone()
    written = note(zone, power(zone))

    def click() -> Any:
        return file_visit(written, idempotency_key="same", by=zone.officer, at=AT)

    results = at_once(click, click, click)

    assert {visit.pk for visit in results} == {Visit.objects.get().pk}
    assert Demand.objects.count() == 1


def test_ending_a_round_and_raising_a_matter_at_once_lose_nothing() -> None:
    zone = make_zone()
    held = plan(zone)

    results = at_once(
        lambda: hold_round(held.pk, by=zone.dispatcher, at=AT),
        lambda: ask(held, zone),
    )

    status = held.agenda.get(enterprise=zone.firm).status
    if isinstance(results[1], Exception):
        assert isinstance(results[1], RoundMoveNotPossible)
        assert (status, Demand.objects.count()) == ("missed", 0)
    else:
        assert (status, Demand.objects.count()) == ("filed", 1)


def test_two_planners_with_one_key_plan_one_round() -> None:
    zone = make_zone()

    results = at_once(lambda: plan(zone), lambda: plan(zone))

    assert {each.pk for each in results} == {Round.objects.get().pk}
    assert Visit.objects.count() == 2
