"""Pages about people, units, absences and memberships."""

import datetime as dt
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import Absence, ApiToken, RoleAssignment, Unit, User
from lianqi.engines.text import make_credit_code
from lianqi.notices.models import Delivery
from lianqi.register.actions import invite_member, request_membership
from lianqi.register.enums import MembershipState
from lianqi.register.models import Chain, Enterprise, Grid, Industry, Membership

NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
CODE = make_credit_code("12345678")
pytestmark = pytest.mark.django_db

Person = Callable[..., User]


def made_unit(name: str, parent: Unit | None = None, kind: UnitKind = UnitKind.DEPARTMENT) -> Unit:
    unit = Unit.objects.create(name=name, kind=kind, parent=parent, path=f"new-{name}")
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save()
    return unit


@pytest.fixture
def zone() -> Unit:
    return made_unit("管委会", kind=UnitKind.ZONE)


@pytest.fixture
def firm() -> Enterprise:
    return Enterprise.objects.create(
        code=CODE,
        name="云岭精工有限公司",
        name_core="精工",
        search_text="",
        created_at=NOW,
        updated_at=NOW,
    )


@pytest.fixture
def person() -> Person:
    def make(
        username: str,
        role: Role | None = None,
        *,
        scope_id: int | None = None,
        unit: Unit | None = None,
    ) -> User:
        made = User.objects.create_user(username, name=username, unit=unit)
        if role is not None:
            scope = Scope.ZONE
            if scope_id is not None:
                scope = Scope.ENTERPRISE if role == Role.ENTERPRISE_ADMIN else Scope.UNIT
            RoleAssignment.objects.create(user=made, role=role, scope=scope, scope_id=scope_id)
        return made

    return make


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(person: Person) -> User:
    return person("admin", Role.PLATFORM_ADMIN)


def days(first: int, last: int) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "from_on": (today + dt.timedelta(days=first)).isoformat(),
        "until_on": (today + dt.timedelta(days=last)).isoformat(),
    }


# --- People ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=王", ["王芳"]), ("?q=13900", ["王芳"]), ("?q=wang@", ["王芳"]), ("?q=nobody", [])],
)
def test_people_are_found_by_name_mobile_and_address(
    admin: User, query: str, found: list[str]
) -> None:
    User.objects.create(username="wf", name="王芳", mobile="13900139000", email="wang@zone.example")

    page = client_of(admin).get(reverse("people:list") + query)

    assert [row.name for row in page.context["page"].rows] == found


def test_people_are_filtered_by_a_role_held_today(admin: User, person: Person) -> None:
    person("dispatcher", Role.DISPATCHER)
    former = person("former", Role.DISPATCHER)
    former.role_assignments.update(until_on=timezone.localdate() - dt.timedelta(days=1))

    page = client_of(admin).get(reverse("people:list") + "?role=dispatcher")

    assert [row.username for row in page.context["page"].rows] == ["dispatcher"]


def test_the_list_takes_the_same_queries_for_one_and_for_many(
    admin: User, person: Person, zone: Unit, django_assert_num_queries: Callable[[int], object]
) -> None:
    client = client_of(admin)
    client.get(reverse("people:list"))

    with django_assert_num_queries(8):  # type: ignore[attr-defined]  # a context manager
        client.get(reverse("people:list"))
    for number in range(5):
        person(f"person-{number}", Role.HANDLER, scope_id=zone.pk, unit=zone)

    with django_assert_num_queries(8):  # type: ignore[attr-defined]  # a context manager
        client.get(reverse("people:list"))


def test_a_person_is_added_without_a_password_for_openid(admin: User, zone: Unit) -> None:
    answer = client_of(admin).post(
        reverse("people:add"), {"username": "liming", "name": "李明", "unit": zone.pk}
    )

    added = User.objects.get(username="liming")
    assert answer.headers["Location"] == reverse("people:person", args=[added.pk])
    assert (added.name, added.unit, added.has_usable_password()) == ("李明", zone, False)


@pytest.mark.parametrize(
    ("field", "value"), [("username", "admin"), ("username", "a b"), ("password", "12345678")]
)
def test_a_sign_in_name_is_unique_and_a_first_password_is_safe(
    admin: User, field: str, value: str
) -> None:
    details = {"username": "liming", "name": "李明", "password": ""} | {field: value}

    answer = client_of(admin).post(reverse("people:add"), details)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_somebody_who_left_is_closed(admin: User, person: Person) -> None:
    clerk = person("clerk", Role.DISPATCHER)

    client_of(admin).post(reverse("people:person", args=[clerk.pk]), {"name": "王芳"})

    clerk.refresh_from_db()
    assert (clerk.name, clerk.is_active) == ("王芳", False)


def test_the_last_administrator_can_neither_be_closed_nor_lose_the_role(admin: User) -> None:
    client = client_of(admin)
    (held,) = admin.role_assignments.all()

    closed = client.post(reverse("people:person", args=[admin.pk]), {"name": "admin"})
    client.post(reverse("people:revoke", args=[admin.pk, held.pk]))

    admin.refresh_from_db()
    assert closed.status_code == 422
    assert (admin.is_active, admin.role_assignments.count()) == (True, 1)


# --- Roles and scopes ------------------------------------------------------------------------
def test_a_role_reaches_what_was_chosen(
    admin: User, person: Person, zone: Unit, firm: Enterprise
) -> None:
    clerk, client = person("clerk"), client_of(admin)
    grid = Grid.objects.create(code="G1", name="第一网格", unit=zone)
    chain = Chain.objects.create(name="集成电路")
    url = reverse("people:grant", args=[clerk.pk])

    for given in (
        {"role": "dispatcher"},
        {"role": "handler", "unit": zone.pk},
        {"role": "liaison_officer", "grid": grid.pk},
        {"role": "liaison_officer", "chain": chain.pk},
        {"role": "liaison_officer", "enterprise": CODE},
    ):
        client.post(url, given)

    held = clerk.role_assignments.order_by("pk").values_list("role", "scope", "scope_id")
    assert list(held) == [
        ("dispatcher", "zone", None),
        ("handler", "unit", zone.pk),
        ("liaison_officer", "grid", grid.pk),
        ("liaison_officer", "chain", chain.pk),
        ("liaison_officer", "enterprise", firm.pk),
    ]
    page = client.get(reverse("people:person", args=[clerk.pk])).content.decode()
    assert all(name in page for name in ("第一网格", "集成电路", "云岭精工有限公司", "管委会"))


def test_a_role_without_its_reach_or_with_two_is_refused(
    admin: User, person: Person, zone: Unit, firm: Enterprise
) -> None:
    clerk, client = person("clerk"), client_of(admin)
    grid = Grid.objects.create(code="G1", name="第一网格", unit=zone)
    url = reverse("people:grant", args=[clerk.pk])

    nothing = client.post(url, {"role": "handler"})
    two = client.post(url, {"role": "liaison_officer", "grid": grid.pk, "enterprise": CODE})
    backwards = client.post(
        url, {"role": "leader", "from_on": "2026-11-02", "until_on": "2026-11-01"}
    )
    of_a_firm = client.post(url, {"role": "enterprise_admin", "enterprise": CODE})

    assert [each.status_code for each in (nothing, two, backwards, of_a_firm)] == [422] * 4
    assert clerk.role_assignments.count() == 0


def test_a_role_is_taken_away(admin: User, person: Person) -> None:
    clerk = person("clerk", Role.DISPATCHER)
    (held,) = clerk.role_assignments.all()

    client_of(admin).post(reverse("people:revoke", args=[clerk.pk, held.pk]))

    assert clerk.role_assignments.count() == 0


# --- Tokens ----------------------------------------------------------------------------------
def test_a_token_is_shown_once(admin: User, person: Person) -> None:
    clerk, client = person("clerk", Role.DISPATCHER), client_of(admin)

    shown = client.post(reverse("people:issue_token", args=[clerk.pk]), {"label": "12345 hotline"})

    token = BeautifulSoup(shown.content, "html.parser").select_one("[data-token]")
    assert token is not None
    assert ApiToken.objects.carrying(token.text).get().user == clerk
    assert "no-store" in shown.headers["Cache-Control"]
    again = client.get(reverse("people:person", args=[clerk.pk])).content.decode()
    assert token.text not in again
    assert "12345 hotline" in again


def test_a_token_is_revoked_once(admin: User, person: Person) -> None:
    clerk, client = person("clerk", Role.DISPATCHER), client_of(admin)
    client.post(reverse("people:issue_token", args=[clerk.pk]), {"label": "hotline"})
    row = ApiToken.objects.get()
    url = reverse("people:revoke_token", args=[clerk.pk, row.pk])
    client.post(url)
    first = ApiToken.objects.get().revoked_at

    client.post(url)

    assert first is not None
    assert ApiToken.objects.get().revoked_at == first


# --- Units -----------------------------------------------------------------------------------
def test_a_unit_is_added_under_another(admin: User, person: Person, zone: Unit) -> None:
    leader = person("leader", Role.LEADER)
    Industry.objects.create(code="39", section="C", name="电子设备制造业", level=2)

    client_of(admin).post(
        reverse("people:add_unit"),
        {
            "parent": zone.pk,
            "name": "经济发展局",
            "kind": "department",
            "leader": leader.pk,
            "industries": "c39，39",
            "phone": "0591-1234567",
        },
    )

    added = Unit.objects.get(name="经济发展局")
    assert (added.path, added.leader) == (f"/{zone.pk}/{added.pk}/", leader)
    assert added.industries == ["39"]


def test_an_unknown_industry_is_refused(admin: User, zone: Unit) -> None:
    answer = client_of(admin).post(
        reverse("people:add_unit"),
        {"parent": zone.pk, "name": "局", "kind": "department", "industries": "C99"},
    )

    assert answer.status_code == 422
    assert "99" in answer.context["form"].errors["industries"][0]


def test_a_unit_moves_with_everything_below_it(admin: User, zone: Unit) -> None:
    bureau, office = made_unit("局", zone), made_unit("办", zone)
    section = made_unit("科", bureau)

    client_of(admin).post(reverse("people:move_unit", args=[bureau.pk]), {"parent": office.pk})

    section.refresh_from_db()
    assert section.path == f"/{zone.pk}/{office.pk}/{bureau.pk}/{section.pk}/"


def test_a_unit_cannot_move_under_itself(admin: User, zone: Unit) -> None:
    bureau = made_unit("局", zone)
    section = made_unit("科", bureau)

    answer = client_of(admin).post(
        reverse("people:move_unit", args=[bureau.pk]), {"parent": section.pk}
    )

    bureau.refresh_from_db()
    assert answer.status_code == 422
    assert bureau.parent == zone


def test_the_tree_shows_every_unit_once_below_its_parent(admin: User, zone: Unit) -> None:
    bureau = made_unit("局", zone)
    made_unit("科", bureau)

    page = client_of(admin).get(reverse("people:units"))

    (root,) = page.context["tree"]
    assert [branch.unit.name for branch in root.below] == ["局"]
    assert [branch.unit.name for branch in root.below[0].below] == ["科"]


# --- Absences --------------------------------------------------------------------------------
def test_somebody_enters_an_absence_and_takes_it_back(person: Person, zone: Unit) -> None:
    away = person("away", Role.HANDLER, scope_id=zone.pk, unit=zone)
    other = person("other", Role.HANDLER, scope_id=zone.pk, unit=zone)
    client = client_of(away)

    client.post(reverse("people:absence"), days(0, 3) | {"person": away.pk, "stand_in": other.pk})
    absence = Absence.objects.get()
    client.post(reverse("people:cancel_absence", args=[absence.pk]))

    assert (absence.user, absence.stand_in) == (away, other)
    assert absence.until_on - absence.from_on == dt.timedelta(days=3)
    assert Absence.objects.count() == 0


@pytest.mark.parametrize(
    ("first", "last", "field"), [(1, 0, "until_on"), (-2, -1, "until_on"), (0, 0, None)]
)
def test_the_days_of_an_absence_lie_ahead(
    person: Person, zone: Unit, first: int, last: int, field: str | None
) -> None:
    away, other = person("away", Role.LEADER), person("other", Role.LEADER)

    answer = client_of(away).post(
        reverse("people:absence"), days(first, last) | {"person": away.pk, "stand_in": other.pk}
    )

    assert Absence.objects.count() == (0 if field else 1)
    assert answer.status_code == (422 if field else 303)


def test_nobody_stands_in_for_himself(person: Person) -> None:
    away = person("away", Role.LEADER)

    answer = client_of(away).post(
        reverse("people:absence"), days(0, 1) | {"person": away.pk, "stand_in": away.pk}
    )

    assert answer.status_code == 422


def test_two_absences_on_one_day_are_refused(person: Person) -> None:
    away, other = person("away", Role.LEADER), person("other", Role.LEADER)
    client, chosen = client_of(away), {"person": away.pk, "stand_in": other.pk}
    client.post(reverse("people:absence"), days(0, 3) | chosen)

    touching = client.post(reverse("people:absence"), days(3, 5) | chosen)
    after = client.post(reverse("people:absence"), days(4, 5) | chosen)

    assert (touching.status_code, after.status_code) == (422, 303)


def test_a_head_enters_it_for_the_own_people_only(person: Person, zone: Unit) -> None:
    head = person("head", Role.DEPARTMENT_HEAD, scope_id=zone.pk, unit=zone)
    own = person("own", Role.HANDLER, scope_id=zone.pk, unit=zone)
    stranger = person("stranger", Role.HANDLER, scope_id=zone.pk, unit=made_unit("局", zone))
    client, url = client_of(head), reverse("people:absence")

    for_own = client.post(url, days(0, 1) | {"person": own.pk, "stand_in": head.pk})
    for_stranger = client.post(url, days(0, 1) | {"person": stranger.pk, "stand_in": head.pk})

    assert (for_own.status_code, for_stranger.status_code) == (303, 422)
    assert [absence.user for absence in Absence.objects.all()] == [own]


def test_one_does_not_take_back_the_absence_of_a_colleague(person: Person, zone: Unit) -> None:
    colleague = person("colleague", Role.HANDLER, scope_id=zone.pk, unit=zone)
    away = person("away", Role.HANDLER, scope_id=zone.pk, unit=zone)
    today = timezone.localdate()
    absence = Absence.objects.create(user=away, stand_in=colleague, from_on=today, until_on=today)

    answer = client_of(colleague).post(reverse("people:cancel_absence", args=[absence.pk]))

    assert answer.status_code == 403
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ENTERPRISE_ADMIN])
def test_who_takes_no_part_in_the_work_has_no_absences(
    person: Person, firm: Enterprise, role: Role
) -> None:
    scope_id = firm.pk if role == Role.ENTERPRISE_ADMIN else None

    answer = client_of(person("somebody", role, scope_id=scope_id)).get(reverse("people:absence"))

    assert answer.status_code == 403


# --- Memberships -----------------------------------------------------------------------------
def asked(person: Person, firm: Enterprise, username: str = "newcomer") -> Membership:
    return request_membership(code=firm.code, by=person(username), at=NOW)


def test_the_service_centre_confirms_with_the_role_it_chooses(
    person: Person, firm: Enterprise
) -> None:
    row = asked(person, firm)
    client = client_of(person("centre", Role.DISPATCHER))
    listed = client.get(reverse("people:memberships")).content.decode()

    client.post(reverse("people:confirm", args=[row.pk]), {"role": "enterprise_staff"})

    row.refresh_from_db()
    newcomer = User.objects.get(username="newcomer")
    assert firm.name in listed
    assert (row.state, row.role) == (MembershipState.CONFIRMED, Role.ENTERPRISE_STAFF)
    assert newcomer.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_STAFF) == [firm.pk]


def test_a_refused_person_sees_it_and_gets_nothing(person: Person, firm: Enterprise) -> None:
    row = asked(person, firm)
    newcomer = User.objects.get(username="newcomer")

    centre, url = (
        client_of(person("centre", Role.DISPATCHER)),
        reverse("people:refuse", args=[row.pk]),
    )

    silent = centre.post(url, {"reason": " "}, follow=True)
    row.refresh_from_db()
    state_after_silence = row.state
    centre.post(url, {"reason": "电话核实无此人"})

    page = client_of(newcomer).get(reverse("people:waiting")).content.decode()
    assert [each.level_tag for each in silent.context["messages"]] == ["error"]
    assert state_after_silence == MembershipState.WAITING
    assert str(MembershipState.REFUSED.label) in page
    assert "电话核实无此人" in page
    assert not newcomer.role_assignments.exists()


def test_a_late_click_is_told_what_happened(person: Person, firm: Enterprise) -> None:
    row = asked(person, firm)
    client = client_of(person("centre", Role.DISPATCHER))
    client.post(reverse("people:refuse", args=[row.pk]), {"reason": "电话核实无此人"})

    answer = client.post(reverse("people:confirm", args=[row.pk]), follow=True)

    *_earlier, message = answer.context["messages"]
    assert message.level_tag == "error"
    row.refresh_from_db()
    assert row.state == MembershipState.REFUSED


def test_an_administrator_invites_and_the_guest_accepts(person: Person, firm: Enterprise) -> None:
    owner = person("owner", Role.ENTERPRISE_ADMIN, scope_id=firm.pk)
    page = client_of(owner).post(
        reverse("people:members", args=[firm.pk]),
        {"email": "guest@firm.example", "role": "enterprise_staff"},
    )
    link = BeautifulSoup(page.content, "html.parser").select_one("[data-link]")
    assert link is not None
    path = link.text.removeprefix("http://testserver")
    letter = Delivery.objects.get(address="guest@firm.example")
    guest = person("guest")

    stranger = Client().get(path)
    client_of(guest).post(path)
    used = client_of(person("second")).get(path)

    assert letter.body.endswith(link.text)
    assert firm.name in stranger.content.decode()
    assert guest.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_STAFF) == [firm.pk]
    assert used.status_code == 404


def test_an_anonymous_click_on_an_invitation_changes_nothing(
    person: Person, firm: Enterprise
) -> None:
    owner = person("owner", Role.ENTERPRISE_ADMIN, scope_id=firm.pk)
    secret = invite_member(
        firm.pk, email="g@firm.example", role=Role.ENTERPRISE_STAFF, by=owner, at=timezone.now()
    )

    Client().post(reverse("people:invitation", args=[secret]))

    assert Membership.objects.get().state == MembershipState.INVITED


def test_an_administrator_ends_a_colleagues_access(person: Person, firm: Enterprise) -> None:
    owner = person("owner", Role.ENTERPRISE_ADMIN, scope_id=firm.pk)
    row = asked(person, firm)
    client_of(person("centre", Role.DISPATCHER)).post(reverse("people:confirm", args=[row.pk]))

    client_of(owner).post(reverse("people:end", args=[firm.pk, row.pk]))

    assert not User.objects.get(username="newcomer").role_assignments.exists()


def test_another_firms_people_are_out_of_reach(person: Person, firm: Enterprise) -> None:
    other = Enterprise.objects.create(
        code=make_credit_code("87654321"),
        name="乙公司",
        name_core="乙",
        search_text="",
        created_at=NOW,
        updated_at=NOW,
    )
    client = client_of(person("owner", Role.ENTERPRISE_ADMIN, scope_id=firm.pk))
    row = asked(person, other)

    page = client.get(reverse("people:members", args=[other.pk]))
    ended = client.post(reverse("people:end", args=[firm.pk, row.pk]))

    assert (page.status_code, ended.status_code) == (404, 404)


def test_the_own_firm_is_one_click_away(person: Person, firm: Enterprise) -> None:
    owner = person("owner", Role.ENTERPRISE_ADMIN, scope_id=firm.pk)

    answer = client_of(owner).get(reverse("people:own_members"))

    assert answer.headers["Location"] == reverse("people:members", args=[firm.pk])


def test_somebody_without_a_role_asks_to_act_for_a_firm(person: Person, firm: Enterprise) -> None:
    client = client_of(person("newcomer"))

    client.post(reverse("people:waiting"), {"code": CODE})
    twice = client.post(reverse("people:waiting"), {"code": CODE})
    unknown = client.post(reverse("people:waiting"), {"code": make_credit_code("11111111")})

    assert Membership.objects.get().state == MembershipState.WAITING
    assert (twice.status_code, unknown.status_code) == (422, 422)


ADMINISTRATION = [
    "people:list", "people:add", "people:units", "people:add_unit", "people:memberships"
]  # fmt: skip


@pytest.mark.parametrize("name", ADMINISTRATION)
@pytest.mark.parametrize("role", [Role.HANDLER, Role.LEADER, Role.ENTERPRISE_ADMIN])
def test_the_administrators_pages_are_closed_to_others(
    person: Person, zone: Unit, role: Role, name: str
) -> None:
    scope_id = zone.pk if role in {Role.HANDLER, Role.ENTERPRISE_ADMIN} else None

    answer = client_of(person("somebody", role, scope_id=scope_id)).get(reverse(name))

    assert answer.status_code == 403


# --- The auditor -----------------------------------------------------------------------------
def test_the_auditor_reads_people_units_and_requests_without_a_button(
    person: Person, zone: Unit, firm: Enterprise
) -> None:
    held = person("held", Role.HANDLER, scope_id=zone.pk, unit=zone)
    ApiToken.objects.create(user=held, label="热线", digest="x", created_at=NOW)
    asked(person, firm)
    client = client_of(person("auditor", Role.AUDITOR))
    pages = {
        "list": client.get(reverse("people:list")),
        "person": client.get(reverse("people:person", args=[held.pk])),
        "units": client.get(reverse("people:units")),
        "unit": client.get(reverse("people:unit", args=[zone.pk])),
        "requests": client.get(reverse("people:memberships")),
    }

    found = {name: BeautifulSoup(each.content, "html.parser") for name, each in pages.items()}

    assert {name: page.select("main form[method=post]") for name, page in found.items()} == {
        name: [] for name in pages
    }
    assert held.name in found["list"].text
    assert "热线" in found["person"].text
    assert zone.name in found["unit"].text
    assert firm.name in found["requests"].text
    for page in found.values():
        links = {str(each["href"]) for each in page.select("main a[href]")}
        assert links & {reverse("people:add"), reverse("people:add_unit")} == set()


@pytest.mark.parametrize("name", ["people:add", "people:add_unit"])
def test_the_auditor_gets_no_form_to_add(person: Person, zone: Unit, name: str) -> None:
    answer = client_of(person("auditor", Role.AUDITOR)).get(reverse(name))

    assert answer.status_code == 403


def test_the_auditor_changes_neither_person_nor_unit(person: Person, zone: Unit) -> None:
    held = person("held")
    client = client_of(person("auditor", Role.AUDITOR))

    answers = [
        client.post(reverse("people:person", args=[held.pk]), {"name": "另一个名字"}).status_code,
        client.post(
            reverse("people:unit", args=[zone.pk]), {"name": "另一个名字", "kind": "zone"}
        ).status_code,
    ]

    assert answers == [403, 403]
    assert not User.objects.filter(name="另一个名字").exists()
    assert not Unit.objects.filter(name="另一个名字").exists()


def test_memberships_are_seen_by_those_they_concern(person: Person, firm: Enterprise) -> None:
    other = Enterprise.objects.create(
        code=make_credit_code("87654321"), name="云岭远山有限公司", name_core="远山",
        search_text="", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    here, there = asked(person, firm), asked(person, other, "stranger")
    readers = {
        "platform": person("platform", Role.PLATFORM_ADMIN),
        "auditor": person("auditor", Role.AUDITOR),
        "centre": person("centre", Role.DISPATCHER),
        "boss": person("boss", Role.ENTERPRISE_ADMIN, scope_id=firm.pk),
        "self": User.objects.get(username="stranger"),
        "leader": person("leader", Role.LEADER),
    }

    seen = {
        name: list(Membership.objects.visible_to(reader).order_by("pk"))
        for name, reader in readers.items()
    }

    assert seen == {
        "platform": [here, there], "auditor": [here, there], "centre": [here, there],
        "boss": [here], "self": [there], "leader": [],
    }  # fmt: skip
