"""The page of the audit trail: who reads it, what it finds, what it says about the chain."""

import ast
import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, Settings

import lianqi
from lianqi.accounts.backends import permission_table
from lianqi.accounts.enums import Role, UnitKind
from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, check_chain, record
from lianqi.audit.models import ChainCheck, Event
from lianqi.demands.models import CaseClass
from lianqi.notices.wordings import message_events
from lianqi.supervision.models import SupervisionOrder
from lianqi.taskforces.models import TaskForce
from lianqi.web.audit import views
from lianqi.web.audit.views import chain_of
from lianqi.web.audit.words import KINDS, VERBS, kind_in_words
from tests.factories import grant, make_enterprise, make_unit, make_user
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
URL = "/audit/"
NOON = dt.datetime(2026, 3, 4, 4, tzinfo=dt.UTC)


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def auditor() -> User:
    return grant(make_user(name="何静"), Role.AUDITOR)


@pytest.fixture
def keeper() -> User:
    return grant(make_user(name="钱进"), Role.PLATFORM_ADMIN)


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def page_of(client: Client, user: User, **query: object) -> BeautifulSoup:
    client.force_login(user)
    answer = client.get(URL, query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def listed(page: BeautifulSoup) -> list[int]:
    return [int(row["id"].removeprefix("event-")) for row in page.select("tbody#rows > tr")]


def sheet_of(answer: HttpResponse) -> list[tuple[object, ...]]:
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file
    book = openpyxl.load_workbook(io.BytesIO(content)).active
    assert book is not None
    return list(book.iter_rows(values_only=True))


# --- Who reads it ----------------------------------------------------------------------------
READERS = ["auditor", "keeper"]
OTHERS = ["boss", "dispatcher", "handler", "head", "officer", "leader"]


@pytest.mark.parametrize("name", READERS)
def test_the_auditor_and_the_platform_administrator_read_the_trail(
    client: Client, auditor: User, keeper: User, name: str
) -> None:
    reader = {"auditor": auditor, "keeper": keeper}[name]
    event = record("accounts.person_created", auditor, by=keeper, at=NOON)

    page = page_of(client, reader)

    assert listed(page) == [event.pk]
    assert page.select_one(f"nav a[href='{URL}']") is not None
    assert list(Event.objects.visible_to(reader)) == [event]


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_reads_it(client: Client, zone: Zone, name: str) -> None:
    person = getattr(zone, name)
    record("accounts.person_created", person, by=person, at=NOON)
    client.force_login(person)

    answers = [client.get(URL).status_code, client.get(f"{URL}export/").status_code]

    assert answers == [403, 403]
    assert not Event.objects.visible_to(person).exists()
    assert f'href="{URL}"' not in client.get(reverse("people:waiting")).text


def test_what_was_said_about_a_demand_is_withheld_from_the_platform_administrator(
    client: Client, zone: Zone, keeper: User
) -> None:
    demand = zone.demand("answered")
    query = {"verb": "demand.answered"}

    withheld = page_of(client, keeper, **query)
    exported = sheet_of(client.get(f"{URL}export/", query))
    read = page_of(client, zone.auditor, **query)

    link = f"tbody a[href='{demand.get_absolute_url()}']"
    assert (len(listed(withheld)), len(listed(read))) == (1, 1)
    assert (withheld.select(link), "已增设一路电源" in withheld.text) == ([], False)
    assert (len(read.select(link)), "已增设一路电源" in read.text) == (1, True)
    assert [(row[3], row[6], row[10]) for row in exported[1:]] == [("Answer given", "", "")]


def force_of(zone: Zone) -> TaskForce:
    unit = make_unit("保供专班", zone.economy, UnitKind.TASK_FORCE)
    return TaskForce.objects.create(
        number="ZB20260001", unit=unit, lead_unit=zone.economy, order="3号", opened_at=NOON,
        opened_by=zone.leader,
    )  # fmt: skip


def class_of(zone: Zone) -> CaseClass:
    return CaseClass.objects.create(
        number="LA202600001", title="夜间停电", note="换线路", unit=zone.economy,
        fix_on=dt.date(2026, 6, 1), opened_at=NOON, opened_by=zone.dispatcher, limit=1,
    )  # fmt: skip


def order_of(zone: Zone) -> SupervisionOrder:
    return SupervisionOrder.objects.create(
        number="DB2026000001", subject_kind="demands.demand", subject_id=1, label="逾期诉求",
        url="/demands/1/", unit=zone.economy, text="请办理。", issued_by=zone.leader,
        issued_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "made"),
    [
        ("taskforces.closed", force_of),
        ("demands.class_fixed", class_of),
        ("supervision.answered", order_of),
    ],
)
def test_so_is_what_was_said_about_whatever_they_may_not_open(
    client: Client, zone: Zone, keeper: User, verb: str, made: Callable[[Zone], Model]
) -> None:
    thing = made(zone)
    record(verb, thing, by=zone.leader, at=NOON, note="企业负责人要求暂缓")

    withheld = page_of(client, keeper, verb=verb)
    exported = sheet_of(client.get(f"{URL}export/", {"verb": verb}))
    read = page_of(client, zone.auditor, verb=verb)

    link = f"tbody a[href='{thing.get_absolute_url()}']"  # type: ignore[attr-defined]  # each has a page
    assert (len(listed(withheld)), len(listed(read))) == (1, 1)
    assert (withheld.select(link), "企业负责人要求暂缓" in withheld.text) == ([], False)
    assert (len(read.select(link)), "企业负责人要求暂缓" in read.text) == (1, True)
    assert [(row[4], row[6], row[10]) for row in exported[1:]] == [(verb, "", "")]


def test_text_from_outside_is_shown_as_text(client: Client, auditor: User, keeper: User) -> None:
    record("accounts.person_changed", keeper, by=keeper, at=NOON, name="<script>alert(1)</script>")

    page = page_of(client, auditor)

    assert "<script>alert(1)</script>" in page.select_one("tbody").text  # type: ignore[union-attr]  # there
    assert page.select("tbody script") == []


# --- Filters ---------------------------------------------------------------------------------
def test_every_filter_finds_its_events_alone(client: Client, auditor: User, keeper: User) -> None:
    firm, other = (
        make_enterprise("云岭海纳光电科技有限公司"),
        make_enterprise("云岭远山医药有限公司"),
    )
    unit, namesake = make_unit(), make_user(name="王强")
    changed = record("register.changed", firm, by=namesake, at=NOON, enterprise_id=firm.pk)
    looked = record(
        "register.viewed", other, by=auditor, at=NOON, enterprise_id=other.pk, is_read=True
    )
    moved = record("accounts.unit_moved", unit, by=keeper, at=NOON)
    automatic = record("register.merged", firm, by=Automat(), at=NOON, enterprise_id=firm.pk)

    found = {
        query: listed(page_of(client, auditor, **dict(part.split("=") for part in query.split("&"))))
        for query in (
            "person=王强", "person=lianqi", "person=无此人", "verb=accounts.unit_moved",
            "what=reads", "what=changes", "kind=accounts.unit", f"record={firm.code}",
            f"kind=accounts.unit&record={unit.pk}", f"kind=register.enterprise&record={other.pk}",
            "firm=海纳", f"firm={other.code}", "firm=海纳&what=reads",
        )
    }  # fmt: skip

    assert list(found.values()) == [
        [changed.pk], [automatic.pk], [], [moved.pk],
        [looked.pk], [automatic.pk, moved.pk, changed.pk], [moved.pk], [automatic.pk, changed.pk],
        [moved.pk], [looked.pk],
        [automatic.pk, changed.pk], [looked.pk], [],
    ]  # fmt: skip


def test_a_demand_is_found_by_its_number_with_what_was_done_to_its_clocks(
    client: Client, zone: Zone
) -> None:
    demand = zone.demand("dispatched")
    zone.demand()

    page = page_of(client, zone.auditor, record=demand.number.lower())

    about = Event.objects.about("demands.demand", demand.pk)
    assert listed(page) == [each.pk for each in about][::-1]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"record": "7"}, "An id alone is not enough: choose the kind of record."),
        ({"record": "SQ0"}, "There is no demand or enterprise with this number."),
        ({"first": "2026-03-05", "last": "2026-03-04"}, "The last day lies before the first."),
    ],
)
def test_a_filter_that_cannot_be_understood_shows_nothing_and_says_why(
    client: Client, auditor: User, query: dict[str, str], error: str
) -> None:
    record("accounts.person_created", auditor, by=auditor, at=NOON)

    page = page_of(client, auditor, **query)

    assert (listed(page), error in page.text) == ([], True)


def test_days_begin_and_end_at_midnight_of_the_zone(client: Client, auditor: User) -> None:
    midnight = dt.datetime(2026, 3, 3, 16, tzinfo=dt.UTC)
    moments = [
        midnight - dt.timedelta(microseconds=1),
        midnight,
        midnight + dt.timedelta(days=1, microseconds=-1),
        midnight + dt.timedelta(days=1),
    ]
    # An import states the moment it began: later ids may carry earlier moments.
    last, third, second, first = [
        record("accounts.person_created", auditor, by=auditor, at=at).pk for at in moments[::-1]
    ]

    found = [
        listed(page_of(client, auditor, **query))
        for query in (
            {"first": "2026-03-04", "last": "2026-03-04"},
            {"first": "2026-03-04"},
            {"last": "2026-03-04"},
            {"first": "2026-03-06"},
            {"last": "9999-12-31"},
        )
    ]

    assert found == [
        [second, third],
        [second, third, last],
        [first, second, third],
        [],
        [first, second, third, last],
    ]


# --- The list --------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_the_same_queries_for_any_length(
    client: Client,
    auditor: User,
    keeper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _turn in range(count):
        firm = make_enterprise()
        record("register.created", firm, by=keeper, at=NOON, enterprise_id=firm.pk)
        record("accounts.person_created", make_user(), by=keeper, at=NOON)
    client.force_login(auditor)
    client.get(URL)

    # session, person, roles; rows and count; enterprises, people, names of enterprises; the last
    # verification; the two counts of the frame
    with django_assert_num_queries(11):
        answer = client.get(URL)

    assert len(listed(BeautifulSoup(answer.content, "html.parser"))) == 2 * count


def test_pages_follow_one_another_without_gap_or_overlap(client: Client, auditor: User) -> None:
    made = [
        record("accounts.person_created", auditor, by=auditor, at=NOON).pk for _turn in range(31)
    ]

    first = page_of(client, auditor, verb="accounts.person_created")
    following = first.select_one("a[rel=next]")
    assert following is not None
    second = client.get(URL + str(following["href"]))

    rows = listed(first) + listed(BeautifulSoup(second.content, "html.parser"))
    assert rows == made[::-1]


def test_nothing_recorded_and_nothing_found_are_told_apart(client: Client, auditor: User) -> None:
    nothing = page_of(client, auditor)
    record("accounts.person_created", auditor, by=auditor, at=NOON)
    unfound = page_of(client, auditor, verb="demand.filed")

    assert nothing.select(".lq-empty a") == []
    assert "Nothing has been recorded yet." in nothing.text
    assert [each["href"] for each in unfound.select(".lq-empty a")] == [URL]


def test_a_record_that_is_gone_and_a_verb_of_another_release_are_still_listed(
    client: Client, auditor: User
) -> None:
    Event.objects.create(
        at=NOON, by_id=999_999, by_name="前同事", verb="old.verb", subject_kind="old.thing",
        subject_id=7, detail={"n": 1},
    )  # fmt: skip

    page = page_of(client, auditor)

    assert {"old.verb", "old.thing", "前同事"} <= set(page.select_one("tbody").stripped_strings)  # type: ignore[union-attr]  # there


# --- The spreadsheet -------------------------------------------------------------------------
def test_the_spreadsheet_holds_the_filtered_list_and_leaves_a_trace(
    client: Client, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    firm = make_enterprise()
    made = [
        record("register.viewed", firm, by=auditor, at=NOON, enterprise_id=firm.pk, is_read=True)
        for _turn in range(4)
    ]
    record("register.changed", firm, by=auditor, at=NOON, enterprise_id=firm.pk, name="=1+1")
    client.force_login(auditor)

    rows = sheet_of(client.get(f"{URL}export/", {"what": "reads"}))

    traced = Event.objects.get(verb="accounts.trail_exported")
    assert [row[0] for row in rows[1:]] == [each.pk for each in made][::-1]
    assert rows[1][1:10] == (
        dt.datetime(2026, 3, 4, 12), auditor.name, "Looked at the profile", "register.viewed",
        "Enterprise", firm.name, firm.pk, firm.name, "yes",
    )  # fmt: skip
    assert (traced.by_id, traced.is_read) == (auditor.pk, True)
    assert traced.detail == {"rows": 4, "filters": {"what": "reads"}}


def test_the_spreadsheet_of_nothing_has_its_headings(client: Client, auditor: User) -> None:
    client.force_login(auditor)

    rows = sheet_of(client.get(f"{URL}export/"))

    assert len(rows) == 1


def test_more_than_a_spreadsheet_holds_is_refused_with_what_to_do(
    client: Client, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_EXPORTED", 1)
    for _turn in range(2):
        record("accounts.person_created", auditor, by=auditor, at=NOON)
    client.force_login(auditor)

    answer = client.get(f"{URL}export/", {"what": "changes"})

    assert (answer.status_code, answer["Location"]) == (303, f"{URL}?what=changes")
    assert [str(each) for each in get_messages(answer.wsgi_request)] == [
        "More than 1 events match. Narrow the filter, by date for example."
    ]


# --- The chain -------------------------------------------------------------------------------
def test_a_chain_never_verified_is_said_to_be_so(client: Client, auditor: User) -> None:
    page = page_of(client, auditor)

    assert "The chain has not been verified yet." in page.select_one("#chain").text  # type: ignore[union-attr]  # there


def test_a_chain_that_holds_tells_position_time_and_digest(client: Client, auditor: User) -> None:
    found = check_chain(at=timezone.now())

    chain = page_of(client, auditor).select_one("#chain")

    assert chain is not None
    assert "The chain holds." in chain.text
    assert found.head in chain.text
    assert ChainCheck.objects.get().broken_event_id is None


def test_a_broken_chain_names_the_event_and_what_to_do_in_the_reader_s_language(
    client: Client, auditor: User
) -> None:
    ChainCheck.objects.create(
        at=NOON, events=41, head="0" * 64, broken_event_id=42, reason="the event has no link"
    )
    client.cookies["django_language"] = "zh-hans"

    chain = page_of(client, auditor).select_one("#chain[role=alert]")

    assert chain is not None
    assert "42" in chain.text
    assert "该记录没有链接" in chain.text
    assert "请立即通知运维人员" in chain.text


@pytest.mark.parametrize(("minutes", "state"), [(0, "holds"), (1, "stale")])
def test_a_verification_grows_old_after_a_day_and_a_half(minutes: int, state: str) -> None:
    check = ChainCheck(at=NOON - dt.timedelta(hours=36, minutes=minutes), events=1)

    assert chain_of(check, at=NOON).state == state


# --- Words -----------------------------------------------------------------------------------
def verbs_of_the_program() -> set[str]:
    """Names of the form app.word in the actions that are neither permission, message nor kind."""
    package = Path(lianqi.__file__).parent
    files = [*package.glob("*/actions.py"), *package.glob("*/actions/**/*.py")]
    words = {
        node.value
        for path in [*files, package / "web/accounts/adapter.py"]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    apps = (
        "accounts|conversions|demands?|files|freetests|needs?|notices|plans|register|supervision"
        "|taskforces|visits?|webhooks|work"
    )
    named = {each for each in words if re.fullmatch(rf"({apps})\.[a-z_]+", each)}
    return named - set(permission_table()) - set(KINDS) - set(message_events())


def test_every_verb_of_the_program_has_words() -> None:
    told = verbs_of_the_program()

    assert len(told) > 50
    assert sorted(told - set(VERBS) - set(message_events())) == []


def test_every_kind_of_record_has_words_in_both_languages() -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert [kind for kind in KINDS if kind_in_words(kind) == kind] == []
