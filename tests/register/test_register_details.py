"""Contacts, facts, titles, chains and lists by hand: who may, from which source, what is refused."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.register.actions import (
    add_contact,
    add_fact,
    add_title,
    change_contact,
    change_title,
    merge_enterprises,
    place_in_chain,
    put_on_list,
    remove_contact,
    remove_title,
    take_off_list,
    take_out_of_chain,
    withdraw_fact,
)
from lianqi.register.enums import TitleLevel
from lianqi.register.errors import (
    ContactNameMissing,
    ContactRecorded,
    FactNegative,
    FactNotWhole,
    FactWithdrawn,
    ObservedInFuture,
    SourceMissing,
    TitleEndsBeforeItBegins,
    TitleNameMissing,
    TitleRecorded,
    UnknownPeriod,
    WrongUnit,
)
from lianqi.register.models import (
    Chain,
    ChainPlace,
    Contact,
    Enterprise,
    Fact,
    Industry,
    KeyList,
    Title,
)
from lianqi.register.queries import facts_of, observations_of
from tests.register.scene import NOON, Scene, fresh, person

OFFICER = Role.LIAISON_OFFICER


def administrator(enterprise: Enterprise) -> User:
    return person(f"管理员{enterprise.pk}", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, enterprise.pk)


def headcount(enterprise: Enterprise, by: User, **stated: Any) -> Fact:
    """Twelve employees in 2025 by the annual report, unless said otherwise."""
    given: dict[str, Any] = {
        "key": "employees",
        "value": Decimal(12),
        "unit": "人",
        "period": "2025",
        "source": "年报",
        "at": NOON,
    }
    return add_fact(enterprise.pk, by=by, **given | stated)


def gazelle(enterprise: Enterprise, by: User, **stated: Any) -> Title:
    given: dict[str, Any] = {"label": "瞪羚企业", "level": TitleLevel.ZONE, "at": NOON}
    return add_title(enterprise.pk, by=by, **given | stated)


@pytest.mark.parametrize(
    ("who", "source"),
    [
        ("keeper", "年报"),
        ("its administrator", "enterprise"),
        ("officer of its grid", "officer_visit"),
        ("officer of its chain", "officer_visit"),
        ("its officer", "officer_visit"),
        ("its staff", None),
        ("officer of another grid", None),
        ("another firm's administrator", None),
        ("leader", None),
    ],
)
def test_who_states_facts_and_contacts_and_in_whose_name(
    scene: Scene, who: str, source: str | None
) -> None:
    enterprise = scene.enterprise(1, grid=scene.grid)
    other = scene.enterprise(2, "远山医药有限公司")
    chain = Chain.objects.create(name="新型显示")
    place_in_chain(enterprise.pk, chain=chain, layer="", by=scene.keeper, at=NOON)
    user = {
        "keeper": lambda: scene.keeper,
        "leader": lambda: scene.leader,
        "its administrator": lambda: administrator(enterprise),
        "another firm's administrator": lambda: administrator(other),
        "its staff": lambda: person("甲", Role.ENTERPRISE_STAFF, Scope.ENTERPRISE, enterprise.pk),
        "its officer": lambda: person("乙", OFFICER, Scope.ENTERPRISE, enterprise.pk),
        "officer of its grid": lambda: person("丙", OFFICER, Scope.GRID, scene.grid.pk),
        "officer of another grid": lambda: person("丁", OFFICER, Scope.GRID, scene.grid.pk + 1),
        "officer of its chain": lambda: person("戊", OFFICER, Scope.CHAIN, chain.pk),
    }[who]()

    if source is None:
        with pytest.raises(PermissionDenied):
            headcount(enterprise, user, key="研发人员")
        with pytest.raises(PermissionDenied):
            add_contact(enterprise.pk, name="林晓燕", by=user, at=NOON)
    else:
        assert headcount(enterprise, user, key="研发人员").source == source
        contact = add_contact(enterprise.pk, name="林晓燕", by=user, at=NOON)
        assert contact.source == ("" if who == "keeper" else source)


def test_titles_chains_and_lists_are_for_those_who_keep_the_register(scene: Scene) -> None:
    enterprise = scene.enterprise(1, grid=scene.grid)
    chain, key_list = Chain.objects.create(name="新型显示"), KeyList.objects.create(name="重点")
    for user in (
        administrator(enterprise),
        person("丙", OFFICER, Scope.GRID, scene.grid.pk),
        scene.leader,
    ):
        with pytest.raises(PermissionDenied):
            gazelle(enterprise, user)
        with pytest.raises(PermissionDenied):
            place_in_chain(enterprise.pk, chain=chain, layer="", by=user, at=NOON)
        with pytest.raises(PermissionDenied):
            put_on_list(key_list, enterprise=enterprise, by=user, at=NOON)


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [
        ({"unit": "元"}, WrongUnit),
        ({"unit": ""}, WrongUnit),
        ({"key": "revenue", "unit": "万元"}, WrongUnit),
        ({"value": Decimal(-1)}, FactNegative),
        ({"value": Decimal("0.5")}, FactNotWhole),
        ({"period": "2025年"}, UnknownPeriod),
        ({"period": "2025-13"}, UnknownPeriod),
        ({"period": "2025-H3"}, UnknownPeriod),
        ({"observed_at": NOON + dt.timedelta(seconds=1)}, ObservedInFuture),
        ({"source": "  "}, SourceMissing),
    ],
)
def test_a_fact_that_cannot_be_is_refused_and_leaves_nothing(
    scene: Scene, stated: dict[str, Any], refusal: type[Exception]
) -> None:
    enterprise = scene.enterprise()

    with pytest.raises(refusal):
        headcount(enterprise, scene.keeper, **stated)

    assert not Fact.objects.exists()
    assert not Event.objects.filter(verb="register.fact_added").exists()


@pytest.mark.parametrize(
    "stated",
    [
        {"value": Decimal(0)},
        {"period": "2025-H2"},
        {"period": "2025-12"},
        {"observed_at": NOON},
        {"key": "发明专利", "unit": "件", "value": Decimal("-0.5")},
    ],
)
def test_what_lies_one_beside_the_boundary_is_kept(scene: Scene, stated: dict[str, Any]) -> None:
    headcount(scene.enterprise(), scene.keeper, **stated)

    assert Fact.objects.count() == 1


def test_a_withdrawn_observation_counts_no_more_and_stays_in_the_history(scene: Scene) -> None:
    industry = Industry.objects.get(code="3911")
    enterprise = scene.enterprise(1, industry=industry)
    money: dict[str, Any] = {"key": "revenue", "value": Decimal(20_000_000), "unit": "元"}
    headcount(enterprise, scene.keeper, **money)
    right = headcount(enterprise, scene.keeper, value=Decimal(300))
    wrong = headcount(enterprise, scene.keeper, value=Decimal(3), at=NOON + dt.timedelta(hours=1))
    sizes = [fresh(enterprise).size_class]

    withdraw_fact(wrong.pk, by=scene.keeper, at=NOON + dt.timedelta(hours=2))

    sizes.append(fresh(enterprise).size_class)
    lines = facts_of([enterprise.pk])
    history = observations_of(wrong, [enterprise.pk])
    assert sizes == ["micro", "medium"]
    assert [line.pk for line in lines if line.unit == "人"] == [right.pk]
    assert [(line.pk, line.is_withdrawn) for line in history] == [
        (right.pk, False),
        (wrong.pk, True),
    ]
    assert Event.objects.filter(verb="register.fact_withdrawn").count() == 1
    with pytest.raises(FactWithdrawn):
        withdraw_fact(wrong.pk, by=scene.keeper, at=NOON)


def test_each_side_withdraws_only_what_it_stated(scene: Scene) -> None:
    enterprise = scene.enterprise(1, grid=scene.grid)
    owner, officer = administrator(enterprise), person("丙", OFFICER, Scope.GRID, scene.grid.pk)
    by_keeper, by_owner, by_officer = (
        headcount(enterprise, user, key="研发人员") for user in (scene.keeper, owner, officer)
    )

    for fact, user in ((by_keeper, owner), (by_officer, owner), (by_owner, officer)):
        with pytest.raises(PermissionDenied):
            withdraw_fact(fact.pk, by=user, at=NOON)
    for fact, user in ((by_owner, owner), (by_officer, officer), (by_keeper, scene.keeper)):
        withdraw_fact(fact.pk, by=user, at=NOON)

    assert not Fact.objects.standing().exists()


def test_correcting_a_contact_keeps_what_is_left_empty_and_writes_nothing_personal(
    scene: Scene,
) -> None:
    enterprise = scene.enterprise()
    contact = add_contact(
        enterprise.pk, name="林晓燕", mobile="13800001234", by=scene.keeper, at=NOON
    )
    first = add_contact(enterprise.pk, name="陈海", is_main=True, by=scene.keeper, at=NOON)

    change_contact(
        contact.pk, position="财务总监", is_main=True, by=administrator(enterprise), at=NOON
    )

    contact.refresh_from_db()
    first.refresh_from_db()
    event = Event.objects.get(verb="register.contact_changed")
    assert (contact.name, contact.mobile, contact.position) == ("林晓燕", "13800001234", "财务总监")
    assert (contact.source, contact.is_main, first.is_main) == ("enterprise", True, False)
    assert event.detail == {
        "contact": contact.pk,
        "fields": ["position", "is_main"],
        "source": "enterprise",
    }


def test_a_contact_is_not_corrected_into_another_one(scene: Scene) -> None:
    enterprise = scene.enterprise()
    add_contact(enterprise.pk, name="林晓燕", mobile="13800001234", by=scene.keeper, at=NOON)
    other = add_contact(enterprise.pk, name="林晓燕", by=scene.keeper, at=NOON)

    with pytest.raises(ContactRecorded):
        change_contact(other.pk, mobile="13800001234", by=scene.keeper, at=NOON)
    with pytest.raises(ContactNameMissing):
        add_contact(enterprise.pk, name=" ", by=scene.keeper, at=NOON)
    change_contact(other.pk, name="林晓燕", by=scene.keeper, at=NOON)

    assert not Event.objects.filter(verb="register.contact_changed").exists()


def test_a_removed_contact_leaves_no_name(scene: Scene) -> None:
    enterprise = scene.enterprise()
    contact = add_contact(enterprise.pk, name="林晓燕", by=scene.keeper, at=NOON)

    with pytest.raises(PermissionDenied):
        remove_contact(contact.pk, by=scene.leader, at=NOON)
    remove_contact(contact.pk, by=scene.keeper, at=NOON)

    assert not Contact.objects.exists()
    assert "林晓燕" not in str([event.detail for event in Event.objects.all()])


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False)])
def test_a_title_does_not_end_before_it_begins(scene: Scene, days: int, is_refused: bool) -> None:
    enterprise = scene.enterprise()
    first = dt.date(2026, 1, 1)
    until = first + dt.timedelta(days=days)

    if is_refused:
        with pytest.raises(TitleEndsBeforeItBegins):
            gazelle(enterprise, scene.keeper, granted_on=first, valid_until=until)
    else:
        gazelle(enterprise, scene.keeper, granted_on=first, valid_until=until)

    assert Title.objects.exists() is not is_refused


def test_a_title_is_corrected_within_the_same_rules(scene: Scene) -> None:
    enterprise = scene.enterprise()
    gazelle(enterprise, scene.keeper)
    title = gazelle(enterprise, scene.keeper, batch="第二批")
    same: dict[str, Any] = {
        "label": "瞪羚企业",
        "level": TitleLevel.ZONE,
        "batch": "第二批",
        "granted_on": dt.date(2026, 1, 1),
        "valid_until": dt.date(2028, 12, 31),
        "source": "云高新〔2026〕1号",
        "at": NOON,
    }

    with pytest.raises(TitleRecorded):
        change_title(title.pk, by=scene.keeper, **same | {"batch": ""})
    with pytest.raises(TitleEndsBeforeItBegins):
        change_title(title.pk, by=scene.keeper, **same | {"valid_until": dt.date(2025, 12, 31)})
    with pytest.raises(TitleNameMissing):
        change_title(title.pk, by=scene.keeper, **same | {"label": " "})
    with pytest.raises(PermissionDenied):
        change_title(title.pk, by=administrator(enterprise), **same)
    for _twice in range(2):
        change_title(title.pk, by=scene.keeper, **same)

    event = Event.objects.get(verb="register.title_changed")
    assert event.detail["changed"] == {
        "title_granted_on": [None, "2026-01-01"],
        "title_valid_until": [None, "2028-12-31"],
        "title_source": ["", "云高新〔2026〕1号"],
    }


def test_what_a_merged_entry_brought_is_corrected_on_the_page_of_the_survivor(
    scene: Scene,
) -> None:
    survivor, duplicate = scene.enterprise(1), scene.enterprise(2, "海纳科技公司")
    title = gazelle(duplicate, scene.keeper)
    contact = add_contact(duplicate.pk, name="林晓燕", by=scene.keeper, at=NOON)
    key_list = KeyList.objects.create(name="重点")
    put_on_list(key_list, enterprise=duplicate, by=scene.keeper, at=NOON)
    merge_enterprises(survivor_id=survivor.pk, duplicate_id=duplicate.pk, by=scene.keeper, at=NOON)

    remove_title(title.pk, by=scene.keeper, at=NOON)
    change_contact(contact.pk, position="总经理", by=administrator(survivor), at=NOON)
    take_off_list(key_list, enterprise=survivor, by=scene.keeper, at=NOON)

    verbs = ("register.title_removed", "register.contact_changed", "register.taken_off_list")
    events = Event.objects.filter(verb__in=verbs).order_by("pk")
    assert [(event.verb, event.enterprise_id) for event in events] == [
        (verb, survivor.pk) for verb in verbs
    ]
    assert (Title.objects.exists(), key_list.members.exists()) == (False, False)


def test_chains_and_lists_are_entered_once_and_left_again(scene: Scene) -> None:
    enterprise = scene.enterprise()
    chain, key_list = Chain.objects.create(name="新型显示"), KeyList.objects.create(name="重点")

    for layer in ("材料", "设备"):
        place_in_chain(enterprise.pk, chain=chain, layer=layer, by=scene.keeper, at=NOON)
        put_on_list(key_list, enterprise=enterprise, by=scene.keeper, at=NOON)
    place = ChainPlace.objects.get()
    with pytest.raises(PermissionDenied):
        take_out_of_chain(place.pk, by=scene.leader, at=NOON)
    with pytest.raises(PermissionDenied):
        take_off_list(key_list, enterprise=enterprise, by=scene.leader, at=NOON)
    take_out_of_chain(place.pk, by=scene.keeper, at=NOON)
    for _twice in range(2):
        take_off_list(key_list, enterprise=enterprise, by=scene.keeper, at=NOON)

    verbs = Event.objects.filter(enterprise_id=enterprise.pk).order_by("pk")
    assert place.layer == "设备"
    assert list(verbs.values_list("verb", flat=True))[1:] == [
        "register.placed_in_chain",
        "register.put_on_list",
        "register.placed_in_chain",
        "register.taken_out_of_chain",
        "register.taken_off_list",
    ]
