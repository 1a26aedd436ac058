"""Fixtures of the tests of the register."""

import pytest

from tests.register.scene import Scene, build_scene


@pytest.fixture
def scene(db: None, settings: object, tmp_path: object) -> Scene:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings
    return build_scene()
