"""Which unit is proposed for a demand, and why."""

import pytest

from lianqi.demands.queries import suggest_unit
from lianqi.register.models import Enterprise, Industry
from tests.factories import make_category, make_enterprise, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def chemist() -> Enterprise:
    """An enterprise of class 2761, biological medicines, of section C."""
    industry = Industry.objects.create(code="2761", section="C", name="生物药品制造", level=4)
    return make_enterprise(industry=industry)


def test_lead_unit_of_the_category_comes_first(chemist: Enterprise) -> None:
    lead, _ = make_unit("住房建设局"), make_unit("市场监督管理局", industries=["2761"])
    category = make_category(lead_unit=lead)

    found = suggest_unit(category, chemist)

    assert found is not None
    assert found.unit == lead
    assert "住房建设局" in found.reason
    assert "水电气保障" in found.reason


def test_closed_lead_unit_gives_way_to_the_supervising_unit(chemist: Enterprise) -> None:
    lead = make_unit("住房建设局", is_active=False)
    supervising = make_unit("市场监督管理局", industries=["C"])

    found = suggest_unit(make_category(lead_unit=lead), chemist)

    assert found is not None
    assert found.unit == supervising
    assert "2761 生物药品制造" in found.reason


def test_most_specific_supervision_wins(chemist: Enterprise) -> None:
    make_unit("经济发展局", industries=["C"])
    division = make_unit("科技创新局", industries=["A", "27"])
    group = make_unit("药品监管处", industries=["276"])
    make_unit("别的局", industries=["2762", "28"])

    first = suggest_unit(make_category(), chemist)
    group.is_active = False
    group.save()
    second = suggest_unit(make_category("other"), chemist)

    assert first is not None
    assert second is not None
    assert (first.unit, second.unit) == (group, division)


def test_of_equals_the_older_unit_wins(chemist: Enterprise) -> None:
    older = make_unit("甲局", industries=["27"])
    make_unit("乙局", industries=["27"])

    found = suggest_unit(make_category(), chemist)

    assert found is not None
    assert found.unit == older


def test_nothing_is_proposed_where_nobody_is_responsible(chemist: Enterprise) -> None:
    make_unit("别的局", industries=["A"])

    assert suggest_unit(make_category(), chemist) is None


def test_nothing_is_proposed_for_an_unknown_industry() -> None:
    make_unit("经济发展局", industries=["C"])

    assert suggest_unit(make_category(), make_enterprise()) is None
