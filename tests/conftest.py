"""The house all tests live in: a real PostgreSQL, settings of their own, one clean world each."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    """A run begins with a copy of a migrated database."""
    from django.db import connections

    from tools.migrated import migrated_database

    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django
        name = migrated_database()
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Tables may be emptied between tests; that the trail refuses it has a test of its own."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]  # pytest-django
        for table in ("event", "link"):
            cursor.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER audit_{table}_keep")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Every test starts in the product's own language."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield
