"""The doors: tokens of programs, the login wall, the second factor, people without a role."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from lianqi.accounts.enums import Role
from lianqi.accounts.models import ApiToken, User

API = "/api/"
NO_CSRF = "_dont_enforce_csrf_checks"  # Django's own switch
PROGRAM = "is_a_program"  # a program has no telephone: read by SecondFactorMiddleware
View = Callable[..., Any]

# What is open before the second factor is set up: setting it up, and leaving.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "set_language",
    }
)
# Operations of the API that are open to everybody; they look at no account even if there is one.
OPEN_OPERATIONS = frozenset(
    {"api:list_tip_categories", "api:file_tip", "api:look_up_tip", "api:add_to_tip"}
)
# What is open to somebody who holds no role yet: pages of the own account have these beginnings.
WITHOUT_ROLE = ("account_", "mfa_", "socialaccount_", "openid_connect_", "set_language")


def refuse(code: str, message: str, status: int) -> JsonResponse:
    """The answer every refused API call gets."""
    return JsonResponse({"code": code, "message": message}, status=status)


class BearerTokenMiddleware:
    """Lets programs in by `Authorization: Bearer …`, on the API only.

    A browser never sends this header by itself, so such a request needs no CSRF token. It stands
    after AuthenticationMiddleware; CSRF is enforced later, when the view is about to be called.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if not request.path.startswith(API) or scheme.lower() != "bearer":
            return self.get_response(request)
        found = ApiToken.objects.live().carrying(token.strip()).select_related("user").first()
        if found is None or not found.user.is_active:
            message = _("This token is not valid. Ask the platform administrator for a new one.")
            return refuse("token_not_valid", message, 401)
        request.user = found.user
        setattr(request, NO_CSRF, True)
        setattr(request, PROGRAM, True)
        return self.get_response(request)


class LoginWallMiddleware(LoginRequiredMiddleware):
    """Django's wall, with an answer that a program or a swapped fragment can use."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if request.resolver_match and request.resolver_match.view_name in OPEN_OPERATIONS:
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is None:
            return None
        if request.path.startswith(API):
            message = _("Sign in, or send a token in the header Authorization: Bearer …")
            return refuse("not_signed_in", message, 401)
        if request.headers.get("HX-Request") == "true":
            # A fragment must not be replaced by the sign-in page: the whole page goes there.
            page = urlsplit(request.headers.get("HX-Current-URL", "/")).path
            login = reverse(settings.LOGIN_URL)
            return HttpResponseClientRedirect(f"{login}?{urlencode({'next': page})}")
        return answer


class SecondFactorMiddleware:
    """Whoever holds a role of SECOND_FACTOR_ROLES sets up a second factor before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: View, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if not _must_set_up_second_factor(request) or _url_name(request) in WITHOUT_SECOND_FACTOR:
            return None
        if request.path.startswith(API):
            message = _("Set up the second factor in the browser first.")
            return refuse("second_factor_required", message, 403)
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


def _must_set_up_second_factor(request: HttpRequest) -> bool:
    user = request.user
    if not settings.SECOND_FACTOR_ROLES or hasattr(request, PROGRAM):
        return False
    if not isinstance(user, User):
        return False
    roles = [role for role in Role if role.value in settings.SECOND_FACTOR_ROLES]
    return user.holds(*roles) and not is_mfa_enabled(user, [Authenticator.Type.TOTP])


class RoleMiddleware:
    """Somebody who is signed in but holds no role sees the own account and what happens next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or user.assignments or _is_open_without_role(request, view):
            return None
        if request.path.startswith(API):
            return refuse("no_role", _("This account has no role yet."), 403)
        return HttpResponseRedirect(reverse("people:waiting"))


def open_without_role(view: View) -> View:
    """Mark a page as open to people who are signed in but not confirmed yet."""
    view.role_required = False  # type: ignore[attr-defined]  # read by RoleMiddleware
    return view


def _is_open_without_role(request: HttpRequest, view: View) -> bool:
    public = not getattr(view, "login_required", True)
    return (
        public
        or not getattr(view, "role_required", True)
        or _url_name(request).startswith(WITHOUT_ROLE)
    )


def _url_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""
