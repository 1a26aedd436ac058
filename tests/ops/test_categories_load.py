"""`lianqi categories load`: in somebody's name, and only what is missing."""

import contextlib

import pytest

from lianqi.accounts.enums import Role
from lianqi.demands.defaults import default_categories
from lianqi.demands.models import DemandCategory
from lianqi.ops import commands
from tests.factories import grant, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _this_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command brings a database along; here it has the one of the test."""
    monkeypatch.setattr(commands, "_ready", contextlib.nullcontext)


def test_an_administrator_loads_once_and_nothing_twice() -> None:
    grant(make_user("keeper"), Role.PLATFORM_ADMIN)
    said: list[str] = []

    codes = [commands.load_categories("keeper", said.append) for _ in range(2)]

    count = len(default_categories())
    assert codes == [0, 0]
    assert said == [f"{count} categories were added.", "0 categories were added."]
    assert DemandCategory.objects.count() == count


@pytest.mark.parametrize("username", ["dispatcher", "nobody"])
def test_others_are_told_and_change_nothing(username: str) -> None:
    grant(make_user("dispatcher"), Role.DISPATCHER)
    said: list[str] = []

    code = commands.load_categories(username, said.append)

    assert (code, DemandCategory.objects.count()) == (1, 0)
    assert said == [f"{username} is not an administrator of the platform; nothing was changed."]
