"""The scene of the demands' tests, and programs that call the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lianqi.accounts.actions import issue_token
from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from tests.demands.scene import Scene, make_scene
from tests.factories import AT, grant, make_user

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture
def call(db: None) -> Call:
    """Call an operation with a bearer token of `by`; returns status and decoded body."""
    administrator = grant(make_user("administrator"), Role.PLATFORM_ADMIN)
    tokens: dict[int, str] = {}

    def run(
        method: str, path: str, body: Any = None, *, by: User, key: str = ""
    ) -> tuple[int, Any]:
        if by.pk not in tokens:
            tokens[by.pk] = issue_token(by, label="test", by=administrator, at=AT)
        headers = {"authorization": f"Bearer {tokens[by.pk]}"}
        if key:
            headers["idempotency-key"] = key
        answer = Client(enforce_csrf_checks=True).generic(
            method, f"/api/v1{path}", b"" if body is None else body_of(body),
            content_type="application/json", headers=headers,
        )  # fmt: skip
        return answer.status_code, answer.json()

    return run


def body_of(body: Any) -> bytes:
    import json

    return body if isinstance(body, bytes) else json.dumps(body).encode()
