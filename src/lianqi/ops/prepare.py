"""Bringing a database to the point where people can work with it. Every step is quick when done."""

import importlib
import logging
from collections.abc import Callable
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from lianqi.ops.readiness import demo_is_filled
from lianqi.ops.trouble import Trouble

Report = Callable[[str], None]


def set_up_django() -> None:
    """Load settings and apps; needed once before anything else here.

    What the program logs below a warning is for log files, not for the terminal of a command.
    """
    logging.disable(logging.INFO)
    django.setup()


def migrate(report: Report) -> None:
    """Apply the migrations that are missing.

    Raises:
        Trouble: The database has migrations that this version of the program does not know.
    """
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    _require_known(executor)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        report(f"Applying {missing} migrations …")
        call_command("migrate", interactive=False, verbosity=0)


def load_reference() -> None:
    """Load the official tables: days off, industries and the like."""
    _later("lianqi.ops.reference").load_all()


def fill_demo(report: Report) -> bool:
    """Fill an empty database with the demo zone, all of it or, when interrupted, none of it.

    Returns:
        False if there are people in the database already; nothing is changed then.
    """
    if demo_is_filled():
        return False
    report("Filling the demo zone …")
    with transaction.atomic():
        _later("lianqi.ops.demo").fill(progress=report)
    return True


def forget_workers() -> None:
    """Forget the workers of an earlier run: with an embedded server none can be alive.

    A killed worker would otherwise count as alive until its last sign of life is 30 seconds old.
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT procrastinate_prune_stalled_workers_v1(0)")


def close_connections() -> None:
    """Let go of the database; the processes started from here on have connections of their own."""
    connections.close_all()


def _require_known(executor: MigrationExecutor) -> None:
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("lianqi.")}
    known = executor.loader.disk_migrations or {}
    for app, name in executor.loader.applied_migrations:
        if app in ours and (app, name) not in known:
            raise Trouble(
                f"The database was written by another version of Lianqi ({app}.{name} is not known "
                "here); use that version, or move the data directory away."
            )


def _later(module: str) -> Any:
    """Import what needs Django's apps to be loaded."""
    return importlib.import_module(module)
