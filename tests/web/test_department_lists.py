"""Pages of departments' lists: choosing the fact, template, preview, taking over, who may."""

import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.matching.actions import apply_list, preview_list
from lianqi.matching.models import FactList
from lianqi.register.models import Statement, Title
from tests.register.scene import workbook
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
CODE, NAME = "统一社会信用代码", "企业名称"


@pytest.fixture(autouse=True)
def house(settings: Settings, tmp_path: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def headings(response: Any) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    (row,) = book.active.iter_rows(values_only=True)
    return list(row)


def sent(client: Client, fact: str, header: list[str], *rows: list[Any], **given: Any) -> Any:
    file = SimpleUploadedFile("名单.xlsx", workbook(header, rows))
    filled = {"file": file, "source": "2026年3月名单", "observed_on": "2026-03-04"}
    return client.post(reverse("matching:list_new", args=[fact]), filled | given)


def looked_at(client: Client, zone: Zone) -> FactList:
    rows = [[zone.firm.code, ""], ["", "不在册有限公司"]]
    sent(client, "abnormal", [CODE, NAME], *rows, everybody="yes")
    run: FactList = FactList.objects.latest("pk")
    preview_list(run.pk, at=timezone.now())
    return run


def test_choosing_a_fact_leads_to_its_form(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)

    page = soup(client.get(reverse("matching:upload")))
    groups = {each["label"]: each for each in page.select("#id_fact optgroup")}
    answer = client.get(reverse("matching:upload"), {"fact": "abnormal"})

    assert "the tax office" in groups
    assert next(each["value"] for each in groups["the tax office"].select("option")) == "tax_here"
    assert answer.headers["Location"] == "/matching/lists/new/abnormal/"
    assert not page.select('option[value="industry"]')


@pytest.mark.parametrize(
    ("fact", "fields", "columns"),
    [
        (
            "abnormal", {"file", "everybody", "source", "observed_on", "since", "until"},
            [CODE, NAME, "经营异常", "起始日期", "截止日期"],
        ),
        (
            "rd_expense", {"file", "period", "unit", "source", "observed_on"},
            [CODE, NAME, "研发费用（万元）"],
        ),
        (
            "employees", {"file", "period", "source", "observed_on"},
            [CODE, NAME, "从业人员（人）"],
        ),
        (
            "titles", {"file", "label", "level", "batch", "source"},
            [CODE, NAME, "资质称号", "级别", "批次", "发证日期", "有效期至"],
        ),
    ],
)  # fmt: skip
def test_the_form_and_the_template_fit_the_fact(
    client: Client, zone: Zone, fact: str, fields: set[str], columns: list[str]
) -> None:
    client.force_login(zone.dispatcher)

    page = soup(client.get(reverse("matching:list_new", args=[fact])))
    template = client.get(reverse("matching:import_template", args=[fact]))

    named = {each["name"] for each in page.select("form [name]")}
    assert named - {"csrfmiddlewaretoken", "language", "next"} == fields
    assert headings(template) == columns
    assert client.get(reverse("matching:list_new", args=["industry"])).status_code == 404


def test_a_list_is_looked_at_and_then_taken_over(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)
    run = looked_at(client, zone)

    page = soup(client.get(reverse("matching:import", args=[run.pk])))
    assert [each.get_text(strip=True) for each in page.select("nav a.btn-sm")] == [
        "Not known before 1", "Differs from what is known 0", "Known already 0", "Refused 1",
    ]  # fmt: skip
    assert zone.firm.name in page.select_one("#rows").get_text()
    wrong = soup(client.get(reverse("matching:import", args=[run.pk]), {"plan": "refuse"}))
    assert "不在册有限公司" in wrong.select_one("#rows").get_text()
    assert not Statement.objects.exists()

    client.post(reverse("matching:import_apply", args=[run.pk]))
    assert soup(client.get(reverse("matching:import", args=[run.pk]))).select_one(
        "#import-progress"
    )
    apply_list(run.pk, at=timezone.now())
    done = soup(client.get(reverse("matching:import", args=[run.pk])))
    lines = soup(client.get(reverse("matching:imports"))).select("#rows tr")
    refused = client.get(reverse("matching:import_refused", args=[run.pk]))

    assert Statement.objects.get().value is True
    assert "1 row was new or different and was taken over." in done.get_text()
    assert [each.get_text(" ", strip=True) for each in lines[0].select("td")][:5] == [
        "2026年3月名单", "2026-03-04", "Applied", "2", "1",
    ]  # fmt: skip
    assert zone.dispatcher.name in lines[0].get_text()
    book = openpyxl.load_workbook(io.BytesIO(b"".join(refused.streaming_content)))
    assert "is not in the register" in str(book.active["C2"].value)


def test_a_text_file_with_certificates(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)
    table = f"企业名称,证书编号,有效期至\n{zone.firm.name},GR2025,2028年10月27日\n"
    file = SimpleUploadedFile("高企.csv", table.encode("gb18030"))
    client.post(
        reverse("matching:list_new", args=["titles"]),
        {"file": file, "source": "高企名单", "label": "高新技术企业", "level": "", "batch": ""},
    )
    run = FactList.objects.get()
    preview_list(run.pk, at=timezone.now())

    page = soup(client.get(reverse("matching:import", args=[run.pk])))
    client.post(reverse("matching:import_apply", args=[run.pk]))
    apply_list(run.pk, at=timezone.now())

    assert "高新技术企业 National, until 2028-10-27" in page.select_one("#rows").get_text()
    assert str(Title.objects.get().valid_until) == "2028-10-27"


def test_a_refusal_comes_back_with_what_was_typed(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)

    answer = sent(client, "rd_body", [CODE, "备注"], [zone.firm.code, "x"])
    period = sent(client, "rd_expense", [CODE], [zone.firm.code], period="25")

    assert answer.status_code == 422
    page = soup(answer)
    assert "研发机构级别" in page.select_one(".lq-invalid").get_text()
    assert page.select_one("#id_source")["value"] == "2026年3月名单"
    assert period.status_code == 422
    assert not FactList.objects.exists()


def test_who_comes_to_the_lists(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)
    run = looked_at(client, zone)

    found = {}
    for person in (zone.dispatcher, zone.auditor, zone.leader, zone.boss, zone.handler):
        client.force_login(person)
        found[person.name] = [
            client.get(reverse("matching:imports")).status_code,
            client.get(reverse("matching:import", args=[run.pk])).status_code,
            client.get(reverse("matching:list_new", args=["abnormal"])).status_code,
            client.post(reverse("matching:import_apply", args=[run.pk])).status_code,
        ]

    assert list(found.values()) == [
        [200, 200, 200, 303], [200, 200, 403, 403],
        [403] * 4, [403] * 4, [403] * 4,
    ]  # fmt: skip
    assert client.get(reverse("register:import", args=[run.pk])).status_code in (403, 404)


def test_many_uploads_take_as_many_queries_as_few(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)
    looked_at(client, zone)
    client.get(reverse("matching:imports"))

    with CaptureQueriesContext(connection) as few:
        client.get(reverse("matching:imports"))
    for _ in range(3):
        looked_at(client, zone)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("matching:imports"))

    assert len(few) == len(many)
