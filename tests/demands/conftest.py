"""The scene of most tests about demands."""

import pytest

from tests.demands.scene import Scene, make_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()
