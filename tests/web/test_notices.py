"""Notices: only the own ones, and reading them."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.accounts.models import User
from lianqi.notices.models import Notice
from tests.factories import make_dispatcher, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def person() -> User:
    return make_dispatcher()


def notice(person: User, key: str = "1") -> Notice:
    return Notice.objects.create(
        person=person,
        event="demand.answered",
        title="您的诉求已答复",
        url="/demands/1/",
        created_at=timezone.now(),
        dedupe_key=key,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client: Client, person: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    own = [notice(person, str(number)) for number in range(count)]
    notice(make_user())
    client.force_login(person)

    # session, person, roles; notices and their count; the two counts of the frame
    with django_assert_num_queries(7):
        response = client.get(reverse("notices:list"))

    rows = BeautifulSoup(response.content, "html.parser").select("tbody > tr")
    assert [row["id"] for row in rows] == [f"notice-{each.pk}" for each in reversed(own)]


def test_reading_one_leaves_the_others(client: Client, person: User) -> None:
    first, second = notice(person, "1"), notice(person, "2")
    client.force_login(person)

    response = client.post(reverse("notices:read"), {"notice": first.pk, "next": "/notices/?x=1"})

    assert (response.status_code, response["Location"]) == (303, "/notices/?x=1")
    assert list(Notice.objects.unread()) == [second]


def test_reading_all_reads_only_the_own(client: Client, person: User) -> None:
    notice(person, "1")
    notice(person, "2")
    foreign = notice(make_user())
    client.force_login(person)

    client.post(reverse("notices:read"), {"all": "1"})

    assert list(Notice.objects.unread()) == [foreign]


@pytest.mark.parametrize("given", ["", "x", "-1", "9" * 30, "²"])
def test_foreign_and_impossible_notices_cannot_be_read(
    client: Client, person: User, given: str
) -> None:
    foreign = notice(make_user())
    client.force_login(person)

    client.post(reverse("notices:read"), {"notice": [given, foreign.pk]})

    assert list(Notice.objects.unread()) == [foreign]


def test_it_never_leads_to_another_site(client: Client, person: User) -> None:
    client.force_login(person)

    response = client.post(reverse("notices:read"), {"all": "1", "next": "https://evil.example/"})

    assert response["Location"] == reverse("notices:list")


def test_marking_as_read_is_no_link(client: Client, person: User) -> None:
    client.force_login(person)

    assert client.get(reverse("notices:read")).status_code == 405
