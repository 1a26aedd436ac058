"""The audit trail keeps itself: linked on commit, changes refused, tampering found and named.

These tests commit, for the database links events at the end of a transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.audit.models import ChainCheck, Event, Link
from lianqi.audit.queries import GENESIS, ChainReport, last_check, verify_chain
from lianqi.demands.enums import DemandStatus
from lianqi.ops.tasks import ChainBroken, verify
from tests.demands.scene import Scene, make_scene
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@contextmanager
def behind_the_triggers() -> Iterator[None]:
    """What somebody with the database's own password can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def some_events(count: int) -> list[Event]:
    person = make_user()
    return [record("test.done", person, by=person, at=AT, number=n) for n in range(count)]


def named(report: ChainReport) -> tuple[int, str]:
    assert report.broken is not None
    return report.broken.event_id, report.broken.reason


def test_empty_trail_holds() -> None:
    found = verify_chain()

    assert (found.events, found.head, found.broken) == (0, GENESIS, None)


def test_chain_holds_after_a_demand_went_all_the_way(scene: Scene) -> None:
    scene.demand_in(DemandStatus.CLOSED)

    found = verify_chain()

    assert found.broken is None
    assert found.events == Event.objects.count() == Link.objects.count() > 5
    assert found.head == Link.objects.order_by("-position").first().digest  # type: ignore[union-attr]  # asserted


def test_aborted_transaction_leaves_no_gap() -> None:
    some_events(2)
    with pytest.raises(RuntimeError), transaction.atomic():
        some_events(2)
        raise RuntimeError("aborted")
    some_events(1)

    found = verify_chain()

    assert (found.events, found.broken) == (3, None)


def test_chain_does_not_depend_on_the_session(scene: Scene) -> None:
    scene.demand_in(DemandStatus.CLOSED)

    execute("SET timezone = 'America/New_York'")
    execute("SET datestyle = 'German'")
    try:
        some_events(1)
        found = verify_chain()
    finally:
        connection.close()

    assert found.broken is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-03-04T02:30:00.000001Z"), ("by_id", None), ("by_name", "他人"),
        ("verb", "test.undone"), ("subject_kind", "demands.demand"), ("subject_id", 999),
        ("enterprise_id", 7), ("is_read", True), ("detail", '{"number": 9}'),
    ],
)  # fmt: skip
def test_changed_event_is_found_and_named(column: str, value: object) -> None:
    events = some_events(3)

    with behind_the_triggers():
        execute(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, events[1].pk)

    found = verify_chain()
    assert named(found) == (events[1].pk, "the event's content does not match its digest")
    assert found.events == 1


def test_deleted_event_is_found() -> None:
    events = some_events(3)

    with behind_the_triggers():
        execute("DELETE FROM audit_event WHERE id = %s", events[1].pk)

    assert named(verify_chain()) == (events[1].pk, "the event is gone, its link remains")


def test_deleted_link_is_found() -> None:
    events = some_events(3)

    with behind_the_triggers():
        execute("DELETE FROM audit_link WHERE event_id = %s", events[1].pk)

    assert named(verify_chain()) == (events[2].pk, "a link before it is missing")


def test_event_deleted_together_with_its_link_is_found() -> None:
    events = some_events(3)

    with behind_the_triggers():
        execute("DELETE FROM audit_link WHERE event_id = %s", events[1].pk)
        execute("DELETE FROM audit_event WHERE id = %s", events[1].pk)
        execute("UPDATE audit_link SET position = 2 WHERE position = 3")

    assert named(verify_chain()) == (
        events[2].pk, "the link does not continue from the one before",
    )  # fmt: skip


def test_event_smuggled_in_is_found() -> None:
    some_events(2)

    with behind_the_triggers():
        smuggled = some_events(1)[0]

    assert named(verify_chain()) == (smuggled.pk, "the event has no link")


def test_two_events_swapped_are_found() -> None:
    first, second = some_events(2)

    with behind_the_triggers():
        execute("UPDATE audit_link SET event_id = -1 WHERE event_id = %s", first.pk)
        execute("UPDATE audit_link SET event_id = %s WHERE event_id = %s", first.pk, second.pk)
        execute("UPDATE audit_link SET event_id = %s WHERE event_id = -1", second.pk)

    assert named(verify_chain()) == (second.pk, "the event's content does not match its digest")


@pytest.mark.parametrize("table", ["audit_event", "audit_link"])
@pytest.mark.parametrize("how", ["UPDATE {} SET digest = digest", "DELETE FROM {}"])
def test_update_and_delete_are_refused(table: str, how: str) -> None:
    some_events(1)
    column = "verb" if table == "audit_event" else "digest"

    with pytest.raises(DatabaseError, match="append-only"):
        execute(how.format(table).replace("digest = digest", f"{column} = {column}"))

    assert verify_chain().events == 1


@pytest.mark.parametrize("table", ["audit_event", "audit_link"])
def test_truncate_is_refused(table: str) -> None:
    some_events(1)
    keep = f"{table}_keep"
    execute(f"ALTER TABLE {table} ENABLE TRIGGER {keep}")  # the suite itself needs to empty tables

    try:
        with pytest.raises(DatabaseError, match="append-only"):
            execute(f"TRUNCATE {table}")
    finally:
        execute(f"ALTER TABLE {table} DISABLE TRIGGER {keep}")

    assert verify_chain().events == 1


def test_the_nightly_task_notes_what_it_found_and_fails_on_a_break() -> None:
    events = some_events(3)
    verify(timestamp=0)
    with behind_the_triggers():
        execute("UPDATE audit_event SET verb = 'test.undone' WHERE id = %s", events[1].pk)

    with pytest.raises(ChainBroken, match=f"event {events[1].pk}: "):
        verify(timestamp=0)

    rows = ChainCheck.objects.order_by("pk").values_list("events", "broken_event_id", "reason")
    assert list(rows) == [
        (3, None, ""),
        (1, events[1].pk, "the event's content does not match its digest"),
    ]
    assert last_check() == ChainCheck.objects.latest("pk")


def test_models_cannot_change_the_trail_either() -> None:
    event = some_events(1)[0]
    event.verb = "test.undone"

    with pytest.raises(DatabaseError, match="append-only"):
        event.save()
    with pytest.raises(DatabaseError, match="append-only"):
        event.delete()


def test_writers_at_once_make_one_chain() -> None:
    person, writers, each = make_user(), 6, 8
    together = Barrier(writers)

    def write(number: int) -> None:
        together.wait()
        for turn in range(each):
            with transaction.atomic():
                record("test.first", person, by=person, at=AT, number=number)
                record("test.second", person, by=person, at=AT, turn=turn)
        connection.close()

    run_all(write, writers)

    found = verify_chain()
    assert (found.events, found.broken) == (2 * writers * each, None)
    assert User.objects.count() == 1


def run_all(work, count: int) -> None:  # type: ignore[no-untyped-def]  # any callable of a number
    threads = [Thread(target=work, args=[n]) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def test_progress_is_told_every_ten_thousand_events() -> None:
    person, told = make_user(), []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, by_id, by_name, verb, subject_kind, subject_id, is_read,"
            " detail) SELECT now(), %s, 'x', 'test.bulk', 'accounts.user', n, false, '{}'"
            " FROM generate_series(1, 10001) n",
            [person.pk],
        )

    found = verify_chain(told.append)

    assert (found.events, found.broken, told) == (10_001, None, [10_000])
