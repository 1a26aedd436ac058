"""The tree of categories: at most three levels, no circle, one order."""

import datetime as dt
from typing import Any

import pytest

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.actions import change_category, create_category
from lianqi.demands.errors import CategoryTooDeep, CategoryUnderItself
from lianqi.demands.models import DemandCategory
from lianqi.demands.queries import category_tree
from lianqi.work.enums import Urgency
from tests.factories import AT, grant, make_category, make_user, make_version

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 4)


@pytest.fixture
def admin() -> User:
    return grant(make_user(), Role.PLATFORM_ADMIN)


def moved(category: DemandCategory, parent: DemandCategory | None, by: User) -> DemandCategory:
    return change_category(
        category.pk,
        name_zh=category.name_zh,
        name_en=category.name_en,
        parent=parent,
        lead_unit=None,
        usual_urgency=Urgency.NORMAL,
        position=category.position,
        is_active=True,
        by=by,
        at=AT,
    )


def test_a_third_level_is_the_deepest(admin: User) -> None:
    first = make_category("first")
    second = make_category("second", parent=first)
    given: dict[str, Any] = {"name_zh": "名", "name_en": "name", "lead_unit": None, "at": AT}

    third = create_category(code="third", parent=second, by=admin, **given)
    with pytest.raises(CategoryTooDeep):
        create_category(code="fourth", parent=third, by=admin, **given)

    assert third.parent == second


def test_a_branch_is_moved_only_where_all_of_it_finds_room(admin: User) -> None:
    top = make_category("top")
    middle = make_category("middle", parent=top)
    branch = make_category("branch")
    make_category("leaf", parent=branch)

    with pytest.raises(CategoryTooDeep):
        moved(branch, middle, admin)

    assert moved(branch, top, admin).parent == top


def test_nothing_stands_under_itself(admin: User) -> None:
    top = make_category("top")
    below = make_category("below", parent=top)

    for parent in (top, below):
        with pytest.raises(CategoryUnderItself):
            moved(top, parent, admin)


def test_the_tree_is_in_order_with_the_versions_of_the_day(
    django_assert_num_queries: Any,
) -> None:
    second = make_category("second", position=2)
    first = make_category("first", position=1)
    leaf = make_category("leaf", parent=second)
    make_category("old", parent=first, is_active=False)
    version = make_version(leaf)

    with django_assert_num_queries(3):
        nodes = category_tree(on=TODAY)

    assert [(node.category.code, node.depth, node.is_open) for node in nodes] == [
        ("first", 0, False),
        ("old", 1, False),
        ("second", 0, False),
        ("leaf", 1, True),
    ]
    assert [node.version for node in nodes] == [None, None, None, version]
    assert list(DemandCategory.objects.in_use()) == [leaf]
