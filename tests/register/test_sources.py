"""Who may state what is decided by whoever supplies the fact, in one place."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.engines.rules.catalogue import Catalogue, national, spec_from
from lianqi.register.actions import add_fact, state
from lianqi.register.actions import sources as where
from lianqi.register.errors import StatedByOthers
from lianqi.register.models import Enterprise, Fact, Statement
from tests.register.scene import NOON, Scene, person

OFFICES = {"register", "tax", "statistics", "social_insurance", "miit", "department"}


def people(scene: Scene, firm: Enterprise) -> dict[str, User]:
    other = scene.enterprise(2, "远山医药有限公司")
    admin, staff, officer = Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF, Role.LIAISON_OFFICER
    return {
        "keeper": scene.keeper,
        "officer": person("丁", officer, Scope.GRID, scene.grid.pk),
        "administrator": person("甲", admin, Scope.ENTERPRISE, firm.pk),
        "staff": person("丙", staff, Scope.ENTERPRISE, firm.pk),
        "another firm": person("乙", admin, Scope.ENTERPRISE, other.pk),
        "leader": scene.leader,
    }


def outcome(firm: Enterprise, key: str, by: User) -> str:
    try:
        if national().find(key) is None or national()[key].grain:
            add_fact(
                firm.pk, key=key, value=Decimal(3), unit="人", period="2025", source="名单",
                by=by, at=NOON,
            )  # fmt: skip
        else:
            state(firm.pk, key=key, value=True, source="名单", by=by, at=NOON)
    except PermissionDenied:
        return "no"
    except StatedByOthers:
        return "others"
    return "stated"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("employees", ("stated", "stated", "others", "no", "no", "no")),
        ("tax_here", ("stated", "stated", "others", "no", "no", "no")),
        ("above_scale", ("stated", "stated", "others", "no", "no", "no")),
        ("rd_staff", ("stated", "stated", "stated", "no", "no", "no")),
        ("own_brand", ("stated", "stated", "stated", "no", "no", "no")),
        ("发明专利", ("stated", "stated", "stated", "no", "no", "no")),
    ],
)
def test_who_states_what(scene: Scene, key: str, expected: tuple[str, ...]) -> None:
    firm = scene.enterprise(1, grid=scene.grid)

    found = {who: outcome(firm, key, by) for who, by in people(scene, firm).items()}

    assert tuple(found.values()) == expected, found
    assert Fact.objects.count() + Statement.objects.count() == expected.count("stated")


@pytest.mark.parametrize("name", ["revenue", "营业收入", " 营业收入 ", "销售收入", "纳税额"])
def test_every_name_of_a_fact_is_the_fact(scene: Scene, name: str) -> None:
    firm = scene.enterprise(1)
    owner = people(scene, firm)["administrator"]

    with pytest.raises(StatedByOthers) as refused:
        add_fact(firm.pk, key=name, value=Decimal(1), unit="元", period="2025", by=owner, at=NOON)

    assert "税务" in str(refused.value)
    assert not Fact.objects.exists()


def test_facts_of_packs_are_asked_as_well(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = scene.enterprise(1)
    owner = people(scene, firm)["administrator"]
    entry = {"label": "工业用电量", "kind": "number", "unit": "千瓦时", "supplier": "grid"}
    monkeypatch.setattr(where, "_more", [lambda: Catalogue([spec_from("power", entry)])])

    assert not where.may_state(owner, firm, "工业用电量")
    assert where.may_state(owner, firm, "发明专利")
    assert where.may_state(scene.keeper, firm, "工业用电量")
    with pytest.raises(StatedByOthers, match="供电"):
        add_fact(
            firm.pk, key="power", value=Decimal(1), unit="千瓦时", period="2025",
            by=owner, at=NOON,
        )  # fmt: skip


def test_published_packs_are_known_to_the_register() -> None:
    assert [each.__name__ for each in where._more] == ["published_catalogue"]


def test_all_who_supply_facts_have_a_name() -> None:
    suppliers = {each.supplier for each in national()}

    assert suppliers >= OFFICES - {"department"}
    assert all(where.supplier_text(each) != each for each in suppliers)
