"""The import of demands by the API: a file comes in, is looked at, filed, and told row by row."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from lianqi.demands.actions import apply_demands, preview_demands
from lianqi.demands.columns import TEMPLATE
from lianqi.demands.models import Demand
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.demands.test_import import row
from tests.factories import AT
from tests.register.scene import workbook


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_imported_and_told_row_by_row(scene: Scene, call: Call, client: Client) -> None:
    client.force_login(scene.dispatcher)
    content = workbook(TEMPLATE, [row(scene), row(scene, 2, 标题="")])
    sent = client.post("/api/v1/demand-imports", {"file": SimpleUploadedFile("诉求.xlsx", content)})
    run = sent.json()["id"]
    preview_demands(run, at=AT)

    _ok, refused = call("GET", f"/demand-imports/{run}/rows", by=scene.dispatcher)
    _fine, started = call("POST", f"/demand-imports/{run}/apply", by=scene.dispatcher)
    apply_demands(run, at=AT)
    _end, ended = call("GET", f"/demand-imports/{run}", by=scene.dispatcher)
    hidden, _no = call("GET", f"/demand-imports/{run}", by=scene.handler)

    assert (sent.status_code, started["state"], ended["state"]) == (201, "applying", "applied")
    assert [(each["number"], each["code"]) for each in refused["rows"]] == [(3, "title_missing")]
    assert Demand.objects.count() == 1
    assert hidden == 403


def test_who_sends_no_file_or_may_not_is_told(scene: Scene, client: Client) -> None:
    client.force_login(scene.dispatcher)
    missing = client.post("/api/v1/demand-imports", {})
    client.force_login(scene.handler)
    forbidden = client.post("/api/v1/demand-imports", {})

    assert (missing.status_code, missing.json()["code"]) == (422, "malformed")
    assert forbidden.status_code == 403
