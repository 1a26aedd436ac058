"""Who may do what to a demand, and that a list shows what the single object allows."""

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.demands import actions
from lianqi.demands.enums import Channel, DemandStatus, ObjectionReason, Rating
from lianqi.demands.flow import DEMAND_FLOW
from lianqi.demands.models import Demand
from lianqi.register.models import Chain, ChainPlace, Grid
from tests.demands.scene import Scene
from tests.demands.test_moves import VERBS
from tests.factories import (
    AT,
    grant,
    make_enterprise,
    make_handler,
    make_head,
    make_member,
    make_unit,
    make_user,
)

FIRM_ONLY = {"confirm", "dispute", "withdraw"}
UNIT_ONLY = {"accept", "object", "answer"}


@pytest.fixture
def people(scene: Scene) -> dict[str, User]:
    """One person of each kind, seen from a demand of the scene's firm at the scene's unit."""
    above = make_unit("经济工作部")
    scene.unit.path = f"{above.path}{scene.unit.pk}/"
    scene.unit.save()
    grid = Grid.objects.create(code="G1", name="一号网格", unit=scene.unit)
    chain = Chain.objects.create(name="电子信息")
    scene.enterprise.grid = grid
    scene.enterprise.save()
    ChainPlace.objects.create(enterprise=scene.enterprise, chain=chain)
    elsewhere = make_unit("城市管理局")

    def liaison(scope: Scope, pk: int) -> User:
        return grant(make_user(), Role.LIAISON_OFFICER, scope, pk)

    return {
        "member": scene.member,
        "staff": make_member(scene.enterprise, Role.ENTERPRISE_STAFF),
        "other_firm": make_member(make_enterprise()),
        "dispatcher": scene.dispatcher,
        "handler": scene.handler,
        "other_handler": make_handler(elsewhere),
        "head": make_head(scene.unit),
        "head_above": make_head(above),
        "other_head": make_head(elsewhere),
        "liaison_firm": liaison(Scope.ENTERPRISE, scene.enterprise.pk),
        "liaison_grid": liaison(Scope.GRID, grid.pk),
        "liaison_chain": liaison(Scope.CHAIN, chain.pk),
        "liaison_elsewhere": liaison(Scope.GRID, grid.pk + 1),
        "leader": scene.leader,
        "auditor": grant(make_user(), Role.AUDITOR),
        "platform_admin": grant(make_user(), Role.PLATFORM_ADMIN),
        "nobody": make_user(),
    }


MAY_VIEW = {
    "member", "staff", "dispatcher", "handler", "head", "head_above", "liaison_firm",
    "liaison_grid", "liaison_chain", "leader", "auditor",
}  # fmt: skip
FIRM, UNIT = {"member", "staff"}, {"handler", "head", "head_above"}
MAY_DO = {
    "dispatch": {"dispatcher"}, "uphold": {"dispatcher"}, "overrule": {"dispatcher"},
    "transfer": {"dispatcher"}, "merge": {"dispatcher"}, "unmerge": {"dispatcher"},
    "arbitrate": {"leader"}, "reopen": FIRM | {"dispatcher"},
    **dict.fromkeys(FIRM_ONLY, FIRM), **dict.fromkeys(UNIT_ONLY, UNIT),
}  # fmt: skip


def test_views_in_list_and_single_object_are_the_same(
    scene: Scene, people: dict[str, User]
) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)
    demand = Demand.objects.get(pk=demand.pk)

    by_rule = {name for name, user in people.items() if user.has_perm("demands.view", demand)}
    by_list = {
        name for name, user in people.items()
        if Demand.objects.visible_to(user).filter(pk=demand.pk).exists()
    }  # fmt: skip

    assert by_rule == by_list == MAY_VIEW


def test_undispatched_demand_is_not_yet_any_units(scene: Scene, people: dict[str, User]) -> None:
    demand = Demand.objects.get(pk=scene.file().pk)

    by_rule = {name for name, user in people.items() if user.has_perm("demands.view", demand)}
    by_list = {
        name for name, user in people.items()
        if Demand.objects.visible_to(user).filter(pk=demand.pk).exists()
    }  # fmt: skip

    assert by_rule == by_list == MAY_VIEW - UNIT


@pytest.mark.parametrize("verb", VERBS)
def test_moves_are_for_those_the_table_names(
    scene: Scene, people: dict[str, User], verb: str
) -> None:
    source = min(DEMAND_FLOW.moves[verb].sources - {DemandStatus.SUBMITTED})
    demand = Demand.objects.get(pk=scene.demand_in(source).pk)

    allowed = {name for name, user in people.items() if user.has_perm(f"demands.{verb}", demand)}

    assert allowed == MAY_DO[verb]


@pytest.mark.parametrize("verb", VERBS)
def test_actions_refuse_everybody_else_and_change_nothing(
    scene: Scene, people: dict[str, User], verb: str
) -> None:
    source = min(DEMAND_FLOW.moves[verb].sources - {DemandStatus.SUBMITTED})
    demand = scene.demand_in(source)
    more = {
        "dispatch": {"unit": scene.unit}, "accept": {}, "answer": {"answer": "好"},
        "object": {"reason": ObjectionReason.UNCLEAR, "note": "?"},
        "uphold": {"unit": scene.other, "decision": "?"}, "overrule": {"decision": "?"},
        "transfer": {"unit": scene.other, "reason": "?"},
        "merge": {"into": scene.file(), "reason": "?"}, "unmerge": {"reason": "?"},
        "arbitrate": {"unit": scene.unit, "decision": "?"},
        "confirm": {"rating": Rating.SATISFIED, "note": ""}, "dispute": {"note": "?"},
        "reopen": {"note": "?", "window_days": 15}, "withdraw": {"reason": "?"},
    }[verb]  # fmt: skip
    named = {"object": "object_to_dispatch"} | {
        each: f"{each}_objection" for each in ("uphold", "overrule", "arbitrate")
    }
    action = getattr(actions, named.get(verb, f"{verb}_demand"))

    for name in people.keys() - MAY_DO[verb]:
        with pytest.raises(PermissionDenied):
            action(demand.pk, by=people[name], at=AT, **more)

    demand.refresh_from_db()
    assert demand.status == source


def test_filing_is_for_the_firm_its_liaison_officers_and_the_desk(
    scene: Scene, people: dict[str, User]
) -> None:
    allowed = set()
    for name, user in people.items():
        try:
            scene.file(by=user)
        except PermissionDenied:
            continue
        allowed.add(name)

    assert allowed == {
        "member", "staff", "dispatcher", "liaison_firm", "liaison_grid", "liaison_chain",
    }  # fmt: skip
    assert Demand.objects.count() == len(allowed)
    assert set(Demand.objects.values_list("channel", flat=True)) == {Channel.PORTAL}


def test_figures_are_for_leaders_the_desk_heads_and_auditors(people: dict[str, User]) -> None:
    allowed = {name for name, user in people.items() if user.has_perm("demands.figures")}

    assert allowed == {"leader", "dispatcher", "auditor", "head", "head_above", "other_head"}
