"""The scene of most tests about policy needs."""

import pytest

from tests.needs.scene import Scene, make_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()
