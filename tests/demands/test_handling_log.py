"""Contact log, notes, interim answers, progress: what ends a clock, who writes, who reads."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.audit.models import Event
from lianqi.demands.actions import log_contact, write_note, write_report
from lianqi.demands.enums import ContactOutcome, ContactWay, DemandStatus, ReportKind, Step
from lianqi.demands.errors import (
    ContactInTheFuture,
    ContactWithoutPerson,
    MoveNotPossible,
    NoteMissing,
    ReportMissing,
)
from lianqi.demands.models import ContactAttempt, Demand, InternalNote, Report
from lianqi.notices.models import Notice
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_clock_rule, make_user, make_version

HOUR = dt.timedelta(hours=1)


def asked(scene: Scene) -> Demand:
    """A demand in progress whose category has clocks of its own for everything beside the answer."""
    version = make_version(scene.category, progress_every_days=2)
    for step, amount in ((Step.CONTACT, 1), (Step.INTERIM, 3), (Step.PROGRESS, 2)):
        make_clock_rule(step, amount=amount, rule_set=version.pk)
    return scene.demand_in(DemandStatus.IN_PROGRESS)


def call(
    scene: Scene,
    demand: Demand,
    outcome: ContactOutcome = ContactOutcome.REACHED,
    *,
    at: dt.datetime = AT + HOUR,
    made_at: dt.datetime | None = None,
    spoke_with: str = "林晓燕",
) -> ContactAttempt:
    return log_contact(
        demand.pk, way=ContactWay.TELEPHONE, outcome=outcome, spoke_with=spoke_with,
        note="情绪激动，注意方式。", made_at=made_at or at, by=scene.handler, at=at,
    )  # fmt: skip


def report(
    scene: Scene, demand: Demand, *, at: dt.datetime = AT + HOUR, is_shared: bool = True
) -> Report:
    return write_report(
        demand.pk, kind=ReportKind.PROGRESS, text="已现场勘查。", is_shared=is_shared,
        by=scene.handler, at=at,
    )  # fmt: skip


def item_of(demand: Demand, step: Step) -> WorkItem:
    return WorkItem.objects.about(demand).filter(step=step).latest("pk")


def is_owed(demand: Demand, step: Step) -> bool:
    return WorkItem.objects.about(demand).open().filter(step=step).exists()


# --- Contact ---------------------------------------------------------------------------------


def test_reaching_the_enterprise_ends_the_clock_of_first_contact(scene: Scene) -> None:
    demand = asked(scene)
    assert is_owed(demand, Step.CONTACT)

    attempt = call(scene, demand)

    item = item_of(demand, Step.CONTACT)
    assert (item.done_at, item.done_by, item.was_late) == (AT + HOUR, scene.handler, False)
    assert (attempt.unit, attempt.spoke_with) == (scene.unit, "林晓燕")


def test_two_vain_attempts_leave_the_clock_running_and_the_third_ends_it(scene: Scene) -> None:
    demand = asked(scene)

    owed = []
    for outcome in (
        ContactOutcome.NOT_REACHED, ContactOutcome.WRONG_NUMBER, ContactOutcome.NOT_REACHED,
    ):  # fmt: skip
        call(scene, demand, outcome, spoke_with="")
        owed.append(is_owed(demand, Step.CONTACT))

    assert owed == [True, True, False]


def test_a_contact_entered_late_does_not_make_the_unit_punctual(scene: Scene) -> None:
    demand = asked(scene)

    call(scene, demand, at=AT + dt.timedelta(days=5), made_at=AT + HOUR)

    assert item_of(demand, Step.CONTACT).was_late is True


def test_a_vain_attempt_is_told_to_the_enterprise_without_the_note(scene: Scene) -> None:
    demand = asked(scene)

    call(scene, demand, ContactOutcome.NOT_REACHED, spoke_with="")

    notice = Notice.objects.get(person=scene.member, event="demand.not_reached")
    assert "情绪" not in notice.title + notice.body


@pytest.mark.parametrize("spoke_with", ["", "  "])
def test_whoever_was_reached_has_a_name(scene: Scene, spoke_with: str) -> None:
    demand = asked(scene)

    with pytest.raises(ContactWithoutPerson):
        call(scene, demand, spoke_with=spoke_with)


def test_a_contact_of_this_moment_is_taken_and_one_a_second_ahead_is_not(scene: Scene) -> None:
    demand = asked(scene)

    call(scene, demand, made_at=AT + HOUR)

    with pytest.raises(ContactInTheFuture):
        call(scene, demand, made_at=AT + HOUR + dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    "status", [DemandStatus.SUBMITTED, DemandStatus.CLOSED, DemandStatus.WITHDRAWN]
)
def test_no_contact_is_logged_where_no_unit_works_on_it(scene: Scene, status: DemandStatus) -> None:
    demand = scene.demand_in(status)

    with pytest.raises(MoveNotPossible):
        call(scene, demand)


def test_a_category_without_clocks_of_its_own_asks_for_nothing_beside(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    steps = WorkItem.objects.about(demand).open().values_list("step", flat=True)

    assert list(steps) == [Step.ANSWER]


def test_the_event_of_a_contact_holds_no_note(scene: Scene) -> None:
    call(scene, scene.demand_in(DemandStatus.IN_PROGRESS))

    assert "情绪" not in str(Event.objects.get(verb="demand.contacted").detail)


# --- Notes -----------------------------------------------------------------------------------


def test_a_note_may_be_left_at_any_time_and_its_text_is_in_no_event(scene: Scene) -> None:
    demands = [scene.demand_in(status) for status in (DemandStatus.SUBMITTED, DemandStatus.CLOSED)]

    notes = [
        write_note(each.pk, text=" 与财政局核实。 ", by=scene.dispatcher, at=AT) for each in demands
    ]

    assert [note.text for note in notes] == ["与财政局核实。"] * 2
    assert "财政" not in str([event.detail for event in Event.objects.all()])


def test_an_empty_note_is_refused(scene: Scene) -> None:
    demand = scene.file()

    with pytest.raises(NoteMissing):
        write_note(demand.pk, text=" \n", by=scene.dispatcher, at=AT)


def test_the_enterprise_writes_and_reads_no_note(scene: Scene) -> None:
    demand = scene.file()
    write_note(demand.pk, text="内部", by=scene.dispatcher, at=AT)

    with pytest.raises(PermissionDenied):
        write_note(demand.pk, text="内部", by=scene.member, at=AT)
    assert not scene.member.has_perm("demands.view_notes", demand)
    assert not InternalNote.objects.visible_to(scene.member).exists()


def test_a_dispatcher_who_belongs_to_the_firm_reads_no_note_about_it(scene: Scene) -> None:
    demand = scene.file()
    write_note(demand.pk, text="内部", by=scene.dispatcher, at=AT)
    both = grant(scene.member, Role.DISPATCHER)

    assert not both.has_perm("demands.view_notes", demand)
    assert not InternalNote.objects.visible_to(both).exists()
    assert InternalNote.objects.visible_to(scene.dispatcher).count() == 1


def test_an_auditor_reads_notes_and_writes_none(scene: Scene) -> None:
    demand = scene.file()
    auditor = grant(make_user(), Role.AUDITOR)

    assert auditor.has_perm("demands.view_notes", demand)
    with pytest.raises(PermissionDenied):
        write_note(demand.pk, text="内部", by=auditor, at=AT)


# --- Reports ---------------------------------------------------------------------------------


def test_a_report_opens_the_clock_of_the_next_one(scene: Scene) -> None:
    demand = asked(scene)
    first = item_of(demand, Step.PROGRESS)

    report(scene, demand)

    second = item_of(demand, Step.PROGRESS)
    first.refresh_from_db()
    assert (first.was_late, first.visit, second.visit) == (False, 1, 2)
    assert (second.done_at, second.opened_at) == (None, AT + HOUR)


def test_a_missing_report_is_overdue_and_stays_on_record_as_late(scene: Scene) -> None:
    demand = asked(scene)
    late = AT + dt.timedelta(days=6)
    assert item_of(demand, Step.PROGRESS) in WorkItem.objects.overdue(at=late)

    report(scene, demand, at=late)

    items = WorkItem.objects.about(demand).filter(step=Step.PROGRESS)
    assert [item.was_late for item in items] == [True, None]


def test_an_interim_answer_ends_its_own_clock_and_is_always_shared(scene: Scene) -> None:
    demand = asked(scene)

    written = write_report(
        demand.pk, kind=ReportKind.INTERIM, text="已立项。", is_shared=False,
        by=scene.handler, at=AT + HOUR,
    )  # fmt: skip

    assert written.is_shared
    assert not is_owed(demand, Step.INTERIM)
    assert is_owed(demand, Step.PROGRESS)


def test_the_answer_ends_everything_beside_it(scene: Scene) -> None:
    demand = asked(scene)

    scene.answer(demand, at=AT + dt.timedelta(days=2))

    assert not WorkItem.objects.about(demand).open().exists()
    assert item_of(demand, Step.CONTACT).was_late is True
    assert item_of(demand, Step.INTERIM).was_late is False


def test_only_the_shared_reports_reach_the_enterprise(scene: Scene) -> None:
    demand = asked(scene)
    report(scene, demand, is_shared=False)
    shared = report(scene, demand)

    assert list(Report.objects.visible_to(scene.member)) == [shared]
    assert Report.objects.visible_to(scene.handler).count() == 2
    told = Notice.objects.filter(person=scene.member, event="demand.reported")
    assert told.count() == 1


def test_an_empty_report_and_one_about_an_answered_demand_are_refused(scene: Scene) -> None:
    demand = asked(scene)
    with pytest.raises(ReportMissing):
        write_report(
            demand.pk, kind=ReportKind.PROGRESS, text=" ", is_shared=True, by=scene.handler, at=AT
        )

    scene.answer(demand)

    with pytest.raises(MoveNotPossible):
        report(scene, demand)


@pytest.mark.parametrize("who", ["member", "dispatcher"])
def test_only_the_unit_reports_and_logs_contacts(scene: Scene, who: str) -> None:
    demand, person = scene.demand_in(DemandStatus.IN_PROGRESS), getattr(scene, who)

    with pytest.raises(PermissionDenied):
        write_report(
            demand.pk, kind=ReportKind.PROGRESS, text="好", is_shared=True, by=person, at=AT
        )
    with pytest.raises(PermissionDenied):
        log_contact(
            demand.pk, way=ContactWay.MAIL, outcome=ContactOutcome.NOT_REACHED, spoke_with="",
            note="", made_at=AT, by=person, at=AT,
        )  # fmt: skip
