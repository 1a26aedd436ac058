"""Inboxes, lights, counts, and the way up the line."""

import datetime as dt

import pytest

from lianqi.accounts.enums import Role, UnitKind
from lianqi.accounts.models import RoleAssignment, User
from lianqi.engines.calendar import Light
from lianqi.notices.models import Notice
from lianqi.shared.errors import Refusal
from lianqi.work.actions import finish_items, pause_item, reassign_item
from lianqi.work.enums import Part, PauseReason
from lianqi.work.models import WorkItem
from lianqi.work.queries import (
    InboxCounts,
    inbox_counts,
    leader_of,
    light_of,
    local_date,
    people_on_the_desk,
)
from tests.work.scene import Scene, grant, local, opened, person, unit_under


@pytest.mark.parametrize(
    ("at", "light"),
    [
        ("2026-03-02 10:00:00", Light.GREEN),
        ("2026-03-06 17:29:59", Light.GREEN),
        ("2026-03-06 17:30:00", Light.AMBER),
        ("2026-03-09 17:30:00", Light.AMBER),
        ("2026-03-09 17:30:01", Light.RED),
    ],
)
def test_the_light_turns_exactly_at_its_moments(scene: Scene, at: str, light: Light) -> None:
    item = opened(scene, "2026-03-02 10:00")

    assert light_of(item, at=local(at)) == light
    assert (item in WorkItem.objects.overdue(at=local(at))) is (light == Light.RED)


@pytest.mark.parametrize(
    ("finished_at", "light"), [("2026-03-03 09:00", Light.GREEN), ("2026-03-10 09:00", Light.RED)]
)
def test_finished_work_keeps_its_light(scene: Scene, finished_at: str, light: Light) -> None:
    item = opened(scene, "2026-03-02 10:00")
    finish_items(scene.subject, step="answer", by=scene.handler, at=local(finished_at))

    item.refresh_from_db()

    assert light_of(item, at=local("2027-03-02 10:00")) == light


def five_items(scene: Scene) -> dict[str, WorkItem]:
    """One of each light at 9 March 18:00, and one of another unit."""
    items = {
        "green": opened(scene, "2026-03-09 10:00", part=Part.ASSIST),
        "red": opened(scene, "2026-03-02 10:00", part=Part.ASSIST),
        "paused": opened(scene, "2026-03-09 09:00", part=Part.ASSIST),
        "amber": opened(scene, "2026-03-09 12:00", part=Part.ASSIST, priority="hours"),
        "foreign": opened(scene, "2026-03-02 10:00", part=Part.ASSIST, unit=scene.other_unit),
    }
    items["paused"] = pause_item(
        items["paused"].pk,
        reason=PauseReason.ENTERPRISE_REQUEST,
        evidence="来函",
        by=scene.handler,
        at=local("2026-03-09 10:00"),
    )
    WorkItem.objects.filter(pk=items["amber"].pk).update(amber_at=local("2026-03-09 17:00"))
    return items


def test_the_inbox_lists_what_is_due_first_and_what_stands_last(scene: Scene) -> None:
    items = five_items(scene)

    inbox = WorkItem.objects.inbox_of(scene.handler).for_list()

    assert list(inbox) == [items[name] for name in ("red", "amber", "green", "paused")]


def test_the_inbox_is_counted_by_light_in_one_query(
    scene: Scene, django_assert_num_queries: object
) -> None:
    five_items(scene)
    scene.handler.assignments  # noqa: B018  # read once per request

    with django_assert_num_queries(1):  # type: ignore[operator]  # it is a function
        counts = inbox_counts(scene.handler, at=local("2026-03-09 18:00"))

    assert counts == InboxCounts(total=4, green=1, amber=1, red=1, paused=1)


def test_work_for_a_person_or_a_desk_is_in_nobody_elses_inbox(scene: Scene) -> None:
    personal = opened(scene, "2026-03-02 10:00", unit=scene.bureau, person=scene.colleague)
    desk = opened(scene, "2026-03-02 10:00", step="accept", desk="dispatcher")

    inboxes = {
        name: list(WorkItem.objects.inbox_of(getattr(scene, name)))
        for name in ("handler", "colleague", "head", "dispatcher", "stranger", "leader")
    }

    assert inboxes == {
        "handler": [],
        "colleague": [personal],
        "head": [],
        "dispatcher": [desk],
        "stranger": [],
        "leader": [],
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("handler", {"own", "personal"}),
        ("colleague", {"personal"}),
        ("head", {"own", "personal", "below"}),
        ("leader", {"own", "personal", "below", "foreign", "desk"}),
        ("dispatcher", {"own", "personal", "below", "foreign", "desk"}),
        ("stranger", {"foreign"}),
    ],
)
def test_the_list_and_the_permission_agree(scene: Scene, who: str, sees: set[str]) -> None:
    section = unit_under(scene.bureau, "企业科", UnitKind.DEPARTMENT)
    user = User.objects.get(pk=getattr(scene, who).pk)
    items = {
        "own": opened(scene, "2026-03-02 10:00", part=Part.ASSIST),
        "personal": opened(
            scene, "2026-03-02 10:00", part=Part.ASSIST, unit=scene.bureau, person=scene.colleague
        ),
        "below": opened(scene, "2026-03-02 10:00", part=Part.ASSIST, unit=section),
        "foreign": opened(scene, "2026-03-02 10:00", part=Part.ASSIST, unit=scene.other_unit),
        "desk": opened(scene, "2026-03-02 10:00", desk="dispatcher"),
    }

    listed = set(WorkItem.objects.visible_to(user))

    assert listed == {items[name] for name in sees}
    assert {name for name, item in items.items() if user.has_perm("work.view", item)} == sees


def test_the_desk_of_a_unit_has_those_who_handle_its_work_that_day(scene: Scene) -> None:
    retired = person("retired", scene.bureau, is_active=False)
    grant(retired, Role.HANDLER, scene.bureau)
    coming = person("coming", scene.bureau)
    grant(coming, Role.HANDLER, scene.bureau)
    RoleAssignment.objects.filter(user=coming).update(from_on="2999-01-01")

    assert people_on_the_desk(scene.bureau) == [scene.handler]
    assert people_on_the_desk(scene.bureau, on=dt.date(2999, 1, 1)) == [scene.handler, coming]


def test_the_leader_in_charge_is_the_nearest_one_up(scene: Scene) -> None:
    section = unit_under(scene.bureau, "企业科", UnitKind.DEPARTMENT)
    from_above = leader_of(section)
    scene.bureau.leader = scene.head
    scene.bureau.save()

    assert (from_above, leader_of(section)) == (scene.leader, scene.head)


def test_today_is_the_zones_own_day() -> None:
    assert local_date(dt.datetime(2026, 3, 2, 15, 59, tzinfo=dt.UTC)) == dt.date(2026, 3, 2)
    assert local_date(dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)) == dt.date(2026, 3, 3)


def test_reassigned_work_keeps_its_clock_and_tells_the_new_person(scene: Scene) -> None:
    grant(scene.colleague, Role.HANDLER, scene.bureau)
    item = opened(scene, "2026-03-02 10:00")

    given = reassign_item(
        item.pk, person=scene.colleague, by=scene.head, at=local("2026-03-03 09:00")
    )

    given.refresh_from_db()
    assert (given.person, given.due_at) == (scene.colleague, item.due_at)
    assert Notice.objects.get().person == scene.colleague


def test_work_cannot_be_given_to_somebody_of_another_unit(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")

    with pytest.raises(Refusal) as refused:
        reassign_item(item.pk, person=scene.stranger, by=scene.head, at=local("2026-03-03 09:00"))

    assert refused.value.code == "person_not_of_unit"
    assert "stranger" in str(refused.value)


def test_work_given_to_somebody_away_goes_to_the_stand_in(scene: Scene) -> None:
    scene.handler.absences.create(
        stand_in=scene.colleague, from_on="2026-03-03", until_on="2026-03-03"
    )
    item = opened(scene, "2026-03-02 10:00")

    given = reassign_item(
        item.pk, person=scene.handler, by=scene.head, at=local("2026-03-03 09:00")
    )

    assert given.person == scene.colleague
