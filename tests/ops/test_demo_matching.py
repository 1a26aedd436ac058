"""Matching in the demo zone: somebody is told, and the radar has something to show."""

import pytest
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.matching.models import Match, MatchRun, RulePack, Telling
from lianqi.matching.queries.radar import radar
from lianqi.ops.demo.matching import match_everything
from lianqi.ops.demo.packs import OWN, fill_packs
from lianqi.ops.demo.people import create_people
from lianqi.register.enums import MembershipState
from lianqi.register.models import Membership
from tests.factories import AT, make_enterprise, make_user
from tests.matching.scene import fact, industry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_firm_is_told_and_a_draft_changes_something() -> None:
    people = create_people(at=AT)
    firms = [make_enterprise(industry=industry()) for _ in range(6)]
    for each in firms:
        fact(each, "revenue", 30_000_000)
        Membership.objects.create(
            enterprise=each, user=make_user(), role=Role.ENTERPRISE_ADMIN,
            state=MembershipState.CONFIRMED, asked_at=AT,
        )  # fmt: skip
    fill_packs(people, firms, now=AT)

    match_everything(people, now=AT)

    assert set(MatchRun.objects.values_list("kind", "status")) == {
        ("all", "done"), ("preview", "done"),
    }  # fmt: skip
    assert Telling.objects.filter(enterprise=firms[0]).exists()
    assert {"met", "one_missing", "nearly"} <= set(Match.objects.values_list("group", flat=True))
    own, draft = (RulePack.objects.get(key=OWN, status=status) for status in ("published", "draft"))
    found = radar(people.dispatcher, own, draft, on=timezone.localdate(AT))
    counts = next(each for each in found.lines if each.key == "rd").counts
    assert counts.get("gains")
    assert counts.get("less")
