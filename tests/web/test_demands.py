"""Pages of demands: list, detail, filing, acts."""

import datetime as dt
import io
from collections.abc import Callable
from uuid import uuid4

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import dispatch_demand, record_view
from lianqi.demands.enums import Channel, ObjectionReason, Rating
from lianqi.demands.models import Demand, Periods
from lianqi.files.models import StoredFile
from lianqi.web.demands import views
from lianqi.web.demands.timeline import PRESENTERS
from lianqi.work.enums import Urgency
from lianqi.work.models import WorkItem
from tests.factories import make_enterprise
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
Given = Callable[[Zone], dict[str, object]]


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def page_of(client: Client, user: User, url: str, **query: object) -> BeautifulSoup:
    client.force_login(user)
    response = client.get(url, query)
    assert response.status_code == 200
    return soup(response)


def listed(page: BeautifulSoup) -> list[str]:
    return [row["id"] for row in page.select("tbody > tr")]


def offered(page: BeautifulSoup) -> list[str]:
    return [act["id"].removeprefix("act-") for act in page.select("details.lq-offer")]


def filing(zone: Zone, **changes: object) -> dict[str, object]:
    return {
        "enterprise": zone.firm.pk,
        "category": zone.category.pk,
        "title": "园区夜间停电",
        "text": "本月三次停电。",
        "contact0-name": "林晓燕",
        "contact0-phone": "13800001234",
        "idempotency_key": str(uuid4()),
    } | changes


# --- The list --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client: Client, zone: Zone, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    demands = [zone.demand("accepted") for _ in range(count)]
    client.force_login(zone.dispatcher)

    # session, person, roles, inbox and notice counts of the frame; enterprises, categories and
    # units of the filter; rows, clocks, count
    with django_assert_num_queries(10):
        response = client.get(reverse("demands:list"))

    assert listed(soup(response)) == [f"demand-{demand.pk}" for demand in reversed(demands)]


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("boss", True),
        ("other_boss", False),
        ("dispatcher", True),
        ("handler", True),
        ("other_handler", False),
        ("head", True),
        ("officer", True),
        ("leader", True),
        ("auditor", True),
    ],
)
def test_list_and_detail_agree_on_who_sees_a_demand(
    client: Client, zone: Zone, person: str, *, sees: bool
) -> None:
    demand = zone.demand("dispatched")
    page = page_of(client, getattr(zone, person), reverse("demands:list"))

    detail = client.get(reverse("demands:detail", args=[demand.pk]))

    assert listed(page) == ([f"demand-{demand.pk}"] if sees else [])
    assert detail.status_code == (200 if sees else 404)


def test_anonymous_people_are_sent_to_sign_in(client: Client, zone: Zone) -> None:
    demand = zone.demand()

    for url in (reverse("demands:list"), reverse("demands:detail", args=[demand.pk])):
        response = client.get(url)

        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "submitted"}, ["road"]),
        ({"status": "open"}, ["road", "power"]),
        ({"status": "closed"}, ["hostel"]),
        ({"status": "satisfied"}, ["hostel"]),
        ({"status": "rated"}, ["hostel"]),
        ({"status": "counted"}, ["road", "hostel", "power"]),
        ({"status": "bounced"}, []),
        ({"channel": "phone"}, ["road"]),
        ({"urgency": "critical"}, ["hostel"]),
        ({"urgency": "sometimes"}, ["road", "hostel", "power"]),
        ({"q": "停电"}, ["power"]),
        ({"q": "停"}, []),
        ({"firm": "远山"}, []),
        ({"firm": "海纳"}, ["road", "hostel", "power"]),
        ({"filed_from": "2026-03-02"}, ["road"]),
        ({"filed_until": "2026-03-01"}, ["hostel", "power"]),
        ({"filed_from": "2026-03-01", "filed_until": "2026-03-01"}, ["hostel"]),
        ({"status": "nonsense"}, ["road", "hostel", "power"]),
    ],
)
def test_filters_narrow_the_list(
    client: Client, zone: Zone, query: dict[str, str], expected: list[str]
) -> None:
    at = {
        name: dt.datetime(2026, *day, 2, tzinfo=dt.UTC)
        for name, day in {"power": (2, 28), "hostel": (3, 1), "road": (3, 2)}.items()
    }
    zone.demand("accepted", at=at["power"], title="园区夜间停电")
    zone.demand("closed", at=at["hostel"], title="员工宿舍申请")
    zone.demand("filed", at=at["road"], title="道路破损", channel=Channel.PHONE)
    Demand.objects.filter(title="员工宿舍申请").update(urgency=Urgency.CRITICAL)
    titles = {"road": "道路破损", "hostel": "员工宿舍申请", "power": "园区夜间停电"}

    page = page_of(client, zone.dispatcher, reverse("demands:list"), **query)

    shown = [link.text for link in page.select("tbody th a")]
    assert shown == [titles[name] for name in expected]


def test_pages_of_the_list_follow_one_another_without_gap_or_overlap(
    client: Client, zone: Zone
) -> None:
    demands = [zone.demand() for _ in range(31)]
    url = reverse("demands:list")

    first = page_of(client, zone.dispatcher, url)
    second = page_of(client, zone.dispatcher, url + first.select_one("a[rel=next]")["href"])
    back = page_of(client, zone.dispatcher, url + second.select_one("a[rel=prev]")["href"])

    assert listed(first) + listed(second) == [f"demand-{each.pk}" for each in reversed(demands)]
    assert listed(back) == listed(first)


def test_enterprise_users_have_no_filters_of_the_desk(client: Client, zone: Zone) -> None:
    page = page_of(client, zone.boss, reverse("demands:list"))

    assert page.h1.text == "My demands"
    names = {field["name"] for field in page.select("form[data-filters] [name]")}
    assert names == {"q", "status", "category", "filed_from", "filed_until", "enterprise"}


def test_export_holds_exactly_the_filtered_list(client: Client, zone: Zone) -> None:
    zone.demand("closed", title="=1+1")
    zone.demand("filed")
    client.force_login(zone.dispatcher)

    response = client.get(reverse("demands:export"), {"status": "closed"})

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[0][:3] == ("Number", "Title", "Enterprise")
    assert (rows[1][1], rows[1][3], rows[1][6]) == ("=1+1", zone.firm.code, "Closed")


def test_export_refuses_more_rows_than_it_can_hold(
    client: Client, zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_EXPORTED", 1)
    zone.demand()
    zone.demand()
    client.force_login(zone.dispatcher)

    response = client.get(reverse("demands:export"), {"status": "open"})

    assert (response.status_code, response["Location"]) == (
        303,
        reverse("demands:list") + "?status=open",
    )
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "More than 1 demands match. Narrow the filter, by date for example."
    ]


# --- Who looked ------------------------------------------------------------------------------


def looks() -> list[tuple[str, str, int | None]]:
    """Verb, name and enterprise of every look, oldest first."""
    rows = Event.objects.filter(is_read=True).order_by("pk")
    return [(each.verb, each.by_name, each.enterprise_id) for each in rows]


@pytest.mark.parametrize("person", ["dispatcher", "handler", "officer", "leader", "auditor"])
def test_a_look_of_the_zone_at_a_demand_is_noted_once_a_day(
    client: Client, zone: Zone, person: str
) -> None:
    demand, reader = zone.demand("dispatched"), getattr(zone, person)
    client.force_login(reader)

    for _turn in range(2):
        client.get(reverse("demands:detail", args=[demand.pk]))

    assert looks() == [("demand.viewed", reader.name, zone.firm.pk)]
    assert Event.objects.get(is_read=True).detail == {"number": demand.number}


@pytest.mark.parametrize("person", ["boss", "other_boss", "other_handler"])
def test_one_s_own_firm_and_those_who_may_not_look_leave_no_look(
    client: Client, zone: Zone, person: str
) -> None:
    demand = zone.demand("dispatched")
    client.force_login(getattr(zone, person))

    client.get(reverse("demands:detail", args=[demand.pk]))

    assert looks() == []


def test_the_next_day_begins_at_midnight_of_the_zone(zone: Zone) -> None:
    demand = zone.demand()
    last = dt.datetime(2026, 3, 4, 15, 59, 59, tzinfo=dt.UTC)
    counts = []

    for at in (last - dt.timedelta(hours=15), last, last + dt.timedelta(seconds=1)):
        record_view(demand, by=zone.leader, at=at)
        counts.append(Event.objects.filter(is_read=True).count())

    assert counts == [1, 1, 2]


def test_an_export_is_noted_for_every_enterprise_in_it(client: Client, zone: Zone) -> None:
    for title in ("园区夜间停电", "厂区停水"):
        zone.demand(title=title)
    zone.demand(enterprise=zone.other_firm, by=zone.other_boss)
    make_enterprise()
    client.force_login(zone.leader)

    client.get(reverse("demands:export"), {"status": "open"})

    assert looks() == [
        ("demands.exported", "郑华", None),
        ("demand.in_export", "郑华", zone.firm.pk),
        ("demand.in_export", "郑华", zone.other_firm.pk),
    ]
    details = list(Event.objects.filter(is_read=True).order_by("pk").values_list("detail"))
    assert details == [
        ({"rows": 3, "filters": {"status": "open"}},),
        ({"demands": 2},),
        ({"demands": 1},),
    ]


def test_an_export_of_one_s_own_firm_is_not_noted(client: Client, zone: Zone) -> None:
    zone.demand()
    client.force_login(zone.boss)

    response = client.get(reverse("demands:export"))

    assert (response.status_code, looks()) == (200, [])


def test_the_enterprise_sees_who_looked_at_its_demands(client: Client, zone: Zone) -> None:
    demand = zone.demand("dispatched")
    client.force_login(zone.leader)
    client.get(reverse("demands:detail", args=[demand.pk]))
    client.get(reverse("demands:export"))
    url = reverse("register:detail", args=[zone.firm.pk])

    own = page_of(client, zone.boss, url).text
    other = page_of(client, zone.other_boss, reverse("register:detail", args=[zone.other_firm.pk]))

    assert "Looked at a demand" in own
    assert "Exported a list with demands of the enterprise" in own
    assert (demand.number in own, "郑华" in own, "郑华" in other.text) == (True, True, False)


# --- Filing ----------------------------------------------------------------------------------


def test_filing_by_the_enterprise(client: Client, zone: Zone) -> None:
    client.force_login(zone.boss)

    response = client.post(reverse("demands:file"), filing(zone))

    demand = Demand.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/demands/{demand.pk}/")
    assert (demand.enterprise, demand.channel, demand.filed_by) == (zone.firm, "portal", zone.boss)


def test_the_same_form_sent_twice_files_once_and_keeps_one_copy_of_the_files(
    client: Client, zone: Zone
) -> None:
    client.force_login(zone.boss)
    form = filing(zone)

    for _ in range(2):
        uploaded = SimpleUploadedFile("说明.txt", "停电记录".encode())
        response = client.post(reverse("demands:file"), form | {"attachments": [uploaded]})
        assert response.status_code == 303

    assert Demand.objects.count() == 1
    assert [stored.name for stored in StoredFile.objects.all()] == ["说明.txt"]


def test_a_refused_file_refuses_the_demand_and_keeps_what_was_typed(
    client: Client, zone: Zone
) -> None:
    client.force_login(zone.boss)
    form = filing(zone)
    wrong = SimpleUploadedFile("setup.exe", b"MZ\x90\x00")

    response = client.post(reverse("demands:file"), form | {"attachments": [wrong]})

    page = soup(response)
    assert (response.status_code, Demand.objects.count()) == (422, 0)
    assert page.find("input", {"name": "title"})["value"] == form["title"]
    assert page.find("textarea", {"name": "text"}).text.strip() == form["text"]
    assert page.find("input", {"name": "idempotency_key"})["value"] == form["idempotency_key"]
    assert "choose the attachments again" in page.text


def test_filing_with_a_missing_field_keeps_the_rest(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)

    response = client.post(reverse("demands:file"), filing(zone, title="", channel="phone"))

    page = soup(response)
    assert (response.status_code, Demand.objects.count()) == (422, 0)
    assert page.find("input", {"name": "enterprise", "checked": True})["value"] == str(zone.firm.pk)
    assert page.find("input", {"name": "channel", "checked": True})["value"] == "phone"
    chosen = page.select_one("select[name=category] option[selected]")
    assert chosen is not None
    assert chosen["value"] == str(zone.category.pk)


def test_nobody_files_for_a_firm_that_is_not_theirs(client: Client, zone: Zone) -> None:
    client.force_login(zone.other_boss)

    response = client.post(reverse("demands:file"), filing(zone))

    assert (response.status_code, Demand.objects.count()) == (422, 0)


@pytest.mark.parametrize("person", ["dispatcher", "officer"])
def test_filing_on_behalf_names_how_it_reached_the_zone(
    client: Client, zone: Zone, person: str
) -> None:
    client.force_login(getattr(zone, person))

    response = client.post(reverse("demands:file"), filing(zone, channel="visit"))

    assert (response.status_code, Demand.objects.get().channel) == (303, "visit")


@pytest.mark.parametrize("person", ["handler", "leader", "auditor", "head"])
def test_others_do_not_file(client: Client, zone: Zone, person: str) -> None:
    client.force_login(getattr(zone, person))

    for response in (
        client.get(reverse("demands:file")),
        client.post(reverse("demands:file"), filing(zone)),
    ):
        assert response.status_code == 403
    assert Demand.objects.count() == 0


def test_searching_without_script_keeps_what_was_typed_and_files_nothing(
    client: Client, zone: Zone
) -> None:
    client.force_login(zone.dispatcher)
    typed = filing(zone, enterprise="", channel="phone", firm="远山", find="1")

    response = client.post(reverse("demands:file"), typed)

    page = soup(response)
    assert (response.status_code, Demand.objects.count()) == (200, 0)
    choices = [field["value"] for field in page.select("input[name=enterprise]")]
    assert choices == [str(zone.other_firm.pk)]
    assert page.find("input", {"name": "title"})["value"] == typed["title"]
    assert page.find("input", {"name": "idempotency_key"})["value"] == typed["idempotency_key"]


def test_the_fragment_of_a_search_equals_the_region_of_the_page(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)

    fragment = client.get(reverse("demands:find_enterprises"), {"firm": "海纳"}, headers=HTMX)

    page = client.get(reverse("demands:file"), {"firm": "海纳"})
    assert soup(fragment).find(id="firms").prettify() == soup(page).find(id="firms").prettify()


def test_the_liaison_officer_finds_only_firms_in_charge_of(client: Client, zone: Zone) -> None:
    page = page_of(client, zone.officer, reverse("demands:file"), firm="云岭")

    choices = [field["value"] for field in page.select("input[name=enterprise]")]
    assert choices == [str(zone.firm.pk)]


# --- One demand ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_detail_needs_the_same_queries_for_any_history(
    client: Client, zone: Zone, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    demand = zone.demand("accepted")
    for number in range(count):
        StoredFile.objects.create(
            name=f"{number}.txt",
            size_bytes=1,
            path=f"{number}",
            subject_kind="demands.demand",
            subject_id=demand.pk,
            uploaded_by=zone.boss,
            uploaded_at=timezone.now(),
        )
    client.force_login(zone.handler)

    # session, person, roles; the scopes and the demand; items, their pauses and extensions;
    # events; files; whom to reach, the log of contacts, reports, notes, questions; what was merged
    # into it; free tests, the task force that would have one made; the units of a form; the service
    # plan; the two counts of the frame; noting the look: whether it is known, the event, and the
    # savepoint around them
    with django_assert_num_queries(37):
        response = client.get(reverse("demands:detail", args=[demand.pk]))

    assert len(soup(response).select("a[href^='/files/']")) == count


WORKING = ["answer", "contact", "interim", "progress", "ask", "note"]
OFFERS = [
    ("filed", "dispatcher", ["dispatch", "move_category", "note", "change_urgency", "merge"]),
    ("filed", "boss", ["withdraw"]),
    ("filed", "officer", ["note"]),
    (
        "dispatched",
        "dispatcher",
        ["dispatch", "move_category", "note", "change_urgency", "add_assistance", "merge"],
    ),
    ("dispatched", "handler", ["accept", "object", "contact", "note"]),
    ("dispatched", "head", ["accept", "object", "contact", "note"]),
    ("dispatched", "boss", ["withdraw"]),
    ("accepted", "handler", [*WORKING, "ask_extension", "propose_unsolvable", "ask_transfer"]),
    (
        "accepted",
        "dispatcher",
        ["move_category", "note", "change_urgency", "transfer", "add_assistance"],
    ),
    ("answered", "boss", ["confirm", "dispute"]),
    ("answered", "handler", ["contact", "note"]),
    ("closed", "boss", ["reopen"]),
    ("closed", "dispatcher", ["reopen", "note"]),
    ("closed", "leader", ["note"]),
    ("accepted", "auditor", []),
]


@pytest.mark.parametrize(("stage", "person", "acts"), OFFERS)
def test_detail_offers_exactly_what_the_person_may_do(
    client: Client, zone: Zone, stage: str, person: str, acts: list[str]
) -> None:
    demand = zone.demand(stage)

    page = page_of(client, getattr(zone, person), reverse("demands:detail", args=[demand.pk]))

    assert offered(page) == acts


def test_reopening_is_not_offered_after_the_window(client: Client, zone: Zone) -> None:
    long_ago = timezone.now() - dt.timedelta(days=Periods().reopen_days + 1)
    demand = zone.demand("closed", at=long_ago)

    page = page_of(client, zone.boss, reverse("demands:detail", args=[demand.pk]))

    assert offered(page) == []
    assert "Can be reopened until" in page.text


def test_the_dispatcher_sees_the_suggested_unit_and_why(client: Client, zone: Zone) -> None:
    demand = zone.demand()

    page = page_of(client, zone.dispatcher, reverse("demands:detail", args=[demand.pk]))

    assert page.find("option", {"selected": True})["value"] == str(zone.economy.pk)
    (proposal,) = page.select("#act-dispatch .lq-proposals > li")
    assert "The duty catalogue names 经济发展局 for “Utilities”." in proposal.text
    assert "85%" in proposal.text


def test_a_suggested_unit_is_sent_the_demand_with_one_click(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    client.force_login(zone.dispatcher)

    answer = client.post(
        reverse("demands:dispatch", args=[demand.pk]),
        {"suggested": zone.economy.pk, "unit": "", "note": "请优先", "urgency": "normal"},
    )

    demand.refresh_from_db()
    assert (answer.status_code, demand.unit) == (303, zone.economy)


ACTS = [
    ("filed", "dispatcher", "dispatch", lambda z: {"unit": z.economy.pk}, "dispatched"),
    ("dispatched", "handler", "accept", lambda _: {}, "in_progress"),
    (
        "dispatched",
        "handler",
        "object",
        lambda _: {"reason": ObjectionReason.WRONG_UNIT, "note": "住建局"},
        "objected",
    ),
    ("accepted", "handler", "answer", lambda _: {"answer": "已处理"}, "answered"),
    (
        "answered",
        "boss",
        "confirm",
        lambda _: {"rating": Rating.SATISFIED, "solved": "yes"},
        "closed",
    ),
    ("answered", "boss", "dispute", lambda _: {"note": "仍停电"}, "in_progress"),
    ("closed", "boss", "reopen", lambda _: {"note": "又停电"}, "in_progress"),
    ("dispatched", "boss", "withdraw", lambda _: {"reason": "已自行解决"}, "withdrawn"),
]


@pytest.mark.parametrize(("stage", "person", "verb", "given", "status"), ACTS)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_acts_work_with_and_without_script(
    client: Client,
    zone: Zone,
    stage: str,
    person: str,
    verb: str,
    given: Given,
    status: str,
    headers: dict[str, str],
) -> None:
    demand = zone.demand(stage)
    client.force_login(getattr(zone, person))

    response = client.post(
        reverse(f"demands:{verb}", args=[demand.pk]), given(zone), headers=headers
    )

    demand.refresh_from_db()
    assert demand.status == status
    assert response.status_code == (200 if headers else 303)


@pytest.mark.parametrize(("stage", "_person", "verb", "given", "_status"), ACTS)
@pytest.mark.parametrize("person", ["auditor", "leader", "other_boss", "other_handler"])
def test_nobody_else_can_act(
    client: Client,
    zone: Zone,
    stage: str,
    _person: str,
    verb: str,
    given: Given,
    _status: str,
    person: str,
) -> None:
    demand = zone.demand(stage)
    client.force_login(getattr(zone, person))

    response = client.post(reverse(f"demands:{verb}", args=[demand.pk]), given(zone))

    assert response.status_code in {403, 404}
    assert Demand.objects.get(pk=demand.pk).status == demand.status


def test_the_swapped_region_equals_the_region_of_a_reload(client: Client, zone: Zone) -> None:
    demand = zone.demand("dispatched")
    client.force_login(zone.handler)

    swapped = client.post(reverse("demands:accept", args=[demand.pk]), headers=HTMX)

    fragment = soup(swapped)
    page = soup(client.get(reverse("demands:detail", args=[demand.pk])))
    for token in (
        *fragment.select("[name=csrfmiddlewaretoken]"),
        *page.select("[name=csrfmiddlewaretoken]"),
    ):
        token.decompose()  # differs by design
    assert fragment.find(id="demand").prettify() == page.find(id="demand").prettify()
    assert "Accepted. The answering clock runs." in fragment.find(id="messages").text


def test_a_refused_act_keeps_what_was_typed(client: Client, zone: Zone) -> None:
    demand = zone.demand("dispatched")
    client.force_login(zone.handler)

    response = client.post(
        reverse("demands:object", args=[demand.pk]), {"reason": "unclear", "note": ""}, headers=HTMX
    )

    act = soup(response).find(id="act-object")
    assert response.status_code == 422
    assert act.has_attr("open")
    assert act.find("option", {"selected": True})["value"] == "unclear"


def test_who_comes_late_is_told_so(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.handler)

    response = client.post(reverse("demands:accept", args=[demand.pk]), headers=HTMX)

    assert response.status_code == 422
    assert "this step is no longer possible" in soup(response).find(role="alert").text


def test_a_unit_that_lost_a_demand_finds_nothing(client: Client, zone: Zone) -> None:
    demand = zone.demand("dispatched")
    dispatch_demand(demand.pk, unit=zone.housing, by=zone.dispatcher, at=timezone.now())
    client.force_login(zone.handler)

    response = client.post(reverse("demands:accept", args=[demand.pk]), headers=HTMX)

    assert response.status_code == 404


def test_the_enterprise_sees_the_clock_of_the_desk_but_not_its_notes(
    client: Client, zone: Zone
) -> None:
    demand = zone.demand("filed")
    client.force_login(zone.dispatcher)
    client.post(
        reverse("demands:dispatch", args=[demand.pk]),
        {"unit": zone.economy.pk, "note": "请优先"},
    )

    theirs = page_of(client, zone.boss, reverse("demands:detail", args=[demand.pk]))
    desk = page_of(client, zone.dispatcher, reverse("demands:detail", args=[demand.pk]))

    due = WorkItem.objects.about(demand).open().get().due_at
    for page in (theirs, desk):
        assert page.select_one(".lq-state time")["datetime"] == timezone.localtime(due).isoformat()
    assert "Sent to 经济发展局" in theirs.text
    assert ("请优先" in desk.text, "请优先" in theirs.text) == (True, False)
    assert (zone.dispatcher.name in desk.main.text, zone.dispatcher.name in theirs.text) == (
        True,
        False,
    )


@pytest.mark.parametrize(
    ("person", "shown"), [("handler", "13800001234"), ("leader", "138****1234")]
)
def test_the_contact_is_masked_for_those_who_do_not_work_on_it(
    client: Client, zone: Zone, person: str, shown: str
) -> None:
    demand = zone.demand("dispatched")

    page = page_of(client, getattr(zone, person), reverse("demands:detail", args=[demand.pk]))

    assert shown in page.text


def test_every_verb_of_a_demand_has_a_sentence(client: Client, zone: Zone) -> None:
    for stage, person, verb, given, _status in ACTS:
        demand = zone.demand(stage)
        client.force_login(getattr(zone, person))
        client.post(reverse(f"demands:{verb}", args=[demand.pk]), given(zone))

    verbs = Event.objects.filter(subject_kind="demands.demand", is_read=False)
    spoken = set(verbs.values_list("verb", flat=True))
    assert {verb for verb in spoken if verb.startswith("demand.")} <= PRESENTERS.keys()


def test_forms_are_guarded_against_forgery(zone: Zone) -> None:
    demand = zone.demand("dispatched")
    client = Client(enforce_csrf_checks=True)
    client.force_login(zone.handler)

    response = client.post(reverse("demands:accept", args=[demand.pk]))

    assert response.status_code == 403


def test_text_from_outside_is_shown_as_text(client: Client, zone: Zone) -> None:
    demand = zone.demand(title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")

    page = page_of(client, zone.dispatcher, reverse("demands:detail", args=[demand.pk]))

    assert page.h1.text == "<script>alert(1)</script>"
    assert page.main.find("img") is None
