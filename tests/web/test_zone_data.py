"""Zone data: grids, parks, chains, lists, categories and time limits, kept by the administrator."""

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.models import DemandCategory
from lianqi.engines.calendar import ClockKind
from lianqi.register.actions import change_park, create_park, place_in_chain, put_on_list
from lianqi.register.errors import NoLongerInUse
from lianqi.register.models import Chain, Grid, KeyList, Park
from lianqi.web.zone.kinds import KINDS
from lianqi.work.actions import change_clock_rule
from lianqi.work.models import ClockRule, WorkItem
from tests.factories import AT, grant, make_clock_rule, make_enterprise, make_unit, make_user
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def admin() -> User:
    return grant(make_user("admin"), Role.PLATFORM_ADMIN)


@pytest.fixture
def desk(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def of(kind: str, row_id: int | None = None) -> str:
    return (
        reverse("zone:change", args=[kind, row_id]) if row_id else reverse("zone:add", args=[kind])
    )


def typed(kind: str, **changes: object) -> dict[str, object]:
    """A complete form of the kind, for adding."""
    forms: dict[str, dict[str, object]] = {
        "grids": {"code": "YL09", "name": "云东第九网格"},
        "parks": {"name": "云岭新园", "address": "星湖街9号"},
        "chains": {"name": "新型储能", "office": ""},
        "lists": {"name": "2027年重点企业名单", "issued_by": "管委会"},
        "categories": {
            "code": "talent",
            "name_zh": "人才服务",
            "name_en": "Talent",
            "parent": "",
            "lead_unit": "",
            "usual_urgency": "normal",
            "position": "3",
        },
    }
    return forms[kind] | changes


MODELS: dict[str, Any] = {
    "grids": Grid,
    "parks": Park,
    "chains": Chain,
    "lists": KeyList,
    "categories": DemandCategory,
}


@pytest.mark.parametrize("kind", list(MODELS))
def test_adding_renaming_and_taking_out_of_use(desk: Client, kind: str) -> None:
    unit = {"unit": make_unit().pk} if kind == "grids" else {}
    named = "name_zh" if kind == "categories" else "name"

    offered = desk.get(reverse("zone:rows", args=[kind])).text
    added = desk.post(of(kind), typed(kind, **unit))
    twice = desk.post(of(kind), typed(kind, **unit))
    row = MODELS[kind].objects.get()
    renamed = desk.post(of(kind, row.pk), typed(kind, **unit) | {named: "改名", "is_active": "on"})
    state = MODELS[kind].objects.get().is_active
    desk.post(of(kind, row.pk), typed(kind, **unit) | {named: "改名"})
    page = desk.get(reverse("zone:rows", args=[kind])).text

    row.refresh_from_db()
    events = Event.objects.filter(subject_id=row.pk, subject_kind=row._meta.label_lower)
    assert f'href="{of(kind)}"' in offered
    assert (added.status_code, twice.status_code, renamed.status_code) == (303, 422, 303)
    assert (getattr(row, named), state, row.is_active) == ("改名", True, False)
    assert "改名" in page
    assert [list(event.detail.get("changed", {})) for event in events.order_by("pk")] == [
        [],
        [named],
        ["is_active"],
    ]


def test_the_same_form_again_writes_nothing(desk: Client) -> None:
    desk.post(of("parks"), typed("parks"))
    park = Park.objects.get()

    desk.post(of("parks", park.pk), typed("parks") | {"is_active": "on"})

    assert Event.objects.count() == 1


def test_a_refusal_keeps_what_was_typed(desk: Client) -> None:
    desk.post(of("categories"), typed("categories"))

    answer = desk.post(of("categories"), typed("categories", name_zh="另一名称"))

    page = BeautifulSoup(answer.text, "html.parser")
    field = page.select_one("[name=name_zh]")
    assert (answer.status_code, field and field["value"]) == (422, "另一名称")
    assert len(page.select("main [role=alert]")) == 1


def test_the_code_of_a_category_and_its_urgency_are_checked(desk: Client) -> None:
    desk.post(of("categories"), typed("categories"))
    category = DemandCategory.objects.get()
    url = of("categories", category.pk)

    offered = desk.get(url).text
    unknown = desk.post(url, typed("categories", usual_urgency="nonsense"))
    known = desk.post(url, typed("categories", usual_urgency="urgent", code="other"))

    category.refresh_from_db()
    assert 'name="code"' not in offered
    assert (unknown.status_code, known.status_code) == (422, 303)
    assert (category.code, category.usual_urgency) == ("talent", "urgent")


def test_a_changed_time_limit_leaves_open_work_alone(desk: Client, zone: Zone) -> None:
    zone.demand("filed")
    before = WorkItem.objects.get()
    rule = ClockRule.objects.get(step="dispatch")
    url = of("clocks", rule.pk)

    page = desk.get(url).text
    answer = desk.post(url, {"kind": "fixed_hours", "amount": "2", "amber_share": "50"})
    zone.demand("filed")

    after, new = WorkItem.objects.order_by("pk")
    event = Event.objects.get(verb="work.clock_rule_changed")
    assert answer.status_code == 303
    assert str(KINDS["clocks"].note) in page
    assert (after.due_at, after.clock_kind) == (before.due_at, before.clock_kind)
    assert (new.clock_kind, new.clock_amount, new.amber_share) == ("fixed_hours", 2, Decimal("0.5"))
    assert event.detail["changed"] == {
        "kind": ["working_days", "fixed_hours"],
        "amount": [1, 2],
        "amber_share": ["0.80", "0.5"],
    }


@pytest.mark.parametrize(
    ("amount", "share", "status"),
    [(0, 80, 422), (1, 1, 303), (999, 100, 303), (1000, 80, 422), (5, 0, 422), (5, 101, 422)],
)
def test_the_bounds_of_a_time_limit(desk: Client, amount: int, share: int, status: int) -> None:
    rule = make_clock_rule()

    answer = desk.post(
        of("clocks", rule.pk), {"kind": "working_days", "amount": amount, "amber_share": share}
    )

    assert answer.status_code == status


def test_time_limits_are_not_added_and_unknown_kinds_are_not_there(desk: Client) -> None:
    statuses = [
        desk.get(of("clocks")).status_code,
        desk.get(reverse("zone:rows", args=["nonsense"])).status_code,
        desk.get(of("parks", 1)).status_code,
    ]

    assert statuses == [404, 404, 404]


@pytest.mark.parametrize("person", ["dispatcher", "leader", "auditor", "officer", "boss"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_nobody_else_keeps_zone_data(client: Client, zone: Zone, person: str, kind: str) -> None:
    client.force_login(getattr(zone, person))

    statuses = {
        client.get(reverse("zone:home")).status_code,
        client.get(reverse("zone:rows", args=[kind])).status_code,
        client.post(of(kind), {}).status_code,
        client.post(of(kind, 1), {}).status_code,
    }

    assert statuses == {403}


def test_the_acts_themselves_ask_for_the_permission(zone: Zone, admin: User) -> None:
    park, rule = create_park(name="云岭新园", by=admin, at=AT), make_clock_rule("other")

    with pytest.raises(PermissionDenied):
        create_park(name="别园", by=zone.dispatcher, at=AT)
    with pytest.raises(PermissionDenied):
        change_park(park.pk, name="别园", address="", is_active=True, by=zone.dispatcher, at=AT)
    with pytest.raises(PermissionDenied):
        change_clock_rule(
            rule.pk,
            kind=ClockKind.WORKING_DAYS,
            amount=1,
            amber_share=Decimal(1),
            by=zone.dispatcher,
            at=AT,
        )


def test_what_is_out_of_use_is_offered_only_where_it_is_chosen_already(
    client: Client, zone: Zone
) -> None:
    client.force_login(zone.dispatcher)
    old = Park.objects.create(name="旧园", is_active=False)
    tenant, other = make_enterprise(park=old), make_enterprise()

    pages = [client.get(reverse("register:edit", args=[each.pk])).text for each in (tenant, other)]

    assert ["旧园" in page for page in pages] == [True, False]


def test_nobody_is_placed_in_a_chain_or_on_a_list_out_of_use(zone: Zone) -> None:
    chain = Chain.objects.create(name="旧链")
    old_list = KeyList.objects.create(name="旧名单", is_active=False)
    placed, other = make_enterprise(), make_enterprise()
    given: dict[str, Any] = {"chain": chain, "by": zone.dispatcher, "at": AT}
    place_in_chain(placed.pk, layer="材料", **given)
    Chain.objects.update(is_active=False)
    chain.refresh_from_db()

    place_in_chain(placed.pk, layer="设备", **given)
    with pytest.raises(NoLongerInUse):
        place_in_chain(other.pk, layer="设备", **given)
    with pytest.raises(NoLongerInUse):
        put_on_list(old_list, enterprise=other, by=zone.dispatcher, at=AT)

    assert placed.chain_places.get().layer == "设备"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_the_same_queries_for_any_length(
    desk: Client, django_assert_num_queries: Any, count: int
) -> None:
    for n in range(count):
        Grid.objects.create(code=f"G{n}", name=f"第{n}网格", unit=make_unit(f"单位{n}"))
    url = reverse("zone:rows", args=["grids"])
    desk.get(url)

    # session, user, roles, rows, inbox and notices of the frame
    with django_assert_num_queries(6):
        desk.get(url)
