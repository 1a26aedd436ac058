"""Whether the installation is ready for people, and if not, why."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now

# A worker gives a sign of life every 10 seconds.
_SIGN_OF_LIFE = dt.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of being ready. `reason` is empty when it holds."""

    name: str
    reason: str = ""

    @property
    def ok(self) -> bool:
        return not self.reason


def readiness(*, with_demo: bool) -> list[Check]:
    """Check everything in order; what depends on a failed check is not looked at."""
    steps: list[tuple[str, Callable[[], str]]] = [
        ("database", _database),
        ("migrations", _migrations),
        ("worker", _worker),
    ]
    if with_demo:
        steps.append(("demo_data", _demo))
    checks: list[Check] = []
    broken = ""
    for name, ask in steps:
        if broken:
            checks.append(Check(name, f"not checked: {broken} comes first"))
            continue
        checks.append(Check(name, _answer(ask)))
        if name in {"database", "migrations"} and not checks[-1].ok:
            broken = name
    return checks


def demo_is_filled() -> bool:
    """Whether there are people in the database; the demo zone is written all at once or not."""
    return get_user_model()._default_manager.exists()  # Django's public name for it


def _answer(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except DatabaseError as error:
        return f"the database refuses: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    try:
        _require_migrated()
    except _NotMigratedError as error:
        return str(error)
    return ""


def _worker() -> str:
    # A model's module cannot be imported before Django's apps are loaded; this module can.
    from procrastinate.contrib.django.models import ProcrastinateWorker

    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=Now() - _SIGN_OF_LIFE).exists()
    return "" if alive else "no worker has given a sign of life in the last 30 seconds"


def _demo() -> str:
    return "" if demo_is_filled() else "the demo zone is not filled yet"


class _NotMigratedError(Exception):
    pass


@cache
def _require_migrated() -> None:
    """Raise unless every migration is applied. Asked until it holds once: code does not go back."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        raise _NotMigratedError(f"{missing} migrations are not applied yet")
