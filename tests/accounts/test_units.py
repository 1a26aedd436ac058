"""The tree of units: placing, moving, leading."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.actions import change_unit, create_unit, move_unit
from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import heads_of
from lianqi.audit.models import Event
from lianqi.shared.errors import Refusal
from tests.factories import AT, grant, make_head, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 4)


@pytest.fixture
def admin() -> User:
    return grant(make_user("admin"), Role.PLATFORM_ADMIN)


def placed(admin: User, name: str, parent: Unit | None) -> Unit:
    return create_unit(name=name, kind=UnitKind.DEPARTMENT, parent=parent, by=admin, at=AT)


def test_the_path_spells_the_ids_from_the_root(admin: User) -> None:
    zone = placed(admin, "管委会", None)
    bureau = placed(admin, "经发局", zone)
    section = placed(admin, "企业科", bureau)

    assert zone.path == f"/{zone.pk}/"
    assert section.path == f"/{zone.pk}/{bureau.pk}/{section.pk}/"
    assert set(Unit.objects.within(bureau.path)) == {bureau, section}


def test_a_unit_whose_id_begins_alike_is_not_below(admin: User) -> None:
    one = Unit.objects.create(pk=7001, name="一", kind=UnitKind.PARK, path="/7001/")
    Unit.objects.create(pk=70010, name="二", kind=UnitKind.PARK, path="/70010/")

    assert list(Unit.objects.within(one.path)) == [one]


def test_moving_takes_everything_below_along(admin: User) -> None:
    zone = placed(admin, "管委会", None)
    old, new = placed(admin, "旧局", zone), placed(admin, "新局", zone)
    office = placed(admin, "科室", old)
    desk = placed(admin, "窗口", office)

    moved = move_unit(office.pk, parent=new, by=admin, at=AT)

    desk.refresh_from_db()
    assert (moved.parent, moved.path) == (new, f"{new.path}{office.pk}/")
    assert desk.path == f"{new.path}{office.pk}/{desk.pk}/"
    assert list(Unit.objects.within(old.path)) == [old]
    event = Event.objects.get(verb="accounts.unit_moved")
    assert (event.subject_id, event.detail["path"]) == (office.pk, moved.path)


@pytest.mark.parametrize("target", ["itself", "child", "grandchild"])
def test_a_unit_cannot_be_placed_below_itself(admin: User, target: str) -> None:
    unit = placed(admin, "局", None)
    child = placed(admin, "科", unit)
    parents = {"itself": unit, "child": child, "grandchild": placed(admin, "窗口", child)}
    before = list(Unit.objects.order_by("pk").values_list("pk", "path"))

    with pytest.raises(Refusal) as refused:
        move_unit(unit.pk, parent=parents[target], by=admin, at=AT)

    assert refused.value.code == "unit_loop"
    assert list(Unit.objects.order_by("pk").values_list("pk", "path")) == before


def test_the_database_refuses_a_unit_that_is_its_own_parent() -> None:
    unit = make_unit()

    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(parent=unit.pk)

    unit.refresh_from_db()
    assert unit.parent is None


def test_only_the_platform_administrator_changes_the_tree(admin: User) -> None:
    unit = placed(admin, "局", None)
    head = make_head(unit)

    with pytest.raises(PermissionDenied):
        create_unit(name="科", kind=UnitKind.DEPARTMENT, parent=unit, by=head, at=AT)
    with pytest.raises(PermissionDenied):
        move_unit(unit.pk, parent=unit, by=head, at=AT)

    assert Unit.objects.count() == 1


def test_a_change_names_the_fields_that_changed(admin: User) -> None:
    unit, leader = placed(admin, "局", None), make_user("leader")

    change_unit(
        unit.pk,
        name="局",
        kind=UnitKind.DEPARTMENT,
        leader=leader,
        industries=["C", "65"],
        phone="",
        is_active=True,
        by=admin,
        at=AT,
    )

    unit.refresh_from_db()
    event = Event.objects.get(verb="accounts.unit_changed")
    assert (unit.leader, unit.industries) == (leader, ["C", "65"])
    assert event.detail == {"fields": ["leader", "industries"]}


def test_units_for_dispatch_are_in_use_and_not_the_committee_itself() -> None:
    zone = make_unit("管委会", kind=UnitKind.ZONE)
    bureau = make_unit("经发局", zone)
    make_unit("撤销的局", zone, is_active=False)

    assert list(Unit.objects.for_choice()) == [bureau]


def test_the_head_is_the_nearest_one_up_on_that_day() -> None:
    zone = make_unit("管委会", kind=UnitKind.ZONE)
    bureau = make_unit("经发局", zone)
    section = make_unit("企业科", bureau)
    of_zone, of_bureau = make_head(zone), make_head(bureau)
    left = make_head(section)
    User.objects.filter(pk=left.pk).update(is_active=False)
    coming = grant(
        make_user(), Role.DEPARTMENT_HEAD, Scope.UNIT, section.pk, from_on=dt.date(2026, 3, 5)
    )

    assert heads_of(section, on=TODAY) == [of_bureau]
    assert heads_of(section, on=dt.date(2026, 3, 5)) == [coming]
    assert heads_of(zone, on=TODAY) == [of_zone]


def test_a_unit_without_any_head_has_none() -> None:
    assert heads_of(make_unit(), on=TODAY) == []
