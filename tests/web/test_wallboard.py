"""The screen in the hall: right figures, and nothing a passer-by must not read."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianqi.accounts.models import User
from lianqi.work.models import WorkItem
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def board(client: Client, user: User) -> BeautifulSoup:
    client.force_login(user)
    response = client.get(reverse("wallboard:board"))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def lines(page: BeautifulSoup, body: str) -> list[list[str]]:
    rows = page.select(f"#{body} tr")
    return [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in rows]


def test_the_figures_of_the_moment(client: Client, zone: Zone) -> None:
    zone.demand("filed")
    late = zone.demand("accepted")
    zone.demand("closed")
    WorkItem.objects.about(late).filter(step="answer").update(
        due_at=timezone.now() - dt.timedelta(hours=1)
    )

    page = board(client, zone.leader)

    figures = [each.get_text(strip=True) for each in page.select(".lq-wall-tiles dd")]
    assert figures == ["3", "1", "2", "0", "1", "33.33%", "100.00%"]
    assert lines(page, "units") == [["经济发展局", "1", "0", "1"], ["企业服务中心", "1", "0", "0"]]
    assert [line[:3] for line in lines(page, "late")] == [[late.number, "答复", "经济发展局"]]


def test_it_names_no_enterprise_no_person_no_matter(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    WorkItem.objects.about(demand).update(due_at=demand.filed_at - dt.timedelta(days=1))

    shown = board(client, zone.leader).get_text()

    assert demand.number in shown
    for hidden in (zone.firm.name, demand.title, zone.handler.name, "林晓燕"):
        assert hidden not in shown


def test_it_takes_the_same_queries_however_much_is_open(
    client: Client, zone: Zone, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        zone.demand("accepted")
    client.force_login(zone.leader)

    with django_assert_max_num_queries(14):
        client.get(reverse("wallboard:board"))


def test_an_empty_zone_says_so(client: Client, zone: Zone) -> None:
    page = board(client, zone.dispatcher)

    assert lines(page, "units") == [["没有在办事项。"]]
    assert lines(page, "late") == [["没有超期事项。"]]


@pytest.mark.parametrize("who", ["boss", "officer", "handler"])
def test_only_those_who_see_the_figures(client: Client, zone: Zone, who: str) -> None:
    client.force_login(getattr(zone, who))

    assert client.get(reverse("wallboard:board")).status_code == 403
