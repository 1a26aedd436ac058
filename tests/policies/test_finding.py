"""By what a document is found: its words, and what it is filed under."""

import pytest

from lianqi.policies.models import PolicyArticle, PolicyDocument
from lianqi.policies.queries import found_where
from lianqi.register.actions import load_industries
from lianqi.register.models import Chain
from tests.policies.scene import Library, make_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("复工复产", True),
        ("促进 复产", True),
        ("云高管2026", True),
        ("云高管〔2026〕1号", True),
        ("贷款利息", True),
        ("利息 百分之五十", True),
        ("fgfc", True),
        ("管委会", True),
        ("缓缴社保", False),
        ("贷", False),
    ],
    ids=[
        "title", "two_words", "number", "number_as_printed", "wording", "words_of_wording",
        "initials", "issuer", "nowhere", "one_character",
    ],
)  # fmt: skip
def test_a_document_is_found_by_its_words(library: Library, query: str, *, is_found: bool) -> None:
    library.policy("published")

    assert PolicyDocument.objects.search(query).exists() is is_found
    assert PolicyDocument.objects.search(query, by_index=False).exists() is is_found


def test_the_article_that_holds_the_word_is_shown(library: Library) -> None:
    document = library.policy("published")

    found = found_where([document], "贷款利息")

    assert found == {document.pk: ("第一条", "对贷款利息给予百分之五十贴息。")}


@pytest.mark.parametrize(
    ("industries", "asked", "is_for"),
    [
        ([], "C", True),
        (["C"], "C", True),
        (["C"], "3911", True),
        (["39"], "C", True),
        (["39"], "3911", True),
        (["3911"], "39", True),
        (["3912"], "3911", False),
        (["I"], "C", False),
        (["C"], "651", False),
        ([], "no", False),
    ],
    ids=[
        "all", "section", "class_in_section", "division_in_section", "class_in_division",
        "division_of_class", "sibling", "other_section", "other_group", "unknown",
    ],
)  # fmt: skip
def test_an_industry_finds_what_is_for_it_above_and_below(
    library: Library, industries: list[str], asked: str, *, is_for: bool
) -> None:
    load_industries()
    library.policy("published", industries=industries)

    assert PolicyDocument.objects.about_industry(asked).exists() is is_for


def test_chains_sizes_and_stages_make_a_difference_only_where_they_are_named(
    library: Library,
) -> None:
    optics, medical = (Chain.objects.create(name=name) for name in ("光电", "医药"))
    general = library.policy("published")
    narrow = library.policy(
        "published", number="2", chains=[optics], sizes=["small"], stages=["starting"],
        themes=["finance"],
    )  # fmt: skip
    rows = PolicyDocument.objects

    assert set(rows.in_chain(optics)) == {general, narrow}
    assert set(rows.in_chain(medical)) == {general}
    assert set(rows.for_size("small")) == {general, narrow}
    assert set(rows.for_size("large")) == {general}
    assert set(rows.for_stage("mature")) == {general}
    assert set(rows.on_theme("finance")) == {narrow}


def test_who_sees_drafts(library: Library) -> None:
    draft, published = library.policy("drafted", number="2"), library.policy("published")

    for person in (library.editor, library.handler, library.auditor):
        assert set(PolicyDocument.objects.visible_to(person)) == {draft, published}
    assert set(PolicyDocument.objects.visible_to(library.boss)) == {published}
    assert set(PolicyDocument.objects.made_known()) == {published}


def test_the_duties_of_a_unit_are_those_it_leads_or_carries_out(library: Library) -> None:
    library.policy("published")

    assert PolicyArticle.objects.owed_by([library.science.pk]).count() == 2
    assert PolicyArticle.objects.filter(lead=library.science).count() == 0
