"""Two people state, withdraw or take over lists at the same moment, on threads that commit."""

import pytest

from lianqi.audit.models import Event
from lianqi.audit.queries import verify_chain
from lianqi.register.actions import Stated, state, state_list, withdraw_statement
from lianqi.register.errors import StatementWithdrawn
from lianqi.register.models import Statement
from tests.demands.test_at_once import at_once, refusals
from tests.register.scene import NOON, Scene, build_scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return build_scene()


def test_two_withdraw_one_statement_and_one_of_them_is_told(scene: Scene) -> None:
    firm = scene.enterprise()
    statement = state(firm.pk, key="tax_here", value=True, source="名单", by=scene.keeper, at=NOON)

    results = at_once(*[lambda: withdraw_statement(statement.pk, by=scene.keeper, at=NOON)] * 2)

    assert refusals(results) == [StatementWithdrawn]
    assert Event.objects.filter(verb="register.statement_withdrawn").count() == 1


def test_two_lists_of_the_same_enterprises_in_other_orders_both_arrive(scene: Scene) -> None:
    firms = [scene.enterprise(number, f"第{number}机械有限公司") for number in range(1, 7)]
    lines = [Stated(each.pk, "tax_here", value=True) for each in firms]

    results = at_once(
        lambda: state_list(lines, source="甲", by=scene.keeper, at=NOON),
        lambda: state_list(lines[::-1], source="乙", by=scene.keeper, at=NOON),
    )

    assert results == [6, 6]
    assert Statement.objects.count() == 12
    assert verify_chain().broken is None
