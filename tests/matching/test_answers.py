"""Answers to what rules ask: what fits, who may, what becomes of the verdict; judged by pack."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.engines.rules.rule import Status
from lianqi.matching.actions import ListLine, answer, answer_list, review, withdraw_answer
from lianqi.matching.enums import Group
from lianqi.matching.errors import (
    AnswerKeptElsewhere,
    AnswerNotAsked,
    AnswerNotPossible,
    AnswerOfAnotherKind,
    AnswerOutOfBounds,
    AnswerReasonMissing,
    AnswerTooExact,
    AnswerWithdrawn,
    AnswerWithoutUnit,
    ListLineWrong,
)
from lianqi.matching.models import ReviewAnswer
from lianqi.matching.queries import Verdict, explanation_for, snapshots, verdicts_for
from lianqi.register.errors import StatedByOthers, StatementEndsBeforeItBegins
from lianqi.register.models import Enterprise, Fact, Statement
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_enterprise, make_head, make_member, make_unit, make_user
from tests.matching.scene import CASES, ON, TEXT, Scene, make_scene

QUESTION = "judged:growth/2026.plan_model"
# Another document that happens to ask under the same key.
OTHER_TEXT = TEXT.replace("pack: growth", "pack: growth-too").replace("〔2026〕1号", "〔2026〕2号")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def plan(firm: Enterprise, pack: str = "growth") -> Verdict:
    found = verdicts_for(firm.pk, on=ON).verdicts
    return next(
        each for each in found
        if (each.place.pack.key, each.place.measure.key) == (pack, "plan")
    )  # fmt: skip


def yuan(number: str, unit: str = "元") -> dict[str, str]:
    return {"number": number, "unit": unit}


@pytest.mark.parametrize(
    ("slot", "value", "kept"),
    [
        ("revenue@2025", yuan("2000.5", "万元"), ("revenue", Decimal(20_005_000), "元")),
        ("rd_expense@2025", yuan("0"), ("研发费用", Decimal(0), "元")),
        ("employees@2025", yuan("35", "人"), ("employees", Decimal(35), "人")),
    ],
)
def test_a_figure_of_a_period_becomes_an_observation(
    scene: Scene, slot: str, value: Any, kept: tuple[str, Decimal, str]
) -> None:
    scene.pack()

    answer(scene.firm.pk, slot, value, source="年报", by=scene.dispatcher, at=AT)

    fact = Fact.objects.get()
    assert (fact.key, fact.value, fact.unit, fact.period) == (*kept, "2025")
    assert (
        slot
        in snapshots([scene.firm.pk], verdicts_for(scene.firm.pk, on=ON).catalogue, on=ON)[
            scene.firm.pk
        ].values
    )


def test_everything_else_becomes_a_statement_with_its_days(scene: Scene) -> None:
    answer(
        scene.firm.pk, "rd_body", "国家级", since=ON, until=ON, source="科技局",
        by=scene.dispatcher, at=AT,
    )  # fmt: skip

    kept = Statement.objects.get()
    assert (kept.key, kept.value, kept.since, kept.until) == ("rd_body", "national", ON, ON)
    assert kept.source == "科技局"


@pytest.mark.parametrize(
    ("slot", "value", "refusal"),
    [
        ("colour", True, AnswerNotAsked),
        ("revenue", yuan("1"), AnswerNotAsked),
        ("revenue@2025-H1", yuan("1"), AnswerNotAsked),
        ("tax_here@2025", True, AnswerNotAsked),
        ("titles", {"words": ["high_tech"]}, AnswerKeptElsewhere),
        ("industry", "C3976", AnswerKeptElsewhere),
        ("tax_here", "是", AnswerOfAnotherKind),
        ("tax_here", None, AnswerOfAnotherKind),
        ("revenue@2025", yuan("1", "人"), AnswerWithoutUnit),
        ("revenue@2025", yuan("1", ""), AnswerWithoutUnit),
        ("revenue@2025", yuan("-1"), AnswerOutOfBounds),
        ("revenue@2025", yuan("0.001"), AnswerOutOfBounds),
        ("market_share", yuan("100.1", "%"), AnswerOutOfBounds),
        ("rd_body", "县级", AnswerNotPossible),
        ("ip_rights", {"entries": [{"class": "three"}]}, AnswerNotPossible),
        ("ip_rights", {"entries": [{"colour": "red"}]}, AnswerNotPossible),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    scene: Scene, slot: str, value: Any, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        answer(scene.firm.pk, slot, value, source="年报", by=scene.dispatcher, at=AT)

    assert not Fact.objects.exists()
    assert not Statement.objects.exists()


def test_a_figure_is_kept_with_four_digits_and_no_more(scene: Scene) -> None:
    text = TEXT.replace(
        "measures:", "facts:\n  yield_rate: {label: 良品率, kind: number, grain: year, low: 0, "
        "high: 1, decimals: 6}\nmeasures:", 1,
    )  # fmt: skip
    scene.pack(text)

    with pytest.raises(AnswerTooExact):
        answer(scene.firm.pk, "yield_rate@2025", yuan("0.12345", ""), by=scene.boss, at=AT)
    answer(scene.firm.pk, "yield_rate@2025", yuan("12.34", "%"), by=scene.boss, at=AT)

    assert Fact.objects.get().value == Decimal("0.1234")


def test_the_refusals_of_the_register_come_through(scene: Scene) -> None:
    with pytest.raises(StatementEndsBeforeItBegins):
        answer(
            scene.firm.pk, "tax_here", value=True, since=ON, until=ON - dt.timedelta(days=1),
            source="税务局", by=scene.dispatcher, at=AT,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "own_facts", "others"),
    [
        ("boss", True, False),
        ("dispatcher", True, True),
        ("officer", True, True),
        ("staff of the firm", False, False),
        ("stranger", False, False),
        ("handler", False, False),
        ("editor", False, False),
    ],
)
def test_enterprises_answer_what_they_can_know_and_staff_the_rest(
    scene: Scene, who: str, own_facts: bool, others: bool
) -> None:
    firm = scene.firm
    people: dict[str, User] = {
        "boss": scene.boss,
        "dispatcher": scene.dispatcher,
        "stranger": scene.stranger,
        "handler": scene.handler,
        "editor": scene.editor,
        "staff of the firm": make_member(firm, Role.ENTERPRISE_STAFF),
        "officer": grant(make_user(), Role.LIAISON_OFFICER, Scope.ENTERPRISE, firm.pk),
    }
    by = people[who]

    for slot, value, is_allowed in (
        ("rd_expense@2025", yuan("5"), own_facts),
        ("segment_years", yuan("3", "年"), own_facts),
        ("tax_here", True, others),
        ("revenue@2025", yuan("5"), others),
    ):
        if is_allowed:
            answer(firm.pk, slot, value, source="年报", by=by, at=AT)
        else:
            with pytest.raises((PermissionDenied, StatedByOthers)):
                answer(firm.pk, slot, value, source="年报", by=by, at=AT)


def test_an_answer_changes_the_verdict(scene: Scene) -> None:
    text = TEXT.replace(
        "      - {key: high-tech,",
        "      - {key: here, require: 税务关系在本区}\n      - {key: high-tech,",
    )
    cases = CASES.replace(
        "      资质称号: [高新技术企业]", "      资质称号: [高新技术企业]\n      税务关系在本区: 是"
    )
    scene.pack(text, cases)

    def rd() -> Verdict:
        found = verdicts_for(scene.firm.pk, on=ON).verdicts
        return next(each for each in found if each.place.measure.key == "rd")

    before = rd()
    answer(scene.firm.pk, "tax_here", value=False, source="税务局", by=scene.dispatcher, at=AT)

    assert "here" not in [each.key for each in before.failed]
    assert "here" in [each.key for each in rd().failed]


@pytest.mark.parametrize(
    ("is_so", "status", "group"),
    [(True, Status.MET, Group.MET), (False, Status.UNMET, Group.NEARLY)],
)
def test_a_reviewer_answers_and_the_verdict_follows(
    scene: Scene, is_so: bool, status: Status, group: Group
) -> None:
    row = scene.pack()
    assert [each.slot for each in plan(scene.firm).missing] == [QUESTION]

    review(scene.firm.pk, QUESTION, is_so=is_so, reason="现场核查", by=scene.handler, at=AT)

    found = plan(scene.firm)
    told = explanation_for(scene.firm.pk, row.pk, "plan", on=ON)
    assert (found.status, found.group) == (status, group)
    assert plan(scene.other).status is Status.REVIEW
    assert told is not None
    assert told.verdict == found
    (shown,) = told.clauses[0].questions
    assert (shown.slot, shown.answer) == (QUESTION, is_so)
    assert shown.origin is not None
    assert shown.origin.observed_at == AT


def test_two_packs_and_two_versions_with_the_same_key_do_not_share_an_answer(scene: Scene) -> None:
    scene.pack()
    scene.pack(OTHER_TEXT)
    scene.pack(
        TEXT.replace('version: "2026"', 'version: "2027"').replace("2026-", "2027-"),
        CASES.replace("2026-", "2027-"),
    )

    review(scene.firm.pk, QUESTION, is_so=True, reason="现场核查", by=scene.handler, at=AT)

    later = verdicts_for(scene.firm.pk, on=dt.date(2027, 3, 4)).verdicts
    assert plan(scene.firm).status is Status.MET
    assert plan(scene.firm, "growth-too").status is Status.REVIEW
    assert [each.status for each in later if each.place.measure.key == "plan"] == [Status.REVIEW]


def test_a_later_answer_takes_the_place_and_can_be_taken_back(scene: Scene) -> None:
    scene.pack()
    first = review(scene.firm.pk, QUESTION, is_so=True, reason="材料", by=scene.handler, at=AT)
    second = review(
        scene.firm.pk, QUESTION, is_so=False, reason="现场", by=scene.handler, at=AT + HOUR
    )
    after_both = plan(scene.firm).status

    withdraw_answer(second.pk, by=scene.handler, at=AT + 2 * HOUR)

    verbs = Event.objects.filter(verb__startswith="matching.", subject_id=scene.firm.pk)
    assert after_both is Status.UNMET
    assert plan(scene.firm).status is Status.REVIEW
    assert ReviewAnswer.objects.count() == 2
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        "matching.question_answered",
        "matching.question_answered",
        "matching.answer_withdrawn",
    ]
    for each in (first, second):
        with pytest.raises(AnswerWithdrawn):
            withdraw_answer(each.pk, by=scene.handler, at=AT + 2 * HOUR)


@pytest.mark.parametrize(
    "slot",
    [
        "judged:plan_model",
        "judged:growth/2026.other",
        "judged:growth/2025.plan_model",
        "judged:none/2026.plan_model",
        "judged:",
        "revenue@2025",
    ],
)
def test_only_a_question_of_a_published_pack_is_answered(scene: Scene, slot: str) -> None:
    scene.pack()

    with pytest.raises(AnswerNotAsked):
        review(scene.firm.pk, slot, is_so=True, reason="现场核查", by=scene.handler, at=AT)

    assert not ReviewAnswer.objects.exists()


def test_who_reviews(scene: Scene) -> None:
    scene.pack()
    head = make_head(make_unit())

    with pytest.raises(AnswerReasonMissing):
        review(scene.firm.pk, QUESTION, is_so=True, reason=" ", by=scene.handler, at=AT)
    for by in (scene.boss, scene.dispatcher, scene.editor, scene.stranger):
        with pytest.raises(PermissionDenied):
            review(scene.firm.pk, QUESTION, is_so=True, reason="材料", by=by, at=AT)
    found = review(scene.firm.pk, QUESTION, is_so=True, reason="材料", by=head, at=AT)
    with pytest.raises(PermissionDenied):
        withdraw_answer(found.pk, by=scene.boss, at=AT)

    assert ReviewAnswer.objects.get().answered_by == head


def test_of_merged_entries_the_latest_answer_counts(scene: Scene) -> None:
    scene.pack()
    merged = make_enterprise()
    review(merged.pk, QUESTION, is_so=True, reason="材料", by=scene.handler, at=AT + HOUR)
    review(scene.firm.pk, QUESTION, is_so=False, reason="材料", by=scene.handler, at=AT)
    Enterprise.objects.filter(pk=merged.pk).update(merged_into=scene.firm, merged_at=AT)

    assert plan(scene.firm).status is Status.MET


def test_stating_takes_as_many_queries_with_many_packs_as_with_one(scene: Scene) -> None:
    def taken() -> int:
        verdicts_for(scene.firm.pk, on=ON)
        with CaptureQueriesContext(connection) as queries:
            answer(
                scene.firm.pk, "tax_here", value=True, source="税务局", by=scene.dispatcher, at=AT
            )
        return len(queries)

    scene.pack()
    taken()  # whose roles are read once
    with_one = taken()
    scene.pack(OTHER_TEXT)

    assert taken() == with_one


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_leave_one_answer_that_stands() -> None:
    scene = make_scene()
    scene.pack()
    colleague = make_head(make_unit())

    results = at_once(
        lambda: review(scene.firm.pk, QUESTION, is_so=True, reason="甲", by=scene.handler, at=AT),
        lambda: review(scene.firm.pk, QUESTION, is_so=False, reason="乙", by=colleague, at=AT),
    )

    assert refusals(results) == []
    assert ReviewAnswer.objects.count() == 2
    assert ReviewAnswer.objects.standing().count() == 1


def test_a_list_of_a_department_is_checked_line_by_line(scene: Scene) -> None:
    merged = make_enterprise(merged_into=scene.firm, merged_at=AT)
    good = [
        ListLine(scene.other.code, "tax_here", value=True),
        ListLine(merged.code, "研发机构级别", "省级", since=ON),
    ]

    made = answer_list(good, source="科技局名单", by=scene.dispatcher, at=AT)

    rows = Statement.objects.order_by("pk")
    assert made == 2
    assert [(each.enterprise_id, each.key, each.value, each.since) for each in rows] == [
        (scene.other.pk, "tax_here", True, None),
        (scene.firm.pk, "rd_body", "province", ON),
    ]


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("colour", True),
        ("tax_here", "是"),
        ("titles", {"words": []}),
        ("revenue@2025", yuan("5")),
        ("tax_here@2025", True),
        ("market_share", yuan("5", "元")),
    ],
)
def test_one_wrong_line_of_a_list_is_named_and_nothing_is_written(
    scene: Scene, slot: str, value: Any
) -> None:
    lines = [
        ListLine(scene.firm.code, "tax_here", value=True),
        ListLine(scene.firm.code, slot, value),
    ]

    with pytest.raises(ListLineWrong) as refused:
        answer_list(lines, source="名单", by=scene.dispatcher, at=AT)
    with pytest.raises(ListLineWrong):
        answer_list(
            [ListLine("0" * 18, "tax_here", value=True)], source="名单", by=scene.dispatcher, at=AT
        )
    for by in (scene.boss, scene.handler, scene.editor):
        with pytest.raises(PermissionDenied):
            answer_list(lines[:1], source="名单", by=by, at=AT)

    assert refused.value.params["number"] == 2
    assert not Statement.objects.exists()
