"""What departments and firms of the demo zone state: measures are met, nearly, or lack an answer."""

import pytest

from lianqi.accounts.enums import Role
from lianqi.matching.enums import Group
from lianqi.matching.queries import verdicts_for
from lianqi.ops.demo.packs import fill_packs
from lianqi.ops.demo.people import create_people
from lianqi.ops.demo.statements import state_what_rules_ask
from lianqi.register.enums import MembershipState, StatedBy
from lianqi.register.models import Membership, Statement
from tests.factories import AT, make_enterprise, make_member
from tests.matching.scene import fact, industry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_firms_have_measures_met_with_amounts_and_some_that_lack_one_answer() -> None:
    people = create_people(at=AT)
    firms = [make_enterprise(industry=industry("6520", "I")) for _ in range(6)]
    for each in firms:
        fact(each, "revenue", 30_000_000)
        Membership.objects.create(
            enterprise=each, user=make_member(each), role=Role.ENTERPRISE_ADMIN,
            state=MembershipState.CONFIRMED, asked_at=AT, decided_at=AT,
            decided_by=people.dispatcher,
        )  # fmt: skip
    fill_packs(people, firms, now=AT)

    state_what_rules_ask(people, firms, firms, now=AT)

    found = [verdicts_for(each.pk, on=AT.date()) for each in firms]
    met = [each for one in found for each in one.of(Group.MET)]
    assert all(one.of(Group.MET) for one in found)
    assert any(each.low for each in met if each.place.measure.key == "tapeout")
    assert any(one.of(Group.ONE_MISSING) for one in found)
    assert [each for one in found for each in one.known.not_used] == []
    assert Statement.objects.filter(source=StatedBy.ENTERPRISE).exists()
    assert Statement.objects.filter(until__isnull=False).count() == 1
