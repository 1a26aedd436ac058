"""Whom to reach about a demand, over JSON."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.enums import ToldBy
from lianqi.demands.models import MOST_CONTACTS, ContactGiven, Demand
from lianqi.demands.queries import contacts_for

router = Router(tags=["demands"])


class ContactIn(Schema):
    """A contact person: a name, a number or an e-mail address is needed.

    `reach` says how and when to reach the person, in words. `told_by` is over what somebody without
    an account is told of the demand; left out, not at all.
    """

    name: Annotated[str, StringConstraints(max_length=50)] = ""
    phone: Annotated[str, StringConstraints(max_length=30)] = ""
    email: Annotated[
        str, StringConstraints(max_length=254, pattern=r"^$|^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")
    ] = ""
    role: Annotated[str, StringConstraints(max_length=50)] = ""
    reach: Annotated[str, StringConstraints(max_length=100)] = ""
    told_by: ToldBy | None = None
    is_preferred: bool = Field(False, description="To be called first; the first one, if nobody is")


class ContactOut(Schema):
    """A contact person, masked for those who do not work on the matter."""

    name: str
    phone: str
    email: str
    role: str
    reach: str
    told_by: str
    is_preferred: bool


Contacts = Annotated[list[ContactIn], Field(max_length=MOST_CONTACTS)]


def stated(contacts: Iterable[ContactIn]) -> list[ContactGiven]:
    """The persons as the actions take them."""
    return [
        ContactGiven(**each.model_dump(exclude={"told_by"}), told_by=each.told_by or "")
        for each in contacts
    ]


class ContactsIn(Schema):
    contacts: Contacts


@router.get(
    "/{demand_id}/contact-people",
    response={200: list[ContactOut], **PROBLEMS},
    operation_id="list_contact_people",
)
def list_contacts(request: ApiRequest, demand_id: int) -> list[Any]:
    """The contact persons of a demand, the one to be called first in front."""
    return list(contacts_for(_demand(request, demand_id), request.user))


@router.put(
    "/{demand_id}/contact-people",
    response={200: list[ContactOut], **PROBLEMS},
    operation_id="change_contact_people",
)
def change_contacts(request: ApiRequest, demand_id: int, body: ContactsIn) -> list[Any]:
    """Let a demand have exactly these contact persons."""
    demand = actions.change_contacts(
        _demand(request, demand_id).pk, stated(body.contacts), by=request.user, at=timezone.now()
    )
    return list(contacts_for(demand, request.user))


def _demand(request: ApiRequest, demand_id: int) -> Demand:
    return get_object_or_404(Demand.objects.visible_to(request.user), pk=demand_id)
