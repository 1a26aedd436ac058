"""Service plans in the browser: drawn up, agreed by the enterprise, carried out, listed, printed."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.plans.actions import (
    note_plan,
    send_back_plan,
    settle_measure,
    write_plan,
)
from lianqi.plans.enums import MeasureStatus, PlanStatus
from lianqi.plans.models import Measure, PlanNote, ServicePlan
from lianqi.work.queries import current_calendar, local_date
from tests.factories import grant, make_user
from tests.plans.scene import add, again, begin, prepare, propose
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def at() -> dt.datetime:
    return timezone.now()


def day_ahead(at: dt.datetime) -> dt.date:
    return current_calendar().working_day_on_or_after(local_date(at) + dt.timedelta(days=28))


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def act(client: Client, user: User, plan: ServicePlan, verb: str, **typed: object) -> Any:
    return as_(client, user).post(reverse("plans:act", args=[plan.pk, verb]), typed)


def act_on(client: Client, user: User, measure: Measure, verb: str, **typed: object) -> Any:
    address = reverse("plans:measure_act", args=[measure.plan_id, measure.pk, verb])
    return as_(client, user).post(address, typed)


def offered(page: BeautifulSoup) -> list[str]:
    return [str(each["id"]).removeprefix("act-") for each in page.select("details.lq-offer")]


def test_begun_from_a_demand_and_drawn_up(client: Client, zone: Zone, at: dt.datetime) -> None:
    prepare(zone, at=at)
    demand = zone.demand("accepted", at=at)
    as_(client, zone.handler)

    card = soup(client.get(demand.get_absolute_url()))
    address = f"{reverse('plans:begin', args=[zone.firm.pk])}?demand={demand.pk}"
    form = soup(client.get(address))
    refused = client.post(address, {"title": "方案", "unit": zone.economy.pk, "review_on": "x"})
    begun = client.post(
        address,
        {
            "title": "方案",
            "unit": zone.economy.pk,
            "officer": zone.handler.pk,
            "demands": demand.pk,
        },
    )
    plan = ServicePlan.objects.get()
    added = act(
        client, zone.handler, plan, "add_measure",
        what="增设电源", kind="space", unit=zone.housing.pk, due_on=day_ahead(at),
    )  # fmt: skip
    page = soup(client.get(plan.get_absolute_url()))

    assert card.select_one(f'a[href="{address}"]') is not None
    assert form.select_one(f'input[name=demands][value="{demand.pk}"][checked]') is not None
    assert [each.status_code for each in (refused, begun, added)] == [422, 303, 303]
    assert list(plan.demands.all()) == [demand]
    assert len(page.select("#measures > li")) == 1
    assert demand.number in page.text
    assert Event.objects.filter(verb="plans.viewed").count() == 1


def test_a_second_plan_is_refused_with_its_number_and_everything_typed(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    plan = begin(zone, at=at)

    answer = as_(client, zone.dispatcher).post(
        reverse("plans:begin", args=[zone.firm.pk]), {"title": "又一份", "unit": zone.economy.pk}
    )

    assert answer.status_code == 422
    assert plan.number in soup(answer).select_one("main [role=alert]").text  # type: ignore[union-attr]  # fails if missing
    assert soup(answer).select_one("input[name=title]")["value"] == "又一份"  # type: ignore[index]  # as above


def test_the_enterprise_reads_agrees_and_judges(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    plan = propose(zone, at=at, due_on=day_ahead(at))
    note_plan(plan.pk, text="或将外迁", by=zone.handler, at=at)
    as_(client, zone.boss)

    page = soup(client.get(plan.get_absolute_url()))
    agreed = act(client, zone.boss, plan, "agree", round_number=1)
    started = act(client, zone.handler, plan, "start")
    measure = plan.measures.get(position=2)
    settled = act_on(client, zone.handler, measure, "settle", result="done", text="已办两场。")
    asked = soup(as_(client, zone.boss).get(measure.get_absolute_url()))
    wordless = act_on(client, zone.boss, measure, "judge", verdict="doubted", text="")
    judged = act_on(client, zone.boss, measure, "judge", verdict="doubted", text="只办了一场。")
    after = soup(client.get(measure.get_absolute_url()))

    assert offered(page) == ["agree", "send_back"]
    assert "请您答复" in page.text
    assert "或将外迁" not in page.text
    assert [each.status_code for each in (agreed, started, settled, wordless, judged)] == [
        303, 303, 303, 422, 303,
    ]  # fmt: skip
    assert offered(asked) == ["judge"]
    assert "企业有异议" in after.text
    assert "只办了一场。" in after.text
    assert offered(after) == []


def test_while_it_is_changed_the_enterprise_reads_what_was_proposed(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    plan = propose(zone, at=at, due_on=day_ahead(at))
    send_back_plan(plan.pk, round_number=1, wishes="请加一场", by=zone.boss, at=at)
    write_plan(
        plan.pk, title="内部新题", aim="新目标", diagnosis="内部新诊断", review_on=None,
        by=zone.handler, at=at,
    )  # fmt: skip
    measure = add(zone, plan, at=at, what="尚未商定的举措", due_on=day_ahead(at))
    as_(client, zone.boss)

    pages = [
        client.get(plan.get_absolute_url()),
        client.get(reverse("plans:sheet", args=[plan.pk])),
        client.get(reverse("plans:list")),
        client.get(reverse("plans:measures")),
    ]

    for answer in pages:
        assert answer.status_code == 200
        for inner in ("内部新题", "新目标", "内部新诊断", "尚未商定的举措"):
            assert inner not in answer.content.decode()
    assert "组织专场招聘会两场" in pages[0].content.decode()
    assert "请加一场" in pages[0].content.decode()
    assert client.get(measure.get_absolute_url()).status_code == 404
    inside = as_(client, zone.handler).get(plan.get_absolute_url()).content.decode()
    assert "内部新题" in inside
    assert "尚未商定的举措" in inside


def test_what_came_too_late_is_said_on_top(client: Client, zone: Zone, at: dt.datetime) -> None:
    plan = propose(zone, at=at, due_on=day_ahead(at))
    act(client, zone.handler, plan, "take_back", reason="日期有误")

    late = act(client, zone.boss, plan, "agree", round_number=1)
    unknown = act(client, zone.boss, plan, "nonsense")

    assert (late.status_code, unknown.status_code) == (422, 404)
    assert "拟定中" in soup(late).select_one("main [role=alert]").text  # type: ignore[union-attr]  # fails if missing


def test_an_owner_reports_settles_and_the_keeper_moves_the_day(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    due = day_ahead(at)
    plan = propose(zone, at=at, due_on=due)
    act(client, zone.boss, plan, "agree", round_number=1)
    act(client, zone.handler, plan, "start")
    measure = plan.measures.get(position=1)
    later = due + dt.timedelta(days=7)

    owner = soup(as_(client, zone.other_handler).get(measure.get_absolute_url()))
    reported = act_on(client, zone.other_handler, measure, "progress", text="已勘察。")
    moved = act_on(client, zone.handler, measure, "postpone", due_on=later, reason="设备未到")
    page = soup(as_(client, zone.boss).get(measure.get_absolute_url()))

    assert offered(owner) == ["settle", "progress"]
    assert [reported.status_code, moved.status_code] == [303, 303]
    assert "设备未到" in page.text
    assert f"{due} → {later}" in page.text
    assert "王强" not in page.select_one("main").text  # type: ignore[union-attr]  # who of the zone is not told


def test_a_measure_is_placed_changed_and_dropped_in_the_draft(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    plan, due = begin(zone, at=at), day_ahead(at)
    first, second = (add(zone, plan, at=at, what=word, due_on=due) for word in ("甲", "乙"))
    changed = {"what": "乙改", "kind": "policy", "unit": zone.economy.pk, "due_on": due}

    placed = act_on(client, zone.handler, second, "place", position=1)
    written = act_on(client, zone.handler, second, "change", **changed)
    dropped = act_on(client, zone.handler, first, "drop")

    assert [each.status_code for each in (placed, written, dropped)] == [303, 303, 303]
    assert dropped["Location"] == plan.get_absolute_url()
    assert list(plan.measures.values_list("position", "what")) == [(1, "乙改")]


def test_the_list_is_narrowed_and_its_figures_lead_to_what_they_count(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    plan = propose(zone, at=at, due_on=day_ahead(at))
    act(client, zone.boss, plan, "agree", round_number=1)
    act(client, zone.handler, plan, "start")
    first, second = plan.measures.order_by("position")
    settle_measure(first.pk, result=MeasureStatus.DONE, text="已送电", by=zone.other_handler, at=at)
    yesterday = timezone.localdate(at) - dt.timedelta(days=1)
    Measure.objects.filter(plan=plan).update(due_on=yesterday)
    begin(zone, at=at, enterprise=zone.other_firm)
    as_(client, zone.leader)

    def ids(query: str) -> list[str]:
        page = soup(client.get(f"{reverse('plans:list')}?{query}"))
        return [str(row["id"]) for row in page.select("#rows tr")]

    assert ids("late=on") == [f"plan-{plan.pk}"]
    assert ids("status=under_way") == [f"plan-{plan.pk}"]
    assert len(ids("status=current")) == 2
    assert ids(f"unit={zone.housing.pk}") == [f"plan-{plan.pk}"]
    assert ids("street=不存在") == []
    page = soup(client.get(reverse("plans:list")))
    tiles = {
        tile.select_one(".lq-stat-label").text: tile  # type: ignore[union-attr]  # fails if missing
        for tile in page.select(".lq-stat")
    }
    for label, of, shown in (
        ("举措按期完成", "1 / 2", [first.pk]),
        ("举措超期未完成", "1 / 2", [second.pk]),
        ("举措无法实施", "0 / 2", []),
        ("结果有异议", "0 / 1", []),
    ):
        tile = tiles[label]
        rows = soup(client.get(str(tile.select_one("a")["href"]))).select("#rows tr")  # type: ignore[index]  # as above
        assert tile.select_one(".lq-stat-of").text == of  # type: ignore[union-attr]  # as above
        assert [row["id"] for row in rows] == [f"measure-{pk}" for pk in shown]


def test_both_lists_are_exported(client: Client, zone: Zone, at: dt.datetime) -> None:
    plan = propose(zone, at=at, due_on=day_ahead(at))
    as_(client, zone.leader)

    books = []
    for name in ("plans:export", "plans:export_measures"):
        answer: Any = client.get(reverse(name))
        sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue()), read_only=True).active
        assert sheet is not None
        books.append(list(sheet.iter_rows(min_row=2, values_only=True)))

    assert [row[0] for row in books[0]] == [plan.number]
    assert [row[3] for row in books[1]] == ["组织专场招聘会两场", "增设一路十千伏电源"]
    assert Event.objects.filter(verb="plans.exported").count() == 2
    assert Event.objects.filter(verb="plans.in_export", enterprise_id=zone.firm.pk).count() == 2


def test_the_sheet_has_what_both_sides_keep_and_nothing_inner(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    plan = propose(zone, at=at, due_on=day_ahead(at))
    PlanNote.objects.create(plan=plan, text="或将外迁", written_at=at, written_by=zone.handler)

    page = soup(as_(client, zone.handler).get(reverse("plans:sheet", args=[plan.pk])))

    assert zone.firm.name in page.text
    assert "增设一路十千伏电源" in page.text
    assert "或将外迁" not in page.text
    assert page.select("article form") == []


@pytest.mark.parametrize(
    ("who", "listed", "opened"),
    [
        ("other_boss", 200, 404),
        ("newcomer", 302, 302),
        ("officer", 200, 200),
        ("auditor", 200, 200),
        ("other_handler", 200, 200),
    ],
)
def test_who_opens_it(client: Client, zone: Zone, who: str, listed: int, opened: int) -> None:
    plan = propose(zone)
    as_(client, getattr(zone, who))

    answers = [client.get(reverse("plans:list")), client.get(plan.get_absolute_url())]

    assert [each.status_code for each in answers] == [listed, opened]


def test_demand_and_register_show_the_plan(client: Client, zone: Zone, at: dt.datetime) -> None:
    plan = begin(zone, at=at)
    demand = zone.demand("accepted", at=at)

    def card(user: User) -> str:
        page = soup(as_(client, user).get(demand.get_absolute_url()))
        found = page.find(id="plan-heading")
        return str(found.find_parent("section")) if found else ""

    for_handler, for_boss = card(zone.handler), card(zone.boss)
    linked = act(client, zone.handler, plan, "link", demand=demand.pk)
    after = card(zone.handler)
    entry = as_(client, zone.officer).get(reverse("register:detail", args=[zone.firm.pk]))
    own = as_(client, zone.boss).get(reverse("register:detail", args=[zone.firm.pk]))

    assert plan.get_absolute_url() in for_handler
    assert "将本诉求纳入方案" in for_handler
    assert for_boss == ""  # nothing was proposed yet
    assert linked.status_code == 303
    assert "该方案已包含本诉求" in after
    assert plan.number in entry.content.decode()
    assert plan.number not in own.content.decode()


def test_a_plan_costs_the_page_of_a_demand_no_query_more(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    demand = zone.demand("accepted", at=at)
    as_(client, zone.handler).get(demand.get_absolute_url())
    with CaptureQueriesContext(connection) as without:
        client.get(demand.get_absolute_url())
    plan = begin(zone, at=at)
    plan.demands.add(demand)
    with CaptureQueriesContext(connection) as with_plan:
        client.get(demand.get_absolute_url())

    assert len(with_plan) <= len(without)


def test_agreed_is_recorded_by_the_officer(client: Client, zone: Zone, at: dt.datetime) -> None:
    plan = propose(zone, at=at, due_on=day_ahead(at))
    typed = {"person": "林晓燕", "way": "telephone", "agreed_on": timezone.localdate(at)}

    bad = act(client, zone.handler, plan, "record_agreement", **typed | {"way": "account"})
    good = act(client, zone.handler, plan, "record_agreement", **typed)

    assert [bad.status_code, good.status_code] == [422, 303]
    assert again(plan).status == PlanStatus.AGREED
    page = soup(client.get(plan.get_absolute_url()))
    assert "林晓燕 · 电话" in page.select_one("#proposals").text  # type: ignore[union-attr]  # fails if missing


def test_what_was_said_is_withheld_from_who_may_not_open_the_plan(
    client: Client, zone: Zone, at: dt.datetime
) -> None:
    plan = propose(zone, at=at, due_on=day_ahead(at))
    send_back_plan(plan.pk, round_number=1, wishes="请加一场", by=zone.boss, at=at)
    keeper = grant(make_user(name="平台管理员"), Role.PLATFORM_ADMIN)
    query = {"verb": "plans.sent_back"}

    withheld = soup(as_(client, keeper).get(reverse("audit:list"), query))
    read = soup(as_(client, zone.auditor).get(reverse("audit:list"), query))

    assert "请加一场" not in withheld.text
    assert "请加一场" in read.text
    assert read.select_one(f"tbody a[href='{plan.get_absolute_url()}']") is not None
