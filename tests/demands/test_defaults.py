"""The catalogue and the time limits that come with the program: read, compared, taken over."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    VersionTerms,
    add_version,
    load_clock_rules,
    load_default_categories,
    take_over_default,
    terms_of,
)
from lianqi.demands.actions.rules import LENGTHS
from lianqi.demands.defaults import (
    BadDefaults,
    default_categories,
    read_categories,
    read_time_limits,
    time_limits,
)
from lianqi.demands.enums import DefaultPart, Step
from lianqi.demands.errors import VersionTooEarly
from lianqi.demands.models import CategoryVersion, DemandCategory
from lianqi.demands.queries import Beside, compare_defaults, lengths, version_in_force
from lianqi.engines.calendar import ClockKind
from lianqi.work.enums import Urgency
from tests.factories import grant, make_category, make_unit, make_user

AT = dt.datetime(2026, 3, 4, 2, tzinfo=dt.UTC)
TODAY, TOMORROW = dt.date(2026, 3, 4), dt.date(2026, 3, 5)
PROMISE = """
[here]
name_zh = "本地"
name_en = "Here"
document = "公告"
article = "一"
issued = 2024-01-02
url = ""
read_on = 2026-03-04
is_confirmed = true
note_zh = ""
note_en = ""
normal = { answer = "3 working_days" }
"""


@pytest.fixture
def admin(db: None) -> User:
    return grant(make_user("keeper"), Role.PLATFORM_ADMIN)


def compared(code: str, on: dt.date = TODAY) -> Beside:
    return next(each for each in compare_defaults(on=on) if each.default.code == code)


def test_every_promise_names_its_document_and_the_day_it_was_read() -> None:
    found = time_limits().values()

    assert len(found) >= 12
    assert all(each.document and each.article and each.note_zh and each.note_en for each in found)
    assert all(each.issued <= each.read_on for each in found)
    assert all(each.url for each in found if each.is_confirmed)
    assert all(len(each.source) <= 200 for each in found)
    promised = time_limits()["shandong-2020"].clocks
    assert promised == {
        (Step.ACCEPT, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 1),
        (Step.INTERIM, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 3),
        (Step.ANSWER, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 15),
    }


def test_the_first_catalogue_has_twenty_categories_and_more() -> None:
    found = default_categories()
    leaves = [each for each in found if not each.is_heading]
    codes = {each.code for each in leaves}

    assert len(leaves) >= 20
    assert {"resumption", "labour", "logistics", "conversion", "projects", "testing"} <= codes
    assert {"utilities", "approval", "policy", "finance"} <= codes
    assert all(each.leads_zh or not each.is_accepted for each in leaves)
    assert [each.code for each in leaves if not each.is_accepted] == ["proceedings"]


def test_pressing_matters_are_not_slower_for_a_promise_about_ordinary_ones() -> None:
    land = next(each for each in default_categories() if each.code == "land")

    for urgency in (Urgency.URGENT, Urgency.CRITICAL):
        kind, amounts = LENGTHS[urgency]
        for step in (Step.ACCEPT, Step.INTERIM, Step.ANSWER):
            assert land.clocks[step, urgency] == (kind, amounts[step])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("3 working_days", "3 moons"), "unknown word: moons"),
        (("3 working_days", "0 working_days"), "not an amount"),
        (("answer", "sleep"), "unknown word: sleep"),
        (('article = "一"\n', ""), "article"),
        (('article = "一"\n', 'article = "一"\npage = 3\n'), "page"),
        (('normal = { answer = "3 working_days" }', ""), "no time limit"),
        (('document = "公告"', 'document = ""'), "needs its names and its document"),
    ],
)
def test_a_mistake_in_a_promise_is_named(change: tuple[str, str], said: str) -> None:
    with pytest.raises(BadDefaults, match=said):
        read_time_limits(PROMISE.replace(*change), "limits.toml")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('code = "a"\nname_zh = "甲"\nname_en = "A"\nunder = "b"', "heading b"),
        ('code = "a"\nname_zh = "甲"', "name_en"),
        ('code = "a"\nname_zh = "甲"\nname_en = "A"\ntime_limits = "there"', "no such time limits"),
        ('code = "a"\nname_zh = "甲"\nname_en = "A"\nurgency = "now"', "unknown word: now"),
        ('code = "z"\nname_zh = "甲"\nname_en = "A"', "there twice"),
    ],
)
def test_a_mistake_in_the_catalogue_is_named(entry: str, said: str) -> None:
    text = f'[[category]]\ncode = "z"\nname_zh = "末"\nname_en = "Z"\n[[category]]\n{entry}\n'

    with pytest.raises(BadDefaults, match=said):
        read_categories(text, "categories.toml", read_time_limits(PROMISE, "limits.toml"))


def test_loading_makes_the_tree_with_versions_and_twice_changes_nothing(admin: User) -> None:
    load_clock_rules(at=AT)
    unit = make_unit()

    created = load_default_categories(by=admin, at=AT, leads={"labour": unit})
    events = Event.objects.count()
    again = load_default_categories(by=admin, at=AT + dt.timedelta(days=3))

    labour = DemandCategory.objects.get(code="labour")
    land = DemandCategory.objects.get(code="land")
    clocks = lengths(version_in_force(land, on=TODAY))
    answer = clocks[Step.ANSWER, Urgency.NORMAL]
    assert len(created) == len(default_categories())
    assert (again, Event.objects.count()) == ([], events)
    assert all(each.is_same for each in compare_defaults(on=TODAY))
    assert (labour.lead_unit, labour.parent and labour.parent.code) == (unit, "staff")
    assert (answer.amount, answer.is_own) == (15, True)
    assert "山东省" in answer.source
    assert clocks[Step.CONTACT, Urgency.NORMAL].is_own is False
    assert DemandCategory.objects.for_tips().count() == 2
    assert (
        version_in_force(DemandCategory.objects.get(code="proceedings"), on=TODAY).is_accepted
        is False
    )  # type: ignore[union-attr]


def test_what_the_zone_changed_is_not_overwritten(admin: User) -> None:
    make_category(code="resumption", name_zh="复工", name_en="Resuming")

    created = load_default_categories(by=admin, at=AT)

    kept = DemandCategory.objects.get(code="resumption")
    assert (kept.name_zh, kept.parent) == ("复工", None)
    assert len(created) == len(default_categories()) - 1
    assert compared("resumption").differing == (
        DefaultPart.NAMES,
        DefaultPart.PLACE,
        DefaultPart.URGENCY,
        DefaultPart.PROGRESS,
        DefaultPart.EVIDENCE,
        DefaultPart.CLOCKS,
    )


def test_one_category_is_taken_over_with_a_new_version(admin: User) -> None:
    unit = make_unit()
    make_category(code="land", name_zh="土地", lead_unit=unit, position=7)
    own = DemandCategory.objects.get(code="land")
    add_version(
        own.pk,
        valid_from=TODAY,
        terms=VersionTerms(evidence=(("照片", True),)),
        reason="",
        by=admin,
        at=AT,
    )

    with pytest.raises(VersionTooEarly):
        take_over_default("land", valid_from=TODAY, by=admin, at=AT)
    taken = take_over_default("land", valid_from=TOMORROW, by=admin, at=AT)

    before = version_in_force(taken, on=TODAY)
    assert (taken.name_zh, taken.lead_unit, taken.position) == ("用地厂房", unit, 7)
    assert taken.parent is not None
    assert taken.parent.code == "space"
    assert [each.name for each in before.documents] == ["照片"]  # type: ignore[union-attr]
    assert compared("land", on=TOMORROW).is_same
    assert not compared("land", on=TODAY).is_same
    assert terms_of(version_in_force(taken, on=TOMORROW)).source.startswith("山东省")


def test_a_category_taken_over_brings_its_heading(admin: User) -> None:
    taken = take_over_default("customs", valid_from=TODAY, by=admin, at=AT)

    assert {row.code for row in DemandCategory.objects.all()} == {"services", "customs"}
    assert compared("customs").is_same
    assert taken.parent is not None


def test_taking_over_what_is_the_same_changes_nothing(admin: User) -> None:
    load_default_categories(by=admin, at=AT)
    events, versions = Event.objects.count(), CategoryVersion.objects.count()

    take_over_default("customs", valid_from=TOMORROW, by=admin, at=AT)

    assert (Event.objects.count(), CategoryVersion.objects.count()) == (events, versions)


def test_only_who_keeps_the_categories_takes_them_over(db: None) -> None:
    dispatcher = grant(make_user("d"), Role.DISPATCHER)

    with pytest.raises(PermissionDenied):
        load_default_categories(by=dispatcher, at=AT)
    with pytest.raises(PermissionDenied):
        take_over_default("land", valid_from=TODAY, by=dispatcher, at=AT)
