"""Periodic work: at what time of the zone's day, and that every nightly task runs."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from lianqi.ops import tasks

ZONE = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=ZONE)
DAY = dt.timedelta(days=1)


def times_of(name: str) -> list[str]:
    """When a task is due in the 24 hours after noon, by the clock of the zone."""
    registered = app.periodic_registry.periodic_tasks[name, ""]
    since, until = NOON.timestamp(), (NOON + DAY).timestamp()
    due = PeriodicDeferrer(app.periodic_registry).get_timestamps(registered, since, until)
    return [f"{dt.datetime.fromtimestamp(each, ZONE):%H:%M}" for each in due]


@pytest.mark.parametrize(
    ("task", "at"),
    [
        (tasks.compact, "03:15"),
        (tasks.compact_needs, "03:17"),
        (tasks.push_counts, "08:00"),
        (tasks.clear_uploads, "03:20"),
        (tasks.clear_imports, "03:25"),
        (tasks.verify, "03:30"),
    ],
    ids=lambda given: getattr(given, "name", given),
)
def test_nightly_tasks_run_by_night_in_the_zone(task: "tasks.app.Task", at: str) -> None:
    assert times_of(task.name) == [at]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "task",
    [
        tasks.compact,
        tasks.compact_needs,
        tasks.push_counts,
        tasks.open_batches,
        tasks.clear_uploads,
        tasks.clear_imports,
        tasks.verify,
    ],
    ids=lambda task: task.name,
)
def test_nightly_tasks_run_on_an_empty_zone(task, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]  # tasks of the library
    settings.MEDIA_ROOT = tmp_path / "not-made-yet"

    assert task(timestamp=0) is None
