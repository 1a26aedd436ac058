"""Loading the official days, and what happens to open clocks when they change."""

import datetime as dt

import pytest

from lianqi.audit.models import Event
from lianqi.engines.calendar import OfficialDay, packaged_official_days
from lianqi.work import models
from lianqi.work.actions import load_official_days, pause_item, recompute_open_clocks
from lianqi.work.enums import PauseReason
from lianqi.work.queries import current_calendar
from tests.work.scene import Scene, local, opened

NOTICE = "国办发明电〔2026〕0号"


def day(text: str, *, is_working: bool = False, source: str = NOTICE) -> OfficialDay:
    return OfficialDay(dt.date.fromisoformat(text), is_working, "元旦", source)


@pytest.mark.django_db
def test_the_packaged_days_are_loaded_once() -> None:
    first = load_official_days(at=local("2026-01-05 09:00"))
    second = load_official_days(at=local("2026-01-06 09:00"))

    years = models.OfficialYear.objects.order_by("year").values_list("year", "loaded_at")
    assert (first, second) == (len(packaged_official_days()), 0)
    assert Event.objects.filter(verb="work.official_days_loaded").count() == 1
    assert years.last() == (2026, local("2026-01-05 09:00"))
    assert models.OfficialYear.objects.get(year=2026).source == "国办发明电〔2025〕7号"


@pytest.mark.django_db
def test_without_any_day_every_year_is_provisional() -> None:
    calendar = current_calendar()

    assert calendar.is_provisional(dt.date(2026, 3, 2), dt.date(2026, 3, 9)) is True
    assert calendar.is_working(dt.date(2026, 3, 2)) is True


def test_a_new_year_is_known_at_once(scene: Scene) -> None:
    before = current_calendar()

    load_official_days(at=local("2026-11-10 09:00"), days=[day("2027-01-01")], by=scene.head)

    after = current_calendar()
    assert (2027 in before.official_years, 2027 in after.official_years) == (False, True)
    assert current_calendar() is after
    assert (
        Event.objects.filter(verb="work.official_days_loaded").latest("pk").by_id == scene.head.pk
    )


def test_a_corrected_notice_replaces_the_first_one(scene: Scene) -> None:
    load_official_days(
        at=local("2026-11-10 09:00"), days=[day("2027-01-01"), day("2027-01-02"), day("2026-12-31")]
    )

    changed = load_official_days(
        at=local("2026-11-11 09:00"),
        days=[day("2027-01-01"), day("2027-01-03", is_working=True), day("2026-12-31")],
    )

    kept = models.OfficialDay.objects.filter(source=NOTICE).order_by("date")
    assert changed == 2
    assert list(kept.values_list("date", "is_working")) == [
        (dt.date(2026, 12, 31), False),
        (dt.date(2027, 1, 1), False),
        (dt.date(2027, 1, 3), True),
    ]


def test_a_list_without_a_first_of_january_is_no_notice(scene: Scene) -> None:
    with pytest.raises(ValueError, match="1 January"):
        load_official_days(at=local("2026-11-10 09:00"), days=[day("2027-02-01")])


def test_clocks_are_no_longer_provisional_once_the_year_is_known(scene: Scene) -> None:
    item = opened(scene, "2026-12-29 10:00")
    standing = opened(scene, "2026-12-29 10:00", step="accept")
    pause_item(
        standing.pk,
        reason=PauseReason.HIGHER_LEVEL,
        evidence="请示",
        by=scene.handler,
        at=local("2026-12-29 10:30"),
    )
    load_official_days(
        at=local("2026-12-29 12:00"), days=[day("2027-01-01"), day("2027-01-02", is_working=True)]
    )

    moved = recompute_open_clocks(at=local("2026-12-29 12:01"))
    again = recompute_open_clocks(at=local("2026-12-29 12:02"))

    earlier = item.due_at
    item.refresh_from_db()
    standing.refresh_from_db()
    assert (earlier, item.due_at) == (local("2027-01-05 17:30"), local("2027-01-05 17:30"))
    assert (item.is_provisional, standing.due_at) == (False, None)
    assert (moved, again) == (0, 0)


def test_a_moved_due_time_is_an_event_of_its_record(scene: Scene) -> None:
    item = opened(scene, "2026-12-29 10:00")
    load_official_days(at=local("2026-12-29 12:00"), days=[day("2027-01-01"), day("2027-01-04")])

    moved = recompute_open_clocks(at=local("2026-12-29 12:01"))

    item.refresh_from_db()
    event = Event.objects.get(verb="work.recomputed")
    assert (moved, item.due_at) == (1, local("2027-01-07 17:30"))
    assert (event.subject_id, event.detail["item"]) == (scene.subject.pk, item.pk)
