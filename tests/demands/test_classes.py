"""From one case to a class of cases: groups, a class with an owner and a day, and what comes back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    drop_class,
    file_demand,
    find_clusters,
    find_recurrences,
    fix_class,
    link_demand,
    move_fix_day,
    open_class,
    reopen_class,
    unlink_demand,
)
from lianqi.demands.enums import Channel, ClassStatus
from lianqi.demands.errors import ClassMoveNotPossible, FixDayNotPossible, NothingToLink
from lianqi.demands.models import CaseClass, CaseLink, ClusterMember, Demand, DemandCluster
from lianqi.demands.queries import recurrence
from lianqi.notices.models import Notice
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, make_enterprise, make_handler, make_head, make_member, make_unit

TODAY, DAY = AT.date(), dt.timedelta(days=1)
POWER = (
    ("园区夜间频繁停电", "本月夜间停电三次，产线停工，供电公司没有答复。"),
    ("夜间停电影响产线", "夜间频繁停电，产线停工损失大，请供电公司检修线路。"),
    ("反映夜间停电", "上周起夜间停电，供电公司说线路检修，产线停工。"),
)
LOAN = ("流动资金贷款续贷", "银行要求先还后贷，过桥资金成本高。")


def file(scene: Scene, words: tuple[str, str], *, at: dt.datetime = AT) -> Demand:
    return file_demand(
        enterprise=scene.enterprise, category=scene.category, title=words[0], text=words[1],
        channel=Channel.PHONE, idempotency_key=f"class-{Demand.objects.count()}",
        by=scene.dispatcher, at=at,
    )  # fmt: skip


def opened(scene: Scene, demands: list[Demand], **changes: object) -> CaseClass:
    given = {
        "title": "夜间停电", "note": "更换老化线路。", "unit": scene.unit, "fix_on": TODAY + 30 * DAY,
        "demand_ids": [each.pk for each in demands], "by": scene.dispatcher, "at": AT,
    } | changes  # fmt: skip
    return open_class(**given)  # type: ignore[arg-type]


def links(case: CaseClass) -> dict[int, str]:
    return dict(case.links.values_list("demand_id", "how"))


def test_similar_open_demands_make_a_group_with_a_name(scene: Scene) -> None:
    power = [file(scene, words) for words in POWER]
    file(scene, LOAN)

    assert find_clusters(at=AT) == 1
    cluster = DemandCluster.objects.get()
    assert (cluster.size, cluster.enterprises, cluster.category) == (3, 1, scene.category)
    assert "停电" in cluster.label
    members = set(ClusterMember.objects.values_list("demand_id", flat=True))
    assert members == {each.pk for each in power}


def test_the_next_night_replaces_the_groups_and_leaves_out_what_has_a_class(scene: Scene) -> None:
    power = [file(scene, words) for words in POWER]
    find_clusters(at=AT)
    opened(scene, power[:1])

    assert find_clusters(at=AT + DAY) == 0
    assert not DemandCluster.objects.exists()


def test_a_group_shrinks_with_what_gets_a_class_and_goes_when_too_few_are_left(
    scene: Scene,
) -> None:
    firm = make_enterprise()
    power = [file(scene, words) for words in (*POWER, *POWER[:2])]
    Demand.objects.filter(pk=power[4].pk).update(enterprise=firm)
    file(scene, LOAN)
    find_clusters(at=AT)

    opened(scene, power[4:])
    smaller = DemandCluster.objects.get()
    opened(scene, power[:2])

    assert (smaller.size, smaller.enterprises) == (4, 1)
    assert not DemandCluster.objects.exists()
    assert not ClusterMember.objects.exists()


def test_a_class_has_an_owner_a_clock_and_its_demands(scene: Scene) -> None:
    power = [file(scene, words) for words in POWER]

    case = opened(scene, power)

    assert case.number == f"LA2026{case.pk:05d}"
    assert links(case) == dict.fromkeys((each.pk for each in power), "person")
    item = WorkItem.objects.about(case).open().get()
    assert (item.step, item.unit, item.clock_amount) == ("fix", scene.unit, 30)
    assert item.due_at is not None
    assert item.due_at.date() == TODAY + 30 * DAY
    assert Notice.objects.filter(event="class.opened", person=scene.handler).count() == 1
    assert Event.objects.get(verb="demands.class_opened").detail["unit"] == scene.unit.pk


@pytest.mark.parametrize("days", [0, -1, 367])
def test_the_day_lies_ahead_and_within_a_year(scene: Scene, days: int) -> None:
    demand = file(scene, POWER[0])

    with pytest.raises(FixDayNotPossible):
        opened(scene, [demand], fix_on=TODAY + days * DAY)
    opened(scene, [demand], fix_on=TODAY + (1 if days <= 0 else 366) * DAY)


def test_a_demand_is_in_one_class_only(scene: Scene) -> None:
    demand, other = file(scene, POWER[0]), file(scene, POWER[1])
    first = opened(scene, [demand])

    second = opened(scene, [demand, other])

    assert (list(links(first)), list(links(second))) == ([demand.pk], [other.pk])
    with pytest.raises(NothingToLink):
        opened(scene, [demand])
    with pytest.raises(NothingToLink):
        link_demand(second.pk, number=demand.number, by=scene.dispatcher, at=AT)


def test_a_demand_is_added_by_number_and_taken_out(scene: Scene) -> None:
    demand, other = file(scene, POWER[0]), file(scene, LOAN)
    case = opened(scene, [demand])

    link_demand(case.pk, number=f" {other.number.lower()} ", by=scene.dispatcher, at=AT)
    assert set(links(case)) == {demand.pk, other.pk}
    unlink_demand(case.pk, other.pk, by=scene.dispatcher, at=AT)
    assert set(links(case)) == {demand.pk}
    with pytest.raises(NothingToLink):
        link_demand(case.pk, number="SQ1", by=scene.dispatcher, at=AT)


def test_fixing_tells_every_enterprise_of_its_own_demand(scene: Scene) -> None:
    power = [file(scene, words) for words in POWER[:2]]
    case = opened(scene, power)

    fix_class(case.pk, note="线路已更换。", by=scene.handler, at=AT + DAY)

    case.refresh_from_db()
    assert (case.status, case.fixed_by, case.fix_note) == (
        ClassStatus.FIXED,
        scene.handler,
        "线路已更换。",
    )
    told = Notice.objects.filter(event="demand.cause_fixed")
    assert {notice.url for notice in told} == {each.get_absolute_url() for each in power}
    assert WorkItem.objects.about(case).get().was_late is False
    with pytest.raises(ClassMoveNotPossible):
        fix_class(case.pk, note="再次", by=scene.handler, at=AT + DAY)


def test_another_day_has_a_new_clock_and_the_reason_on_record(scene: Scene) -> None:
    case = opened(scene, [file(scene, POWER[0])])

    move_fix_day(
        case.pk, fix_on=TODAY + 60 * DAY, note="设备未到货", by=scene.dispatcher, at=AT + DAY
    )

    items = list(WorkItem.objects.about(case))
    assert [item.outcome for item in items] == ["cancelled", ""]
    assert items[1].clock_amount == 59
    detail = Event.objects.get(verb="demands.class_postponed").detail
    assert (detail["earlier"], detail["note"]) == ((TODAY + 30 * DAY).isoformat(), "设备未到货")


def test_what_came_back_is_owed_again_and_what_has_no_cause_is_given_up(scene: Scene) -> None:
    case = opened(scene, [file(scene, POWER[0])])
    fix_class(case.pk, note="已换", by=scene.handler, at=AT)

    reopen_class(case.pk, fix_on=TODAY + 9 * DAY, note="又停电", by=scene.dispatcher, at=AT + DAY)
    assert WorkItem.objects.about(case).open().count() == 1
    drop_class(case.pk, note="电网原因", by=scene.dispatcher, at=AT + DAY)

    case.refresh_from_db()
    assert (case.status, case.fixed_at) == (ClassStatus.DROPPED, None)
    assert not WorkItem.objects.about(case).open().exists()


def test_later_demands_of_the_same_wording_are_found_and_others_not(scene: Scene) -> None:
    case = opened(scene, [file(scene, words) for words in POWER])
    again = file(scene, ("又是夜间停电", "夜间停电，产线停工，供电公司没有检修线路。"), at=AT + DAY)
    file(scene, LOAN, at=AT + DAY)

    assert find_recurrences(at=AT + DAY) == 1
    assert links(case)[again.pk] == "found"
    assert find_recurrences(at=AT + 2 * DAY) == 0


def test_what_was_taken_out_does_not_come_back(scene: Scene) -> None:
    case = opened(scene, [file(scene, words) for words in POWER])
    find_recurrences(at=AT)
    out = Demand.objects.earliest("pk")
    unlink_demand(case.pk, out.pk, by=scene.dispatcher, at=AT)

    find_recurrences(at=AT + DAY)

    assert out.pk not in links(case)


def test_earlier_demands_of_ninety_days_are_found_at_the_first_night(scene: Scene) -> None:
    words = ("夜间停电", "夜间停电，产线停工，供电公司没有检修线路。")
    old = file(scene, words, at=AT - 91 * DAY)
    within = file(scene, words, at=AT - 90 * DAY)
    case = opened(scene, [file(scene, each) for each in POWER])

    find_recurrences(at=AT)

    assert within.pk in links(case)
    assert old.pk not in links(case)


def test_recurrence_is_counted_before_and_after_the_fix(scene: Scene) -> None:
    days = (-100, -89, -10, 0, 1, 20, 45)
    demands = [file(scene, POWER[0], at=AT + each * DAY) for each in days]
    case = opened(scene, demands)
    so_far = recurrence(case, on=TODAY)
    fix_class(case.pk, note="已换", by=scene.handler, at=AT)
    case.refresh_from_db()

    early, later = recurrence(case, on=TODAY + 20 * DAY), recurrence(case, on=TODAY + 60 * DAY)

    assert (so_far.before.demands, so_far.after) == (3, None)
    assert (early.before.demands, early.before.days, early.before.per_30_days) == (3, 90, 1.0)
    assert early.after is not None
    assert (early.after.demands, early.after.days, early.after.per_30_days) == (2, 20, None)
    assert later.after is not None
    assert (later.after.demands, later.after.days, later.after.per_30_days) == (3, 60, 1.5)


def test_only_its_unit_and_whoever_reads_everything_sees_a_class(scene: Scene) -> None:
    case = opened(scene, [file(scene, POWER[0])])
    elsewhere = make_handler(make_unit("别的局"))
    people = {
        scene.dispatcher: True, scene.handler: True, make_head(scene.unit): True,
        scene.member: False, elsewhere: False, make_member(make_enterprise()): False,
    }  # fmt: skip

    for person, sees in people.items():
        fresh = User.objects.get(pk=person.pk)
        assert CaseClass.objects.visible_to(fresh).exists() is sees
        assert fresh.has_perm("demands.view_class", case) is sees


def test_who_may_not_is_refused(scene: Scene) -> None:
    demand = file(scene, POWER[0])
    case = opened(scene, [demand])
    stranger = make_handler(make_unit("别的局"))

    for act in (
        lambda: opened(scene, [demand], by=scene.handler),
        lambda: link_demand(case.pk, number=demand.number, by=scene.handler, at=AT),
        lambda: move_fix_day(case.pk, fix_on=TODAY + DAY, note="", by=scene.handler, at=AT),
        lambda: drop_class(case.pk, note="", by=scene.handler, at=AT),
        lambda: fix_class(case.pk, note="", by=stranger, at=AT),
        lambda: fix_class(case.pk, note="", by=scene.member, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert CaseLink.objects.count() == 1
