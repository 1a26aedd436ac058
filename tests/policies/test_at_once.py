"""Two people, one policy, the same moment: on a real PostgreSQL, with threads that commit."""

import pytest

from lianqi.audit.models import Event
from lianqi.policies.actions import (
    answer_question,
    ask_question,
    count_reading,
    flag_overlap,
    publish,
    revise_policy,
    settle_overlap,
)
from lianqi.policies.enums import Reader
from lianqi.policies.errors import (
    OverlapKnown,
    OverlapSettled,
    PolicyMoveNotPossible,
    QuestionAnswered,
    VersionBegun,
)
from lianqi.policies.models import PolicyDocument, PolicyReadBy, PolicyReads
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT
from tests.policies.scene import Library, first_article, make_library

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def library() -> Library:
    return make_library()


def test_two_editors_publish_once(library: Library) -> None:
    document = library.policy("duties_complete")

    results = at_once(*[lambda: publish(document.pk, by=library.editor, at=AT)] * 2)

    assert refusals(results) == [PolicyMoveNotPossible]
    assert Event.objects.filter(verb="policies.published").count() == 1


def test_two_editors_begin_one_next_version(library: Library) -> None:
    document = library.policy("published")

    results = at_once(*[lambda: revise_policy(document.pk, by=library.editor, at=AT)] * 2)

    assert refusals(results) == [VersionBegun]
    assert PolicyDocument.objects.count() == 2


def test_an_overlap_is_flagged_and_settled_once(library: Library) -> None:
    document = library.policy("broken_down")
    one = first_article(document)

    flagged = at_once(*[lambda: flag_overlap(one.pk, text="交叉", by=library.head, at=AT)] * 2)
    overlap = one.overlaps.get()
    settled = at_once(
        *[
            lambda person=person: settle_overlap(
                overlap.pk, lead=library.economy, responsible=[library.economy], reason="主业",
                by=person, at=AT,
            )
            for person in (library.dispatcher, library.leader)
        ]
    )  # fmt: skip

    assert refusals(flagged) == [OverlapKnown]
    assert refusals(settled) == [OverlapSettled]


def test_two_handlers_answer_once(library: Library) -> None:
    document = library.policy("published")
    question = ask_question(
        document.pk, enterprise=library.firm, text="能申请吗？", by=library.boss, at=AT
    )

    results = at_once(
        *[
            lambda person=person: answer_question(
                question.pk, answer="能", is_published=True, by=person, at=AT
            )
            for person in (library.handler, library.head)
        ]
    )

    assert refusals(results) == [QuestionAnswered]


def test_reads_at_the_same_moment_are_all_counted(library: Library) -> None:
    document = library.policy("published")

    results = at_once(
        *[
            lambda: count_reading(
                document, reader=Reader.ENTERPRISE, at=AT, enterprise_ids=(library.firm.pk,)
            )
        ]
        * 4
    )

    assert refusals(results) == []
    assert PolicyReads.objects.get().count == 4
    assert PolicyReadBy.objects.count() == 1
