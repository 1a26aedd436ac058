"""Contact persons of a demand: at the filing, on its page, in a visit's note, over the API."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.demands.models import ContactPerson, Demand
from lianqi.visits.models import Visit
from tests.web.test_demands import in_english, page_of, zone  # noqa: F401  # fixtures
from tests.web.zone import Zone

pytestmark = pytest.mark.django_db
SECOND = {
    "contact1-name": "沈工", "contact1-email": "shen@example.com", "contact1-told_by": "mail",
    "contact1-is_preferred": "on",
}  # fmt: skip


def filing(zone: Zone) -> dict[str, object]:  # noqa: F811  # the fixture
    return {
        "enterprise": zone.firm.pk, "category": zone.category.pk, "title": "停电", "text": "三次。",
        "contact0-name": "林晓燕", "contact0-phone": "138 0000 1234",
        "idempotency_key": str(uuid4()),
    }  # fmt: skip


def test_several_are_given_when_one_files(client: Client, zone: Zone) -> None:  # noqa: F811
    client.force_login(zone.boss)

    wrong = client.post(
        reverse("demands:file"), filing(zone) | SECOND | {"contact1-email": "nowhere"}
    )
    filed = client.post(reverse("demands:file"), filing(zone) | SECOND)

    assert wrong.status_code == 422
    assert "沈工" in wrong.content.decode()
    assert filed.status_code == 303
    people = ContactPerson.objects.of(Demand.objects.get())
    assert [(each.name, each.phone) for each in people] == [
        ("沈工", ""), ("林晓燕", "13800001234")
    ]  # fmt: skip


def test_the_page_leads_to_the_form_that_changes_them(client: Client, zone: Zone) -> None:  # noqa: F811
    demand = zone.demand("accepted")
    url = reverse("demands:contact_people", args=[demand.pk])

    page = page_of(client, zone.handler, demand.get_absolute_url())
    form = page_of(client, zone.handler, url)
    shown = {each["name"]: each.get("value", "") for each in form.select("#main input, main input")}
    changed = client.post(url, shown | SECOND | {"contact0-is_preferred": ""}, follow=True)
    client.force_login(zone.leader)
    forbidden = client.get(url)

    assert page.select_one(f'a[href="{url}"]')
    assert shown["contact0-phone"] == "13800001234"
    assert "沈工" in changed.content.decode()
    assert forbidden.status_code == 403


def test_what_is_refused_stays_typed(client: Client, zone: Zone) -> None:  # noqa: F811
    demand = zone.demand("accepted")
    client.force_login(zone.boss)

    refused = client.post(
        reverse("demands:contact_people", args=[demand.pk]),
        {"contact0-name": "沈工", "contact0-told_by": "mail"},
    )

    assert refused.status_code == 422
    assert "沈工" in refused.content.decode()
    assert ContactPerson.objects.get().name == "林晓燕"


def test_a_draft_of_a_visit_keeps_them_for_its_demands(client: Client, zone: Zone) -> None:  # noqa: F811
    client.force_login(zone.officer)
    note = {
        "enterprise": zone.firm.pk, "kind": "on_site", "on": timezone.localdate().isoformat(),
        "said": "谈用电。", "idempotency_key": "a-note", "form-0-category": zone.category.pk,
        "form-0-title": "用电增容", "contact0-name": "沈工", "contact0-phone": "13912345678",
    }  # fmt: skip

    client.post(reverse("visits:new"), note | {"draft": "1"})
    draft = Visit.objects.get()
    again = page_of(client, zone.officer, reverse("visits:edit", args=[draft.pk]))
    client.post(reverse("visits:new"), note)

    assert again.select_one("[name=contact0-name]")["value"] == "沈工"  # type: ignore[index]
    assert ContactPerson.objects.get().demand.title == "用电增容"
    draft.refresh_from_db()
    assert draft.contacts == []
