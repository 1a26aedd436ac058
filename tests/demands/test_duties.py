"""The duty catalogue: which line decides, what is refused, and what a decision leaves behind."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import DutyConditions, add_duty, end_duty, record_precedent
from lianqi.demands.enums import DemandStatus, DutyOrigin
from lianqi.demands.errors import (
    DutyEndedTooEarly,
    DutyIndustryUnknown,
    DutyReasonMissing,
    DutyTaken,
    UnitNotInUse,
)
from lianqi.demands.models import DutyRule
from lianqi.demands.queries import overlaps, rules_for, suggestions
from lianqi.register.enums import SizeClass
from lianqi.register.models import (
    Chain,
    ChainPlace,
    Enterprise,
    Grid,
    Industry,
    KeyList,
    Park,
    Title,
)
from tests.demands.duties import make_duty
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_category, make_enterprise, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 4)
DAY = dt.timedelta(days=1)


@pytest.fixture
def admin() -> User:
    return grant(make_user(), Role.PLATFORM_ADMIN)


def conditions_of_everything() -> tuple[Enterprise, list[dict[str, Any]]]:
    """An enterprise, and conditions that it meets, the narrowest first."""
    industry = Industry.objects.create(code="2761", section="C", name="生物药品制造", level=4)
    grid = Grid.objects.create(code="G1", name="一号网格", unit=make_unit("街道"))
    park, chain = Park.objects.create(name="生物园"), Chain.objects.create(name="生物医药")
    firm = make_enterprise(
        industry=industry, grid=grid, park=park, district="云东街道", size_class=SizeClass.LARGE
    )
    ChainPlace.objects.create(enterprise=firm, chain=chain)
    key_list = KeyList.objects.create(name="重点企业")
    key_list.members.add(firm)
    Title.objects.create(enterprise=firm, label="专精特新", level="province")
    return firm, [
        {"key_list": key_list},
        {"title": "专精特新"},
        {"grid": grid},
        {"chain": chain},
        {"park": park},
        {"district": "云东街道"},
        {"industry": "2761"},
        {"industry": "276"},
        {"industry": "27"},
        {"industry": "C"},
        {"size_class": SizeClass.LARGE},
        {},
    ]


def test_the_narrower_condition_decides_in_the_stated_order() -> None:
    firm, conditions = conditions_of_everything()
    category = make_category()
    made = [make_duty(category, make_unit(f"{n}局"), **each) for n, each in enumerate(conditions)]

    found = rules_for(category, firm, on=TODAY)

    assert found == made


def test_a_rule_applies_only_where_every_condition_is_met() -> None:
    firm, conditions = conditions_of_everything()
    category, unit = make_category(), make_unit("甲局")
    both = make_duty(category, unit, **conditions[2], **conditions[3])
    make_duty(category, unit, **conditions[2], size_class=SizeClass.SMALL)
    make_duty(category, unit, district="云西街道")
    make_duty(make_category("other"), unit)
    plain = make_duty(category, unit)

    assert rules_for(category, firm, on=TODAY) == [both, plain]
    assert rules_for(category, make_enterprise(), on=TODAY) == [plain]
    assert rules_for(category, None, on=TODAY) == [plain]


def test_a_rule_of_the_category_comes_before_a_narrower_one_of_its_heading() -> None:
    firm, conditions = conditions_of_everything()
    top = make_category("top")
    heading = make_category("heading", parent=top)
    category = make_category(parent=heading)
    of_top = make_duty(top, make_unit("甲局"), **conditions[0])
    of_heading = make_duty(heading, make_unit("乙局"), **conditions[6])
    own = make_duty(category, make_unit("丙局"))

    assert rules_for(category, firm, on=TODAY) == [own, of_heading, of_top]


def test_a_title_that_has_run_out_meets_nothing() -> None:
    firm = make_enterprise()
    category, unit = make_category(), make_unit("甲局")
    rule = make_duty(category, unit, title="专精特新")
    Title.objects.create(enterprise=firm, label="专精特新", level="province", valid_until=TODAY)

    assert rules_for(category, firm, on=TODAY) == [rule]
    assert rules_for(category, firm, on=TODAY + DAY) == []


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    category, unit = make_category(), make_unit("甲局")
    rule = make_duty(category, unit, valid_from=TODAY, valid_to=TODAY + DAY)

    found = [rules_for(category, None, on=TODAY + n * DAY) for n in (-1, 0, 1, 2)]

    assert found == [[], [rule], [rule], []]


def test_of_equals_a_precedent_decides_then_the_later_one(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.SUBMITTED)
    category, units = make_category("other"), [make_unit(f"{n}局") for n in range(3)]
    older = make_duty(category, units[0])
    newer = make_duty(category, units[1], valid_from=TODAY)
    precedent = make_duty(
        category,
        units[2],
        origin=DutyOrigin.PRECEDENT,
        reason="经裁定",
        demand=demand,
        decided_by=scene.dispatcher,
    )

    assert rules_for(category, None, on=TODAY) == [precedent, newer, older]


def test_rules_that_may_meet_are_flagged() -> None:
    chains = [Chain.objects.create(name=name) for name in ("生物医药", "电子信息")]
    grids = [
        Grid.objects.create(code=code, name=code, unit=make_unit(code)) for code in ("G1", "G2")
    ]
    category, units = make_category(), [make_unit("甲局"), make_unit("乙局")]
    one, other = (
        make_duty(category, unit, chain=chain) for unit, chain in zip(units, chains, strict=True)
    )
    apart = [make_duty(category, u, grid=g) for u, g in zip(units, grids, strict=True)]
    later = make_duty(category, units[1], valid_from=TODAY)
    earlier = make_duty(category, units[0], valid_to=TODAY - DAY)

    found = overlaps([one, other, *apart, later, earlier])

    assert found == {one.pk: [other], other.pk: [one]}


def test_a_line_is_entered_and_ended(scene: Scene, admin: User) -> None:
    given: dict[str, Any] = {
        "unit": scene.unit,
        "conditions": DutyConditions(district=" 云东街道 "),
        "valid_from": TODAY,
        "valid_to": None,
        "reason": "三定方案",
        "by": admin,
        "at": AT,
    }

    rule = add_duty(scene.category.pk, **given)
    with pytest.raises(DutyTaken):
        add_duty(scene.category.pk, **given | {"unit": make_unit("乙局")})
    end_duty(rule.pk, last_day=TODAY, by=admin, at=AT)
    after = add_duty(scene.category.pk, **given | {"valid_from": TODAY + DAY})
    end_duty(after.pk, last_day=TODAY, by=admin, at=AT)

    rule.refresh_from_db()
    assert (rule.district, rule.valid_to) == ("云东街道", TODAY)
    assert list(DutyRule.objects.all()) == [rule]
    assert Event.objects.filter(verb="demands.duty_ended").count() == 2


def test_what_a_line_refuses(scene: Scene, admin: User) -> None:
    given: dict[str, Any] = {
        "unit": scene.unit,
        "conditions": DutyConditions(),
        "valid_from": TODAY,
        "valid_to": None,
        "reason": "",
        "by": admin,
        "at": AT,
    }
    rule = add_duty(scene.category.pk, **given)
    other = make_category("other").pk

    with pytest.raises(PermissionDenied):
        add_duty(other, **given | {"by": scene.dispatcher})
    with pytest.raises(PermissionDenied):
        end_duty(rule.pk, last_day=TODAY, by=scene.dispatcher, at=AT)
    with pytest.raises(DutyIndustryUnknown):
        add_duty(other, **given | {"conditions": DutyConditions(industry="99")})
    with pytest.raises(UnitNotInUse):
        add_duty(other, **given | {"unit": make_unit("旧局", is_active=False)})
    with pytest.raises(DutyEndedTooEarly):
        add_duty(other, **given | {"valid_to": TODAY - DAY})
    with pytest.raises(DutyEndedTooEarly):
        end_duty(rule.pk, last_day=TODAY - 2 * DAY, by=admin, at=AT)

    assert DutyRule.objects.count() == 1


def test_a_decision_becomes_a_rule_that_is_proposed_next_time(scene: Scene) -> None:
    Industry.objects.create(code="27", section="C", name="医药制造业", level=2)
    industry = Industry.objects.create(code="2761", section="C", name="生物药品制造", level=4)
    scene.enterprise.industry = industry
    scene.enterprise.save()
    demand, unit = scene.file(), make_unit("药监分局")
    leader = grant(make_user(), Role.LEADER)

    rule = record_precedent(demand, unit=unit, reason="涉及药品许可", by=leader, at=AT)

    again = suggestions(scene.file(), on=TODAY)
    assert (rule.origin, rule.industry, rule.decided_by) == (DutyOrigin.PRECEDENT, "27", leader)
    assert again[0].unit == unit
    assert demand.number in again[0].reason
    assert "27 医药制造业" in again[0].reason
    assert Event.objects.get(verb="demands.precedent_recorded").detail["demand"] == demand.number


def test_the_last_precedent_counts(scene: Scene) -> None:
    demand, units = scene.file(), [make_unit(f"{n}局") for n in range(3)]
    given: dict[str, Any] = {"reason": "裁定", "by": scene.dispatcher}

    first = record_precedent(demand, unit=units[0], at=AT, **given)
    record_precedent(demand, unit=units[1], at=AT + DAY, **given)
    last = record_precedent(demand, unit=units[2], at=AT + DAY, **given)
    with pytest.raises(DutyReasonMissing):
        record_precedent(demand, unit=units[2], reason=" ", by=scene.dispatcher, at=AT)

    first.refresh_from_db()
    assert (first.valid_to, last.valid_to) == (TODAY, None)
    assert set(DutyRule.objects.all()) == {first, last}
