"""Files over the API: handed in with a demand, listed, and had by whoever may see the record."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.models import Demand, DemandEvidence, EvidenceKind
from lianqi.files.models import StoredFile
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import make_enterprise, make_member, make_version

NOTE, CONTRACT = "现场照片说明".encode(), "供用电合同编号".encode()


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def contract(scene: Scene) -> EvidenceKind:
    version = make_version(scene.category)
    return EvidenceKind.objects.create(version=version, name="用电合同", is_obligatory=True)


def send(scene: Scene, by: User, key: str = "with-files-1", **more: Any) -> Any:
    """File over the API with what `more` names: fields of the demand, or lists of files."""
    files = {
        name: [SimpleUploadedFile(f"{name}.txt", content) for content in more.pop(name)]
        for name in ("attachments", "documents")
        if name in more
    }
    demand = {
        "enterprise_id": scene.enterprise.pk, "category": scene.category.code,
        "title": "厂区频繁停电", "text": "本周已停电三次，请协调。",
    } | more  # fmt: skip
    browser = Client()
    browser.force_login(by)
    return browser.post(
        "/api/v1/demands/with-files",
        {"demand": json.dumps(demand), **files},
        headers={"idempotency-key": key},
    )


def test_a_demand_comes_with_its_documents_and_attachments(
    scene: Scene, contract: EvidenceKind, call: Call
) -> None:
    sent = send(
        scene, scene.member, attachments=[NOTE], documents=[CONTRACT], evidence=[contract.pk]
    )
    again = send(
        scene, scene.member, attachments=[NOTE], documents=[CONTRACT], evidence=[contract.pk]
    )

    assert (sent.status_code, again.json()["id"]) == (201, sent.json()["id"])
    assert sent.json()["channel"] == "api"
    _ok, files = call("GET", f"/demands/{sent.json()['id']}/attachments", by=scene.member)
    assert [each["name"] for each in files] == ["documents.txt", "attachments.txt"]
    paper = DemandEvidence.objects.get(demand=sent.json()["id"])
    assert (paper.kind, str(paper.file.token)) == (contract, files[0]["token"])


def test_the_content_is_had_and_noted_by_whoever_may_see_the_demand(
    scene: Scene, call: Call
) -> None:
    filed = send(scene, scene.member, attachments=[NOTE]).json()
    (stored,) = StoredFile.objects.all()
    stranger = make_member(make_enterprise("云岭邻居材料有限公司"))
    browser = Client()
    browser.force_login(scene.dispatcher)

    had = browser.get(f"/api/v1/files/{stored.token}")
    content = b"".join(had.streaming_content)
    hidden, _no = call("GET", f"/files/{stored.token}", by=stranger)
    listed, _none = call("GET", f"/demands/{filed['id']}/attachments", by=stranger)
    unknown, _gone = call("GET", "/files/00000000-0000-4000-8000-000000000000", by=scene.dispatcher)

    assert (had.status_code, content, had["Cache-Control"]) == (200, NOTE, "private, no-store")
    assert (hidden, listed, unknown) == (404, 404, 404)
    noted = Event.objects.get(verb="demand.file_downloaded")
    assert (noted.by_id, noted.subject_id) == (scene.dispatcher.pk, filed["id"])


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({}, 409, "demand_evidence_missing"),
        ({"documents": [CONTRACT], "evidence": [0]}, 409, "demand_evidence_not_asked"),
        ({"documents": [CONTRACT]}, 422, "malformed"),
        ({"evidence": [1]}, 422, "malformed"),
        ({"attachments": [NOTE] * 11}, 422, "malformed"),
        ({"title": ""}, 422, "malformed"),
    ],
)
def test_what_is_refused_files_nothing(
    scene: Scene, contract: EvidenceKind, given: dict[str, Any], status: int, code: str
) -> None:
    answer = send(scene, scene.member, **given)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Demand.objects.exists()
    assert not StoredFile.objects.exists()
