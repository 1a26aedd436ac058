"""Pages of policy needs: collecting, reporting, triage, progress, the enterprise's view, figures."""

import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.needs.enums import NeedStatus
from lianqi.needs.models import Need
from lianqi.web.needs.offers import ACTS
from tests.factories import grant, make_enterprise, make_member, make_user
from tests.needs.scene import Scene, make_scene

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def page_of(client: Client, user: User, name: str, *args: object, **query: object) -> BeautifulSoup:
    client.force_login(user)
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return soup(response)


def listed(page: BeautifulSoup) -> list[str]:
    return [str(row["id"]) for row in page.select("tbody > tr")]


def offered(page: BeautifulSoup) -> list[str]:
    return [str(act["id"]).removeprefix("act-") for act in page.select("details.lq-offer")]


def tabs(page: BeautifulSoup) -> set[str]:
    return {str(link["href"]) for link in page.select("a.btn") if "/needs/" in str(link["href"])}


def post(client: Client, user: User, name: str, *args: object, **data: Any) -> HttpResponse:
    client.force_login(user)
    return client.post(reverse(name, args=args), data)  # type: ignore[return-value]  # a test response


# --- Collecting ------------------------------------------------------------------------------


def test_a_need_is_saved_and_the_form_is_ready_for_the_next(client: Client, scene: Scene) -> None:
    page = page_of(client, scene.collector, "needs:collect", firm=scene.firm.name[:6])
    key = page.select_one("input[name=idempotency_key]")["value"]  # type: ignore[index]  # there

    response = post(
        client, scene.collector, "needs:collect",
        enterprise=scene.firm.pk, text="希望减免房租", idempotency_key=key, same="1",
    )  # fmt: skip

    need = Need.objects.get()
    assert (need.text, need.enterprise, need.collected_by) == (
        "希望减免房租", scene.firm, scene.collector,
    )  # fmt: skip
    assert response.status_code == 303
    assert response["Location"] == f"{reverse('needs:collect')}?enterprise={scene.firm.pk}"
    following = soup(client.get(response["Location"]))
    chosen = following.select_one("input[name=enterprise]")
    assert chosen is not None
    assert chosen["value"] == str(scene.firm.pk)
    assert following.select_one("input[name=idempotency_key]")["value"] != key  # type: ignore[index]  # there
    assert need.text in following.select_one("#latest").text  # type: ignore[union-attr]  # there


def test_only_enterprises_of_the_own_grid_are_found(client: Client, scene: Scene) -> None:
    make_enterprise("云岭远方精密科技有限公司")

    client.force_login(scene.collector)
    found = soup(client.get(reverse("needs:find_enterprises"), {"firm": "精密"}))

    values = [str(each["value"]) for each in found.select("input[name=enterprise]")]
    assert values == [str(scene.firm.pk)]


def test_nearly_the_same_need_is_asked_about_and_loses_nothing_typed(
    client: Client, scene: Scene
) -> None:
    scene.collect("希望减免标准厂房三个月房租")
    given = {
        "enterprise": scene.firm.pk, "text": "希望减免标准厂房三个月的房租",
        "policy": "市十八条第三条", "idempotency_key": "key-of-form",
    }  # fmt: skip

    refused = post(client, scene.collector, "needs:collect", **given)
    page = soup(refused)
    saved = post(client, scene.collector, "needs:collect", **given, is_other_matter="on")

    assert refused.status_code == 422
    assert page.select_one("textarea[name=text]").text.strip() == given["text"]  # type: ignore[union-attr]  # there
    assert page.select_one("input[name=policy]")["value"] == given["policy"]  # type: ignore[index]  # there
    assert page.select_one("input[name=is_other_matter]") is not None
    assert saved.status_code == 303
    assert Need.objects.count() == 2


def test_searching_without_script_keeps_what_was_typed(client: Client, scene: Scene) -> None:
    response = post(
        client, scene.collector, "needs:collect", firm=scene.firm.code, text="缓缴社保", find="1"
    )

    page = soup(response)
    assert page.select_one("textarea[name=text]").text.strip() == "缓缴社保"  # type: ignore[union-attr]  # there
    assert page.select_one("input[name=enterprise]") is not None
    assert Need.objects.count() == 0


def test_a_liaison_officer_of_the_guarding_unit_collects_too(client: Client, scene: Scene) -> None:
    officer = grant(make_user(unit=scene.guard), Role.LIAISON_OFFICER, Scope.GRID, scene.grid.pk)

    page = page_of(client, officer, "needs:collect")

    assert page.select_one("form textarea[name=text]") is not None


@pytest.mark.parametrize("person", ["handler", "leader", "member", "admin"])
def test_others_do_not_collect(client: Client, scene: Scene, person: str) -> None:
    client.force_login(getattr(scene, person))

    assert client.get(reverse("needs:collect")).status_code == 403


# --- Reports ---------------------------------------------------------------------------------


def test_a_report_is_looked_through_and_sent(client: Client, scene: Scene) -> None:
    needs = [scene.collect() for _ in range(2)]
    batch = scene.open_batch()

    page = page_of(client, scene.collector, "needs:batch", batch.pk)
    response = post(client, scene.collector, "needs:report", batch.pk)

    assert listed(page) == [f"need-{need.pk}" for need in reversed(needs)]
    assert response.status_code == 303
    batch.refresh_from_db()
    assert batch.status == "reported"


def test_a_zero_report_must_be_said(client: Client, scene: Scene) -> None:
    batch = scene.open_batch()

    refused = post(client, scene.collector, "needs:report", batch.pk)
    sent = post(client, scene.collector, "needs:report", batch.pk, nothing_collected="on")

    assert refused.status_code == 422
    assert "Nothing was collected since" in soup(refused).text
    assert sent.status_code == 303
    assert "Zero report" in page_of(client, scene.leader, "needs:batches").text


def test_a_late_report_is_seen_in_the_list(client: Client, scene: Scene) -> None:
    page = page_of(client, scene.guard_head, "needs:batches")

    row = page.select_one("tbody > tr")
    assert row is not None
    assert "Overdue" in row.text


def test_reports_of_other_units_stay_unseen(client: Client, scene: Scene) -> None:
    client.force_login(scene.handler)

    assert client.get(reverse("needs:batch", args=[scene.open_batch().pk])).status_code == 404
    assert listed(page_of(client, scene.handler, "needs:batches")) == []


@pytest.mark.parametrize("count", [1, 3])
def test_lists_need_the_same_queries_for_any_length(
    client: Client, scene: Scene, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        scene.collect()
        scene.report()
    client.force_login(scene.leader)

    # session, person, roles, inbox and notice counts of the frame; units twice, programmes;
    # rows, count
    with django_assert_num_queries(10):
        client.get(reverse("needs:list"))
    with django_assert_num_queries(8):
        client.get(reverse("needs:batches"))


# --- Triage ----------------------------------------------------------------------------------


def test_a_verdict_leads_to_the_next_need(client: Client, scene: Scene) -> None:
    first, second = scene.collect(), scene.collect()
    scene.report()

    desk = page_of(client, scene.sorter, "needs:triage")
    begin = desk.select_one("a.btn-primary")
    response = post(
        client, scene.sorter, "needs:sort", first.pk,
        decision="valid:policy_in_force", lead=scene.lead.pk,
    )  # fmt: skip
    last = post(
        client, scene.sorter, "needs:sort", second.pk,
        decision="merged:same_matter", into=first.pk,
    )  # fmt: skip

    assert begin is not None
    assert begin["href"] == reverse("needs:sort", args=[first.pk])
    assert response["Location"] == reverse("needs:sort", args=[second.pk])
    assert last["Location"] == reverse("needs:triage")
    second.refresh_from_db()
    assert second.merged_into == first


def test_the_form_is_ready_for_the_keyboard_and_shows_similar_needs(
    client: Client, scene: Scene
) -> None:
    scene.collect("希望减免标准厂房房租")
    need = scene.collect("希望减免标准厂房水费")
    scene.report()

    page = page_of(client, scene.sorter, "needs:sort", need.pk)

    decision = page.select_one("select[name=decision]")
    assert decision is not None
    assert decision.has_attr("autofocus")
    assert "希望减免标准厂房房租" in page.select_one("#similar").text  # type: ignore[union-attr]  # there


def test_an_incomplete_verdict_comes_back_as_it_was_typed(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.REPORTED)

    response = post(
        client, scene.sorter, "needs:sort", need.pk,
        decision="valid:policy_missing", note="请财政局研究",
    )  # fmt: skip

    page = soup(response)
    assert response.status_code == 422
    assert "exactly one responsible unit" in page.text
    assert page.select_one("textarea[name=note]").text.strip() == "请财政局研究"  # type: ignore[union-attr]  # there
    chosen = page.select_one("select[name=decision] option[selected]")
    assert chosen is not None
    assert chosen["value"] == "valid:policy_missing"


def test_a_need_that_was_sorted_meanwhile_says_so(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.REPORTED)
    scene.triage(need)

    response = post(
        client, scene.sorter, "needs:sort", need.pk, decision="invalid:already_met", note="已享受"
    )

    assert response.status_code == 422
    assert "no longer possible" in soup(response).text


@pytest.mark.parametrize("person", ["collector", "handler", "leader", "member"])
def test_others_do_not_sort(client: Client, scene: Scene, person: str) -> None:
    need = scene.need_in(NeedStatus.REPORTED)
    client.force_login(getattr(scene, person))

    assert client.get(reverse("needs:triage")).status_code == 403
    assert client.get(reverse("needs:sort", args=[need.pk])).status_code == 403


# --- One need --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "person", "acts"),
    [
        (NeedStatus.ASSIGNED, "handler", ["progress", "solve", "money", "give_up", "hand_back"]),
        (NeedStatus.ASSIGNED, "sorter", ["reconsider"]),
        (NeedStatus.ASSIGNED, "member", []),
        (NeedStatus.IN_PROGRESS, "handler", ["progress", "solve", "money", "give_up"]),
        (NeedStatus.SOLVED, "member", ["confirm", "dispute", "claim"]),
        (NeedStatus.SOLVED, "handler", ["money"]),
        (NeedStatus.CLAIMED, "handler", ["pay", "money"]),
        (NeedStatus.UNSOLVED, "handler", ["money", "resume"]),
        (NeedStatus.SOLVED, "leader", []),
        (NeedStatus.INVALID, "sorter", ["reconsider"]),
    ],
)
def test_a_page_offers_what_one_may_do(
    client: Client, scene: Scene, status: NeedStatus, person: str, acts: list[str]
) -> None:
    need = scene.need_in(status)

    page = page_of(client, getattr(scene, person), "needs:detail", need.pk)

    assert offered(page) == acts


GIVEN: dict[str, tuple[NeedStatus, str, dict[str, str]]] = {
    "progress": (NeedStatus.ASSIGNED, "handler", {"progress": "已上门对接。"}),
    "solve": (NeedStatus.IN_PROGRESS, "handler", {"solution": "已减免。", "evidence": "协议"}),
    "confirm": (NeedStatus.SOLVED, "member", {"note": ""}),
    "dispute": (NeedStatus.SOLVED, "member", {"note": "未到账"}),
    "claim": (NeedStatus.CONFIRMED, "member", {"note": ""}),
    "pay": (NeedStatus.CLAIMED, "handler", {"note": ""}),
    "money": (
        NeedStatus.IN_PROGRESS, "handler",
        {"stage": "asked", "amount_yuan": "3000万", "on": "2020-02-21", "note": ""},
    ),
    "resume": (NeedStatus.UNSOLVED, "handler", {"note": "政策已出台"}),
    "give_up": (NeedStatus.ASSIGNED, "handler", {"grounds": "无政策依据"}),
    "hand_back": (NeedStatus.ASSIGNED, "handler", {"note": "属税务局"}),
    "reconsider": (NeedStatus.ASSIGNED, "sorter", {"note": "重新研判"}),
}  # fmt: skip


@pytest.mark.parametrize("verb", ACTS)
def test_every_act_works_with_and_without_script(client: Client, scene: Scene, verb: str) -> None:
    status, person, data = GIVEN[verb]
    user = getattr(scene, person)
    for headers in ({}, HTMX):
        need = scene.need_in(status)
        client.force_login(user)

        response = client.post(reverse("needs:act", args=[need.pk, verb]), data, headers=headers)

        assert response.status_code == (200 if headers else 303), response.content[:500]
        assert Event.objects.about("needs.need", need.pk).filter(by_id=user.pk).exists() or headers


def test_what_is_refused_comes_back_as_it_was_typed(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)

    response = post(
        client, scene.handler, "needs:act", need.pk, "solve", solution="已减免。", evidence=" "
    )

    page = soup(response)
    assert response.status_code == 422
    assert page.select_one("#act-solve[open]") is not None
    assert page.select_one("#act-solve textarea[name=solution]").text.strip() == "已减免。"  # type: ignore[union-attr]  # there


@pytest.mark.parametrize("amount", ["很多", "0", "1.234", "1e30", "-5"])
def test_an_amount_that_is_none_is_refused(client: Client, scene: Scene, amount: str) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)

    response = post(
        client, scene.handler, "needs:act", need.pk, "money",
        stage="asked", amount_yuan=amount, on="2020-02-21",
    )  # fmt: skip

    assert response.status_code == 422
    assert not need.money.exists()


def test_an_act_that_does_not_exist_is_not_found(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)

    assert post(client, scene.handler, "needs:act", need.pk, "assign").status_code == 404


def test_the_enterprise_reads_units_but_no_officials(client: Client, scene: Scene) -> None:
    scene.handler.name, scene.sorter.name = "王处长", "赵科长"
    scene.handler.save()
    scene.sorter.save()
    need = scene.need_in(NeedStatus.SOLVED)

    page = page_of(client, scene.member, "needs:detail", need.pk)

    assert "财政局" in page.text
    assert "已兑现。" in page.text
    for name in ("王处长", "赵科长", scene.collector.name):
        assert name not in page.text


def test_a_need_is_open_to_those_whom_it_concerns(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)
    stranger = make_member(make_enterprise())

    seen = {
        name: bool(listed(page_of(client, getattr(scene, name), "needs:list")))
        for name in ("collector", "guard_head", "sorter", "handler", "leader", "member")
    }
    client.force_login(stranger)

    assert set(seen.values()) == {True}
    assert client.get(need.get_absolute_url()).status_code == 404


def test_looking_is_noted_once_for_the_enterprise(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)

    for _ in range(2):
        page_of(client, scene.leader, "needs:detail", need.pk)
    page_of(client, scene.member, "needs:detail", need.pk)

    assert Event.objects.filter(verb="need.viewed").count() == 1


# --- The desk of the responsible unit ----------------------------------------------------------


def test_progress_is_entered_on_the_desk_and_one_stays_there(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)
    desk = reverse("needs:desk")

    page = page_of(client, scene.handler, "needs:desk")
    response = post(
        client, scene.handler, "needs:act", need.pk, "progress", progress="已联系。", next=desk
    )

    assert page.select_one(f"#need-{need.pk} textarea[name=progress]") is not None
    assert (response.status_code, response["Location"]) == (303, desk)
    need.refresh_from_db()
    assert need.progress == "已联系。"


def test_a_desk_shows_only_what_the_own_unit_owes(client: Client, scene: Scene) -> None:
    scene.need_in(NeedStatus.ASSIGNED)

    page = page_of(client, scene.collector, "needs:desk")

    assert page.select("textarea[name=progress]") == []
    client.force_login(scene.member)
    assert client.get(reverse("needs:desk")).status_code == 403


# --- List, export, figures ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "valid"}, {"assigned", "solved"}),
        ({"status": "remaining"}, {"assigned"}),
        ({"status": "solved"}, {"solved"}),
        ({"status": "invalid"}, {"invalid"}),
        ({"q": "XQ2020"}, {"assigned", "solved", "invalid"}),
        ({"q": "申报条件"}, {"assigned", "solved", "invalid"}),
        ({"q": "没有这样的"}, set()),
        ({"collected_until": "2020-02-20"}, set()),
    ],
)
def test_the_list_is_narrowed(
    client: Client, scene: Scene, query: dict[str, str], found: set[str]
) -> None:
    statuses = (NeedStatus.ASSIGNED, NeedStatus.SOLVED, NeedStatus.INVALID)
    ids = {f"need-{scene.need_in(status).pk}": str(status) for status in statuses}

    page = page_of(client, scene.leader, "needs:list", **query)

    assert {ids[row] for row in listed(page)} == found


def test_the_export_holds_what_the_list_shows_and_is_noted(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.SOLVED)
    scene.need_in(NeedStatus.INVALID)
    client.force_login(scene.leader)

    response: Any = client.get(reverse("needs:export"), {"status": "solved"})

    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue()), read_only=True).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [need.number]
    assert Event.objects.filter(verb="need.in_export", enterprise_id=scene.firm.pk).count() == 1


def test_figures_lead_to_the_lists_they_count(client: Client, scene: Scene) -> None:
    now = timezone.now()
    for status in (NeedStatus.SOLVED, NeedStatus.ASSIGNED, NeedStatus.INVALID):
        scene.need_in(status, at=now)

    page = page_of(client, scene.leader, "needs:daily")

    links = {link.text: str(link["href"]) for link in page.select("#by-unit a")}
    assert set(links) == {"3", "2", "1"}
    for shown, url in links.items():
        client.force_login(scene.leader)
        assert len(listed(soup(client.get(url)))) == int(shown)


def test_the_table_of_a_day_as_a_spreadsheet(client: Client, scene: Scene) -> None:
    scene.need_in(NeedStatus.SOLVED)
    client.force_login(scene.guard_head)

    response: Any = client.get(reverse("needs:daily_export"), {"day": "2020-02-21"})

    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue()), read_only=True).active
    assert sheet is not None
    [row] = sheet.iter_rows(min_row=2, values_only=True)
    assert row[:8] == ("人社局", 1, 1, 1, 1, 1, 1, 1)
    assert row[9:12] == ("100.00%",) * 3


def test_without_a_programme_the_table_says_what_to_do(client: Client, scene: Scene) -> None:
    page = page_of(client, scene.leader, "needs:daily", day="2019-01-01")

    assert "no programme" in page.text


@pytest.mark.parametrize(
    ("person", "names"),
    [
        ("collector", {"collect", "batches", "desk"}),
        ("sorter", {"triage", "batches", "desk", "daily"}),
        ("leader", {"batches", "daily"}),
        ("member", set()),
    ],
)
def test_everybody_gets_the_buttons_of_what_they_may_open(
    client: Client, scene: Scene, person: str, names: set[str]
) -> None:
    page = page_of(client, getattr(scene, person), "needs:list")

    found = {name for name in ("collect", "batches", "triage", "desk", "daily")
             if reverse(f"needs:{name}") in tabs(page)}  # fmt: skip
    assert found == names
