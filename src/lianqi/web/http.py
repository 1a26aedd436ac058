"""Types of requests and small answers that every page shares."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from lianqi.accounts.models import User

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class AuthedRequest(HttpRequest):
    """A request behind the login wall."""

    user: User  # the login wall lets nobody else through
    htmx: "HtmxDetails"


class AnyRequest(HttpRequest):
    """A request of a page that the public may see as well."""

    user: User | AnonymousUser
    htmx: "HtmxDetails"


def back_to(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """Redirect to the page the form names in `next`, if it is one of ours, else to `fallback`."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if safe else fallback)
