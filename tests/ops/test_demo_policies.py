"""The policy packs that reports name, as entries of the library: counts from the records."""

import datetime as dt
from fractions import Fraction

import pytest

from lianqi.accounts.enums import Role
from lianqi.ops.demo.people import UNITS, create_people
from lianqi.ops.demo.policies import OWN_TITLE, fill_library, load_packs
from lianqi.policies.actions import load_policy_clocks
from lianqi.policies.models import (
    Overlap,
    PolicyArticle,
    PolicyDocument,
    PolicyMeasure,
    PolicyQuestion,
    PolicyReads,
)
from lianqi.policies.queries import Computed, PartCounts, outcomes_of, part_counts
from lianqi.register.actions import load_industries
from lianqi.register.enums import MembershipState
from lianqi.register.models import Membership
from lianqi.work.actions import load_official_days
from tests.factories import AT, grant, make_enterprise, make_member, make_unit, make_user

DAY = dt.timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def packs() -> dict[str, PolicyDocument]:
    load_industries()
    load_policy_clocks(at=AT)
    units = {key: make_unit(name, kind=kind) for key, name, kind, *_rest in UNITS}
    editor = grant(make_user(name="江书云"), Role.RULE_EDITOR)
    return load_packs(editor, units, at=AT)


def test_each_pack_has_as_many_parts_as_its_source_states(
    packs: dict[str, PolicyDocument],
) -> None:
    counts = part_counts(list(packs.values()))

    assert {key: counts[document.pk] for key, document in packs.items()} == {
        "harbin": PartCounts(aspects=5, articles=21, measures=5),
        "daqing": PartCounts(aspects=4, articles=22),
        "ningbo": PartCounts(aspects=4),
        "wuhu_city": PartCounts(articles=18),
        "wuhu_province": PartCounts(articles=20),
        "zhuzhou_work": PartCounts(articles=6),
        "zhuzhou_talent": PartCounts(articles=8),
        "zhuzhou_chain": PartCounts(articles=12),
        "leshan": PartCounts(articles=8),
        "jining": PartCounts(aspects=4, articles=164),
        "chengdu": PartCounts(articles=23, measures=46),
        "zhaoqing": PartCounts(aspects=1),
        "wuxi_private": PartCounts(aspects=1),
        "wuxi_giants": PartCounts(aspects=1),
        "beijing": PartCounts(articles=4, measures=1),
        "guilin": PartCounts(articles=3),
        "zhaoqing_key": PartCounts(aspects=1, measures=1),
        "kunshan": PartCounts(aspects=1, measures=1),
    }


def test_a56_the_talent_policies_are_164_in_4_classes(packs: dict[str, PolicyDocument]) -> None:
    jining = packs["jining"]

    assert jining.articles.counted().count() == 164
    assert jining.aspects.count() == 4
    assert PolicyDocument.objects.search("人才政策清单").get() == jining


def test_a61_the_packs_that_count_articles_have_115_in_all(
    packs: dict[str, PolicyDocument],
) -> None:
    named = (
        "harbin", "daqing", "zhuzhou_work", "zhuzhou_talent", "zhuzhou_chain", "wuhu_city",
        "wuhu_province", "leshan",
    )  # fmt: skip
    articles = PolicyArticle.objects.counted().filter(document__in=[packs[key] for key in named])

    assert articles.count() == 115


def test_what_the_source_does_not_print_is_said(packs: dict[str, PolicyDocument]) -> None:
    silent = PolicyArticle.objects.filter(wording="")

    assert silent.count() == 298
    assert not silent.filter(wording_note="").exists()
    assert not any(document.source_note == "" for document in packs.values())
    assert [key for key, document in packs.items() if document.is_trial] == ["leshan"]
    assert PolicyMeasure.objects.filter(article__isnull=True).count() == 49


def test_a54_the_reports_give_the_listing_rate(packs: dict[str, PolicyDocument]) -> None:
    told = outcomes_of(packs["zhaoqing_key"])[0]

    assert told.granted == Computed(Fraction(11, 39), is_about=False)
    assert told.left_out == Computed(Fraction(28), is_about=False)


def test_a59_the_new_limit_stands_against_what_was_lent(packs: dict[str, PolicyDocument]) -> None:
    told = outcomes_of(packs["kunshan"])[0]

    assert told.each == Computed(Fraction(30_000_000_000, 13_000), is_about=True)
    assert told.multiple == Computed(Fraction(5, 3), is_about=True)
    assert (told.used, told.left) == (None, None)


def test_a60_a_fund_that_is_planned_is_no_credit(packs: dict[str, PolicyDocument]) -> None:
    fund = packs["beijing"].measures.get()

    assert (fund.limit, fund.is_planned, fund.usable_limit) == (10_000_000_000, True, None)


def test_every_article_has_its_duty(packs: dict[str, PolicyDocument]) -> None:
    assert not PolicyArticle.objects.without_duty().exists()
    assert {document.status for document in packs.values()} == {"published"}


def test_the_library_of_the_demo_zone_shows_every_state() -> None:
    load_industries()
    load_official_days(by=make_user(), at=AT)
    load_policy_clocks(at=AT)
    people = create_people(at=AT - 400 * DAY)
    firms = [make_enterprise() for _ in range(3)]
    for firm in firms:
        Membership.objects.create(
            user=make_member(firm), enterprise=firm, role=Role.ENTERPRISE_ADMIN,
            state=MembershipState.CONFIRMED, asked_at=AT,
        )  # fmt: skip

    fill_library(people, firms, now=AT)

    own = PolicyDocument.objects.filter(title=OWN_TITLE).order_by("version")
    assert [each.status for each in own] == ["revised", "published"]
    assert own[0].ended_on == own[1].valid_from
    assert (Overlap.objects.count(), Overlap.objects.open().count()) == (2, 1)
    questions = PolicyQuestion.objects.all()
    assert [questions.count(), questions.waiting().count(), questions.made_known().count()] == [
        3, 1, 1,
    ]  # fmt: skip
    assert PolicyReads.objects.filter(document=own[1], reader="public").exists()
