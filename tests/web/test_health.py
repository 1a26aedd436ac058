"""`/healthz`: what a probe is told, and what the log is not."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_not_ready_is_told_with_the_reason_and_leaves_no_error_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "starting"
    assert answer.json()["checks"]["worker"].startswith("no worker")
    assert caplog.records == []


def test_other_refusals_are_still_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.post("/healthz")

    assert answer.status_code == 405
    assert [record.name for record in caplog.records] == ["django.request"]
