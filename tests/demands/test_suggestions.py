"""Which units are proposed for a demand, why, and how sure."""

import datetime as dt
from typing import Any

import pytest

from lianqi.accounts.models import Unit
from lianqi.demands.models import DemandCategory
from lianqi.demands.queries import Matter, Suggestion, suggest
from lianqi.register.models import Enterprise, Industry
from tests.demands.duties import make_duty
from tests.factories import make_category, make_enterprise, make_unit

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 4)


@pytest.fixture
def chemist() -> Enterprise:
    """An enterprise of class 2761, biological medicines, of section C."""
    industry = Industry.objects.create(code="2761", section="C", name="生物药品制造", level=4)
    return make_enterprise(industry=industry)


def proposed(category: DemandCategory, enterprise: Enterprise | None) -> list[Suggestion]:
    return suggest(Matter(category=category, enterprise=enterprise, on=TODAY))


def units(found: list[Suggestion]) -> list[Unit]:
    return [each.unit for each in found]


def test_lead_unit_of_the_category_comes_before_the_supervising_one(chemist: Enterprise) -> None:
    lead = make_unit("住房建设局")
    supervising = make_unit("市场监督管理局", industries=["2761"])

    found = proposed(make_category(lead_unit=lead), chemist)

    assert units(found) == [lead, supervising]
    assert "住房建设局" in found[0].reason
    assert "水电气保障" in found[0].reason
    assert "2761 生物药品制造" in found[1].reason


def test_closed_units_are_not_proposed(chemist: Enterprise) -> None:
    lead = make_unit("住房建设局", is_active=False)
    supervising = make_unit("市场监督管理局", industries=["C"])
    category = make_category(lead_unit=lead)
    make_duty(category, make_unit("旧局", is_active=False))

    assert units(proposed(category, chemist)) == [supervising]


def test_most_specific_supervision_wins(chemist: Enterprise) -> None:
    make_unit("经济发展局", industries=["C"])
    division = make_unit("科技创新局", industries=["A", "27"])
    group = make_unit("药品监管处", industries=["276"])
    make_unit("别的局", industries=["2762", "28"])

    first = proposed(make_category(), chemist)
    group.is_active = False
    group.save()
    second = proposed(make_category("other"), chemist)

    assert (units(first), units(second)) == ([group], [division])


def test_of_equals_the_older_unit_wins(chemist: Enterprise) -> None:
    older = make_unit("甲局", industries=["27"])
    make_unit("乙局", industries=["27"])

    assert units(proposed(make_category(), chemist)) == [older]


def test_nothing_is_proposed_where_nobody_is_responsible(chemist: Enterprise) -> None:
    make_unit("别的局", industries=["A"])

    assert proposed(make_category(), chemist) == []
    assert proposed(make_category("other"), make_enterprise()) == []
    assert proposed(make_category("third"), None) == []


def test_reasons_for_one_unit_add_up(chemist: Enterprise) -> None:
    lead = make_unit("市场监督管理局", industries=["27"])

    (alone,) = proposed(make_category(lead_unit=lead), None)
    (both,) = proposed(make_category("other", lead_unit=lead), chemist)

    assert (len(alone.reasons), len(both.reasons)) == (1, 2)
    assert (alone.percent, both.percent) == (85, 91)
    assert both.is_likely


def test_three_are_proposed_at_most_the_deciding_rule_first(chemist: Enterprise) -> None:
    heading = make_category("heading")
    category = make_category(lead_unit=make_unit("丁局"), parent=heading)
    own, of_heading = make_unit("甲局"), make_unit("乙局")
    make_unit("丙局", industries=["C"])
    make_duty(heading, of_heading, industry="27")
    make_duty(category, own)

    found = proposed(category, chemist)

    assert units(found)[:2] == [own, of_heading]
    assert len(found) == 3
    assert [each.percent for each in found[:2]] == [95, 50]


def test_a_contradiction_makes_the_catalogue_less_sure(chemist: Enterprise) -> None:
    category = make_category()
    make_duty(category, make_unit("甲局"), industry="27")
    (before,) = proposed(category, chemist)
    make_duty(category, make_unit("乙局"), industry="27")

    after = proposed(category, chemist)

    assert (before.percent, after[0].percent) == (95, 70)
    assert not after[0].is_likely


@pytest.mark.parametrize("count", [1, 12])
def test_proposing_needs_the_same_queries_for_any_number_of_rules(
    chemist: Enterprise, django_assert_num_queries: Any, count: int
) -> None:
    category = make_category(lead_unit=make_unit("丁局"), parent=make_category("heading"))
    for n in range(count):
        make_duty(category, make_unit(f"{n}局"), industry="27")

    # headings, rules, lists, titles, chains, names of industries, supervising units
    with django_assert_num_queries(7):
        proposed(category, chemist)
