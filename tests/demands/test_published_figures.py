"""Closing and satisfaction rate from as many demands as a city once published.

Chengdu counted 35,650 demands of enterprises from January to May 2020, 34,060 of them closed, and
gave 95.54 % and 98.0 %; 33,379 satisfied ones make the second figure if all closed ones were rated.
"""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from bench.generate import load_demands, load_enterprises
from bench.stories import counted_stories
from bench.zone import make_zone
from lianqi.audit.queries import verify_chain
from lianqi.demands.models import Demand
from lianqi.demands.queries import Figures, breakdown, figures
from tests.factories import AT

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PERIOD = {"received_from": dt.date(2020, 1, 1), "received_before": dt.date(2020, 6, 1)}
PUBLISHED = Figures(received=35_650, closed=34_060, rated=34_060, satisfied=33_379)


@pytest.fixture(scope="module")
def leader_client(django_db_setup: None, django_db_blocker) -> Iterator[Client]:  # type: ignore[no-untyped-def]  # pytest-django's own
    """A leader looking at the five months, loaded once for this module and rolled back after it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        zone = make_zone(AT)
        firms = load_enterprises(500, at=AT, seed=8)
        first, last = dt.date(2020, 1, 1), dt.date(2020, 5, 31)
        load_demands(
            zone, firms,
            counted_stories(35_650, closed=34_060, satisfied=33_379, first=first, last=last,
                            seed=8),
            seed=8,
        )  # fmt: skip
        client = Client()
        client.force_login(zone.leader)
        yield client
        transaction.set_rollback(True)


def test_rates_are_the_published_ones(leader_client: Client) -> None:
    found = figures(**PERIOD)

    assert found == PUBLISHED
    assert found.closing_rate is not None
    assert found.satisfaction_rate is not None
    assert round(100 * found.closing_rate, 2) == 95.54
    assert round(100 * found.satisfaction_rate, 1) == 98.0
    assert found.open == 1_590


def test_months_channels_and_units_add_up_to_the_total(leader_client: Client) -> None:
    found = breakdown(**PERIOD)

    assert list(found.by_month) == [dt.date(2020, month, 1) for month in range(1, 6)]
    assert found.total == PUBLISHED
    for groups in (found.by_month, found.by_channel, found.by_unit):
        total = Figures(
            *(
                sum(getattr(each, name) for each in groups.values())
                for name in ("received", "closed", "rated", "satisfied")
            )
        )
        assert total == PUBLISHED


def test_totals_are_what_the_demands_themselves_say(leader_client: Client) -> None:
    counted = Demand.objects.counted().filed_within(dt.date(2020, 1, 1), dt.date(2020, 5, 31))

    assert counted.count() == 35_650
    assert counted.filter(status="closed").count() == 34_060
    assert counted.rated().count() == 34_060
    assert counted.satisfied().count() == 33_379


def test_leader_page_shows_rates_with_numerator_and_denominator(leader_client: Client) -> None:
    query = {"period": "custom", "first": "2020-01-01", "last": "2020-05-31"}

    page = leader_client.get(reverse("leader:figures"), query).content.decode()

    for shown in ("95.54%", "98.00%", "34,060", "35,650", "33,379"):
        assert shown in page


def test_public_page_shows_the_same_to_anybody(leader_client: Client) -> None:
    page = Client().get(reverse("public_figures"), {"year": "2020"}).content.decode()

    for shown in ("95.54%", "98.00%", "34,060", "35,650", "33,379"):
        assert shown in page


def test_audit_chain_of_loaded_events_holds(leader_client: Client) -> None:
    found = verify_chain()

    assert found.broken is None
    official_days = 1
    assert found.events == official_days + 34_060 * 5 + 1_590 * 3
