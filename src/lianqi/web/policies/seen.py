"""Documents as the person in front may find them, and how pages show them."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianqi.accounts.models import User
from lianqi.policies.enums import PolicyStatus
from lianqi.policies.models import PolicyDocument, PolicyDocumentQuerySet
from lianqi.web.http import AnyRequest, AuthedRequest

TONES = {
    PolicyStatus.DRAFTED: "grey",
    PolicyStatus.BROKEN_DOWN: "amber",
    PolicyStatus.DUTIES_COMPLETE: "blue",
    PolicyStatus.PUBLISHED: "green",
    PolicyStatus.REVISED: "grey",
    PolicyStatus.ABOLISHED: "grey",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands today, in words and a tone."""

    label: str
    tone: str


def may_find(request: AnyRequest | AuthedRequest) -> PolicyDocumentQuerySet:
    """Everything for people of the zone, what is made known for everybody else."""
    if isinstance(request.user, User):
        return PolicyDocument.objects.visible_to(request.user)
    return PolicyDocument.objects.made_known()


def is_inside(request: AnyRequest | AuthedRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_zone_staff


def seen(request: AnyRequest | AuthedRequest, policy_id: int) -> PolicyDocument:
    return get_object_or_404(may_find(request).defer("search_text", "search_tokens"), pk=policy_id)


def worked_on(request: AuthedRequest, policy_id: int, permission: str) -> PolicyDocument:
    """A document that the person may do this about.

    Raises:
        PermissionDenied: The person may see it, and no more.
    """
    document = seen(request, policy_id)
    if not request.user.has_perm(permission, document):
        raise PermissionDenied
    return document


def standing_of(document: PolicyDocument, *, on: dt.date) -> Standing:
    """The status; of a published document whether it holds on that day."""
    status = PolicyStatus(document.status)
    if status != PolicyStatus.PUBLISHED:
        return Standing(document.get_status_display(), TONES[status])
    if document.valid_from is not None and on < document.valid_from:
        return Standing(_("Not yet in force"), "blue")
    if document.valid_until is not None and document.valid_until < on:
        return Standing(pgettext("policy", "Expired"), "grey")
    if document.valid_from is None:
        return Standing(_("Published, dates not printed"), "green")
    return Standing(_("In force"), "green")
