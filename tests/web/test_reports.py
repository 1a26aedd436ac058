"""Monthly reports on their page: list, asking, and who gets the files."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.audit.models import Event
from lianqi.demands.actions import compile_statistics, load_formulas, make_report
from lianqi.demands.models import MonthlyReport
from lianqi.files.models import StoredFile
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    load_formulas(at=timezone.now())
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def month(zone: Zone) -> dt.date:
    zone.demand("closed")
    compile_statistics(at=timezone.now())
    return timezone.localdate().replace(day=1)


def made(zone: Zone, month: dt.date) -> MonthlyReport:
    return make_report(
        month, language="zh-hans", zone=project.ZONE_NAME, by=zone.leader, at=timezone.now()
    )


def page_of(client: Client) -> BeautifulSoup:
    response = client.get(reverse("leader:reports"))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_a_report_is_listed_and_both_files_can_be_had(
    client: Client, zone: Zone, month: dt.date
) -> None:
    made(zone, month)
    client.force_login(zone.auditor)

    links = page_of(client).select("#rows a")

    kinds = [client.get(link["href"])["Content-Type"] for link in links]
    assert kinds == [
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ]
    assert [event.detail["file"] for event in Event.objects.filter(
        verb="demands.report_downloaded", by_id=zone.auditor.pk
    ).order_by("pk")] == [link.text for link in links]  # fmt: skip


@pytest.mark.parametrize(
    ("person", "status"),
    [("leader", 200), ("head", 200), ("handler", 404), ("officer", 404), ("boss", 404)],
)
def test_the_files_go_to_whoever_may_see_figures(
    client: Client, zone: Zone, month: dt.date, person: str, status: int
) -> None:
    stored = StoredFile.objects.of(made(zone, month)).first()
    assert stored is not None
    client.force_login(getattr(zone, person))

    answer = client.get(reverse("files:download", args=[stored.token]))

    assert answer.status_code == status
    assert client.get(reverse("leader:reports")).status_code == (403 if status == 404 else 200)


def test_a_leader_asks_for_a_report(client: Client, zone: Zone, month: dt.date) -> None:
    client.force_login(zone.leader)
    assert page_of(client).select_one("[name=month] option")["value"] == f"{month:%Y-%m}"

    asked = client.post(reverse("leader:ask_report"), {"month": f"{month:%Y-%m}"}, follow=True)

    assert "The report is being made" in asked.content.decode()
    assert Event.objects.filter(verb="demands.report_requested", by_id=zone.leader.pk).exists()


@pytest.mark.parametrize("month_asked", ["1999-01", "nonsense", ""])
def test_a_month_that_is_not_offered_is_refused(
    client: Client, zone: Zone, month: dt.date, month_asked: str
) -> None:
    client.force_login(zone.leader)

    assert client.post(reverse("leader:ask_report"), {"month": month_asked}).status_code == 422


def test_who_only_reads_does_not_ask(client: Client, zone: Zone, month: dt.date) -> None:
    client.force_login(zone.auditor)

    assert not page_of(client).select("[name=month]")
    assert client.post(reverse("leader:ask_report"), {"month": f"{month:%Y-%m}"}).status_code == 403


def test_before_the_first_report_the_page_says_so(client: Client, zone: Zone) -> None:
    client.force_login(zone.leader)

    assert "No report has been made yet" in page_of(client).text
