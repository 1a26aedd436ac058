"""The three-rate score on its page, its lists, its spreadsheet, and the formula kept as data."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import Settings

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.actions import (
    confirm_demand,
    draw_callbacks,
    load_formulas,
    record_call,
    take_next_call,
)
from lianqi.demands.enums import CallOutcome, Rating, Solved
from lianqi.demands.models import ScoreFormula
from tests.factories import grant, make_user
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    load_formulas(at=timezone.now())
    return make_zone()


@pytest.fixture
def admin() -> User:
    return grant(make_user("admin"), Role.PLATFORM_ADMIN)


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def some_calls(zone: Zone) -> None:
    now = timezone.now()
    answers = [(True, Rating.SATISFIED), (True, Rating.BASICALLY_SATISFIED)]
    answers += [(False, Rating.DISSATISFIED)]
    for _each in answers:
        confirm_demand(
            zone.demand("answered").pk, rating=Rating.SATISFIED, solved=Solved.PARTLY, note="部分",
            by=zone.boss, at=now,
        )  # fmt: skip
    draw_callbacks(timezone.localdate(now), seed="s", at=now)
    for contacted, rating in answers:
        record_call(
            take_next_call(by=zone.dispatcher, at=now).pk, outcome=CallOutcome.REACHED,
            contacted=contacted, solved=Solved.YES if contacted else Solved.NO, rating=rating,
            remarks="说明", by=zone.dispatcher, at=now,
        )  # fmt: skip


def page_of(client: Client, url: str, query: dict[str, object] | None = None) -> BeautifulSoup:
    response = client.get(url, query or {})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_the_score_stands_with_its_parts_and_its_formula(client: Client, zone: Zone) -> None:
    some_calls(zone)
    client.force_login(zone.leader)

    page = page_of(client, reverse("leader:score"))

    # 2/3 in touch, (1 + 0.9) / 3 satisfied, 2/3 solved: 6.67 + 25.33 + 33.33
    cells = [" ".join(cell.text.split()) for cell in page.select("#rows td")]
    assert cells[0] == "–"
    assert cells[1].startswith("65.3few cases:")
    assert cells[2:] == ["66.7% 2 / 3", "63.3% 1 + 0.9 × 1 / 3", "66.7% 2 / 3"]
    formula = [" ".join(row.text.split()) for row in page.select("#formula tr")]
    assert formula[1] == (
        "Satisfaction rate 40% Satisfied or very satisfied + 0.9 × Basically satisfied Reached"
    )


def test_every_count_of_the_score_leads_to_its_calls(client: Client, zone: Zone) -> None:
    some_calls(zone)
    client.force_login(zone.leader)

    links = page_of(client, reverse("leader:score")).select("#rows a, #total a")

    assert len(links) == 14
    for link in links:
        listed = page_of(client, link["href"])
        assert len(listed.select("tbody#rows > tr")) == int(link.text), link["href"]


def test_calls_of_another_unit_or_day_are_not_listed(client: Client, zone: Zone) -> None:
    some_calls(zone)
    client.force_login(zone.leader)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    for query in ({"unit": zone.housing.pk}, {"closed_from": tomorrow}):
        page = page_of(client, reverse("demands:callbacks"), {"state": "score.called", **query})
        assert not page.select("tbody#rows > tr")
    page = page_of(client, reverse("demands:callbacks"), {"closed_until": "9999-12-31"})
    assert len(page.select("tbody#rows > tr")) == 3


def test_without_calls_there_is_no_score(client: Client, zone: Zone) -> None:
    client.force_login(zone.leader)

    page = page_of(client, reverse("leader:score"))

    assert {cell.text.split("\n")[0].strip() for cell in page.select("#total td")[1:]} <= {
        "no data", "",
    }  # fmt: skip
    assert "no data" in page.select_one("#total").text


def test_before_the_first_formula_the_page_says_so(client: Client, zone: Zone) -> None:
    client.force_login(zone.leader)
    query = {"period": "custom", "first": "1999-01-01", "last": "1999-12-31"}

    page = page_of(client, reverse("leader:score"), query)

    assert "No formula was in force" in page.select_one(".lq-empty-what").text


def test_the_score_can_be_taken_along(client: Client, zone: Zone) -> None:
    some_calls(zone)
    client.force_login(zone.leader)

    answer = client.get(reverse("leader:score_export"))

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[2] for row in rows] == ["Three-rate score", 65.3, 65.3]
    assert rows[1][5:] == (66.7, 63.3, 66.7, 3, 2, 2, 1, 1, "2000-01-01")


@pytest.mark.parametrize("url", ["leader:score", "leader:score_export"])
@pytest.mark.parametrize(("person", "status"), [("auditor", 200), ("handler", 403), ("boss", 403)])
def test_who_may_see_the_score(
    client: Client, zone: Zone, url: str, person: str, status: int
) -> None:
    client.force_login(getattr(zone, person))

    assert client.get(reverse(url)).status_code == status


def entered(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "response": "20", "satisfaction": "30", "resolution": "50", "basic": "80",
        "valid_from": str(timezone.localdate()), "source": "管委会2026年第3次会议",
    }  # fmt: skip
    return given | changes


def test_a_new_version_is_entered_and_listed(client: Client, zone: Zone, admin: User) -> None:
    client.force_login(admin)
    form = page_of(client, reverse("zone:add", args=["formulas"]))
    assert form.select_one("[name=satisfaction]")["value"] == "40.0"

    saved = client.post(reverse("zone:add", args=["formulas"]), entered())

    assert saved.status_code == 303
    version = ScoreFormula.objects.order_by("valid_from").last()
    assert version is not None
    assert [term.weight for term in version.formula.terms] == [
        Decimal("0.2"), Decimal("0.3"), Decimal("0.5"),
    ]  # fmt: skip
    assert version.share_of("basic") == Decimal("0.8")
    rows = page_of(client, reverse("zone:rows", args=["formulas"])).select("tbody#rows > tr")
    assert "Response rate 20% · Satisfaction rate 30% · Resolution rate 50%" in rows[0].text
    assert "2000-01-01" in rows[1].text
    assert not rows[0].select("a")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"response": "25"}, "add up to 100%"),
        ({"valid_from": "2026-01-01"}, "is over"),
        ({"source": ""}, "This field is required"),
        ({"basic": "101"}, "less than or equal to 100"),
    ],
)
def test_a_wrong_version_is_refused_and_keeps_what_was_typed(
    client: Client, zone: Zone, admin: User, changes: dict[str, object], said: str
) -> None:
    client.force_login(admin)

    refused = client.post(reverse("zone:add", args=["formulas"]), entered(**changes))

    page = BeautifulSoup(refused.content, "html.parser")
    assert refused.status_code == 422
    assert said in page.text
    assert page.select_one("[name=satisfaction]")["value"] == "30"
    assert ScoreFormula.objects.count() == 1


def test_a_version_is_not_changed(client: Client, zone: Zone, admin: User) -> None:
    client.force_login(admin)
    version = ScoreFormula.objects.get()

    assert client.get(reverse("zone:change", args=["formulas", version.pk])).status_code == 404


def test_leaders_do_not_keep_formulas(client: Client, zone: Zone) -> None:
    client.force_login(zone.leader)

    assert client.post(reverse("zone:add", args=["formulas"]), entered()).status_code == 403
