"""Where the sign-in library meets our people: names, audit lines, where to go afterwards."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.models import User
from lianqi.audit.actions import record

NAME_LENGTH = 50  # as the column


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Local accounts."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The home page, or for somebody without any role the page that says what happens next."""
        user = request.user
        if isinstance(user, User) and not user.assignments:
            return reverse("people:waiting")
        return str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """People whom an OpenID Connect provider vouches for. They get an account, never a role."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or "")[:NAME_LENGTH]
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            record(
                "accounts.person_created",
                user,
                by=user,
                at=timezone.now(),
                username=user.username,
                provider=sociallogin.account.provider,
            )
        return user
