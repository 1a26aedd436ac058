"""The request of an operation and the key it carries against filing twice."""

from django.http import HttpRequest

from lianqi.accounts.models import User
from lianqi.demands.models import Demand


class ApiRequest(HttpRequest):
    """A request that `SignedIn` let through."""

    user: User  # nobody else gets past the authentication
    survivors: dict[int, Demand | None]  # found for this answer by `api.survivors`, by id
