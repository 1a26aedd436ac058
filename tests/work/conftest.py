"""Fixtures of the tests of work."""

import datetime as dt
from collections.abc import Callable

import pytest

from lianqi.accounts.models import Absence, User
from tests.work.scene import Scene, build_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return build_scene()


@pytest.fixture
def away() -> Callable[[User, User, str, str], Absence]:
    def make(user: User, stand_in: User, first: str, last: str) -> Absence:
        return Absence.objects.create(
            user=user,
            stand_in=stand_in,
            from_on=dt.date.fromisoformat(first),
            until_on=dt.date.fromisoformat(last),
        )

    return make
