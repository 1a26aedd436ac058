"""The filing page says what a category needs and how long it takes, and refuses with advice."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianqi.demands.models import Demand, DemandEvidence, EvidenceKind
from tests.factories import make_clock_rule, make_version
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def typed(zone: Zone, **more: Any) -> dict[str, Any]:
    return {
        "enterprise": zone.firm.pk,
        "category": zone.category.pk,
        "title": "厂区频繁停电",
        "text": "本周已停电三次，请协调。",
        "idempotency_key": "terms-key",
    } | more


def test_choosing_a_category_shows_times_and_documents(client: Client, zone: Zone) -> None:
    version = make_version(zone.category)
    EvidenceKind.objects.create(version=version, name="用电合同", is_obligatory=True)
    make_clock_rule("answer", amount=2, rule_set=version.pk)
    client.force_login(zone.boss)

    answer = client.get(reverse("demands:category_terms"), {"category": zone.category.pk})
    nothing = client.get(reverse("demands:category_terms"), {"category": "nonsense"})

    page = BeautifulSoup(answer.text, "html.parser")
    assert "答复2 个工作日" in page.text
    assert page.select_one("input[type=file]") is not None
    assert "用电合同" in page.text
    assert BeautifulSoup(nothing.text, "html.parser").text.strip() == ""


def test_without_script_the_page_shows_it_and_keeps_what_was_typed(
    client: Client, zone: Zone
) -> None:
    EvidenceKind.objects.create(version=make_version(zone.category), name="用电合同")
    client.force_login(zone.boss)

    page = client.post(reverse("demands:file"), typed(zone, find="1")).text

    assert "用电合同" in page
    assert "本周已停电三次" in page
    assert not Demand.objects.exists()


def test_obligatory_documents_are_asked_for_and_kept(client: Client, zone: Zone) -> None:
    version = make_version(zone.category)
    kind = EvidenceKind.objects.create(version=version, name="用电合同", is_obligatory=True)
    client.force_login(zone.boss)
    contract = SimpleUploadedFile("合同.txt", "甲方乙方".encode(), "text/plain")

    refused = client.post(reverse("demands:file"), typed(zone))
    filed = client.post(reverse("demands:file"), typed(zone, **{f"evidence_{kind.pk}": contract}))

    assert (refused.status_code, filed.status_code) == (422, 303)
    assert "用电合同" in refused.text
    assert "本周已停电三次" in refused.text
    assert DemandEvidence.objects.get().kind == kind


def test_matters_handled_elsewhere_come_back_with_the_advice(client: Client, zone: Zone) -> None:
    make_version(zone.category, is_accepted=False, advice="请向法院咨询。", advice_phone="12368")
    client.force_login(zone.boss)

    answer = client.post(reverse("demands:file"), typed(zone))

    assert answer.status_code == 422
    assert "请向法院咨询。" in answer.text
    assert "12368" in answer.text
    assert "本周已停电三次" in answer.text
    assert not Demand.objects.exists()


def test_what_is_missing_after_a_call_stands_on_the_page(client: Client, zone: Zone) -> None:
    version = make_version(zone.category)
    demand = zone.demand()
    EvidenceKind.objects.create(version=version, name="用电合同", is_obligatory=True)
    client.force_login(zone.dispatcher)

    page = client.get(demand.get_absolute_url()).text

    assert "尚未提供：用电合同。" in page
