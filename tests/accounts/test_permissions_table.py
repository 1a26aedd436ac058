"""The table of permissions: complete, strict about names, and published as it is."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from lianqi.accounts.backends import permission_table
from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, User

ROOT = Path(__file__).resolve().parents[2]


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("permissions_tool", ROOT / "tools/permissions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.django_db
def test_the_published_table_is_what_the_rules_say() -> None:
    published = (ROOT / "docs/permissions.md").read_text(encoding="utf-8")

    assert published == tool().document(), "run .venv/bin/python tools/permissions.py"


def test_every_permission_carries_the_name_of_its_app() -> None:
    labels = {name.split(".")[0] for name in permission_table()}
    own = {each.label for each in apps.get_app_configs() if each.name.startswith("lianqi.")}

    assert labels <= own


@pytest.mark.django_db
def test_a_mistyped_permission_is_an_error_not_a_no() -> None:
    person = User.objects.create(username="clerk")

    with pytest.raises(KeyError):
        person.has_perm("demands.vieuw")


@pytest.mark.django_db
def test_a_no_of_the_table_asks_nobody_else(
    django_assert_num_queries: object,
) -> None:
    person = User.objects.create(username="clerk")

    with django_assert_num_queries(1):  # type: ignore[operator]  # reads the roles, nothing more
        allowed = person.has_perm("accounts.manage_people")

    assert not allowed


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(permission_table()))
def test_nobody_has_a_permission_without_signing_in_or_after_leaving(name: str) -> None:
    person = User.objects.create(username="former", is_active=False)
    for role in Role:
        RoleAssignment.objects.create(user=person, role=role, scope=Scope.ZONE)

    assert not AnonymousUser().has_perm(name)
    assert not person.has_perm(name)
