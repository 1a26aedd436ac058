"""Every move of a need from every status, and what each leaves behind."""

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.audit.models import Event
from lianqi.needs import errors
from lianqi.needs.actions import (
    claim_need,
    collect_need,
    confirm_need,
    dispute_need,
    give_up_need,
    hand_back_need,
    pay_need,
    reconsider_need,
    report_batch,
    report_progress,
    resume_need,
    solve_need,
)
from lianqi.needs.enums import REASONS, NeedStatus, TriageReason, Verdict
from lianqi.needs.flow import NEED_FLOW, VERBS
from lianqi.needs.models import Need, NeedBatch
from lianqi.notices.models import Notice
from lianqi.register.enums import MembershipState
from lianqi.register.models import Grid, Membership
from lianqi.work.models import WorkItem
from tests.factories import make_enterprise, make_handler, make_unit
from tests.needs.scene import AT, Scene, days_later

pytestmark = pytest.mark.django_db


def do(verb: str, need: Need, scene: Scene) -> Need:
    """The action of a verb with everything it asks for."""
    unit, firm = {"by": scene.handler, "at": AT}, {"by": scene.member, "at": AT}
    acts = {
        "reconsider": lambda: reconsider_need(need.pk, note="重新研判", by=scene.sorter, at=AT),
        "hand_back": lambda: hand_back_need(need.pk, note="非我局职责", **unit),
        "progress": lambda: report_progress(need.pk, progress="已联系。", **unit),
        "solve": lambda: solve_need(need.pk, solution="已办结。", evidence="文号1", **unit),
        "give_up": lambda: give_up_need(need.pk, grounds="无依据。", **unit),
        "resume": lambda: resume_need(need.pk, note="政策出台。", **unit),
        "confirm": lambda: confirm_need(need.pk, note="", **firm),
        "dispute": lambda: dispute_need(need.pk, note="未到账。", **firm),
        "claim": lambda: claim_need(need.pk, note="", **firm),
        "pay": lambda: pay_need(need.pk, note="", **unit),
    }
    for verdict, move in VERBS.items():
        if move == verb and verb not in acts:
            into = scene.collect() if verdict == Verdict.MERGED else None
            return scene.triage(need, verdict, into=into)
    return acts[verb]()


MOVES = sorted(NEED_FLOW.moves.keys() - {"report"})  # a need is reported with its batch


@pytest.mark.parametrize("verb", MOVES)
def test_a_move_is_made_where_the_table_allows_it_and_nowhere_else(scene: Scene, verb: str) -> None:
    move = NEED_FLOW.moves[verb]
    for status in NeedStatus:
        need = scene.need_in(status)

        if status in move.sources:
            do(verb, need, scene)
        else:
            with pytest.raises(errors.NeedMoveNotPossible):
                do(verb, need, scene)

        need.refresh_from_db()
        assert need.status == (move.target if status in move.sources else status)


@pytest.mark.parametrize("verb", MOVES)
def test_a_move_is_one_event_that_names_person_and_enterprise(scene: Scene, verb: str) -> None:
    need = scene.need_in(min(NEED_FLOW.moves[verb].sources))
    before = Event.objects.about("needs.need", need.pk).count()

    do(verb, need, scene)

    events = Event.objects.about("needs.need", need.pk).order_by("pk")
    assert events.count() == before + 1
    last = events.last()
    assert last is not None
    assert (last.enterprise_id, last.by_id is None) == (scene.firm.pk, False)


def test_the_whole_way_of_a_need(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.PAID)

    need.refresh_from_db()
    verbs = Event.objects.about("needs.need", need.pk).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "need.collected", "need.valid", "need.contacted", "need.solved", "need.confirmed",
        "need.claimed", "need.paid",
    ]  # fmt: skip
    assert (need.unit, need.lead) == (scene.guard, scene.lead)
    assert WorkItem.objects.about(need).open().count() == 0
    assert need.batch.waiting == 0


# --- Collecting ------------------------------------------------------------------------------


def test_a_need_belongs_to_the_batch_of_the_unit_that_guards_the_grid(scene: Scene) -> None:
    need = scene.collect("希望减免房租")

    assert (need.unit, need.batch, need.collected_on.isoformat()) == (
        scene.guard, scene.open_batch(), "2020-02-21",
    )  # fmt: skip
    assert need.batch.need_count == 1
    assert need.number.startswith("XQ2020")


def test_the_same_key_notes_once(scene: Scene) -> None:
    first, again = (scene.collect("希望减免房租", idempotency_key="same") for _ in range(2))

    assert first == again
    assert Need.objects.count() == 1
    assert scene.open_batch().need_count == 1


def test_only_people_of_the_guarding_unit_collect(scene: Scene) -> None:
    elsewhere = make_enterprise(
        grid=Grid.objects.create(code="G2", name="第二网格", unit=scene.lead)
    )
    without_grid = make_enterprise()

    for person, firm in (
        (scene.handler, scene.firm), (scene.sorter, scene.firm), (scene.member, scene.firm),
        (scene.collector, elsewhere), (scene.collector, without_grid),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            scene.collect(by=person, enterprise=firm)
    assert Need.objects.count() == 0


def test_nothing_is_collected_before_the_programme_nor_after_its_last_day(scene: Scene) -> None:
    scene.programme.until_on = AT.date()
    scene.programme.save()

    scene.collect("减免房租", at=AT)
    with pytest.raises(errors.NoProgramme):
        scene.collect("缓缴社保", at=days_later(1))
    with pytest.raises(errors.NoProgramme):
        scene.collect("缓缴社保", at=days_later(-3))


def test_a_need_without_text_is_refused(scene: Scene) -> None:
    with pytest.raises(errors.NeedTextMissing):
        scene.collect("  \n ")


def test_nearly_the_same_need_is_asked_about_and_noted_when_it_is_another_matter(
    scene: Scene,
) -> None:
    earlier = scene.collect("希望减免标准厂房三个月房租")

    with pytest.raises(errors.NearSameNeed) as refused:
        scene.collect("希望减免标准厂房三个月的房租")
    other = scene.collect("希望减免标准厂房三个月的房租", is_other_matter=True)

    assert earlier.number in str(refused.value)
    assert other.pk != earlier.pk


def test_another_enterprise_may_need_the_same(scene: Scene) -> None:
    scene.collect("希望减免标准厂房三个月房租")

    other = scene.collect("希望减免标准厂房三个月房租", enterprise=make_enterprise(grid=scene.grid))

    assert other.batch.need_count == 2


# --- Batches ---------------------------------------------------------------------------------


def test_a_report_hands_the_needs_to_triage_and_opens_the_next(scene: Scene) -> None:
    needs = [scene.collect() for _ in range(3)]
    first = scene.open_batch()

    sent = scene.report()

    assert (sent.pk, sent.waiting, sent.reported_by) == (first.pk, 3, scene.collector)
    assert {need.status for need in Need.objects.all()} == {NeedStatus.REPORTED}
    assert scene.open_batch().pk != first.pk
    owed = WorkItem.objects.about(first).open().get()
    assert (owed.step, owed.unit) == ("triage_needs", scene.desk)
    assert len(needs) == 3


def test_an_empty_report_must_be_said_to_be_empty(scene: Scene) -> None:
    with pytest.raises(errors.ZeroReportNotSaid):
        scene.report()

    sent = scene.report(nothing=True)

    assert sent.is_zero_report
    assert not WorkItem.objects.about(sent).open().exists()


def test_a_report_with_needs_is_no_zero_report(scene: Scene) -> None:
    scene.collect()

    with pytest.raises(errors.NotAZeroReport):
        scene.report(nothing=True)


def test_a_report_is_sent_once_and_by_the_unit(scene: Scene) -> None:
    batch = scene.open_batch()
    with pytest.raises(PermissionDenied):
        report_batch(batch.pk, nothing_collected=True, by=scene.handler, at=AT)
    report_batch(batch.pk, nothing_collected=True, by=scene.guard_head, at=AT)

    with pytest.raises(errors.BatchMoveNotPossible):
        report_batch(batch.pk, nothing_collected=True, by=scene.collector, at=AT)


def test_the_last_report_of_a_programme_opens_no_other(scene: Scene) -> None:
    scene.programme.until_on = AT.date()
    scene.programme.save()

    scene.report(at=days_later(1), nothing=True)

    assert not NeedBatch.objects.open().exists()


def test_a_unit_that_guards_nothing_any_more_sends_its_last_report(scene: Scene) -> None:
    scene.collect()
    Grid.objects.update(is_active=False)

    scene.report()

    assert not NeedBatch.objects.open().exists()


# --- Triage ----------------------------------------------------------------------------------


def test_triage_of_the_last_need_ends_the_work_and_second_thoughts_begin_it_anew(
    scene: Scene,
) -> None:
    needs = [scene.collect() for _ in range(2)]
    batch = scene.report()

    scene.triage(needs[0])
    half = WorkItem.objects.about(batch).open().count()
    scene.triage(needs[1], Verdict.INVALID)
    done = WorkItem.objects.about(batch).open().count()
    reconsider_need(needs[1].pk, note="企业已补充说明", by=scene.sorter, at=AT)

    batch.refresh_from_db()
    assert (half, done, batch.waiting) == (1, 0, 1)
    assert WorkItem.objects.about(batch).open().get().step == "triage_needs"


def test_a_valid_need_goes_to_one_unit_that_owes_progress(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)

    owed = WorkItem.objects.about(need).open().get()

    assert (owed.step, owed.unit, owed.part) == ("report_progress", scene.lead, "lead")
    told = Notice.objects.filter(person=scene.handler, event="need.assigned")
    assert told.count() == 1


def test_a_need_to_be_coordinated_has_other_units_beside_the_responsible_one(
    scene: Scene,
) -> None:
    need, other = scene.need_in(NeedStatus.REPORTED), make_unit("税务局")
    helper = make_handler(other)

    with pytest.raises(errors.OtherUnitsMissing):
        scene.triage(need, Verdict.COORDINATED, others=[scene.lead])
    need = scene.triage(need, Verdict.COORDINATED, others=[other, scene.lead])

    assert [share.unit for share in need.shares.select_related("unit")] == [other]
    assert Need.objects.visible_to(helper).get() == need
    assert not helper.has_perm("needs.solve", need)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_reason_goes_with_its_verdict_only(scene: Scene, verdict: Verdict) -> None:
    for reason in TriageReason:
        need = scene.need_in(NeedStatus.REPORTED)
        given = {"reason": reason, "into": scene.collect(), "others": [make_unit("税务局")]}

        if reason in REASONS[verdict]:
            assert scene.triage(need, verdict, **given).reason == reason
        else:
            with pytest.raises(errors.ReasonDoesNotFit):
                scene.triage(need, verdict, **given)


def test_an_incomplete_verdict_is_refused(scene: Scene) -> None:
    need, closed = scene.need_in(NeedStatus.REPORTED), make_unit("撤销局", is_active=False)

    for refusal, verdict, given in (
        (errors.LeadUnitMissing, Verdict.VALID, {"lead": None}),
        (errors.UnitTakesNoNeeds, Verdict.VALID, {"lead": closed}),
        (errors.TriageNoteMissing, Verdict.INVALID, {"note": " "}),
        (errors.TriageNoteMissing, Verdict.REFERRED, {"note": ""}),
        (errors.MergeNotPossible, Verdict.MERGED, {}),
        (errors.MergeNotPossible, Verdict.MERGED, {"into": need}),
    ):  # fmt: skip
        with pytest.raises(refusal):
            scene.triage(need, verdict, **given)
    need.refresh_from_db()
    assert need.status == NeedStatus.REPORTED


def test_needs_are_merged_within_one_enterprise_into_one_that_stands(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.REPORTED)
    dismissed = scene.need_in(NeedStatus.INVALID)
    of_another = scene.collect(enterprise=make_enterprise(grid=scene.grid))

    for into in (dismissed, of_another):
        with pytest.raises(errors.MergeNotPossible):
            scene.triage(need, Verdict.MERGED, into=into)


def test_a_survivor_is_not_dismissed_while_others_depend_on_it(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.REPORTED)
    survivor = scene.collect()
    scene.report()
    scene.triage(need, Verdict.MERGED, into=survivor)

    with pytest.raises(errors.HasMergedNeeds):
        scene.triage(survivor, Verdict.INVALID)
    reconsider_need(need.pk, note="并非同一事项", by=scene.sorter, at=AT)

    assert scene.triage(survivor, Verdict.INVALID).status == NeedStatus.INVALID


def test_only_the_sorting_unit_sorts(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.REPORTED)

    for person in (scene.collector, scene.handler, scene.leader, scene.member, scene.admin):
        with pytest.raises(PermissionDenied):
            scene.triage(need, by=person)


def test_a_unit_hands_back_what_is_not_its_own_and_triage_decides_anew(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)

    hand_back_need(need.pk, note="属税务局职责", by=scene.handler, at=AT)

    need.refresh_from_db()
    assert (need.status, need.lead, need.verdict) == (NeedStatus.REPORTED, None, "")
    assert not WorkItem.objects.about(need).open().exists()
    assert Notice.objects.filter(person=scene.sorter, event="need.handed_back").exists()


# --- Solving ---------------------------------------------------------------------------------


def test_an_empty_word_is_refused_wherever_one_is_owed(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)
    unit, firm = {"by": scene.handler, "at": AT}, {"by": scene.member, "at": AT}

    for refusal, act in (
        (errors.ReportTextMissing, lambda: report_progress(need.pk, progress=" ", **unit)),
        (errors.ReportTextMissing, lambda: solve_need(
            need.pk, solution="", evidence="文号", **unit)),
        (errors.EvidenceMissing, lambda: solve_need(
            need.pk, solution="已兑现", evidence=" ", **unit)),
        (errors.NoteMissing, lambda: give_up_need(need.pk, grounds="", **unit)),
        (errors.NoteMissing, lambda: hand_back_need(need.pk, note=" ", **unit)),
    ):  # fmt: skip
        with pytest.raises(refusal):
            act()
    solved = scene.need_in(NeedStatus.SOLVED)
    with pytest.raises(errors.NoteMissing):
        dispute_need(solved.pk, note=" ", **firm)


def test_only_the_enterprise_confirms_disputes_and_claims(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.SOLVED)

    for act in (confirm_need, dispute_need, claim_need):
        for person in (scene.handler, scene.collector, scene.sorter):
            with pytest.raises(PermissionDenied):
                act(need.pk, note="代办", by=person, at=AT)


def test_the_enterprise_is_told_what_concerns_it(scene: Scene) -> None:
    Membership.objects.create(
        enterprise=scene.firm, user=scene.member, role="enterprise_admin",
        state=MembershipState.CONFIRMED, asked_at=AT,
    )  # fmt: skip

    scene.need_in(NeedStatus.SOLVED)

    events = Notice.objects.filter(person=scene.member).order_by("pk")
    assert list(events.values_list("event", flat=True)) == [
        "need.told_assigned", "need.told_solved",
    ]  # fmt: skip


def test_collecting_asks_what_was_refused_before(scene: Scene) -> None:
    merged = make_enterprise(grid=scene.grid, merged_into=scene.firm, merged_at=AT)

    with pytest.raises(errors.NeedEnterpriseMerged):
        collect_need(
            enterprise=merged, text="减免房租", idempotency_key="k", by=scene.collector, at=AT
        )
