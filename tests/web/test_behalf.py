"""Pages about filing for another enterprise."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.demands.models import Demand, Representation
from tests.web.test_demands import in_english, page_of, zone  # noqa: F401  # fixtures
from tests.web.zone import Zone

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def files_folder(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def typed(zone: Zone, **fields: Any) -> dict[str, Any]:  # noqa: F811  # the fixture
    known = {
        "enterprise": zone.other_firm.pk, "code": zone.firm.code, "category": zone.category.pk,
        "title": "停电", "text": "三次。", "consent_by": "沈工", "consent_position": "主管",
        "consent_way": "phone", "consent_on": timezone.localdate().isoformat(),
        "covers": "follow", "contact0-name": "沈工", "idempotency_key": str(uuid4()),
    }  # fmt: skip
    return known | fields


def test_an_enterprise_files_for_another_and_follows_it(client: Client, zone: Zone) -> None:  # noqa: F811
    form = page_of(client, zone.other_boss, reverse("demands:behalf"))
    letter = SimpleUploadedFile("letter.pdf", PDF)

    filed = client.post(
        reverse("demands:behalf"), typed(zone, consent_way="letter", letter=letter), follow=True
    )
    demand = Demand.objects.get()
    page = page_of(client, zone.other_boss, demand.get_absolute_url())
    listed = page_of(client, zone.other_boss, reverse("demands:behalf_list"))

    assert form.select_one("[name=consent_by]")
    assert filed.redirect_chain == [(reverse("demands:behalf_list"), 303)]
    assert demand.enterprise == zone.firm
    assert "Filed by others for the enterprise" in page.text
    assert "letter.pdf" in page.text
    assert listed.select_one(f'a[href="{demand.get_absolute_url()}"]')


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"consent_by": ""}, "This field is required"),
        ({"consent_way": "letter"}, "it is not attached"),
        ({"code": "91110000000000000X"}, "There is no enterprise with the code"),
        ({"enterprise": ""}, "Choose your enterprise."),
    ],
)
def test_what_is_refused_stays_typed(
    client: Client, zone: Zone, wrong: dict[str, Any], said: str  # noqa: F811
) -> None:  # fmt: skip
    client.force_login(zone.other_boss)

    refused = client.post(reverse("demands:behalf"), typed(zone, **wrong))

    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert "三次。" in refused.content.decode()
    assert not Demand.objects.exists()


def test_an_operator_files_without_an_enterprise_of_the_own(client: Client, zone: Zone) -> None:  # noqa: F811
    client.force_login(zone.dispatcher)

    client.post(reverse("demands:behalf"), typed(zone, enterprise="", channel="counter"))

    assert Representation.objects.get().agent is None
    assert Demand.objects.get().channel == "counter"


def test_the_represented_enterprise_objects_on_its_page(client: Client, zone: Zone) -> None:  # noqa: F811
    client.force_login(zone.other_boss)
    client.post(reverse("demands:behalf"), typed(zone))
    demand = Demand.objects.get()
    url = reverse("demands:end_representation", args=[demand.pk])

    offered = page_of(client, zone.boss, demand.get_absolute_url()).select_one(
        "#act-end_representation"
    )
    unseen = client.post(url, {})
    ended = client.post(url, {"goes_on": "yes", "reason": "未授权"})
    after = page_of(client, zone.boss, demand.get_absolute_url())
    client.force_login(zone.other_boss)
    gone = client.get(demand.get_absolute_url())
    listed = page_of(client, zone.other_boss, reverse("demands:behalf_list"))

    assert offered
    assert unseen.status_code == 422
    assert ended.status_code == 303
    assert "The enterprise objected to 云岭远山医药有限公司" in after.text
    assert gone.status_code == 404
    assert "未授权" in listed.text
    assert demand.title not in listed.text


def test_who_files_reads_no_names_of_the_enterprise(client: Client, zone: Zone) -> None:  # noqa: F811
    client.force_login(zone.other_boss)
    client.post(reverse("demands:behalf"), typed(zone))
    demand = Demand.objects.get()
    client.force_login(zone.boss)
    client.post(
        reverse("demands:contact_people", args=[demand.pk]),
        {"contact0-name": "秦总", "contact0-phone": "13912345678"},
    )

    page = page_of(client, zone.other_boss, demand.get_absolute_url())

    assert zone.boss.name not in page.text
    assert "13912345678" not in page.text
    assert "139****5678" in page.text


def test_others_file_for_nobody(client: Client, zone: Zone) -> None:  # noqa: F811
    for person in (zone.handler, zone.leader, zone.auditor):
        client.force_login(person)
        assert client.get(reverse("demands:behalf")).status_code == 403
        assert client.post(reverse("demands:behalf"), typed(zone)).status_code == 403
        assert client.get(reverse("demands:behalf_list")).status_code == 403
