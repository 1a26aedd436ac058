"""The page of financial institutions and funds."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from lianqi.register.actions import add_fact, load_industries, state
from lianqi.register.enums import FactKey, Qualifier
from tests.factories import AT, make_dispatcher, make_enterprise, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> str:
    load_industries()
    by = make_dispatcher()
    for number in range(2):
        bank = make_enterprise(f"云岭第{number}银行", industry_id="6621")
        add_fact(
            bank.pk, key=FactKey.OUTLETS, value=Decimal(3 + number), unit="个", period="2025",
            source="金融局", by=by, at=AT,
        )  # fmt: skip
    state(bank.pk, key="legal_person_bank", value=True, source="金融局", by=by, at=AT)
    fund = make_enterprise("云岭创业投资基金", industry_id="6731")
    for key, value in ((FactKey.FUND_INVESTED, 200_000_000), (FactKey.FUND_SIZE, 1_000_000_000)):
        add_fact(
            fund.pk, key=key, value=Decimal(value), unit="元", period="2025", source="金融局",
            by=by, at=AT, qualifier=Qualifier.ABOUT,
        )  # fmt: skip
    make_enterprise("云岭软件", industry_id="6513")
    return reverse("register:finance")


def rows(client: Client, path: str) -> list[str]:
    found = BeautifulSoup(client.get(path).content, "html.parser").select("#rows tr th a")
    return [each.get_text() for each in found]


def test_figures_and_rows(client: Client, page: str) -> None:
    client.force_login(make_dispatcher())

    shown = " ".join(BeautifulSoup(client.get(page).content, "html.parser").get_text(" ").split())

    assert rows(client, page) == ["云岭创业投资基金", "云岭第1银行", "云岭第0银行"]
    for said in ("3.5", "约2 亿元", "约10 亿元", "约5.00倍", "法人银行"):
        assert said in shown


def test_one_kind(client: Client, page: str) -> None:
    client.force_login(make_dispatcher())

    assert rows(client, f"{page}?kind=fund") == ["云岭创业投资基金"]
    assert rows(client, f"{page}?kind=local") == []
    assert len(rows(client, f"{page}?kind=nonsense")) == 3


def test_only_who_reads_the_register(client: Client, page: str) -> None:
    client.force_login(make_member(make_enterprise()))

    assert client.get(page).status_code == 403


def test_a_zone_without_any_says_what_to_do(client: Client) -> None:
    client.force_login(make_dispatcher())

    assert "6712" in client.get(reverse("register:finance")).text
