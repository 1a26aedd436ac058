"""Two clicks on one note, from two devices, against PostgreSQL."""

from typing import Any

import pytest

from lianqi.demands.models import Demand
from lianqi.visits.actions import file_visit
from lianqi.visits.models import Visit
from tests.demands.test_at_once import at_once
from tests.factories import AT
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
