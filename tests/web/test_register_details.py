"""The forms on the page of an enterprise: what may be entered, corrected and taken back there."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.register.actions import add_contact, add_fact, add_title
from lianqi.register.enums import TitleLevel
from lianqi.register.models import (
    Chain,
    ChainPlace,
    Contact,
    Enterprise,
    Fact,
    KeyList,
    Title,
)
from tests.register.scene import NOON, Scene, build_scene, person

pytestmark = pytest.mark.django_db
HEADCOUNT = {
    "key": "employees",
    "value": "300",
    "unit": "人",
    "period": "2025",
    "qualifier": "exact",
    "source": "年报",
    "observed_on": "2026-03-31",
}


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return build_scene()


def of(name: str, *ids: int) -> str:
    return reverse(f"register:{name}", args=ids)


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def owner_of(enterprise: Enterprise) -> User:
    return person(f"管理员{enterprise.pk}", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, enterprise.pk)


def test_money_is_entered_in_the_usual_units_and_kept_in_yuan(client: Client, scene: Scene) -> None:
    enterprise = scene.enterprise()
    client.force_login(scene.keeper)
    url = of("fact_add", enterprise.pk)

    for period, unit in (("2023", "元"), ("2024", "万元"), ("2025", " 亿元 ")):
        stated = {"key": "revenue", "value": "1.5", "unit": unit, "period": period}
        client.post(url, HEADCOUNT | stated)

    kept = Fact.objects.order_by("period").values_list("value", "unit")
    assert list(kept) == [
        (Decimal("1.5"), "元"),
        (Decimal(15_000), "元"),
        (Decimal(150_000_000), "元"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "万元"},
        {"key": "revenue", "unit": "亿元", "value": "99999999999999"},
        {"period": "去年"},
        {"observed_on": "2999-01-01"},
        {"key": "", "other": " "},
        {"source": ""},
    ],
)
def test_a_refused_fact_keeps_everything_that_was_typed(
    client: Client, scene: Scene, wrong: dict[str, str]
) -> None:
    enterprise = scene.enterprise()
    client.force_login(scene.keeper)
    typed = HEADCOUNT | wrong

    response = client.post(of("fact_add", enterprise.pk), typed)

    page = soup(response)
    shown = {str(each["name"]): each.get("value", "") for each in page.select("main input[name]")}
    assert (response.status_code, len(page.select("main [role=alert]"))) == (422, 1)
    assert {name: shown[name] for name in ("value", "unit", "period", "observed_on")} == {
        name: typed[name] for name in ("value", "unit", "period", "observed_on")
    }
    assert not Fact.objects.exists()


def test_a_correction_is_the_next_observation_and_the_history_shows_both(
    client: Client, scene: Scene
) -> None:
    enterprise = scene.enterprise()
    at = timezone.now() - dt.timedelta(days=3)
    fact = add_fact(
        enterprise.pk, key="employees", value=Decimal(30), unit="人", period="2025",
        source="年报", by=scene.keeper, at=at,
    )  # fmt: skip
    client.force_login(scene.keeper)
    url = of("fact_correct", enterprise.pk, fact.pk)

    first = soup(client.get(url))
    today = str(timezone.localdate())
    answer = client.post(url, HEADCOUNT | {"period": "1999", "observed_on": today}, follow=True)
    second = soup(client.get(url))

    newest = Fact.objects.latest("pk")
    assert first.select_one("[name=period]") is None
    assert (newest.period, newest.key, newest.value) == ("2025", "employees", Decimal(300))
    assert len(second.select("main tbody > tr")) == 2
    assert "300" in soup(answer).select("table")[0].text


def test_a_correction_of_a_past_day_replaces_what_was_stated_that_day(
    client: Client, scene: Scene
) -> None:
    enterprise = scene.enterprise()
    yesterday = timezone.now() - dt.timedelta(days=1)
    fact = add_fact(
        enterprise.pk, key="employees", value=Decimal(30), unit="人", period="2025",
        source="年报", by=scene.keeper, at=yesterday,
    )  # fmt: skip
    client.force_login(scene.keeper)
    day = str(timezone.localdate(yesterday))

    client.post(of("fact_correct", enterprise.pk, fact.pk), HEADCOUNT | {"observed_on": day})

    assert Fact.objects.order_by("observed_at", "pk").last() == Fact.objects.latest("pk")


def test_the_enterprise_states_and_withdraws_its_own(client: Client, scene: Scene) -> None:
    enterprise = scene.enterprise()
    client.force_login(owner_of(enterprise))
    typed = HEADCOUNT | {"key": "研发人员", "source": "统计局"}

    client.post(of("fact_add", enterprise.pk), typed)
    client.post(of("contact_add", enterprise.pk), {"name": "林晓燕", "mobile": "13800001234"})
    fact, contact = Fact.objects.get(), Contact.objects.get()
    page = soup(client.get(of("detail", enterprise.pk)))
    client.post(of("fact_withdraw", enterprise.pk, fact.pk))
    client.post(of("contact_remove", enterprise.pk, contact.pk))

    fact.refresh_from_db()
    links = {str(link["href"]) for link in page.select("main a")}
    assert (fact.source, contact.source) == ("enterprise", "enterprise")
    assert fact.withdrawn_at is not None
    assert not Contact.objects.exists()
    assert of("fact_correct", enterprise.pk, fact.pk) in links
    assert of("title_add", enterprise.pk) not in links


def test_what_the_register_says_is_not_withdrawn_by_the_enterprise(
    client: Client, scene: Scene
) -> None:
    enterprise = scene.enterprise()
    fact = add_fact(
        enterprise.pk, key="employees", value=Decimal(30), unit="人", period="2025",
        source="年报", by=scene.keeper, at=NOON,
    )  # fmt: skip
    client.force_login(owner_of(enterprise))

    page = client.get(of("fact_correct", enterprise.pk, fact.pk))
    answer = client.post(of("fact_withdraw", enterprise.pk, fact.pk))

    assert (page.status_code, answer.status_code) == (200, 403)
    assert of("fact_withdraw", enterprise.pk, fact.pk) not in page.text


@pytest.mark.parametrize(
    ("who", "contacts", "titles"),
    [
        ("keeper", 200, 200),
        ("owner", 200, 403),
        ("officer of its grid", 200, 403),
        ("leader", 403, 403),
        ("officer of another grid", 404, 404),
        ("another firm's owner", 404, 404),
    ],
)
def test_who_gets_which_form(
    client: Client, scene: Scene, who: str, contacts: int, titles: int
) -> None:
    enterprise = scene.enterprise(1, grid=scene.grid)
    other = scene.enterprise(2, "远山医药有限公司")
    officer = Role.LIAISON_OFFICER
    client.force_login(
        {
            "keeper": lambda: scene.keeper,
            "leader": lambda: scene.leader,
            "owner": lambda: owner_of(enterprise),
            "another firm's owner": lambda: owner_of(other),
            "officer of its grid": lambda: person("丙", officer, Scope.GRID, scene.grid.pk),
            "officer of another grid": lambda: person("丁", officer, Scope.GRID, scene.grid.pk + 1),
        }[who]()
    )

    statuses = {
        name: client.get(of(name, enterprise.pk)).status_code
        for name in ("contact_add", "fact_add", "title_add", "place_add", "list_add")
    }

    assert statuses == {
        "contact_add": contacts,
        "fact_add": contacts,
        "title_add": titles,
        "place_add": titles,
        "list_add": titles,
    }


def test_a_contact_is_corrected_without_being_shown(client: Client, scene: Scene) -> None:
    enterprise = scene.enterprise()
    contact = add_contact(
        enterprise.pk, name="林晓燕", mobile="13800001234", by=scene.keeper, at=NOON
    )
    client.force_login(scene.keeper)
    url = of("contact_correct", enterprise.pk, contact.pk)

    page = client.get(url).text
    wrong = client.post(url, {"mobile": "不详", "position": "财务总监"})
    client.post(url, {"mobile": "010-00001234", "position": "财务总监"})

    contact.refresh_from_db()
    assert ("13800001234" in page, "林晓燕" in page) == (False, False)
    assert (wrong.status_code, "财务总监" in wrong.text) == (422, True)
    assert (contact.name, contact.mobile, contact.position) == (
        "林晓燕",
        "010-00001234",
        "财务总监",
    )


def test_parts_of_another_enterprise_are_not_found_under_this_one(
    client: Client, scene: Scene
) -> None:
    enterprise, other = scene.enterprise(1), scene.enterprise(2, "远山医药有限公司")
    contact = add_contact(other.pk, name="林晓燕", by=scene.keeper, at=NOON)
    title = add_title(other.pk, label="瞪羚企业", level=TitleLevel.ZONE, by=scene.keeper, at=NOON)
    client.force_login(owner_of(enterprise))
    by_owner = client.post(of("contact_remove", enterprise.pk, contact.pk)).status_code
    client.force_login(scene.keeper)

    by_keeper = client.post(of("title_remove", enterprise.pk, title.pk)).status_code

    assert (by_owner, by_keeper) == (404, 404)
    assert (Contact.objects.exists(), Title.objects.exists()) == (True, True)


def test_titles_chains_and_lists_from_form_to_removal(client: Client, scene: Scene) -> None:
    enterprise = scene.enterprise()
    chain, key_list = Chain.objects.create(name="新型显示"), KeyList.objects.create(name="重点")
    client.force_login(scene.keeper)
    award = {"label": "瞪羚企业", "level": "zone", "granted_on": "2026-01-01"}

    early = client.post(of("title_add", enterprise.pk), award | {"valid_until": "2025-12-31"})
    client.post(of("title_add", enterprise.pk), award)
    twice = client.post(of("title_add", enterprise.pk), award)
    title = Title.objects.get()
    client.post(of("title_correct", enterprise.pk, title.pk), award | {"valid_until": "2026-01-01"})
    client.post(of("place_add", enterprise.pk), {"chain": chain.pk, "layer": "材料"})
    place = ChainPlace.objects.get()
    client.post(of("place_correct", enterprise.pk, place.pk), {"layer": "设备"})
    client.post(of("list_add", enterprise.pk), {"key_list": key_list.pk})
    offered = soup(client.get(of("list_add", enterprise.pk)))
    page = soup(client.get(of("detail", enterprise.pk))).text
    client.post(of("title_remove", enterprise.pk, title.pk))
    client.post(of("place_remove", enterprise.pk, place.pk))
    client.post(of("list_remove", enterprise.pk, key_list.pk))

    assert (early.status_code, twice.status_code) == (422, 422)
    assert "2026-01-01" in early.text
    assert all(text in page for text in ("瞪羚企业", "新型显示 (设备)", "重点"))
    assert [option["value"] for option in offered.select("[name=key_list] option")] == [""]
    assert not Title.objects.exists()
    assert not ChainPlace.objects.exists()
    assert not key_list.members.exists()


def test_an_enterprise_is_offered_what_it_can_state_itself(client: Client, scene: Scene) -> None:
    enterprise = scene.enterprise()

    offered = {}
    for user in (scene.keeper, owner_of(enterprise)):
        client.force_login(user)
        page = soup(client.get(of("fact_add", enterprise.pk)))
        offered[user] = [str(each["value"]) for each in page.select("#id_key option")]

    of_keeper, of_owner = offered.values()
    assert {"employees", "revenue", "total_assets"} <= set(of_keeper)
    assert not {"employees", "revenue", "营业收入", "纳税额"} & set(of_owner)
    assert {"研发费用", "研发人员", ""} <= set(of_owner)


@pytest.mark.parametrize("name", ["营业收入", "revenue", "从业人员", "纳税额"])
def test_what_an_office_states_is_refused_with_what_now(
    client: Client, scene: Scene, name: str
) -> None:
    enterprise = scene.enterprise()
    client.force_login(owner_of(enterprise))
    typed = HEADCOUNT | {"key": "", "other": name, "unit": "元"}

    answer = client.post(of("fact_add", enterprise.pk), typed)

    assert answer.status_code == 422
    told = soup(answer).select_one("main [role=alert]").get_text()
    assert "请联系您的联企干部或服务中心" in told
    assert not Fact.objects.exists()


def test_an_enterprise_sees_the_history_of_what_it_cannot_correct(
    client: Client, scene: Scene
) -> None:
    enterprise = scene.enterprise()
    fact = add_fact(
        enterprise.pk, key="revenue", value=Decimal(30), unit="元", period="2025",
        source="年报", by=scene.keeper, at=NOON,
    )  # fmt: skip
    client.force_login(owner_of(enterprise))

    page = soup(client.get(of("fact_correct", enterprise.pk, fact.pk)))
    answer = client.post(of("fact_correct", enterprise.pk, fact.pk), HEADCOUNT | {"unit": "元"})

    assert page.select_one("main form") is None
    assert "税务部门" in page.select_one("main").get_text()
    assert len(page.select("main tbody > tr")) == 1
    assert answer.status_code == 422
    assert Fact.objects.count() == 1
