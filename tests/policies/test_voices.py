"""Overlaps and their settlement, interpretations, questions and answers, reading figures."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.notices.models import Notice
from lianqi.policies.actions import (
    abolish,
    answer_question,
    ask_question,
    change_note,
    complete_duties,
    count_reading,
    flag_overlap,
    publish_note,
    settle_overlap,
    take_back_note,
    write_note,
)
from lianqi.policies.enums import Reader
from lianqi.policies.errors import (
    AnswerMissing,
    ArticleOfAnother,
    NoteIncomplete,
    NotePublished,
    OverlapKnown,
    OverlapNoteMissing,
    OverlapSettled,
    OverlapsOpen,
    PolicyMoveNotPossible,
    QuestionAnswered,
    QuestionMissing,
    SettlementIncomplete,
)
from lianqi.policies.models import PolicyDocument, PolicyQuestion, PolicyReads
from lianqi.policies.queries import reading_figures, reads_of
from lianqi.work.models import WorkItem
from tests.factories import AT
from tests.policies.scene import Library, first_article, make_library

pytestmark = pytest.mark.django_db

MONTH = dt.date(2026, 3, 1)


@pytest.fixture
def library() -> Library:
    return make_library()


def test_an_open_overlap_blocks_until_the_coordinator_settles_it(library: Library) -> None:
    document = library.policy("broken_down")
    library.give(document)
    one = first_article(document)
    overlap = flag_overlap(one.pk, text="科技局也有贴息。", by=library.other_handler, at=AT)
    owed = WorkItem.objects.about(overlap).open().get()

    with pytest.raises(OverlapsOpen) as refusal:
        complete_duties(document.pk, by=library.editor, at=AT)
    settle_overlap(
        overlap.pk, lead=library.science, responsible=[library.economy],
        reason="贴息资金在科技专项。", by=library.dispatcher, at=AT,
    )  # fmt: skip
    complete_duties(document.pk, by=library.editor, at=AT)

    assert refusal.value.params == {"numbers": "第一条"}
    assert owed.desk == "dispatcher"
    assert not WorkItem.objects.about(overlap).open().exists()
    one = first_article(document)
    assert (one.lead, list(one.responsible.all())) == (library.science, [library.economy])
    told = Notice.objects.filter(event="policies.overlap_settled")
    names = set(told.values_list("person__name", flat=True))
    assert names == {"赵磊", "王强", "孙丽"}


def test_an_overlap_is_flagged_once_and_settled_once(library: Library) -> None:
    document = library.policy("broken_down")
    one = first_article(document)
    overlap = flag_overlap(one.pk, text="交叉", by=library.editor, at=AT)
    given = {"lead": library.economy, "responsible": [library.economy], "reason": "主业"}

    with pytest.raises(OverlapKnown):
        flag_overlap(one.pk, text="又交叉", by=library.editor, at=AT)
    settle_overlap(overlap.pk, by=library.leader, at=AT, **given)
    with pytest.raises(OverlapSettled):
        settle_overlap(overlap.pk, by=library.dispatcher, at=AT, **given)
    flag_overlap(one.pk, text="再次交叉", by=library.editor, at=AT)

    assert one.overlaps.count() == 2


def test_a_settlement_needs_a_reason_and_a_coordinator(library: Library) -> None:
    document = library.policy("broken_down")
    one = first_article(document)
    with pytest.raises(OverlapNoteMissing):
        flag_overlap(one.pk, text=" ", by=library.editor, at=AT)
    overlap = flag_overlap(one.pk, text="交叉", by=library.head, at=AT)
    given = {"lead": library.economy, "responsible": [library.economy]}

    with pytest.raises(SettlementIncomplete):
        settle_overlap(overlap.pk, reason="", by=library.dispatcher, at=AT, **given)
    with pytest.raises(PermissionDenied):
        settle_overlap(overlap.pk, reason="主业", by=library.editor, at=AT, **given)
    with pytest.raises(PermissionDenied):
        flag_overlap(document.articles.in_order()[1].pk, text="甲", by=library.boss, at=AT)


def test_nobody_owes_a_settlement_about_what_is_over(library: Library) -> None:
    document = library.policy("published")
    overlap = flag_overlap(first_article(document).pk, text="交叉", by=library.head, at=AT)

    abolish(document.pk, ended_on=AT.date(), reason="废止", by=library.editor, at=AT)

    assert not WorkItem.objects.about(overlap).open().exists()
    with pytest.raises(PolicyMoveNotPossible):
        settle_overlap(
            overlap.pk, lead=library.economy, responsible=[library.economy], reason="主业",
            by=library.dispatcher, at=AT,
        )  # fmt: skip


def test_an_interpretation_is_found_once_it_is_published(library: Library) -> None:
    document = library.policy("published")
    note = write_note(
        document.pk, title="一图读懂", text="贴息按季度拨付。", by=library.handler, at=AT
    )
    change_note(note.pk, title="一图读懂", text="贴息每季度拨付。", by=library.handler, at=AT)
    hidden = PolicyDocument.objects.search("季度拨付").exists()

    publish_note(note.pk, by=library.handler, at=AT)

    assert not hidden
    assert PolicyDocument.objects.search("季度拨付").get() == document
    with pytest.raises(NotePublished):
        change_note(note.pk, title="甲", text="乙", by=library.handler, at=AT)
    take_back_note(note.pk, by=library.handler, at=AT)
    assert not PolicyDocument.objects.search("季度拨付").exists()


def test_only_the_editor_and_lead_departments_interpret(library: Library) -> None:
    document = library.policy("published")

    for person in (library.other_handler, library.dispatcher, library.boss):
        with pytest.raises(PermissionDenied):
            write_note(document.pk, title="甲", text="乙", by=person, at=AT)
    with pytest.raises(NoteIncomplete):
        write_note(document.pk, title="甲", text=" ", by=library.editor, at=AT)
    with pytest.raises(PolicyMoveNotPossible):
        draft = library.policy("drafted", number="2")
        write_note(draft.pk, title="甲", text="乙", by=library.editor, at=AT)


def test_the_lead_department_owes_the_answer_and_the_enterprise_is_told(library: Library) -> None:
    document = library.policy("published")
    question = ask_question(
        document.pk, enterprise=library.firm, text="小微企业可以申请吗？", by=library.boss, at=AT,
        article=first_article(document),
    )  # fmt: skip
    owed = WorkItem.objects.about(question).open().get()

    answer_question(
        question.pk, answer="可以，注册满一年即可。", is_published=True, by=library.handler, at=AT
    )

    assert (owed.unit, owed.step) == (library.economy, "answer_policy_question")
    assert not WorkItem.objects.about(question).open().exists()
    assert Notice.objects.get(event="policies.question_answered").person == library.boss
    assert PolicyDocument.objects.search("注册满一年").get() == document
    assert PolicyQuestion.objects.visible_to(library.stranger).get() == question


def test_an_answer_that_is_not_published_is_the_enterprise_s_own(library: Library) -> None:
    document = library.policy("published")
    question = ask_question(
        document.pk, enterprise=library.firm, text="我公司可以吗？", by=library.boss, at=AT
    )

    answer_question(question.pk, answer="可以申请。", is_published=False, by=library.head, at=AT)

    assert question.unit == library.economy
    assert PolicyQuestion.objects.visible_to(library.boss).exists()
    assert not PolicyQuestion.objects.visible_to(library.stranger).exists()
    assert not PolicyDocument.objects.search("可以申请").exists()
    with pytest.raises(QuestionAnswered):
        answer_question(question.pk, answer="不", is_published=False, by=library.head, at=AT)


def test_questions_are_asked_for_one_s_own_enterprise_about_what_is_published(
    library: Library,
) -> None:
    document, draft = library.policy("published"), library.policy("drafted", number="2")
    given = {"enterprise": library.firm, "text": "能申请吗？", "at": AT}

    for person in (library.stranger, library.handler):
        with pytest.raises(PermissionDenied):
            ask_question(document.pk, by=person, **given)
    with pytest.raises(PolicyMoveNotPossible):
        ask_question(draft.pk, by=library.boss, **given)
    with pytest.raises(QuestionMissing):
        ask_question(document.pk, by=library.boss, **given | {"text": " "})
    with pytest.raises(ArticleOfAnother):
        ask_question(document.pk, by=library.boss, article=first_article(draft), **given)


def test_only_the_department_that_was_asked_answers(library: Library) -> None:
    document = library.policy("published")
    question = ask_question(
        document.pk, enterprise=library.firm, text="能申请吗？", by=library.boss, at=AT
    )

    for person in (library.other_handler, library.editor, library.boss):
        with pytest.raises(PermissionDenied):
            answer_question(question.pk, answer="能", is_published=True, by=person, at=AT)
    with pytest.raises(AnswerMissing):
        answer_question(question.pk, answer=" ", is_published=True, by=library.handler, at=AT)


def test_reads_are_counted_by_month_and_kind_and_enterprises_once(library: Library) -> None:
    document = library.policy("published")
    for _ in range(3):
        count_reading(document, reader=Reader.PUBLIC, at=AT)
    for _ in range(2):
        count_reading(document, reader=Reader.ENTERPRISE, at=AT, enterprise_ids=(library.firm.pk,))
    count_reading(document, reader=Reader.STAFF, at=AT + dt.timedelta(days=31))

    march = reads_of(document, first=MONTH, last=MONTH)
    both = reading_figures(first=MONTH, last=dt.date(2026, 4, 1))

    assert (march.public, march.enterprise, march.staff, march.firms) == (3, 2, 0, 1)
    assert (both.reads, both.firms, both.rows[0].total) == (6, 1, 6)


def test_the_month_is_that_of_the_zone(library: Library) -> None:
    document = library.policy("published")

    count_reading(document, reader=Reader.PUBLIC, at=dt.datetime(2026, 3, 31, 16, 0, tzinfo=dt.UTC))

    assert PolicyReads.objects.get().month == dt.date(2026, 4, 1)


def test_a_draft_is_read_by_nobody(library: Library) -> None:
    count_reading(library.policy("drafted"), reader=Reader.STAFF, at=AT)

    assert not PolicyReads.objects.exists()
