"""Sign-in, throttling, session expiry, registration, OpenID Connect."""

import datetime as dt
import json
import runpy
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from lianqi import config
from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, User
from lianqi.audit.models import Event
from lianqi.engines.text import make_credit_code
from lianqi.register.actions import confirm_membership, invite_member
from lianqi.register.enums import MembershipState
from lianqi.register.models import Enterprise, Membership

NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
LOGIN, SIGNUP = "/accounts/login/", "/accounts/signup/"
PASSWORD = "right-horse-9"
CODE = make_credit_code("12345678")
SETTINGS = str(Path(config.__file__).with_name("settings.py"))
LIMITS = runpy.run_path(SETTINGS)["ACCOUNT_RATE_LIMITS"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    person = User.objects.create_user("clerk", "clerk@zone.example", PASSWORD, name="王芳")
    RoleAssignment.objects.create(user=person, role=Role.DISPATCHER, scope=Scope.ZONE)
    return person


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


def sign_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": name, "password": password})


def registration(**changes: str) -> dict[str, str]:
    return {
        "credit_code": CODE,
        "name": "李雷",
        "mobile": "138 0013 8000",
        "email": "lilei@firm.example",
        "password1": "blue-mountain-42",
        "password2": "blue-mountain-42",
    } | changes


# --- Sign-in ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["clerk", "clerk@zone.example", "CLERK@zone.example"])
def test_sign_in_by_name_or_address(clerk: User, name: str) -> None:
    answer = sign_in(Client(), name)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_wrong_password_is_refused_on_the_page(clerk: User) -> None:
    client = Client()

    answer = sign_in(client, "clerk", "wrong")

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_somebody_who_left_cannot_sign_in(clerk: User) -> None:
    User.objects.update(is_active=False)
    client = Client()

    sign_in(client, "clerk")

    assert "_auth_user_id" not in client.session


@override_settings(ACCOUNT_RATE_LIMITS=LIMITS)
def test_after_five_wrong_passwords_the_right_one_is_refused(clerk: User) -> None:
    cache.clear()
    client = Client()
    for _attempt in range(5):
        sign_in(client, "clerk", "wrong")

    sixth = sign_in(client, "clerk")

    assert "_auth_user_id" not in client.session
    assert sixth.context["form"].non_field_errors().as_data()[0].code == "too_many_login_attempts"


@override_settings(ACCOUNT_RATE_LIMITS=LIMITS)
def test_after_four_wrong_passwords_the_right_one_is_accepted(clerk: User) -> None:
    cache.clear()
    client = Client()
    for _attempt in range(4):
        sign_in(client, "clerk", "wrong")

    fifth = sign_in(client, "clerk")

    assert fifth.status_code == 302


@override_settings(ACCOUNT_RATE_LIMITS=LIMITS)
def test_another_account_is_not_shut_out_with_it(clerk: User) -> None:
    cache.clear()
    User.objects.create_user("other", password=PASSWORD)
    for _attempt in range(5):
        sign_in(Client(), "clerk", "wrong")

    answer = sign_in(Client(), "other")

    assert answer.status_code == 302


def test_a_session_ends_with_the_browser_and_after_eight_hours(clerk: User) -> None:
    client = Client()
    before = timezone.now()

    answer = sign_in(client, "clerk")

    cookie, row = answer.cookies["sessionid"], Session.objects.get()
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (
        dt.timedelta(0)
        <= row.expire_date - before - dt.timedelta(hours=8)
        < dt.timedelta(minutes=1)
    )


def test_a_session_that_ran_out_leads_to_the_sign_in_page(clerk: User) -> None:
    client = Client()
    sign_in(client, "clerk")
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))

    answer = client.get(reverse("people:absence"))

    assert answer.headers["Location"] == "/accounts/login/?next=/people/absence/"


def test_next_leads_only_to_our_own_pages(clerk: User) -> None:
    answer = Client().post(
        LOGIN, {"login": "clerk", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer.headers["Location"] == "/"


# --- Registration of an enterprise's people --------------------------------------------------
def test_registration_makes_a_person_who_waits(firm: Enterprise) -> None:
    client = Client()

    answer = client.post(SIGNUP, registration(credit_code=f" {CODE.lower()} "))

    person, membership = User.objects.get(), Membership.objects.get()
    assert answer.headers["Location"] == reverse("people:waiting")
    assert (person.username, person.name, person.mobile) == ("13800138000", "李雷", "13800138000")
    assert (membership.enterprise, membership.user) == (firm, person)
    assert membership.state == MembershipState.WAITING
    assert not person.assignments
    assert Event.objects.filter(verb="accounts.person_created", by_id=person.pk).count() == 1


def test_until_confirmed_there_is_one_page_then_all(firm: Enterprise, clerk: User) -> None:
    client = Client()
    client.post(SIGNUP, registration())
    closed = client.get("/demands/")
    page = client.get(reverse("people:waiting"))

    confirm_membership(Membership.objects.get().pk, by=clerk, at=NOW)

    assert closed.headers["Location"] == reverse("people:waiting")
    assert "云岭精工有限公司" in page.content.decode()
    assert client.get("/demands/").status_code == 200


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), ["18", CODE[-1]]),
        (CODE[:-1], ["17", "18"]),
        (CODE[:9] + "I" + CODE[10:], ["10", "I"]),
        ("350100100123456", ["15", "18"]),
    ],
)
def test_a_wrong_code_says_which_character_and_what_was_expected(
    firm: Enterprise, code: str, words: list[str]
) -> None:
    answer = Client().post(SIGNUP, registration(credit_code=code))

    (message,) = answer.context["form"].errors["credit_code"]
    assert [word for word in words if word not in message] == []
    assert User.objects.count() == 0


def test_an_enterprise_that_is_not_in_the_register_is_refused_with_advice() -> None:
    answer = Client().post(SIGNUP, registration())

    (error,) = answer.context["form"].errors["credit_code"]
    assert CODE in error
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mobile", "12800138000"),
        ("mobile", "1380013800"),
        ("password1", "12345678"),
        ("password1", "short"),
        ("password2", "another-mountain-42"),
        ("name", ""),
        ("email", "no address"),
    ],
)
def test_what_is_not_acceptable_is_refused(firm: Enterprise, field: str, value: str) -> None:
    answer = Client().post(SIGNUP, registration(**{field: value}))

    assert list(answer.context["form"].errors) == [field]
    assert User.objects.count() == 0


@pytest.mark.parametrize("field", ["mobile", "email"])
def test_who_is_registered_already_is_told_to_sign_in(firm: Enterprise, field: str) -> None:
    Client().post(SIGNUP, registration())
    other = {"mobile": "13900139000", "email": "other@firm.example"}
    del other[field]

    answer = Client().post(SIGNUP, registration(**other))

    assert list(answer.context["form"].errors) == [field]
    assert User.objects.count() == 1


def test_an_invited_person_registers_without_a_code_and_is_in(firm: Enterprise) -> None:
    owner = User.objects.create_user("owner")
    RoleAssignment.objects.create(
        user=owner, role=Role.ENTERPRISE_ADMIN, scope=Scope.ENTERPRISE, scope_id=firm.pk
    )
    secret = invite_member(
        firm.pk, email="x@firm.example", role=Role.ENTERPRISE_STAFF, by=owner, at=timezone.now()
    )
    client = Client()
    client.get(reverse("people:invitation", args=[secret]))
    details = registration()
    del details["credit_code"]

    answer = client.post(SIGNUP, details)

    person = User.objects.get(username="13800138000")
    assert answer.headers["Location"] == "/"
    assert person.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_STAFF) == [firm.pk]


def test_an_invitation_used_meanwhile_registers_nobody(firm: Enterprise) -> None:
    owner = User.objects.create_user("owner")
    RoleAssignment.objects.create(
        user=owner, role=Role.ENTERPRISE_ADMIN, scope=Scope.ENTERPRISE, scope_id=firm.pk
    )
    secret = invite_member(
        firm.pk, email="x@firm.example", role=Role.ENTERPRISE_STAFF, by=owner, at=timezone.now()
    )
    client = Client()
    client.get(reverse("people:invitation", args=[secret]))
    Membership.objects.update(state=MembershipState.ENDED)

    answer = client.post(SIGNUP, registration())

    assert answer.headers["Location"] == SIGNUP
    assert User.objects.count() == 1


# --- OpenID Connect --------------------------------------------------------------------------
class Provider(BaseHTTPRequestHandler):
    """A small OpenID Connect provider: discovery, token, userinfo."""

    claims: dict[str, Any] = {
        "sub": "248289761001",
        "preferred_username": "zhangwei",
        "name": "张伟",
        "email": "zhangwei@zone.example",
    }

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        if self.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif self.headers.get("Authorization") == "Bearer access-1":
            self.answer(self.claims)
        else:
            self.answer({"error": "invalid_token"}, 401)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        right = form["code"] == ["code-1"] and form["client_secret"] == ["s3cret"]
        if right and form["code_verifier"]:
            self.answer({"access_token": "access-1", "token_type": "Bearer"})
        else:
            self.answer({"error": "invalid_grant"}, 400)

    def answer(self, body: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A provider on this machine, configured from the environment as an operator would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("LIANQI_OIDC_ID", "zone")
    monkeypatch.setenv("LIANQI_OIDC_NAME", "Zone sign-in")
    monkeypatch.setenv("LIANQI_OIDC_CLIENT_ID", "lianqi")
    monkeypatch.setenv("LIANQI_OIDC_CLIENT_SECRET", "s3cret")
    monkeypatch.setenv("LIANQI_OIDC_SERVER_URL", url)
    configured = runpy.run_path(SETTINGS)
    names = ("SOCIALACCOUNT_PROVIDERS", "CONTENT_SECURITY_POLICY")
    with override_settings(**{name: configured[name] for name in names}):
        yield url
    server.shutdown()
    server.server_close()


def test_without_configuration_there_is_no_button() -> None:
    assert "/accounts/oidc/" not in Client().get(LOGIN).content.decode()


def test_the_configured_provider_has_a_button(provider: str) -> None:
    page = Client().get(LOGIN).content.decode()

    assert "Zone sign-in" in page
    assert "/accounts/oidc/zone/login/" in page


def test_the_button_leads_to_the_authorization_endpoint_of_the_discovery(provider: str) -> None:
    answer = Client().post("/accounts/oidc/zone/login/")

    place = urlsplit(answer.headers["Location"])
    asked = parse_qs(place.query)
    assert f"{place.scheme}://{place.netloc}{place.path}" == f"{provider}/authorize"
    assert (asked["client_id"], asked["response_type"]) == (["lianqi"], ["code"])
    assert asked["code_challenge_method"] == ["S256"]


def test_the_browser_may_follow_the_button_to_the_provider(provider: str) -> None:
    policy = Client().get(LOGIN).headers["Content-Security-Policy"]

    assert f"form-action 'self' {provider}" in policy


def come_back(client: Client, code: str) -> Any:
    start = client.post("/accounts/oidc/zone/login/")
    state = parse_qs(urlsplit(start.headers["Location"]).query)["state"][0]
    return client.get("/accounts/oidc/zone/login/callback/", {"code": code, "state": state})


def test_a_person_vouched_for_gets_an_account_without_any_role(provider: str) -> None:
    client = Client()

    answer = come_back(client, "code-1")

    person = User.objects.get()
    assert answer.headers["Location"] == reverse("people:waiting")
    assert (person.username, person.name) == ("zhangwei", "张伟")
    assert person.email == "zhangwei@zone.example"
    assert not person.assignments
    assert not person.has_usable_password()
    assert client.session["_auth_user_id"] == str(person.pk)
    assert Event.objects.get(verb="accounts.person_created").detail["username"] == "zhangwei"


def test_the_second_time_it_is_the_same_person(provider: str) -> None:
    come_back(Client(), "code-1")
    RoleAssignment.objects.create(user=User.objects.get(), role=Role.LEADER, scope=Scope.ZONE)

    answer = come_back(Client(), "code-1")

    assert answer.headers["Location"] == "/"
    assert User.objects.count() == 1


def test_a_code_that_the_provider_does_not_know_signs_nobody_in(provider: str) -> None:
    client = Client()

    come_back(client, "code-2")

    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 0
