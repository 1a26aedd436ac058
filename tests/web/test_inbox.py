"""The inbox: order, filters, pages, absences."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.accounts.models import Absence, User
from lianqi.demands.actions import ask_enterprise
from lianqi.web.inbox.pages import page_by_due
from lianqi.web.lights import LIGHTS, is_light, light_counts
from lianqi.work.enums import PauseReason
from lianqi.work.models import WorkItem
from lianqi.work.queries import light_of
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
URL = "/inbox/"


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def page_of(client: Client, user: User, **query: object) -> BeautifulSoup:
    client.force_login(user)
    response = client.get(reverse("inbox:list"), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def links(page: BeautifulSoup) -> list[str]:
    return [link["href"] for link in page.select("tbody th a")]


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_needs_the_same_queries_for_any_length(
    client: Client, zone: Zone, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        zone.demand("accepted")
    client.force_login(zone.handler)

    # session, person, roles; items, counts, absences; the two counts of the frame
    with django_assert_num_queries(8):
        response = client.get(URL)

    assert len(links(BeautifulSoup(response.content, "html.parser"))) == count


def test_the_most_urgent_comes_first_and_a_standing_clock_last(client: Client, zone: Zone) -> None:
    now = timezone.now()
    standing = zone.demand("accepted", at=now - dt.timedelta(minutes=3))
    ask_enterprise(
        standing.pk,
        reason=PauseReason.EXPERT_REVIEW,
        text="正在评审。",
        evidence="纪要",
        by=zone.handler,
        at=now,
    )
    late = zone.demand("accepted", at=now - dt.timedelta(days=40))
    latest = zone.demand("dispatched", at=now - dt.timedelta(days=80))

    page = page_of(client, zone.handler)

    expected = [latest, late, standing]
    assert links(page) == [demand.get_absolute_url() for demand in expected]
    assert [stat.text for stat in page.select(".lq-stat-value")] == ["2", "0", "0", "1"]


def test_filters_by_light_and_step(client: Client, zone: Zone) -> None:
    late = zone.demand("accepted", at=timezone.now() - dt.timedelta(days=40))
    fresh = zone.demand("dispatched")

    assert links(page_of(client, zone.handler, light="red")) == [late.get_absolute_url()]
    assert links(page_of(client, zone.handler, light="green")) == [fresh.get_absolute_url()]
    assert links(page_of(client, zone.handler, step="accept")) == [fresh.get_absolute_url()]
    assert links(page_of(client, zone.handler, light="red", step="accept")) == []


def test_conditions_and_loaded_items_agree_on_every_light_at_the_boundaries(zone: Zone) -> None:
    zone.demand("accepted")
    item = WorkItem.objects.open().get()
    moments = [item.opened_at, item.amber_at, item.due_at]
    moments += [moment + dt.timedelta(microseconds=1) for moment in moments]

    for at in moments:
        shown = [
            light
            for light, _label in LIGHTS
            if WorkItem.objects.open().filter(is_light(light, at=at)).exists()
        ]
        assert shown == [str(light_of(item, at=at))]
        assert light_counts(WorkItem.objects.open(), at=at).total == 1


def test_pages_follow_one_another_without_gap_or_overlap(zone: Zone) -> None:
    now = timezone.now()
    for _ in range(5):
        zone.demand("dispatched", at=now)
    standing = [zone.demand("accepted", at=now) for _ in range(3)]
    for demand in standing:
        ask_enterprise(
            demand.pk,
            reason=PauseReason.EXPERT_REVIEW,
            text="正在评审。",
            evidence="纪要",
            by=zone.handler,
            at=now,
        )
    mine = WorkItem.objects.inbox_of(zone.handler)

    cursor, seen = "", []
    while True:
        page = page_by_due(mine, cursor, size=2)
        seen += [item.pk for item in page.items]
        if not (cursor := page.after):
            break

    assert seen == [item.pk for item in mine.for_list()]
    assert len(seen) == 8


@pytest.mark.parametrize("cursor", ["x", "~", "standing~x", "2026-13-01~1", "2026-01-01T00:00~1"])
def test_a_cursor_nobody_gave_out_starts_anew(client: Client, zone: Zone, cursor: str) -> None:
    demand = zone.demand("dispatched")

    assert links(page_of(client, zone.handler, after=cursor)) == [demand.get_absolute_url()]


@pytest.mark.parametrize(
    ("from_day", "until_day", "told"),
    [
        (0, 0, True),
        (-3, 0, True),
        (0, 3, True),
        (1, 3, False),
        (-3, -1, False),
    ],
)
def test_the_stand_in_is_told_on_each_day_of_the_absence(
    client: Client, zone: Zone, from_day: int, until_day: int, *, told: bool
) -> None:
    today = timezone.localdate()
    Absence.objects.create(
        user=zone.head,
        stand_in=zone.handler,
        from_on=today + dt.timedelta(days=from_day),
        until_on=today + dt.timedelta(days=until_day),
    )

    page = page_of(client, zone.handler)

    assert ("You stand in for 孙丽" in page.main.text) is told


@pytest.mark.parametrize("person", ["boss", "auditor", "newcomer"])
def test_whoever_has_no_work_has_no_inbox(client: Client, zone: Zone, person: str) -> None:
    client.force_login(getattr(zone, person))

    assert client.get(reverse("inbox:list")).status_code in {302, 403}
