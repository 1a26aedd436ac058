"""Dispatching many demands at once: each once, each refusal with its reason."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from lianqi.accounts.models import Unit
from lianqi.audit.models import Event
from lianqi.audit.queries import verify_chain
from lianqi.demands.actions import dispatch_demand, dispatch_many, withdraw_demand
from lianqi.demands.actions.tally import rebuild_tallies
from lianqi.demands.errors import DemandsUnknown, TooManyAtOnce, UnitNotInUse
from lianqi.demands.models import BulkDispatch, Demand, DemandCategory, DemandTally, DutyRule
from lianqi.demands.queries import BY_RULE, Catalogue, refusal_of, suggestions
from lianqi.notices.models import Notice
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, make_category, make_dispatcher, make_enterprise, make_user


def send(scene: Scene, demands: list[Demand], *, suggested: bool = False) -> BulkDispatch:
    return dispatch_many(
        [demand.pk for demand in demands],
        unit=None if suggested else scene.other,
        by=scene.dispatcher,
        at=AT,
    )


def make_duty(category: DemandCategory, *, unit: Unit, **conditions: object) -> None:
    DutyRule.objects.create(
        category=category, unit=unit, valid_from=AT.date(), created_at=AT, created_by=make_user(),
        **conditions,
    )  # fmt: skip


def lines(report: BulkDispatch) -> list[tuple[Unit | None, str]]:
    return [(row.unit, row.code) for row in report.rows.order_by("demand")]


def sums() -> list[tuple[object, ...]]:
    """The totals by unit, whatever the rows they are made of."""
    found: dict[int | None, int] = {}
    for row in DemandTally.objects.all():
        found[row.unit_id] = found.get(row.unit_id, 0) + row.received
    return sorted(((unit, count) for unit, count in found.items() if count), key=str)


def test_all_go_to_the_chosen_unit(scene: Scene) -> None:
    demands = [scene.file() for _ in range(3)]

    report = send(scene, demands)

    assert (report.dispatched, report.refused) == (3, 0)
    assert set(report.rows.values_list("unit", "code")) == {(scene.other.pk, "")}
    assert set(Demand.objects.values_list("status", "unit", "dispatches")) == {
        ("dispatched", scene.other.pk, 1)
    }


def test_many_leave_the_same_records_as_one_by_one(scene: Scene) -> None:
    one, *many = (scene.file() for _ in range(3))
    dispatch_demand(one.pk, unit=scene.other, by=scene.dispatcher, at=AT)

    send(scene, many)

    def items(demand: Demand) -> list[dict[str, object]]:
        left = {"id", "subject_id", "label", "url"}
        rows = WorkItem.objects.about(demand).values()
        return [{name: value for name, value in row.items() if name not in left} for row in rows]

    assert items(many[0]) == items(many[1]) == items(one)
    first, second = (
        Event.objects.get(verb="demand.dispatched", subject_id=demand.pk).detail
        for demand in (one, many[0])
    )
    assert second == first | {"bulk": BulkDispatch.objects.get().pk}
    kept = sums()
    rebuild_tallies()
    assert sums() == kept


def test_each_goes_to_what_is_suggested_for_it(scene: Scene) -> None:
    nobody = make_category("other", name_zh="其他", name_en="Other")
    first, second = scene.file(), scene.file()
    Demand.objects.filter(pk=second.pk).update(category=nobody)

    report = send(scene, [first, second], suggested=True)

    assert lines(report) == [(scene.unit, ""), (None, "demand_no_suggestion")]


def test_an_unsure_suggestion_is_left_to_a_person(scene: Scene) -> None:
    demand = scene.file()
    make_duty(scene.category, unit=scene.unit)
    make_duty(scene.category, unit=scene.other)

    report = send(scene, [demand], suggested=True)

    (row,) = report.rows.for_list()
    assert (row.code, row.percent) == ("demand_unsure_suggestion", 70)
    with override("en"):
        assert "only with 70 %. Read it" in str(refusal_of(row))
    demand.refresh_from_db()
    assert demand.status == "submitted"


def test_one_that_does_not_wait_is_refused_alone(scene: Scene) -> None:
    waiting, sent, gone = (scene.file() for _ in range(3))
    scene.dispatch(sent)
    withdraw_demand(gone.pk, reason="已解决", by=scene.member, at=AT)

    report = send(scene, [waiting, sent, gone])

    codes = [row.code for row in report.rows.order_by("demand")]
    assert codes == ["", "demand_not_waiting", "demand_not_waiting"]
    with override("zh-hans"):
        assert "已撤回" in str(refusal_of(report.rows.for_list().get(demand=gone)))
    sent.refresh_from_db()
    assert sent.unit == scene.unit


def test_a_suggested_unit_that_was_closed_takes_nothing(scene: Scene) -> None:
    demand = scene.file()
    scene.unit.is_active = False
    scene.unit.save()

    report = send(scene, [demand], suggested=True)

    assert lines(report) == [(None, "demand_no_suggestion")]


def test_a_line_that_cannot_be_written_with_the_others_is_written_alone(scene: Scene) -> None:
    demands = [scene.file() for _ in range(4)]
    broken = demands[2]
    Demand.objects.filter(pk=broken.pk).update(assisting=[scene.other.pk])

    report = send(scene, demands)

    assert (report.dispatched, report.refused) == (4, 0)
    broken.refresh_from_db()
    assert (broken.unit, broken.assisting) == (scene.other, [])


def test_a_unit_gets_one_notice_with_the_number(scene: Scene) -> None:
    send(scene, [scene.file() for _ in range(3)])

    notice = Notice.objects.get(person=scene.other_handler)
    assert notice.event == "demand.dispatched_many"
    assert "3" in notice.title


def test_the_catalogue_says_the_same_as_for_one(scene: Scene) -> None:
    heading = make_category("supply", name_zh="要素", name_en="Utilities")
    DemandCategory.objects.filter(pk=scene.category.pk).update(parent=heading)
    make_duty(heading, unit=scene.other, district="云岭街道")
    make_duty(scene.category, unit=scene.other, size_class="small")
    firms = [
        scene.enterprise,
        make_enterprise(district="云岭街道"),
        make_enterprise(size_class="small"),
    ]
    demands = [scene.file() for _ in firms]
    for demand, firm in zip(demands, firms, strict=True):
        Demand.objects.filter(pk=demand.pk).update(enterprise=firm)
    demands = list(Demand.objects.select_related("category__lead_unit", "enterprise__industry"))

    known = Catalogue(demands, on=AT.date())
    with CaptureQueriesContext(connection) as asked:
        found = [known.suggestions(demand) for demand in demands]

    assert len(asked) == 0
    assert found == [suggestions(each, on=AT.date(), scorers=BY_RULE) for each in demands]
    assert len({tuple(each.unit for each in row) for row in found}) > 1


def test_limits_and_rights(scene: Scene) -> None:
    with pytest.raises(DemandsUnknown, match="999"):
        dispatch_many([scene.file().pk, 999], unit=scene.unit, by=scene.dispatcher, at=AT)
    with pytest.raises(TooManyAtOnce):
        dispatch_many(range(501), unit=scene.unit, by=scene.dispatcher, at=AT)
    with pytest.raises(PermissionDenied):
        dispatch_many([scene.file().pk], unit=scene.unit, by=scene.handler, at=AT)
    scene.unit.is_active = False
    scene.unit.save()
    with pytest.raises(UnitNotInUse):
        dispatch_many([scene.file().pk], unit=scene.unit, by=scene.dispatcher, at=AT)


def test_the_queries_do_not_grow_with_the_demands(scene: Scene) -> None:
    few, many = ([scene.file() for _ in range(count)] for count in (2, 12))

    with CaptureQueriesContext(connection) as short:
        send(scene, few)
    with CaptureQueriesContext(connection) as long:
        send(scene, many)

    assert len(long) <= len(short)


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_at_once_send_each_demand_once() -> None:
    scene, colleague = make_scene(), make_dispatcher()
    demands = [scene.file() for _ in range(20)]
    ids = [demand.pk for demand in demands]

    results = at_once(
        lambda: dispatch_many(ids, unit=scene.unit, by=scene.dispatcher, at=AT),
        lambda: dispatch_many(ids[::-1], unit=scene.other, by=colleague, at=AT),
    )

    assert refusals(results) == []
    assert sorted(report.dispatched for report in results) == [0, 20]
    assert Event.objects.filter(verb="demand.dispatched").count() == 20
    assert WorkItem.objects.open().filter(step="accept").count() == 20
    assert set(Demand.objects.values_list("dispatches", flat=True)) == {1}
    assert verify_chain().broken is None
