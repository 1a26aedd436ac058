"""Pages of the import of demands: template, dry run, filing, the refused rows back."""

import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.demands.actions import apply_demands, preview_demands
from lianqi.demands.columns import TEMPLATE
from lianqi.demands.models import Demand, DemandImport
from tests.register.scene import workbook
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings: Settings, tmp_path: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def sheet_of(response: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def sent(client: Client, zone: Zone, *titles: str) -> Any:
    rows = [
        [f"A-{number}", zone.firm.code, "", "Utilities", title, "", "", "", ""]
        for number, title in enumerate(titles)
    ]
    file = SimpleUploadedFile("诉求.xlsx", workbook(TEMPLATE, rows))
    return client.post(reverse("demands:upload"), {"file": file})


def test_the_template_goes_out_and_comes_back(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)

    template = sheet_of(client.get(reverse("demands:import_template")))

    assert template == [list(TEMPLATE)]


def test_a_file_is_looked_at_and_then_filed(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)
    done = sent(client, zone, "用电增容", "", "停水")
    run = DemandImport.objects.get()
    assert done.headers["Location"] == f"/demands/imports/{run.pk}/"
    assert soup(client.get(done.headers["Location"])).select_one("#import-progress")

    preview_demands(run.pk, at=timezone.now())
    page = soup(client.get(f"/demands/imports/{run.pk}/"))
    assert [tab.get_text(strip=True) for tab in page.select("nav a.btn-sm")] == [
        "To be filed 2", "Filed before 0", "Refused 1",
    ]  # fmt: skip
    assert not Demand.objects.exists()

    client.post(reverse("demands:import_apply", args=[run.pk]))
    apply_demands(run.pk, at=timezone.now())
    refused = sheet_of(client.get(reverse("demands:import_refused", args=[run.pk])))

    assert Demand.objects.count() == 2
    assert refused[1][0] == "A-1"
    assert refused[1][-1] == "The row has no title. Say in one sentence what is asked."


def test_a_file_without_the_columns_is_refused_in_words(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)
    file = SimpleUploadedFile("x.xlsx", workbook(["企业名称", "标题"], [["云岭", "停水"]]))

    answer = client.post(reverse("demands:upload"), {"file": file})

    assert answer.status_code == 422
    assert "外部编号、诉求类别" in answer.content.decode()


def test_who_comes_to_the_imports(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)
    sent(client, zone, "用电增容")
    run = DemandImport.objects.get()

    found = {}
    for person in (zone.dispatcher, zone.auditor, zone.leader, zone.boss, zone.handler):
        client.force_login(person)
        found[person.name] = [
            client.get(reverse("demands:imports")).status_code,
            client.get(reverse("demands:import", args=[run.pk])).status_code,
            client.get(reverse("demands:upload")).status_code,
        ]

    assert list(found.values()) == [
        [200, 200, 200], [200, 200, 403], [403, 403, 403], [403, 403, 403], [403, 403, 403],
    ]  # fmt: skip


def test_the_register_does_not_list_imports_of_demands(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)
    sent(client, zone, "用电增容")
    run = DemandImport.objects.get()

    assert client.get(reverse("register:import", args=[run.pk])).status_code == 404
    assert not soup(client.get(reverse("register:imports"))).select("tbody tr")
