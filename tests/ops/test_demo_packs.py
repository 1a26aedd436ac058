"""The rule packs of the demo zone: its own policy as rules, and something to see for its firms."""

import pytest

from lianqi.matching.enums import Group
from lianqi.matching.models import RulePack
from lianqi.matching.queries import in_force, verdicts_for
from lianqi.matching.queries.combining import combination_of
from lianqi.ops.demo.packs import fill_packs
from lianqi.ops.demo.people import create_people
from tests.factories import AT, make_enterprise
from tests.matching.scene import fact, industry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_firms_find_policies_that_they_meet_and_that_lack_an_answer() -> None:
    people = create_people(at=AT)
    firms = [make_enterprise(industry=industry()) for _ in range(4)]
    for each in firms:
        fact(each, "revenue", 30_000_000)

    fill_packs(people, firms, now=AT)

    found = [verdicts_for(each.pk, on=AT.date()) for each in firms]
    groups = {verdict.group for each in found for verdict in each.verdicts}
    assert {Group.MET, Group.ONE_MISSING, Group.NEARLY} <= groups
    assert RulePack.objects.drafts().count() == 2
    together = combination_of(found[1].verdicts)
    assert together.leaves_out  # of two awards that it meets, this firm gets the higher one
    assert {each.articles for each in together.beside.values()} == {("第七条",)}
    assert any(place.measure.key == "upgrade" for place in in_force(AT.date()).others)
