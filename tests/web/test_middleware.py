"""Tokens of programs, the login wall, the second factor, people without a role."""

import datetime as dt
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from lianqi.accounts.actions import issue_token, revoke_token
from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import ApiToken, RoleAssignment, User

NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
ECHO = "/api/echo"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def echo(request: HttpRequest) -> JsonResponse:
    """An operation of the API that anybody with a role may call."""
    return JsonResponse({"username": request.user.get_username()})


urlpatterns = [path("api/echo", echo), path("", include(settings.ROOT_URLCONF))]

Person = Callable[..., User]


@pytest.fixture
def person() -> Person:
    def make(username: str, *roles: Role) -> User:
        made = User.objects.create_user(username, password="right-horse-9", name=username)
        for role in roles:
            RoleAssignment.objects.create(user=made, role=role, scope=Scope.ZONE)
        return made

    return make


def signed_in(user: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def token_of(user: User, admin: User) -> str:
    return issue_token(user, label="a program", by=admin, at=NOW)


def test_a_token_lets_a_program_in_as_the_person(person: Person) -> None:
    admin, clerk = person("admin", Role.PLATFORM_ADMIN), person("clerk", Role.DISPATCHER)
    token = token_of(clerk, admin)

    answer = Client().get(ECHO, headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["username"]) == (200, "clerk")


@pytest.mark.parametrize("header", ["Bearer wrong", "bearer ", "Bearer"])
def test_a_wrong_token_is_refused_in_json(person: Person, header: str) -> None:
    answer = Client().get(ECHO, headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json()["code"] == "token_not_valid"


def test_a_revoked_token_is_refused(person: Person) -> None:
    admin = person("admin", Role.PLATFORM_ADMIN)
    token = token_of(admin, admin)
    revoke_token(ApiToken.objects.get().pk, by=admin, at=NOW)

    answer = Client().get(ECHO, headers={"Authorization": f"Bearer {token}"})

    assert answer.json()["code"] == "token_not_valid"


def test_the_token_of_somebody_who_left_is_refused(person: Person) -> None:
    admin, clerk = person("admin", Role.PLATFORM_ADMIN), person("clerk", Role.DISPATCHER)
    token = token_of(clerk, admin)
    User.objects.filter(pk=clerk.pk).update(is_active=False)

    answer = Client().get(ECHO, headers={"Authorization": f"Bearer {token}"})

    assert answer.json()["code"] == "token_not_valid"


def test_a_token_opens_no_page(person: Person) -> None:
    admin = person("admin", Role.PLATFORM_ADMIN)
    token = token_of(admin, admin)

    answer = Client().get(reverse("people:list"), headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 302


def test_a_token_needs_no_csrf_token_but_a_session_does(person: Person) -> None:
    admin = person("admin", Role.PLATFORM_ADMIN)
    token = token_of(admin, admin)
    by_token = Client(enforce_csrf_checks=True)

    with_token = by_token.post(
        reverse("set_language"), {"language": "en"}, headers={"Authorization": f"Bearer {token}"}
    )
    on_the_api = by_token.post(ECHO, headers={"Authorization": f"Bearer {token}"})
    by_session = signed_in(admin).post(ECHO)

    assert with_token.status_code == 403  # a page: the header means nothing there
    assert on_the_api.status_code == 200
    assert by_session.status_code == 403


def test_the_wall_sends_a_person_to_the_sign_in_page(db: None) -> None:
    answer = Client().get(reverse("people:list"))

    assert answer.headers["Location"] == "/accounts/login/?next=/people/"


def test_the_wall_answers_a_program_in_json(db: None) -> None:
    answer = Client().get(ECHO)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_the_wall_sends_the_whole_page_away_when_a_fragment_was_asked_for(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/?page=2"}

    answer = Client().get(reverse("people:list"), headers=headers)

    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Finbox%2F"


@override_settings(SECOND_FACTOR_ROLES=frozenset({"dispatcher"}))
def test_a_role_that_needs_a_second_factor_sets_it_up_first(person: Person) -> None:
    client = signed_in(person("clerk", Role.DISPATCHER))

    page, api = client.get(reverse("people:absence")), client.get(ECHO)

    assert page.headers["Location"] == reverse("mfa_activate_totp")
    assert api.json()["code"] == "second_factor_required"


@override_settings(SECOND_FACTOR_ROLES=frozenset({"dispatcher"}))
@pytest.mark.parametrize("name", ["mfa_activate_totp", "account_logout"])
def test_setting_it_up_and_leaving_stay_open(person: Person, name: str) -> None:
    client = signed_in(person("clerk", Role.DISPATCHER))

    answer = client.get(reverse(name))

    assert answer.headers.get("Location") != reverse("mfa_activate_totp")


@override_settings(SECOND_FACTOR_ROLES=frozenset({"dispatcher"}))
def test_with_a_second_factor_the_door_is_open(person: Person) -> None:
    clerk = person("clerk", Role.DISPATCHER)
    TOTP.activate(clerk, generate_totp_secret())
    assert Authenticator.objects.filter(user=clerk).count() == 1

    answer = signed_in(clerk).get(reverse("people:absence"))

    assert answer.status_code == 200


@override_settings(SECOND_FACTOR_ROLES=frozenset({"dispatcher"}))
def test_other_roles_need_none_and_neither_do_programs(person: Person) -> None:
    admin, clerk = person("admin", Role.PLATFORM_ADMIN), person("clerk", Role.DISPATCHER)
    token = token_of(clerk, admin)

    page = signed_in(admin).get(reverse("people:list"))
    api = Client().get(ECHO, headers={"Authorization": f"Bearer {token}"})

    assert (page.status_code, api.status_code) == (200, 200)


def test_without_a_role_there_is_one_page(person: Person) -> None:
    client = signed_in(person("newcomer"))

    elsewhere, api = client.get(reverse("people:absence")), client.get(ECHO)
    waiting, own = client.get(reverse("people:waiting")), client.get(reverse("mfa_index"))

    assert elsewhere.headers["Location"] == reverse("people:waiting")
    assert (api.status_code, api.json()["code"]) == (403, "no_role")
    assert (waiting.status_code, own.status_code) == (200, 200)


def test_a_role_that_ended_yesterday_is_no_role(person: Person) -> None:
    clerk = person("clerk", Role.DISPATCHER)
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    RoleAssignment.objects.update(until_on=today - dt.timedelta(days=1))
    ended = signed_in(clerk).get(reverse("people:absence")).status_code
    RoleAssignment.objects.update(until_on=today)

    last_day = signed_in(clerk).get(reverse("people:absence")).status_code

    assert (ended, last_day) == (302, 200)
