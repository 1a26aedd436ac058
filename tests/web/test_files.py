"""Downloads: whoever may see the record gets the file, everybody else gets 404."""

from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.audit.models import Event
from lianqi.files.actions import store_upload
from lianqi.files.models import StoredFile
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
NAME = "停电 记录.txt"


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def stored(zone: Zone) -> StoredFile:
    uploaded = SimpleUploadedFile(NAME, "三次停电".encode())
    demand = zone.demand("dispatched")
    return store_upload(
        uploaded, subject=demand, max_bytes=1000, daemon="", by=zone.boss, at=timezone.now()
    )


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("boss", 200),
        ("handler", 200),
        ("head", 200),
        ("dispatcher", 200),
        ("auditor", 200),
        ("officer", 200),
        ("other_boss", 404),
        ("other_handler", 404),
    ],
)
def test_the_file_goes_to_whoever_may_see_the_demand(
    client: Client, zone: Zone, stored: StoredFile, person: str, status: int
) -> None:
    client.force_login(getattr(zone, person))

    response = client.get(reverse("files:download", args=[stored.token]))

    assert response.status_code == status


def test_the_file_comes_as_a_download_under_its_own_name(
    client: Client, zone: Zone, stored: StoredFile
) -> None:
    client.force_login(zone.boss)

    response = client.get(reverse("files:download", args=[stored.token]))

    assert b"".join(response.streaming_content) == "三次停电".encode()
    assert response["Content-Disposition"] == (f"attachment; filename*=utf-8''{quote(stored.name)}")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("person", "noted"), [("handler", 1), ("auditor", 1), ("boss", 0), ("other_handler", 0)]
)
def test_a_download_by_the_zone_is_noted_for_the_enterprise(
    client: Client, zone: Zone, stored: StoredFile, person: str, noted: int
) -> None:
    client.force_login(getattr(zone, person))

    client.get(reverse("files:download", args=[stored.token]))

    looks = Event.objects.reads_of(zone.firm.pk)
    assert [(each.verb, each.detail["file"]) for each in looks] == [
        ("demand.file_downloaded", stored.name)
    ] * noted


def test_unknown_files_and_files_of_unknown_records_are_not_found(
    client: Client, zone: Zone, stored: StoredFile
) -> None:
    client.force_login(zone.dispatcher)
    StoredFile.objects.filter(pk=stored.pk).update(subject_kind="work.workitem")

    for token in (stored.token, uuid4()):
        assert client.get(reverse("files:download", args=[token])).status_code == 404


def test_anonymous_people_are_sent_to_sign_in(client: Client, stored: StoredFile) -> None:
    response = client.get(reverse("files:download", args=[stored.token]))

    assert response.status_code == 302
