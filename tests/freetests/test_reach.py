"""Results as evidence of a conversion; who sees, keeps and states free tests."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.conversions.actions import skip_step
from lianqi.files.models import StoredFile
from lianqi.freetests.actions import (
    accept_order,
    cancel_order,
    state_test,
    use_result,
)
from lianqi.freetests.errors import (
    NoConversion,
    NoTestStepUnderWay,
)
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.freetests.queries import places_of
from lianqi.notices.models import Notice
from lianqi.register.models import Membership
from lianqi.taskforces.actions import close_force
from lianqi.taskforces.models import TaskForce
from lianqi.work.models import WorkItem
from tests.conversions.scene import begin, member, settle_until
from tests.factories import AT
from tests.freetests.scene import (
    DAY,
    finish,
    make_institute,
    make_lab_force,
    place,
    state,
)
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def force(zone: Zone) -> TaskForce:
    return make_lab_force(zone)


@pytest.fixture
def institute(zone: Zone, force: TaskForce) -> Institute:
    return make_institute(zone)


def owed() -> list[tuple[str, str]]:
    """Steps under way with the last part of their label."""
    items = WorkItem.objects.open().filter(subject_kind__startswith="freetests.")
    return [(item.step, item.label) for item in items.order_by("pk")]


def left(institute: Institute, **given: Any) -> int:
    institute.refresh_from_db()
    return places_of([institute], on=AT.date(), **given)[institute.pk].left


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__username", flat=True))


# --- Evidence in the checklist ---------------------------------------------------------------
def test_the_force_settles_the_test_step_by_the_result(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    conversion = begin(zone, force)
    order = place(zone, state(zone, force, conversion=conversion), institute)
    finish(zone, order)
    with pytest.raises(NoTestStepUnderWay):
        use_result(order.pk, by=member(zone), at=AT + 5 * DAY)
    settle_until(zone, conversion, "lines")
    skip_step(conversion.pk, position=4, reason="已有产线", by=member(zone), at=AT)
    settle_until(zone, conversion, "test", at=AT)

    step = use_result(order.pk, by=member(zone), at=AT + 5 * DAY)

    step.refresh_from_db()
    conversion.refresh_from_db()
    assert conversion.step is not None
    assert (step.status, conversion.step.template_step.code) == ("done", "verdict")
    assert "FZ2026-0118" in step.evidence
    assert [each.name for each in StoredFile.objects.of(step)] == ["检测报告.txt"]
    assert step.is_of_this_attempt(StoredFile.objects.of(step).get())


def test_the_enterprise_shows_its_result_and_the_force_settles(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    conversion = begin(zone, force)
    order = place(zone, state(zone, force, conversion=conversion), institute)
    finish(zone, order)
    settle_until(zone, conversion, "test", at=AT)

    step = use_result(order.pk, by=zone.boss, at=AT + 5 * DAY)

    conversion.refresh_from_db()
    assert conversion.step == step
    assert "FZ2026-0118" in step.reports.get().text


def test_a_result_of_no_conversion_is_no_evidence(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    order = finish(zone, place(zone, state(zone, force), institute))

    with pytest.raises(NoConversion):
        use_result(order.pk, by=member(zone), at=AT)


# --- Who may ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "sees", "keeps", "states"),
    [
        ("boss", True, False, True),
        ("other_boss", False, False, False),
        ("officer", True, False, False),
        ("handler", False, False, False),
        ("other_handler", True, True, True),
        ("head", True, True, True),
        ("leader", True, False, False),
        ("dispatcher", True, False, False),
        ("auditor", True, False, False),
        ("newcomer", False, False, False),
    ],
)
def test_who_sees_keeps_and_states(
    zone: Zone, force: TaskForce, institute: Institute, who: str, sees: bool, keeps: bool,
    states: bool,
) -> None:  # fmt: skip
    test = state(zone, force)
    order = place(zone, test, institute)
    person = User.objects.get(pk=getattr(zone, who).pk)
    known = {"enterprise": zone.firm, "force": force, "product": "口罩", "question": "标准？"}

    assert FreeTest.objects.visible_to(person).exists() == sees
    assert LabOrder.objects.visible_to(person).exists() == sees
    assert person.has_perm("freetests.view", test) == sees
    assert person.has_perm("freetests.view_order", order) == sees
    for verb in ("accept", "decline", "cancel"):
        assert person.has_perm(f"freetests.{verb}", order) == keeps
    assert person.has_perm("freetests.change_institute", institute) == keeps
    if states:
        state_test(by=person, at=AT, **known)  # type: ignore[arg-type]  # test data
    else:
        with pytest.raises(PermissionDenied):
            state_test(by=person, at=AT, **known)  # type: ignore[arg-type]  # test data


def test_the_institutes_own_people_keep_their_side_and_see_no_more(
    zone: Zone, force: TaskForce
) -> None:
    Membership.objects.create(
        user=zone.other_boss, enterprise=zone.other_firm, role="enterprise_admin",
        state="confirmed", asked_at=AT,
    )  # fmt: skip
    institute = make_institute(zone, enterprise=zone.other_firm)
    other = make_institute(zone, name="云岭产品质量检验中心")
    test = state(zone, force)
    before = FreeTest.objects.visible_to(zone.other_boss).exists()
    order = place(zone, test, institute, "过滤效率")
    elsewhere = place(zone, test, other, "通气阻力")

    accepted = accept_order(order.pk, by=zone.other_boss, at=AT)

    assert (before, accepted.answered_by) == (False, zone.other_boss)
    assert set(LabOrder.objects.visible_to(zone.other_boss)) == {order}
    assert set(FreeTest.objects.visible_to(zone.other_boss)) == {test}
    assert set(Institute.objects.visible_to(zone.other_boss)) == {institute}
    assert zone.other_boss.username in told("freetests.ordered")
    with pytest.raises(PermissionDenied):
        accept_order(elsewhere.pk, by=zone.other_boss, at=AT)
    with pytest.raises(PermissionDenied):
        cancel_order(order.pk, reason="x", by=zone.other_boss, at=AT)


def test_what_a_closed_force_had_under_way_is_kept_by_its_lead_unit(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    order = place(zone, state(zone, force), institute)

    close_force(force.pk, reason="问题已解除。", by=zone.leader, at=AT)

    order = LabOrder.objects.get(pk=order.pk)
    handler = User.objects.get(pk=zone.handler.pk)
    assert handler.has_perm("freetests.accept", order)
    assert set(LabOrder.objects.visible_to(handler)) == {order}
    item = WorkItem.objects.about(order).open().get()
    assert item.unit == zone.economy


def test_events_name_the_enterprise(zone: Zone, force: TaskForce, institute: Institute) -> None:
    finish(zone, place(zone, state(zone, force), institute))

    events = Event.objects.filter(verb__startswith="freetests.").exclude(
        verb__in=["freetests.institute_added", "freetests.accredited", "freetests.test_offered"]
    )
    told_of = set(events.exclude(verb="freetests.clock_rules_loaded").values_list("enterprise_id"))
    assert told_of == {(zone.firm.pk,)}
