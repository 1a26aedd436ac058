"""Who would get it? The page for the administrator and the dispatcher."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.models import Demand, DemandCategory
from lianqi.register.models import Industry
from tests.demands.duties import make_duty
from tests.factories import (
    grant,
    make_category,
    make_clocks,
    make_dispatcher,
    make_enterprise,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def category() -> DemandCategory:
    make_clocks()
    return make_category(lead_unit=make_unit("规划建设局"))


@pytest.fixture
def dispatcher(client: Client) -> User:
    person = make_dispatcher()
    client.force_login(person)
    return person


def typed(filed_under: DemandCategory, **changes: Any) -> dict[str, Any]:
    return {"category": filed_under.pk, "on": "2026-03-04", "title": "夜间停电"} | changes


def test_a_matter_of_a_named_enterprise_is_gone_through(
    client: Client, dispatcher: User, category: DemandCategory
) -> None:
    firm = make_enterprise()
    make_duty(category, make_unit("云东街道办事处"), district=firm.district or "云东街道")

    empty = client.get(reverse("zone:try"))
    page = client.post(reverse("zone:try"), typed(category, enterprise=firm.code)).text

    assert empty.status_code == 200
    assert "推荐单位" not in empty.text
    assert "规划建设局" in page
    assert "云东街道办事处" in page
    assert "2026-03-05" in page
    assert Demand.objects.count() == 0


def test_an_administrator_supposes_an_enterprise(client: Client, category: DemandCategory) -> None:
    client.force_login(grant(make_user("admin"), Role.PLATFORM_ADMIN))
    Industry.objects.create(code="2761", section="C", name="生物药品制造", level=4)
    make_duty(category, make_unit("药监处"), industry="27")

    page = client.post(reverse("zone:try"), typed(category, industry="2761")).text

    assert "药监处" in page
    assert "据此确定" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"enterprise": "没有这家企业"}, "没有名称或代码与此完全一致的企业"),
        ({"industry": "0000"}, "没有该代码"),
        ({"on": ""}, "必填"),
        ({"category": "0"}, "选择"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, dispatcher: User, category: DemandCategory, change: dict[str, str], said: str
) -> None:
    answer = client.post(reverse("zone:try"), typed(category, **change))

    assert answer.status_code == 422
    assert said in answer.text
    assert "夜间停电" in answer.text


def test_dispatchers_find_the_way(client: Client, dispatcher: User) -> None:
    assert reverse("zone:try") in client.get(reverse("demands:list")).text


@pytest.mark.parametrize("role", [None, Role.LEADER, Role.AUDITOR, Role.OPERATOR])
def test_others_are_turned_away(client: Client, role: Role | None) -> None:
    person = make_user("other")
    client.force_login(grant(person, role) if role else person)

    assert client.get(reverse("zone:try")).status_code in {302, 403}
