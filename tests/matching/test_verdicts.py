"""What is known of enterprises, and what measures are for them on a day."""

import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.engines.packs.saving import replayed, saved
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.rule import Status
from lianqi.matching.enums import Group, Unused
from lianqi.matching.queries import Verdict, explanation_for, snapshots, verdicts_for
from lianqi.register.enums import Qualifier
from lianqi.register.models import Enterprise
from tests.factories import AT, make_enterprise
from tests.matching.scene import ON, Scene, fact, industry, make_scene, title

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def known(firm: Enterprise, on: dt.date = ON) -> dict[str, object]:
    return snapshots([firm.pk], national(), on=on)[firm.pk].values


def rd(firm: Enterprise, on: dt.date = ON) -> Verdict:
    found = verdicts_for(firm.pk, on=on).verdicts
    return next(each for each in found if each.place.measure.key == "rd")


def test_what_the_register_knows_is_known_by_slot(scene: Scene) -> None:
    firm = scene.firm
    firm.industry, firm.size_class = industry(), "small"
    firm.save()
    fact(firm, "revenue", 20_000_000)
    fact(firm, "研发费用", 900_000)
    fact(firm, "employees", 0, "人")
    title(firm, granted_on=ON - DAY, valid_until=ON)

    values = known(firm)

    assert values == {
        "industry": "C3976",
        "founded": dt.date(2018, 5, 1),
        "size_class": "small",
        "titles": frozenset({"high_tech"}),
        "high_tech_until": ON,
        "revenue@2025": Fraction(20_000_000),
        "rd_expense@2025": Fraction(900_000),
        "employees@2025": Fraction(0),
    }


@pytest.mark.parametrize(
    ("granted", "until", "held"),
    [
        (ON, ON, True),
        (ON + DAY, None, False),
        (None, ON - DAY, False),
        (None, None, True),
    ],
    ids=["first_and_last_day", "tomorrow", "until_yesterday", "no_days_stated"],
)
def test_a_title_counts_on_the_days_of_its_validity(
    scene: Scene, granted: dt.date | None, until: dt.date | None, *, held: bool
) -> None:
    title(scene.firm, granted_on=granted, valid_until=until)

    assert ("high_tech" in known(scene.firm)["titles"]) is held  # type: ignore[operator]


def test_a_title_is_known_with_any_quotation_marks(scene: Scene) -> None:
    title(scene.firm, '专精特新"小巨人"企业')
    title(scene.firm, "瞪羚企业")

    found = snapshots([scene.firm.pk], national(), on=ON)[scene.firm.pk]

    assert found.values["titles"] == frozenset({"little_giant"})
    assert [(each.value, each.why) for each in found.not_used] == [("瞪羚企业", Unused.NAME)]


def test_the_newest_standing_exact_observation_counts(scene: Scene) -> None:
    fact(scene.firm, "revenue", 1, observed_at=AT - DAY)
    fact(scene.firm, "revenue", 2)
    fact(scene.firm, "revenue", 3, withdrawn_at=AT, withdrawn_by=scene.editor, observed_at=AT + DAY)

    assert known(scene.firm)["revenue@2025"] == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"unit": "人"}, Unused.UNIT),
        ({"unit": "斤"}, Unused.UNIT),
        ({"period": "2025-H1"}, Unused.PERIOD),
        ({"qualifier": Qualifier.ABOUT}, Unused.INEXACT),
        ({"value": -1}, Unused.VALUE),
    ],
    ids=["headcount", "no_unit_known", "half_year", "about", "negative"],
)
def test_what_does_not_fit_is_told_and_not_used(
    scene: Scene, given: dict[str, object], why: Unused
) -> None:
    fact(scene.firm, **{"key": "revenue", "value": 5} | given)  # type: ignore[arg-type]

    found = snapshots([scene.firm.pk], national(), on=ON)[scene.firm.pk]

    assert not any(each.startswith("revenue") for each in found.values)
    assert [each.why for each in found.not_used] == [why]


def test_an_inexact_later_observation_hides_the_exact_one_before(scene: Scene) -> None:
    fact(scene.firm, "revenue", 1, observed_at=AT - DAY)
    fact(scene.firm, "revenue", 2, qualifier=Qualifier.OVER)

    assert "revenue@2025" not in known(scene.firm)


def test_units_are_converted_and_merged_entries_speak_for_their_survivor(scene: Scene) -> None:
    merged = make_enterprise(merged_into=scene.firm, merged_at=AT)
    fact(merged, "revenue", 2000, "万元")
    title(merged)

    values = known(scene.firm)

    assert values["revenue@2025"] == 20_000_000
    assert values["titles"] == frozenset({"high_tech"})


def test_many_enterprises_take_as_many_queries_as_one(scene: Scene) -> None:
    firms = [make_enterprise() for _ in range(8)]
    for each in firms:
        fact(each, "revenue", 5)
        title(each)

    with CaptureQueriesContext(connection) as one:
        snapshots([firms[0].pk], national(), on=ON)
    with CaptureQueriesContext(connection) as many:
        found = snapshots([each.pk for each in firms], national(), on=ON)

    assert len(many) == len(one) == 1
    assert {each.values["revenue@2025"] for each in found.values()} == {Fraction(5)}


def test_a_measure_is_met_at_its_boundary_with_its_amount(scene: Scene) -> None:
    scene.pack()
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000)

    found = rd(scene.firm)

    assert (found.status, found.group) == (Status.MET, Group.MET)
    assert found.low == found.high == Fraction(30_000)
    assert found.is_ceiling


def test_one_yuan_less_is_nearly(scene: Scene) -> None:
    scene.pack()
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 999_999)

    found = rd(scene.firm)

    assert (found.status, found.group) == (Status.UNMET, Group.NEARLY)
    assert [each.key for each in found.failed] == ["rate"]


def test_the_value_of_another_year_is_missing(scene: Scene) -> None:
    scene.pack()
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000, period="2024")

    found = rd(scene.firm)

    assert (found.status, found.group) == (Status.UNKNOWN, Group.ONE_MISSING)
    assert [(each.label, each.period, each.unit, each.supplier) for each in found.missing] == [
        ("研发费用", "2025", "元", "enterprise")
    ]


def test_two_answers_missing_and_none_of_the_conditions(scene: Scene) -> None:
    scene.pack()
    title(scene.firm)

    nobody, somebody = rd(scene.other), rd(scene.firm)

    assert (somebody.group, len(somebody.missing)) == (Group.OPEN, 2)
    assert nobody.group is Group.NOT_NOW


def test_zero_revenue_is_known_and_cannot_be_divided_by(scene: Scene) -> None:
    scene.pack()
    title(scene.firm)
    fact(scene.firm, "revenue", 0)
    fact(scene.firm, "rd_expense", 5)

    found = rd(scene.firm)

    assert [(each.label, each.is_zero) for each in found.missing] == [("营业收入", True)]


def test_a_question_for_a_person_and_another_applicant(scene: Scene) -> None:
    scene.pack()

    found = verdicts_for(scene.firm.pk, on=ON)

    plan = next(each for each in found.verdicts if each.place.measure.key == "plan")
    assert (plan.status, plan.group) == (Status.REVIEW, Group.ONE_MISSING)
    assert [each.label for each in plan.missing] == ["项目是否具有示范作用？"]
    assert [each.measure.key for each in found.others] == ["interest"]


def test_the_day_decides_which_rules_and_titles_hold(scene: Scene) -> None:
    scene.pack()
    title(scene.firm, valid_until=ON)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000)

    assert rd(scene.firm).group is Group.MET
    assert rd(scene.firm, ON + DAY).group is Group.NEARLY
    assert verdicts_for(scene.firm.pk, on=dt.date(2025, 12, 31)).verdicts == ()
    assert verdicts_for(scene.firm.pk, on=dt.date(2027, 1, 1)).verdicts == ()


def test_an_explanation_tells_value_source_and_article(scene: Scene) -> None:
    row = scene.pack()
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000)

    found = explanation_for(scene.firm.pk, row.pk, "rd", on=ON)

    assert found is not None
    rate = found.clauses[1]
    assert (rate.text.article, rate.status) == ("第四条第二款", Status.MET)
    assert rate.chinese == "研发费用 ÷ 营业收入 ≥ 5%"
    assert rate.plain == "rd_expense / revenue >= 0.05"
    assert [each.value and each.value.low for each in rate.tests] == [Fraction(1, 20)]
    assert [(each.label, each.period, each.value) for each in rate.facts] == [
        ("研发费用", "2025", 1_000_000), ("营业收入", "2025", 20_000_000),
    ]  # fmt: skip
    assert rate.facts[0].origin is not None
    assert rate.facts[0].origin.source == "2025年度报告"
    assert found.verdict == rd(scene.firm)


def test_a_measure_that_is_not_in_force_has_no_explanation(scene: Scene) -> None:
    row = scene.pack()

    assert explanation_for(scene.firm.pk, row.pk, "rd", on=dt.date(2027, 1, 1)) is None
    assert explanation_for(scene.firm.pk, row.pk, "interest", on=ON) is None
    assert explanation_for(scene.firm.pk, row.pk + 1, "rd", on=ON) is None


def test_a_saved_assessment_of_the_register_replays_byte_for_byte(scene: Scene) -> None:
    scene.pack()
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    place = rd(scene.firm).place

    kept = saved(place.measure.rule(place.pack.key), known(scene.firm), ON)

    assert replayed(kept) == kept


def test_verdicts_take_few_queries_however_many_packs(scene: Scene) -> None:
    scene.pack()
    verdicts_for(scene.firm.pk, on=ON)

    with CaptureQueriesContext(connection) as queries:
        verdicts_for(scene.firm.pk, on=ON)

    assert len(queries) == 2
