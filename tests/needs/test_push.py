"""The counts pushed each morning: to whom, what they say, never twice."""

import datetime as dt

import pytest

from lianqi.needs.actions import push_daily_counts
from lianqi.needs.enums import NeedStatus
from lianqi.notices.models import Notice
from tests.factories import make_head
from tests.needs.scene import AT, Scene, days_later

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2020, 2, 22, 0, 0, tzinfo=dt.UTC)  # 08:00 in the zone


def told() -> dict[int, str]:
    rows = Notice.objects.filter(event="needs.daily").order_by("pk")
    return dict(rows.values_list("person_id", "body"))


def test_heads_read_their_unit_and_leaders_every_unit(scene: Scene) -> None:
    lead_head = make_head(scene.lead)
    scene.need_in(NeedStatus.SOLVED)
    scene.need_in(NeedStatus.ASSIGNED)

    push_daily_counts(at=MORNING)

    found = told()
    assert set(found) == {scene.leader.pk, scene.guard_head.pk, lead_head.pk}
    assert "人社局" in found[scene.guard_head.pk]
    assert "财政局" not in found[scene.guard_head.pk]
    assert "财政局" in found[lead_head.pk]
    assert "人社局" in found[scene.leader.pk]
    assert "财政局" in found[scene.leader.pk]


def test_the_counts_are_those_of_the_day_before(scene: Scene) -> None:
    scene.need_in(NeedStatus.SOLVED, at=days_later(-1))
    for _ in range(3):
        scene.collect(at=AT)

    push_daily_counts(at=MORNING)

    notice = Notice.objects.get(event="needs.daily", person=scene.guard_head)
    assert "2020-02-21" in notice.title
    assert "当日收集3条、解决0条" in notice.body
    assert "累计收集4条、有效1条、已解决1条" in notice.body
    assert notice.url == "/needs/daily/?day=2020-02-21"


def test_nobody_is_told_twice(scene: Scene) -> None:
    scene.collect()

    for hour in range(3):
        push_daily_counts(at=MORNING + dt.timedelta(hours=hour))

    assert Notice.objects.filter(event="needs.daily").count() == 2
    push_daily_counts(at=MORNING + dt.timedelta(days=1))
    assert Notice.objects.filter(event="needs.daily").count() == 4


def test_an_overdue_report_is_said(scene: Scene) -> None:
    push_daily_counts(at=days_later(3))

    assert "报送已超期" in told()[scene.guard_head.pk]


def test_without_a_programme_nobody_is_told(scene: Scene) -> None:
    assert push_daily_counts(at=days_later(-30)) == 0
    assert told() == {}
