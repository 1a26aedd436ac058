"""The way of a document: entered, broken down, its duties given, published, replaced, abolished."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import UnitKind
from lianqi.audit.models import Event
from lianqi.notices.models import Notice
from lianqi.policies.actions import (
    ArticleTerms,
    MeasureTerms,
    abolish,
    add_articles,
    add_aspects,
    add_measures,
    add_policy,
    assign_duties,
    break_down,
    change_article,
    change_policy,
    complete_duties,
    discard_policy,
    divide_policy,
    drop_article,
    drop_aspect,
    publish,
    reopen,
    revise_policy,
    set_responsible,
)
from lianqi.policies.enums import Applicant, PolicyStatus
from lianqi.policies.errors import (
    AbolitionIncomplete,
    ArticleIncomplete,
    ArticleKnown,
    ArticlesDifferFromSource,
    ArticlesMissing,
    AspectInUse,
    AspectOfAnother,
    DutiesMissing,
    DutyIncomplete,
    IndustryUnknown,
    NoArticleChosen,
    PolicyIncomplete,
    PolicyMoveNotPossible,
    PolicyPeriodWrong,
    PublishedPolicyStays,
    SourceAddressWrong,
    UnitTakesNoDuty,
    VersionBegun,
)
from lianqi.policies.flow import POLICY_FLOW
from lianqi.policies.models import PolicyDocument
from lianqi.policies.queries import compared, part_counts
from tests.factories import AT, make_unit
from tests.policies.scene import FROM, Library, again, first_article, make_library

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def library() -> Library:
    return make_library()


def test_the_way_from_the_entry_to_the_publication(library: Library) -> None:
    document = library.policy("published")

    assert document.status == PolicyStatus.PUBLISHED
    assert document.leads == [library.economy.pk]
    verbs = Event.objects.filter(subject_id=document.pk, subject_kind="policies.policydocument")
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        "policies.added",
        "policies.aspects_added",
        "policies.articles_added",
        "policies.broken_down",
        "policies.duties_assigned",
        "policies.duties_completed",
        "policies.published",
    ]


def test_the_table_of_moves_is_the_one_of_the_order() -> None:
    assert {verb: (sorted(m.sources), str(m.target)) for verb, m in POLICY_FLOW.moves.items()} == {
        "break_down": (["drafted"], "broken_down"),
        "complete_duties": (["broken_down"], "duties_complete"),
        "reopen": (["broken_down", "duties_complete"], "drafted"),
        "publish": (["duties_complete"], "published"),
        "replace": (["published"], "revised"),
        "abolish": (["published"], "abolished"),
    }


def test_an_article_without_duty_blocks_and_is_named(library: Library) -> None:
    document = library.policy("broken_down")
    one = first_article(document)
    assign_duties(
        document.pk, [one.pk], lead=library.economy, responsible=[library.science],
        by=library.editor, at=AT,
    )  # fmt: skip

    with pytest.raises(DutiesMissing) as refusal:
        complete_duties(document.pk, by=library.editor, at=AT)

    assert refusal.value.params == {"count": 1, "numbers": "第二条"}
    assert "第二条" in str(refusal.value)


@pytest.mark.parametrize("part", ["lead", "responsible"])
def test_a_duty_that_was_taken_back_blocks_the_publication(library: Library, part: str) -> None:
    document = library.policy("duties_complete")
    units = {
        "lead": library.economy if part != "lead" else None,
        "responsible": [library.science] if part != "responsible" else [],
    }
    assign_duties(document.pk, [first_article(document).pk], by=library.editor, at=AT, **units)

    with pytest.raises(DutiesMissing) as refusal:
        publish(document.pk, by=library.editor, at=AT)

    assert refusal.value.params["numbers"] == "第一条"
    assert again(document).status == PolicyStatus.DUTIES_COMPLETE


def test_a_unit_that_was_closed_meanwhile_blocks_the_publication(library: Library) -> None:
    document = library.policy("duties_complete")
    library.science.is_active = False
    library.science.save()

    with pytest.raises(UnitTakesNoDuty):
        publish(document.pk, by=library.editor, at=AT)


def test_lead_departments_are_told_how_many_articles_are_theirs(library: Library) -> None:
    document = library.policy("published")

    told = Notice.objects.filter(event="policies.duty_given")
    assert set(told.values_list("person__name", flat=True)) == {"王强", "孙丽"}
    assert told.first().title == f"《{document.title}》有2条由经济发展局牵头"  # type: ignore[union-attr]  # there is one


def test_a_document_without_articles_is_not_broken_down(library: Library) -> None:
    document = add_policy(library.terms(), by=library.editor, at=AT)

    with pytest.raises(ArticlesMissing):
        break_down(document.pk, by=library.editor, at=AT)


def test_the_number_of_the_source_is_compared(library: Library) -> None:
    document = library.policy("drafted", stated_articles=3)

    with pytest.raises(ArticlesDifferFromSource) as refusal:
        break_down(document.pk, by=library.editor, at=AT)

    assert refusal.value.params == {"stated": 3, "entered": 2}


def test_a_row_for_a_whole_aspect_is_no_article(library: Library) -> None:
    document = add_policy(library.terms(stated_articles=0), by=library.editor, at=AT)
    aspect = add_aspects(document.pk, ["税费政策"], by=library.editor, at=AT)[0]
    add_articles(
        document.pk,
        [ArticleTerms("一", wording_note="来源未分条。", aspect=aspect, covers_aspect=True)],
        by=library.editor, at=AT,
    )  # fmt: skip

    library.on(document)

    counts = part_counts([document])[document.pk]
    assert (counts.aspects, counts.articles) == (1, 0)
    assert again(document).status == PolicyStatus.PUBLISHED


def test_moves_out_of_turn_are_refused(library: Library) -> None:
    drafted, published = library.policy("drafted"), library.policy("published", number="2")

    for act in (complete_duties, publish, reopen):
        with pytest.raises(PolicyMoveNotPossible):
            act(drafted.pk, by=library.editor, at=AT)
    for act in (break_down, complete_duties, publish, reopen, discard_policy):
        with pytest.raises(PolicyMoveNotPossible):
            act(published.pk, by=library.editor, at=AT)


def test_only_the_rule_editor_enters_and_publishes(library: Library) -> None:
    document = library.policy("duties_complete")

    for person in (library.dispatcher, library.leader, library.head, library.boss):
        with pytest.raises(PermissionDenied):
            publish(document.pk, by=person, at=AT)
        with pytest.raises(PermissionDenied):
            add_policy(library.terms(), by=person, at=AT)


def test_a_published_document_changes_only_what_it_is_filed_under(library: Library) -> None:
    document = library.policy("published")

    change_policy(document.pk, library.terms(themes=["finance"]), by=library.editor, at=AT)
    with pytest.raises(PublishedPolicyStays):
        change_policy(document.pk, library.terms(title="别的"), by=library.editor, at=AT)

    assert again(document).themes == ["finance"]
    assert again(document).title == library.terms().title


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"title": " "}, PolicyIncomplete),
        ({"issuer": ""}, PolicyIncomplete),
        ({"valid_until": FROM - DAY}, PolicyPeriodWrong),
        ({"industries": ["XX"]}, IndustryUnknown),
        ({"source_url": "javascript:alert(1)"}, SourceAddressWrong),
    ],
    ids=["title", "issuer", "period", "industry", "address"],
)
def test_what_cannot_be_cited_is_refused(
    library: Library, given: dict[str, object], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        add_policy(library.terms(**given), by=library.editor, at=AT)


def test_a_document_may_hold_for_one_day(library: Library) -> None:
    document = library.policy("published", valid_until=FROM)

    held = [PolicyDocument.objects.in_force(day).exists() for day in (FROM - DAY, FROM, FROM + DAY)]
    assert held == [False, True, False]
    assert [document.holds_on(day) for day in (FROM - DAY, FROM, FROM + DAY)] == held


def test_articles_need_a_wording_or_the_word_that_there_is_none(library: Library) -> None:
    document = library.policy("drafted")

    with pytest.raises(ArticleIncomplete):
        add_articles(document.pk, [ArticleTerms("第三条")], by=library.editor, at=AT)
    with pytest.raises(ArticleKnown) as refusal:
        add_articles(
            document.pk, [ArticleTerms("第三条", wording="甲"), ArticleTerms("第一条", wording="乙")],
            by=library.editor, at=AT,
        )  # fmt: skip

    assert refusal.value.params == {"numbers": "第一条"}
    assert document.articles.count() == 2


def test_an_aspect_of_another_document_is_refused(library: Library) -> None:
    document, other = library.policy("drafted"), library.policy("drafted", number="2")
    aspect = other.aspects.get()

    with pytest.raises(AspectOfAnother):
        change_article(
            first_article(document).pk, ArticleTerms("第一条", wording="甲", aspect=aspect),
            by=library.editor, at=AT,
        )  # fmt: skip


def test_an_aspect_with_articles_stays(library: Library) -> None:
    document = library.policy("drafted")
    aspect = document.aspects.get()

    with pytest.raises(AspectInUse):
        drop_aspect(aspect.pk, by=library.editor, at=AT)
    drop_article(first_article(document).pk, by=library.editor, at=AT)
    drop_aspect(aspect.pk, by=library.editor, at=AT)

    assert not document.aspects.exists()


def test_a_pasted_text_is_divided_into_aspects_and_articles(library: Library) -> None:
    from lianqi.engines.text import divide_articles

    document = add_policy(library.terms(), by=library.editor, at=AT)
    parts = divide_articles(
        "一、金融支持\n第一条 贴息。\n二、税费政策\n第二条 缓缴。\n第三条 减免。"
    )

    divide_policy(document.pk, parts, by=library.editor, at=AT)

    rows = document.articles.in_order().values_list("aspect__title", "number", "wording")
    assert list(rows) == [
        ("金融支持", "第一条", "贴息。"),
        ("税费政策", "第二条", "缓缴。"),
        ("税费政策", "第三条", "减免。"),
    ]


def test_task_forces_and_closed_units_take_no_duty(library: Library) -> None:
    document = library.policy("broken_down")
    articles = [first_article(document).pk]

    for unit in (make_unit("专班", kind=UnitKind.TASK_FORCE), make_unit("旧局", is_active=False)):
        with pytest.raises(UnitTakesNoDuty):
            assign_duties(
                document.pk, articles, lead=unit, responsible=[], by=library.editor, at=AT
            )
    with pytest.raises(NoArticleChosen):
        assign_duties(document.pk, [], lead=None, responsible=[], by=library.editor, at=AT)


def test_a_published_duty_may_change_but_not_be_emptied(library: Library) -> None:
    document = library.policy("published")
    one = first_article(document)

    assign_duties(
        document.pk, [one.pk], lead=library.science, responsible=[library.science],
        by=library.dispatcher, at=AT + DAY,
    )  # fmt: skip
    with pytest.raises(DutyIncomplete):
        assign_duties(
            document.pk, [one.pk], lead=None, responsible=[library.science],
            by=library.dispatcher, at=AT,
        )  # fmt: skip

    assert again(document).leads == sorted([library.economy.pk, library.science.pk])
    told = Notice.objects.filter(event="policies.duty_given", person=library.other_handler)
    assert told.get().title == f"《{document.title}》有1条由科技创新局牵头"


def test_the_head_of_the_lead_department_names_the_responsible_units(library: Library) -> None:
    document = library.policy("published")
    one = first_article(document)

    set_responsible(one.pk, responsible=[library.science], by=library.head, at=AT)
    with pytest.raises(PermissionDenied):
        set_responsible(one.pk, responsible=[library.economy], by=library.handler, at=AT)
    with pytest.raises(DutyIncomplete):
        set_responsible(one.pk, responsible=[], by=library.head, at=AT)

    assert list(one.responsible.all()) == [library.science]


def test_the_next_version_begins_as_a_copy_and_takes_over_on_its_first_day(
    library: Library,
) -> None:
    earlier = library.policy("published")
    measure = MeasureTerms("NB-01", "贷款贴息", Applicant.LOAN, article=first_article(earlier))
    add_measures(earlier.pk, [measure], by=library.editor, at=AT)

    later = revise_policy(earlier.pk, by=library.editor, at=AT)
    begins = FROM + 200 * DAY
    change_policy(later.pk, library.terms(valid_from=begins), by=library.editor, at=AT)
    change_article(
        first_article(later).pk,
        ArticleTerms("第一条", wording="对贷款利息给予全额贴息。", aspect=later.aspects.get()),
        by=library.editor, at=AT,
    )  # fmt: skip
    before = PolicyDocument.objects.in_force(begins).get()
    library.on(later)

    assert before == earlier
    earlier, later = again(earlier), again(later)
    assert (earlier.status, earlier.ended_on) == (PolicyStatus.REVISED, begins)
    assert (later.version, later.family_id) == (2, earlier.pk)
    assert PolicyDocument.objects.in_force(begins - DAY).get() == earlier
    assert PolicyDocument.objects.in_force(begins).get() == later
    assert later.measures.get().article == first_article(later)
    assert [(each.number, each.is_changed) for each in compared(earlier, later)] == [
        ("第一条", True),
        ("第二条", False),
    ]


def test_one_next_version_at_a_time(library: Library) -> None:
    earlier = library.policy("published")
    begun = revise_policy(earlier.pk, by=library.editor, at=AT)

    with pytest.raises(VersionBegun):
        revise_policy(earlier.pk, by=library.editor, at=AT)
    discard_policy(begun.pk, by=library.editor, at=AT)

    assert revise_policy(earlier.pk, by=library.editor, at=AT).version == 2


def test_a_third_version_belongs_to_the_first(library: Library) -> None:
    first = library.policy("published")
    second = revise_policy(first.pk, by=library.editor, at=AT)
    library.on(second)
    third = revise_policy(second.pk, by=library.editor, at=AT)

    family = PolicyDocument.objects.of_family(third).order_by("version")
    assert list(family) == [first, second, third]


def test_an_abolished_policy_stays_readable_and_holds_until_its_day(library: Library) -> None:
    document = library.policy("published")
    with pytest.raises(AbolitionIncomplete):
        abolish(document.pk, ended_on=FROM - DAY, reason="废止", by=library.editor, at=AT)
    with pytest.raises(AbolitionIncomplete):
        abolish(document.pk, ended_on=FROM, reason=" ", by=library.editor, at=AT)

    abolish(document.pk, ended_on=AT.date(), reason="被新规替代", by=library.editor, at=AT)

    assert PolicyDocument.objects.made_known().get() == document
    assert PolicyDocument.objects.in_force(AT.date() - DAY).exists()
    assert not PolicyDocument.objects.in_force(AT.date()).exists()


def test_a_discarded_draft_is_gone_and_its_title_is_kept_in_the_trail(library: Library) -> None:
    document = library.policy("duties_complete")

    discard_policy(document.pk, by=library.editor, at=AT)

    assert not PolicyDocument.objects.exists()
    assert Event.objects.get(verb="policies.discarded").detail["title"] == document.title
