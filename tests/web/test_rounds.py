"""Pages of video rounds: planned, held live, followed by the leader."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.demands.models import Demand
from lianqi.visits.actions import plan_round, raise_matter
from lianqi.visits.models import Matter, Promise, Round
from tests.factories import make_enterprise
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


def planned(zone: Zone, **fields: Any) -> Round:
    now = timezone.now()
    known: dict[str, Any] = {
        "title": "复工连线", "leader": zone.leader, "starts_at": now, "place": "",
        "enterprises": [zone.firm, zone.other_firm], "units": [zone.economy],
        "idempotency_key": "round-1", "by": zone.leader, "at": now,
    }  # fmt: skip
    return plan_round(**known | fields)


def test_a_leader_plans_a_round_in_the_order_of_the_page(client: Client, zone: Zone) -> None:
    client.force_login(zone.leader)
    sent = {
        "title": "复工连线",
        "leader": zone.leader.pk,
        "starts_at": "2026-12-01T09:30",
        "enterprises": [zone.other_firm.pk, zone.firm.pk],
        "units": [zone.economy.pk],
        "idempotency_key": "key-of-the-form",
    }

    found = soup(client.post(reverse("visits:plan_round"), sent | {"find": "1", "firm": "云岭"}))
    assert not Round.objects.exists()
    boxes = [box["value"] for box in found.select("input[name=enterprises][checked]")]
    assert boxes == [str(zone.other_firm.pk), str(zone.firm.pk)]

    client.post(reverse("visits:plan_round"), sent)

    held = Round.objects.get()
    agenda = list(held.agenda.order_by("position").values_list("enterprise", flat=True))
    assert agenda == [zone.other_firm.pk, zone.firm.pk]
    assert timezone.localtime(held.starts_at).hour == 9


def test_the_agenda_is_changed_on_its_page(client: Client, zone: Zone) -> None:
    held = planned(zone)
    client.force_login(zone.leader)
    form = soup(client.get(reverse("visits:change_round", args=[held.pk])))
    assert len(form.select("input[name=enterprises][checked]")) == 2

    done = client.post(
        reverse("visits:change_round", args=[held.pk]),
        {
            "title": "新题目", "leader": zone.leader.pk, "starts_at": "2026-12-01T09:30",
            "enterprises": [zone.firm.pk], "idempotency_key": "any-other",
        },
    )  # fmt: skip

    held.refresh_from_db()
    assert done.status_code == 303
    assert (held.title, held.agenda.count()) == ("新题目", 1)


def test_the_desk_takes_matters_down_live_and_ends_the_round(client: Client, zone: Zone) -> None:
    held = planned(zone)
    visit = held.agenda.get(enterprise=zone.firm)
    client.force_login(zone.dispatcher)
    page = soup(client.get(held.get_absolute_url()))
    forms = page.select(f"#visit-{visit.pk} form")
    assert len(forms) == 2
    asked = {
        "category": zone.category.pk,
        "title": "车辆通行",
        "unit": zone.economy.pk,
        "promise": "三日内办结",
        "until": "2027-01-01",
        "idempotency_key": "key-of-the-form",
    }

    refused = client.post(reverse("visits:raise_matter", args=[visit.pk]), asked | {"unit": ""})
    taken = client.post(reverse("visits:raise_matter", args=[visit.pk]), asked)
    client.post(
        reverse("visits:note_item", args=[visit.pk]), {"said": "谈物流。", "theirs": "林总"}
    )
    client.post(reverse("visits:hold_round", args=[held.pk]))

    assert refused.status_code == 422
    assert "三日内办结" in refused.content.decode()
    assert (taken.status_code, Demand.objects.count()) == (303, 1)
    visit.refresh_from_db()
    held.refresh_from_db()
    assert (visit.status, visit.said, held.status) == ("filed", "谈物流。", "held")
    client.force_login(zone.leader)
    seen = soup(client.get(held.get_absolute_url()))
    assert "Still time" in seen.get_text()
    assert not seen.select("form[action*=raise]")


def test_a_round_is_called_off_with_a_reason(client: Client, zone: Zone) -> None:
    held = planned(zone)
    client.force_login(zone.leader)
    url = reverse("visits:cancel_round", args=[held.pk])

    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "会期冲突"})

    assert "会期冲突" in soup(client.get(held.get_absolute_url())).get_text()


def test_the_enterprise_sees_its_visit_and_not_what_is_being_written(
    client: Client, zone: Zone
) -> None:
    held = planned(zone)
    visit = held.agenda.get(enterprise=zone.firm)
    client.force_login(zone.dispatcher)
    client.post(reverse("visits:note_item", args=[visit.pk]), {"said": "谈物流。"})

    client.force_login(zone.boss)
    own = client.get(visit.get_absolute_url())
    whole = client.get(held.get_absolute_url())

    assert own.status_code == 200
    assert "谈物流" not in own.content.decode()
    assert whole.status_code == 403


def test_a_long_agenda_asks_no_question_per_matter(
    client: Client, zone: Zone, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    held = planned(zone, enterprises=[make_enterprise() for _n in range(8)])
    now = timezone.now()
    for number, visit in enumerate(held.agenda.all()):
        raise_matter(
            visit.pk, Matter(zone.category, "招工"), promise=Promise(zone.economy, "办", now.date()),
            idempotency_key=f"m{number}", by=zone.dispatcher, at=now,
        )  # fmt: skip
    client.force_login(zone.leader)

    with django_assert_max_num_queries(25):
        client.get(held.get_absolute_url())
    with django_assert_max_num_queries(20):
        client.get(reverse("visits:rounds"))
