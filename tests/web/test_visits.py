"""Pages of visits: written on a telephone, kept as a draft, read by the enterprise."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.audit.models import Event
from lianqi.demands.models import Demand
from lianqi.visits.models import Visit
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def filled(zone: Zone, **fields: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "enterprise": zone.firm.pk,
        "kind": "on_site",
        "on": timezone.localdate().isoformat(),
        "said": "谈用电。",
        "idempotency_key": "key-of-the-form",
        "form-0-category": zone.category.pk,
        "form-0-title": "用电增容",
    }
    return known | fields


def test_an_officer_records_a_visit_with_its_demands(client: Client, zone: Zone) -> None:
    client.force_login(zone.officer)
    form = client.get(reverse("visits:new"))
    assert soup(form).select_one(f"input[name=enterprise][value='{zone.firm.pk}']")

    sent = filled(zone) | {
        "form-2-category": zone.category.pk, "form-2-title": "停水时间", "form-2-answer": "周六。",
    }  # fmt: skip
    done = client.post(reverse("visits:new"), sent, follow=True)

    visit = Visit.objects.get()
    assert done.redirect_chain == [(visit.get_absolute_url(), 303)]
    assert list(Demand.objects.order_by("pk").values_list("title", "status")) == [
        ("用电增容", "submitted"),
        ("停水时间", "closed"),
    ]
    assert soup(done).select_one("[data-sent]")["data-sent"] == "key-of-the-form"


def test_what_is_refused_comes_back_as_it_was_typed(client: Client, zone: Zone) -> None:
    client.force_login(zone.officer)

    answer = client.post(
        reverse("visits:new"),
        filled(zone, said="", **{"form-0-category": "", "form-1-text": "半句"}),
    )

    page = soup(answer)
    assert answer.status_code == 422
    assert not Demand.objects.exists()
    assert page.select_one("#id_form-0-title")["value"] == "用电增容"
    assert page.select_one("#id_form-1-text").get_text(strip=True) == "半句"
    assert page.select_one("#id_form-0-category_error")
    assert page.select_one("#id_form-1-title_error")


def test_a_draft_needs_nothing_but_the_enterprise(client: Client, zone: Zone) -> None:
    client.force_login(zone.officer)
    client.post(
        reverse("visits:new"),
        filled(zone, said="", draft="1", **{"form-0-category": "", "form-0-title": "半句"}),
    )
    visit = Visit.objects.get()

    listed = soup(client.get(reverse("visits:list")))
    again = soup(client.get(reverse("visits:edit", args=[visit.pk])))

    assert listed.select_one(f"a[href='/visits/{visit.pk}/edit/']")
    assert again.select_one("#id_form-0-title")["value"] == "半句"
    assert again.select_one("[name=idempotency_key]")["value"] == "key-of-the-form"

    client.post(reverse("visits:edit", args=[visit.pk]), filled(zone))

    assert Visit.objects.get().status == "filed"
    assert client.get(reverse("visits:edit", args=[visit.pk])).status_code == 404


def test_a_draft_is_thrown_away(client: Client, zone: Zone) -> None:
    client.force_login(zone.officer)
    client.post(reverse("visits:new"), filled(zone, draft="1"))
    visit = Visit.objects.get()

    client.force_login(zone.dispatcher)
    assert client.post(reverse("visits:drop", args=[visit.pk])).status_code == 404
    client.force_login(zone.officer)
    client.post(reverse("visits:drop", args=[visit.pk]))

    assert not Visit.objects.exists()


def test_searching_without_script_keeps_what_was_typed(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)

    page = soup(client.post(reverse("visits:new"), filled(zone, find="1", firm="海纳")))

    assert page.select_one("#id_said").get_text(strip=True) == "谈用电。"
    assert page.select_one("#id_form-0-title")["value"] == "用电增容"
    assert page.select_one(f"input[name=enterprise][value='{zone.firm.pk}'][checked]")
    assert not Visit.objects.exists()


def test_an_officer_is_offered_the_own_enterprises_alone(client: Client, zone: Zone) -> None:
    client.force_login(zone.officer)

    page = soup(client.get(reverse("visits:find_enterprises"), {"firm": "云岭"}))

    offered = [choice["value"] for choice in page.select("input[name=enterprise]")]
    assert offered == [str(zone.firm.pk)]


def test_the_enterprise_reads_the_visit_without_the_internal_note(
    client: Client, zone: Zone
) -> None:
    client.force_login(zone.officer)
    client.post(reverse("visits:new"), filled(zone, internal="资金紧张"))
    visit = Visit.objects.get()

    client.force_login(zone.boss)
    seen = client.get(visit.get_absolute_url())
    client.force_login(zone.other_boss)
    unseen = client.get(visit.get_absolute_url())
    client.force_login(zone.leader)
    whole = client.get(visit.get_absolute_url())

    assert "谈用电" in seen.content.decode()
    assert "资金紧张" not in seen.content.decode()
    assert unseen.status_code == 404
    assert "资金紧张" in whole.content.decode()
    looks = Event.objects.filter(verb="visit.viewed", enterprise_id=zone.firm.pk)
    assert [each.by_id for each in looks] == [zone.leader.pk]


def test_a_handler_records_no_visits(client: Client, zone: Zone) -> None:
    client.force_login(zone.handler)

    assert soup(client.get(reverse("visits:list"))).select("#rows > tr") == []
    assert client.get(reverse("visits:new")).status_code == 403


def test_a_long_list_asks_no_question_per_row(
    client: Client, zone: Zone, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(zone.officer)
    for number in range(12):
        client.post(reverse("visits:new"), filled(zone, idempotency_key=f"key-{number:04}"))

    with django_assert_max_num_queries(20):
        page = client.get(reverse("visits:list"), {"kind": "on_site", "firm": "海纳"})

    assert len(soup(page).select("#rows > tr")) == 12
