"""The request of an operation and the key it carries against filing twice."""

from django.http import HttpRequest

from lianqi.accounts.models import User


class ApiRequest(HttpRequest):
    """A request that `SignedIn` let through."""

    user: User  # nobody else gets past the authentication
