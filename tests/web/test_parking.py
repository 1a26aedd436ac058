"""Parked calls on the screen of an operator."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.models import Demand, ParkedCall
from tests.factories import grant, make_unit, make_user
from tests.web.test_demands import in_english, page_of, zone  # noqa: F401  # fixtures
from tests.web.zone import Zone

pytestmark = pytest.mark.django_db
CALL = reverse("demands:call")
TYPED = {
    "contact_phone": "138 0013 8000", "contact_name": "陈静", "firm": "海纳", "title": "停水",
    "text": "三天了", "answer": "", "idempotency_key": "first-call",
}  # fmt: skip


@pytest.fixture
def operator(db: None) -> User:
    return grant(make_user(name="苏晴", unit=make_unit("企业服务中心")), Role.OPERATOR)


def test_a_call_is_parked_another_taken_and_the_first_gone_on_with(
    client: Client, zone: Zone, operator: User  # noqa: F811
) -> None:  # fmt: skip
    client.force_login(operator)
    parked = client.post(CALL, TYPED | {"park": "1"}, follow=True)
    call = ParkedCall.objects.get()
    empty = BeautifulSoup(parked.content, "html.parser")
    client.post(CALL, TYPED | {
        "title": "另一件", "firm": "某公司", "category": zone.category.pk, "demand": "1",
        "idempotency_key": "second-call",
    })  # fmt: skip
    back = page_of(client, operator, CALL, parked=str(call.pk))
    values = {
        each["name"]: each.get("value", "")
        for each in back.select("#filing input[name]")
        if each["name"] not in {"find", "enterprise"}
    }
    filed = client.post(CALL, values | {
        "text": "三天了", "category": zone.category.pk, "enterprise": zone.firm.pk, "demand": "1",
    })  # fmt: skip

    assert empty.select_one("[name=title]").get("value", "") == ""  # type: ignore[union-attr]
    assert empty.select_one(f'a[href$="?parked={call.pk}"]')
    assert (values["title"], values["idempotency_key"]) == ("停水", "first-call")
    assert back.select_one("#id_text").text.strip() == "三天了"  # type: ignore[union-attr]
    assert filed.status_code == 303
    assert not ParkedCall.objects.exists()
    assert set(Demand.objects.values_list("title", flat=True)) == {"停水", "另一件"}


def test_what_is_refused_stays_typed(client: Client, zone: Zone, operator: User) -> None:  # noqa: F811
    client.force_login(operator)

    refused = client.post(CALL, {"park": "1", "category": zone.category.pk, "idempotency_key": "k"})

    assert refused.status_code == 422
    assert "Note at least who calls" in refused.content.decode()
    assert not ParkedCall.objects.exists()


def test_another_desk_neither_sees_nor_discards_it(client: Client, operator: User) -> None:
    client.force_login(operator)
    client.post(CALL, TYPED | {"park": "1"})
    call = ParkedCall.objects.get()
    discard = reverse("demands:discard_parked", args=[call.pk])
    client.force_login(grant(make_user(), Role.OPERATOR))

    listed = client.get(CALL).content.decode()
    opened = client.get(CALL, {"parked": call.pk})
    client.post(discard)

    assert "停水" not in listed
    assert opened.status_code == 404
    assert ParkedCall.objects.exists()
    client.force_login(operator)
    assert client.get(discard).status_code == 405
    client.post(discard)
    assert not ParkedCall.objects.exists()
