"""Entering, changing and merging enterprises; contacts; who may see what."""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role, Scope
from lianqi.audit.models import Event
from lianqi.register.actions import (
    add_contact,
    add_fact,
    add_title,
    change_enterprise,
    create_enterprise,
    load_industries,
    merge_enterprises,
    place_in_chain,
    record_view,
    reveal_contact,
)
from lianqi.register.actions.reference import INDUSTRIES_FILE
from lianqi.register.enums import TitleLevel
from lianqi.register.errors import (
    CodeTaken,
    EntryMerged,
    MergeWithItself,
    NameMissing,
    PurposeMissing,
    TitleRecorded,
    WrongCreditCode,
)
from lianqi.register.models import Chain, Enterprise, Industry
from lianqi.register.queries import duplicates_of, facts_of, titles_of, with_merged_ids
from tests.register.scene import NOON, Scene, code, fresh, person

YEAR: dict[str, Any] = {"unit": "元", "period": "2025", "source": "年报"}


def test_entering_an_enterprise_tidies_the_name_and_leaves_one_line(scene: Scene) -> None:
    enterprise = scene.enterprise(1, " 海纳 科技（云岭）有限公司 ", capital_yuan=Decimal(100))

    assert (enterprise.name, enterprise.name_core) == ("海纳科技（云岭）有限公司", "海纳科技")
    event = Event.objects.get()
    assert (event.verb, event.subject_id, event.by_id, event.at) == (
        "register.created",
        enterprise.pk,
        scene.keeper.pk,
        NOON,
    )
    assert event.detail["fields"]["capital_yuan"] == "100"


def test_a_wrong_code_says_which_digit_and_what_was_expected(scene: Scene) -> None:
    right = code(1)
    wrong = right[:17] + ("0" if right[17] != "0" else "1")

    with pytest.raises(WrongCreditCode) as refused:
        create_enterprise(code=wrong, name="海纳有限公司", by=scene.keeper, at=NOON)

    assert refused.value.reason == {
        "code": "code_outer_check",
        "params": {"found": wrong[17], "expected": right[17], "position": 18},
    }
    assert right[17] in str(refused.value)


def test_a_code_is_entered_once_and_a_name_has_two_characters(scene: Scene) -> None:
    scene.enterprise(1)

    with pytest.raises(CodeTaken):
        scene.enterprise(1, "另一家有限公司")
    with pytest.raises(NameMissing):
        scene.enterprise(2, "海")


def test_only_data_keepers_change_the_register(scene: Scene) -> None:
    enterprise = scene.enterprise()

    with pytest.raises(PermissionDenied):
        change_enterprise(enterprise.pk, name="远山有限公司", by=scene.leader, at=NOON)


def test_a_change_keeps_the_former_name_and_what_was_before(scene: Scene) -> None:
    enterprise = scene.enterprise(1, "海纳科技有限公司", district="五里")

    change_enterprise(
        enterprise.pk,
        name="远山科技有限公司",
        district="五里",
        grid=scene.grid,
        by=scene.keeper,
        at=NOON,
    )

    event = Event.objects.get(verb="register.changed")
    former = enterprise.former_names.get()
    assert event.detail["changed"] == {
        "name": ["海纳科技有限公司", "远山科技有限公司"],
        "grid": [None, "东片区"],
    }
    assert (former.name, former.until_on) == ("海纳科技有限公司", dt.date(2026, 11, 19))
    assert list(Enterprise.objects.search("海纳")) == [enterprise]


def test_a_change_that_changes_nothing_leaves_no_line(scene: Scene) -> None:
    enterprise = scene.enterprise(1, "海纳科技有限公司")

    change_enterprise(enterprise.pk, name="海纳科技有限公司", by=scene.keeper, at=NOON)

    assert not Event.objects.filter(verb="register.changed").exists()


def test_the_size_class_follows_the_facts_with_its_reason(scene: Scene) -> None:
    industry = Industry.objects.get(code="3911")
    enterprise = scene.enterprise(1, "海纳科技有限公司", industry=industry)

    add_fact(enterprise.pk, key="employees", value=Decimal(300), by=scene.keeper, at=NOON,
             **{**YEAR, "unit": "人"})  # fmt: skip
    add_fact(enterprise.pk, key="revenue", value=Decimal(20_000_000), by=scene.keeper, at=NOON,
             **YEAR)  # fmt: skip

    enterprise = fresh(enterprise)
    assert enterprise.size_class == "medium"
    assert enterprise.size_reason["year"] == "2025"
    assert enterprise.size_reason["clause"] == "工信部联企业〔2011〕300号第四条第（二）项"


def test_facts_of_two_years_never_mix(scene: Scene) -> None:
    industry = Industry.objects.get(code="3911")
    enterprise = scene.enterprise(1, "海纳科技有限公司", industry=industry)

    add_fact(enterprise.pk, key="employees", value=Decimal(300), by=scene.keeper, at=NOON,
             **{**YEAR, "unit": "人", "period": "2024"})  # fmt: skip
    add_fact(enterprise.pk, key="revenue", value=Decimal(500_000_000), by=scene.keeper, at=NOON,
             **YEAR)  # fmt: skip

    assert fresh(enterprise).size_class == ""


def test_the_newest_observation_counts_and_the_earlier_stay(scene: Scene) -> None:
    enterprise = scene.enterprise()
    for value, hours in ((0, 0), (500, 1)):
        add_fact(
            enterprise.pk,
            key="revenue",
            value=Decimal(value),
            by=scene.keeper,
            at=NOON + dt.timedelta(hours=hours),
            **YEAR,
        )

    (line,) = facts_of([enterprise.pk])

    assert (line.value, line.earlier, line.source) == (Decimal(500), 1, "年报")


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, "open"),
        (dt.date(2026, 11, 19), "expired"),
        (dt.date(2026, 11, 20), "soon"),
        (dt.date(2027, 2, 17), "soon"),
        (dt.date(2027, 2, 18), "valid"),
    ],
)
def test_the_last_day_of_a_title_is_a_valid_day(
    scene: Scene, until: dt.date | None, state: str
) -> None:
    enterprise = scene.enterprise()
    given: dict[str, Any] = {"label": "瞪羚企业", "level": TitleLevel.ZONE}
    given |= {"by": scene.keeper, "at": NOON}
    add_title(enterprise.pk, valid_until=until, **given)

    with pytest.raises(TitleRecorded):
        add_title(enterprise.pk, **given)
    (line,) = titles_of([enterprise.pk], on=dt.date(2026, 11, 20))

    assert line.state == state


def test_revealing_a_contact_needs_a_purpose_and_is_written_down(scene: Scene) -> None:
    enterprise = scene.enterprise()
    contact = add_contact(
        enterprise.pk, name="林晓燕", mobile="13800001234", by=scene.keeper, at=NOON
    )

    with pytest.raises(PurposeMissing):
        reveal_contact(contact.pk, purpose="  ", by=scene.keeper, at=NOON)
    with pytest.raises(PermissionDenied):
        reveal_contact(contact.pk, purpose="核实诉求", by=scene.leader, at=NOON)
    reveal_contact(contact.pk, purpose="核实诉求", by=scene.keeper, at=NOON)

    event = Event.objects.get(verb="register.contact_revealed")
    assert (event.is_read, event.enterprise_id, event.detail) == (
        True,
        enterprise.pk,
        {"purpose": "核实诉求"},
    )


def test_a_look_is_noted_once_per_person_and_local_day(scene: Scene) -> None:
    enterprise = scene.enterprise()
    own = person("员工", Role.ENTERPRISE_STAFF, Scope.ENTERPRISE, enterprise.pk)
    last_minute = dt.datetime(2026, 11, 20, 15, 59, tzinfo=dt.UTC)  # 23:59 in the zone

    for at in (NOON, last_minute, last_minute + dt.timedelta(minutes=1)):
        record_view(enterprise, by=scene.leader, at=at)
        record_view(enterprise, by=own, at=at)

    looks = Event.objects.reads_of(enterprise.pk)
    assert [(event.by_id, event.at) for event in looks] == [
        (scene.leader.pk, last_minute + dt.timedelta(minutes=1)),
        (scene.leader.pk, NOON),
    ]


def test_merged_entries_keep_their_records_and_lead_to_the_survivor(scene: Scene) -> None:
    first, second, third = (scene.enterprise(n, f"海纳{n}有限公司") for n in (1, 2, 3))
    merge_enterprises(survivor_id=second.pk, duplicate_id=third.pk, by=scene.keeper, at=NOON)

    merge_enterprises(survivor_id=first.pk, duplicate_id=second.pk, by=scene.keeper, at=NOON)

    assert with_merged_ids(first) == [first.pk, second.pk, third.pk]
    assert list(Enterprise.objects.living()) == [first]
    with pytest.raises(EntryMerged):
        change_enterprise(second.pk, name="远山有限公司", by=scene.keeper, at=NOON)
    with pytest.raises(MergeWithItself):
        merge_enterprises(survivor_id=first.pk, duplicate_id=first.pk, by=scene.keeper, at=NOON)


@pytest.mark.parametrize(
    ("name", "is_near"),
    [
        ("海纳光电科技股份有限公司", True),
        ("海纳光店科技有限公司", True),
        ("（云岭）海纳光电科技有限公司", True),
        ("海纳光电科技有限公司福州分公司", False),
        ("远山医药有限公司", False),
    ],
)
def test_near_duplicates_are_found_by_name(scene: Scene, name: str, is_near: bool) -> None:
    enterprise, other = scene.enterprise(1, "海纳光电科技有限公司"), scene.enterprise(2, name)

    found = [each.enterprise for each in duplicates_of(enterprise)]

    assert found == ([other] if is_near else [])


def test_the_industry_table_is_complete_and_loading_it_again_changes_nothing(db: None) -> None:
    digest = hashlib.sha256(INDUSTRIES_FILE.read_bytes()).hexdigest()

    counts = [load_industries(), load_industries()]

    levels = [Industry.objects.filter(level=level).count() for level in (1, 2, 3, 4)]
    assert digest == "f61dbc48501412a51bafc6d1411a215007d8b0d48cf6e2e2dc52e270bc137e2e"
    assert (counts, levels) == ([1971, 1971], [20, 97, 473, 1381])
    assert Industry.objects.get(code="3911").parent_id == "391"


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("leader", True), ("its staff", True), ("officer of its grid", True),
        ("officer of its chain", True), ("officer of another grid", False),
        ("other firm's staff", False), ("stranger", False),
    ],
)  # fmt: skip
def test_the_list_and_the_permission_agree(scene: Scene, who: str, sees: bool) -> None:
    enterprise = scene.enterprise(1, "海纳科技有限公司", grid=scene.grid)
    other = scene.enterprise(2, "远山医药有限公司")
    chain = Chain.objects.create(name="新型显示")
    place_in_chain(enterprise.pk, chain=chain, layer="上游", by=scene.keeper, at=NOON)
    officer, staff = Role.LIAISON_OFFICER, Role.ENTERPRISE_STAFF
    user = {
        "leader": lambda: scene.leader,
        "stranger": lambda: scene.stranger,
        "its staff": lambda: person("甲", staff, Scope.ENTERPRISE, enterprise.pk),
        "other firm's staff": lambda: person("乙", staff, Scope.ENTERPRISE, other.pk),
        "officer of its grid": lambda: person("丙", officer, Scope.GRID, scene.grid.pk),
        "officer of another grid": lambda: person("丁", officer, Scope.GRID, scene.grid.pk + 1),
        "officer of its chain": lambda: person("戊", officer, Scope.CHAIN, chain.pk),
    }[who]()

    listed = Enterprise.objects.visible_to(user).filter(pk=enterprise.pk)

    assert user.has_perm("register.view", enterprise) is sees
    assert listed.exists() is sees
