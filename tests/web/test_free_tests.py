"""Free tests in the browser: stated, matched, ordered, tested, counted; institutes kept."""

import datetime as dt
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import dispatch_demand
from lianqi.freetests.actions import decline_order
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.taskforces.models import TaskForce
from tests.conversions.scene import begin, member, settle_until
from tests.factories import grant, make_user
from tests.freetests.scene import ITEMS, finish, make_institute, make_lab_force, place, state, terms
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def force(zone: Zone) -> TaskForce:
    return make_lab_force(zone, at=timezone.now())


@pytest.fixture
def institute(zone: Zone, force: TaskForce) -> Institute:
    now = timezone.now()
    year = dt.timedelta(days=365)
    return make_institute(zone, at=now, free_from=now.date() - year, free_until=now.date() + year)


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def sheet_of(answer: Any) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def on_order(client: Client, user: User, order: LabOrder, verb: str, **typed: object) -> Any:
    return as_(client, user).post(reverse("freetests:order_act", args=[order.pk, verb]), typed)


def order_form(test: FreeTest, institute: Institute, *items: str) -> dict[str, Any]:
    offers = institute.offers.filter(item__in=items or ITEMS).values_list("pk", flat=True)
    return {"institute": institute.pk, "offers": list(offers)}


def test_an_enterprise_asks_from_its_conversion_and_the_force_orders(
    client: Client, zone: Zone, force: TaskForce, institute: Institute
) -> None:
    now = timezone.now()
    conversion = begin(zone, force, at=now)
    as_(client, zone.boss)
    address = f"{reverse('freetests:state')}?conversion={conversion.pk}"
    offered = soup(client.get(conversion.get_absolute_url()))
    form = soup(client.get(address))
    known = {
        name: form.select_one(f"[name={name}]")["value"]  # type: ignore[index]  # fails if missing
        for name in ("code", "product", "conversion")
    }
    typed = known | {"force": force.pk, "question": "要符合哪些标准？", "items": list(ITEMS)}

    empty = client.post(address, typed | {"items": [], "question": ""})
    stated = client.post(address, typed)
    test = FreeTest.objects.get()
    mine = soup(client.get(test.get_absolute_url()))
    page = soup(as_(client, member(zone)).get(test.get_absolute_url()))
    placed = client.post(reverse("freetests:place", args=[test.pk]), order_form(test, institute))
    late = client.post(reverse("freetests:place", args=[test.pk]), order_form(test, institute))

    for whole in (page, mine, offered, soup(late)):
        ids = [each["id"] for each in whole.select("[id]")]
        assert len(ids) == len(set(ids))
    assert offered.select_one(f'a[href="{address}"]') is not None
    assert [each.status_code for each in (empty, stated, placed, late)] == [422, 303, 303, 422]
    assert (test.enterprise, test.conversion) == (zone.firm, conversion)
    assert mine.select_one("#matches-heading") is None
    match = page.select_one(f"#match-{institute.pk}")
    assert match is not None
    assert match.has_attr("open")
    assert len(match.select("ul li")) >= 4
    assert len(match.select("input[name=offers][checked]")) == 2
    assert LabOrder.objects.get().items.count() == 2
    assert soup(late).select_one(".lq-alert.lq-tone-red") is not None


def test_a_demand_leads_to_a_test_and_shows_it(
    client: Client, zone: Zone, force: TaskForce
) -> None:
    now = timezone.now()
    demand = zone.demand(at=now)
    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=now)
    as_(client, member(zone))
    address = f"{reverse('freetests:state')}?demand={demand.pk}"

    offered = soup(client.get(demand.get_absolute_url()))
    form = soup(client.get(address))
    typed = {
        name: form.select_one(f"[name={name}]")["value"]  # type: ignore[index]  # fails if missing
        for name in ("code", "demand")
    }
    stated = client.post(address, typed | {"force": force.pk, "product": "口罩", "question": "？"})
    test = FreeTest.objects.get()
    shown = soup(as_(client, zone.boss).get(demand.get_absolute_url()))

    assert offered.select_one(f'a[href="{address}"]') is not None
    assert (stated.status_code, test.demand) == (303, demand)
    assert shown.select_one(f'#free-tests a[href="{test.get_absolute_url()}"]') is not None
    assert shown.select_one(f'a[href="{address}"]') is None


def test_the_order_goes_its_way_and_the_result_becomes_evidence(
    client: Client, zone: Zone, force: TaskForce, institute: Institute
) -> None:
    now, by = timezone.now(), member(zone)
    conversion = begin(zone, force, at=now)
    settle_until(zone, conversion, "test", at=now)
    test = state(zone, force, at=now, conversion=conversion)
    order = place(zone, test, institute, at=now)
    items = list(order.items.order_by("pk"))
    result: dict[str, object] = {f"verdict_{item.pk}": "passed" for item in items}
    result |= {f"value_{items[0].pk}": "96%", "report_number": "FZ2026-0118"}
    file = SimpleUploadedFile("检测报告.txt", "合格".encode())

    answers = [
        on_order(client, by, order, "accept"),
        on_order(client, by, order, "receive", samples=""),
        on_order(client, by, order, "receive", samples="60 只"),
        on_order(client, by, order, "file_result", **result),
        on_order(client, by, order, "file_result", **result, papers=file),
        on_order(client, zone.boss, order, "use"),
    ]
    page = soup(as_(client, zone.boss).get(test.get_absolute_url()))
    link = page.select_one(f"#order-{order.pk} a[href^='/files/']")
    shown = soup(client.get(conversion.get_absolute_url()))
    kept = soup(as_(client, by).get(conversion.get_absolute_url()))

    for whole in (page, shown, kept):
        ids = [each["id"] for each in whole.select("[id]")]
        assert len(ids) == len(set(ids))
    assert [each.status_code for each in answers] == [303, 422, 303, 422, 303, 303]
    assert (
        "FZ2026-0118" in soup(answers[3]).select_one("#act-file_result-" + str(order.pk)).decode()
    )  # type: ignore[union-attr]  # fails if missing
    assert link is not None
    assert client.get(link["href"]).status_code == 200
    assert as_(client, zone.other_boss).get(link["href"]).status_code == 404
    assert (
        page.select("#items .lq-badge, #items .badge") or "合格" in page.select_one("#items").text
    )  # type: ignore[union-attr]  # fails if missing
    assert "FZ2026-0118" in shown.select_one("#steps").text  # type: ignore[union-attr]  # fails if missing
    assert shown.select_one("#steps a[href^='/files/']") is not None


def test_settling_and_withdrawing(client: Client, zone: Zone, force: TaskForce) -> None:
    make_institute(zone, at=timezone.now(), items=("过滤效率",))
    test = state(zone, force, at=timezone.now(), items=())
    by = member(zone)

    def act(user: User, verb: str, **typed: object) -> Any:
        return as_(client, user).post(reverse("freetests:act", args=[test.pk, verb]), typed)

    open_form = soup(as_(client, by).get(test.get_absolute_url())).select_one("#act-specify[open]")
    nothing = act(by, "specify", standard="GB")
    settled = act(by, "specify", standard="GB", items=["过滤效率"], other_items="通气阻力，色牢度")
    foreign = act(zone.boss, "specify", items=["过滤效率"])
    without = act(zone.boss, "withdraw", reason="")
    withdrawn = act(zone.boss, "withdraw", reason="不再生产")
    again = act(zone.boss, "withdraw", reason="不再生产")

    test.refresh_from_db()
    assert open_form is not None
    assert test.items == ["过滤效率", "通气阻力", "色牢度"]
    assert [each.status_code for each in (nothing, settled, foreign, without, withdrawn, again)] == [
        422, 303, 403, 422, 303, 422,
    ]  # fmt: skip
    assert act(by, "nothing").status_code == 404


def test_lists_show_what_is_in_reach_and_narrow(
    client: Client, zone: Zone, force: TaskForce, institute: Institute
) -> None:
    now = timezone.now()
    test = state(zone, force, at=now)
    place(zone, test, institute, at=now)
    waiting = state(zone, force, at=now, product="防护口罩")
    lists = (reverse("freetests:list"), reverse("freetests:orders"))

    rows = {
        who: [len(soup(as_(client, user).get(each)).select("#rows > tr")) for each in lists]
        for who, user in (("boss", zone.boss), ("other", zone.other_boss), ("head", zone.head))
    }
    as_(client, zone.leader)
    narrowed = soup(client.get(lists[0], {"status": "open", "force": force.pk}))
    nothing = soup(client.get(lists[1], {"status": "done", "institute": institute.pk}))

    assert rows == {"boss": [2, 1], "other": [0, 0], "head": [2, 1]}
    assert [row["id"] for row in narrowed.select("#rows > tr")] == [f"test-{waiting.pk}"]
    assert nothing.select_one("#rows") is None


def test_figures_lead_to_the_list_and_the_list_to_a_spreadsheet(
    client: Client, zone: Zone, force: TaskForce, institute: Institute
) -> None:
    now = timezone.now()
    finish(zone, place(zone, state(zone, force, at=now), institute, at=now), at=now)
    as_(client, zone.leader)

    page = soup(client.get(reverse("freetests:figures")))
    link = page.select_one(f"#institute-{institute.pk} a[href*='status=done']")
    assert link is not None
    behind = soup(client.get(link["href"]))
    answer = client.get(reverse("freetests:export_orders"), {"institute": institute.pk})
    sheet = sheet_of(answer)
    later = client.get(reverse("freetests:figures"), {"first": "2099-01-01"})

    assert len(behind.select("#rows > tr")) == 1
    assert "1,100.50" in page.text
    assert len(sheet) == 3
    assert {(row[8], float(row[12])) for row in sheet[1:]} == {
        ("过滤效率", 800),
        ("通气阻力", 300.5),
    }
    assert Event.objects.get(verb="freetests.exported").detail["rows"] == 1
    assert soup(later).select_one("#rows") is None
    assert as_(client, zone.boss).get(reverse("freetests:figures")).status_code == 403


def test_the_list_of_tests_goes_into_a_spreadsheet_as_each_may_see_it(
    client: Client, zone: Zone, force: TaskForce, institute: Institute
) -> None:
    now = timezone.now()
    Institute.objects.update(enterprise=zone.other_firm)
    order = place(zone, state(zone, force, at=now), institute, at=now)
    finish(zone, order, at=now, 通气阻力="61 Pa")
    state(zone, force, at=now, product="防护口罩")

    rows = {
        who: sheet_of(as_(client, user).get(reverse("freetests:export"), {"status": "tested"}))
        for who, user in (("leader", zone.leader), ("other", zone.other_boss))
    }
    listed = soup(as_(client, zone.leader).get(reverse("freetests:list"), {"status": "tested"}))

    assert listed.select_one(f'a[href="{reverse("freetests:export")}?status=tested"]') is not None
    assert rows["leader"] == rows["other"]
    assert len(rows["leader"]) == 2
    assert rows["leader"][1][:3] == (order.test.number, zone.firm.name, "民用口罩")
    assert rows["leader"][1][8:13] == (
        "过滤效率、通气阻力", "过滤效率", "通气阻力", institute.name, force.unit.name,
    )  # fmt: skip
    traced = Event.objects.get(verb="freetests.exported")
    assert (traced.detail["list"], traced.detail["rows"]) == ("free-tests", 1)
    assert traced.detail["filters"] == {"status": "tested"}


def test_a_member_keeps_institutes(client: Client, zone: Zone, force: TaskForce) -> None:
    as_(client, member(zone))
    given = terms()
    typed: dict[str, Any] = {
        "name": given.name, "contact_name": given.contact_name,
        "contact_phone": given.contact_phone, "free_items": 4, "is_active": "on",
        "free_from": "2026-01-01", "free_until": "2099-12-31",
    }  # fmt: skip
    empty = soup(client.get(reverse("freetests:institutes")))
    add = reverse("freetests:add_institute")

    wrong = client.post(add, typed | {"free_until": ""})
    added = client.post(add, typed)
    institute = Institute.objects.get()
    address = institute.get_absolute_url()
    line = {"standard": "GB", "item": "过滤效率", "samples": "30 只", "days": 5, "price": "800.00"}
    offered = client.post(f"{address}offer/", line)
    twice = client.post(f"{address}offer/", line)
    accredited = client.post(
        f"{address}accredit/", {"accreditor": "cma", "number": "1", "valid_until": "2020-01-01"}
    )
    expired = client.post(f"{address}offer/", line | {"item": "通气阻力"})
    changed = client.post(f"{address}change/", typed | {"free_items": 9})
    page = soup(client.get(address))
    listed = soup(client.get(reverse("freetests:institutes")))
    taken = client.post(reverse("freetests:withdraw_offer", args=[institute.offers.get().pk]))

    answers = [wrong, added, offered, twice, accredited, expired, changed, taken]
    assert force.status == "open"
    assert empty.select_one(f'a[href="{add}"]') is not None
    assert [each.status_code for each in answers] == [422, 303, 303, 422, 303, 422, 303, 303]
    assert "资质已于2020-01-01到期。请先登记新证书" in expired.text
    assert "不能向该机构委托检测" in page.text
    assert len(page.select("#offers > tr")) == 1
    assert page.select_one("#accreditations .lq-tone-red, #accreditations [class*=red]") is not None
    assert len(listed.select("#rows > tr")) == 1
    assert not institute.offers.standing().exists()
    for user, status in ((zone.leader, 403), (zone.boss, 404)):
        assert as_(client, user).post(f"{address}change/", typed).status_code == status
        assert client.get(add).status_code == 403


def test_the_trail_keeps_from_the_administrator_what_was_said(
    client: Client, zone: Zone, force: TaskForce, institute: Institute
) -> None:
    now = timezone.now()
    order = place(zone, state(zone, force, at=now), institute, at=now)
    decline_order(order.pk, reason="设备检修", by=member(zone), at=now)
    administrator = grant(make_user("administrator"), Role.PLATFORM_ADMIN)

    pages = {
        who: as_(client, user).get(reverse("audit:list"), {"kind": "freetests.laborder"})
        for who, user in (("auditor", zone.auditor), ("administrator", administrator))
    }

    said = {who: "设备检修" in page.content.decode() for who, page in pages.items()}
    assert [page.status_code for page in pages.values()] == [200, 200]
    assert said == {"auditor": True, "administrator": False}
    assert order.number in pages["auditor"].content.decode()


def test_the_pages_take_few_queries(
    client: Client, zone: Zone, force: TaskForce, institute: Institute,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    now = timezone.now()
    tests = [state(zone, force, at=now, product=f"口罩{number}") for number in range(5)]
    place(zone, tests[0], institute, at=now)
    as_(client, member(zone))

    for address in (
        reverse("freetests:list"), reverse("freetests:orders"), reverse("freetests:institutes"),
        reverse("freetests:figures"),
    ):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(30):
            client.get(address)
