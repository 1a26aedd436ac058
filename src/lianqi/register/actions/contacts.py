"""People to speak to: adding, correcting, removing, and showing one unmasked.

The audit trail keeps no personal data of a contact: only which one, and what kind of thing changed.
"""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import locked, locked_survivor, require
from lianqi.register.actions.sources import source_of
from lianqi.register.errors import (
    ContactNameMissing,
    ContactRecorded,
    PurposeMissing,
    RemovedMeanwhile,
)
from lianqi.register.models import Contact, Enterprise
from lianqi.register.queries import with_merged_ids

SHORTEST_PURPOSE = 2


@transaction.atomic
def add_contact(
    enterprise_id: int,
    *,
    name: str,
    by: User,
    at: dt.datetime,
    position: str = "",
    mobile: str = "",
    email: str = "",
    is_main: bool = False,
) -> Contact:
    """Add a person to speak to; a new main contact takes the place of the one before.

    Raises:
        ContactNameMissing: There is no name.
        ContactRecorded: The same person with the same number is there.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.keep_contacts", enterprise)
    if not tidy(name):
        raise ContactNameMissing
    contact, created = Contact.objects.get_or_create(
        enterprise=enterprise,
        name=tidy(name),
        mobile=mobile,
        defaults={
            "position": tidy(position),
            "email": email,
            "is_main": is_main,
            "source": source_of(by, enterprise),
        },
    )
    if not created:
        raise ContactRecorded(name=contact.name)
    if is_main:
        _only_main(contact, enterprise)
    record(
        "register.contact_added",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        contact=contact.pk,
        source=contact.source,
    )
    return contact


@transaction.atomic
def change_contact(
    contact_id: int,
    *,
    by: User,
    at: dt.datetime,
    name: str = "",
    position: str | None = None,
    mobile: str = "",
    email: str = "",
    is_main: bool | None = None,
) -> Contact:
    """Correct what is stated. An empty name, number or address keeps the one that is recorded.

    Whoever corrects a contact need not see it: these three are shown masked, and what somebody
    does not see he cannot be asked to repeat.

    Raises:
        ContactRecorded: Another contact has this name and number.
    """
    contact, enterprise = _locked_contact(contact_id)
    require(by, "register.keep_contacts", enterprise)
    stated = {"name": tidy(name), "mobile": mobile, "email": email}
    wanted: dict[str, str | bool] = {field: value for field, value in stated.items() if value}
    if position is not None:
        wanted["position"] = tidy(position)
    if is_main is not None:
        wanted["is_main"] = is_main
    changed = [field for field, value in wanted.items() if getattr(contact, field) != value]
    if not changed:
        return contact
    for field in changed:
        setattr(contact, field, wanted[field])
    same = Contact.objects.filter(
        enterprise=contact.enterprise, name=contact.name, mobile=contact.mobile
    )
    if same.exclude(pk=contact.pk).exists():
        raise ContactRecorded(name=contact.name)
    contact.source = source_of(by, enterprise)
    contact.save()
    if contact.is_main:
        _only_main(contact, enterprise)
    record(
        "register.contact_changed",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        contact=contact.pk,
        fields=changed,
        source=contact.source,
    )
    return contact


@transaction.atomic
def remove_contact(contact_id: int, *, by: User, at: dt.datetime) -> None:
    """Forget a person who is no contact any more; nothing personal stays behind."""
    contact, enterprise = _locked_contact(contact_id)
    require(by, "register.keep_contacts", enterprise)
    contact.delete()
    record(
        "register.contact_removed",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        contact=contact_id,
    )


@transaction.atomic
def reveal_contact(contact_id: int, *, purpose: str, by: User, at: dt.datetime) -> Contact:
    """Hand out the unmasked contact for a stated purpose that the enterprise can read.

    Raises:
        PurposeMissing: Nothing, or next to nothing, was said.
    """
    contact = Contact.objects.select_related("enterprise").get(pk=contact_id)
    require(by, "register.reveal_contact", contact.enterprise)
    said = tidy(purpose)
    if len(said) < SHORTEST_PURPOSE:
        raise PurposeMissing
    record(
        "register.contact_revealed",
        contact,
        by=by,
        at=at,
        enterprise_id=contact.enterprise_id,
        is_read=True,
        purpose=said,
    )
    return contact


def _locked_contact(contact_id: int) -> tuple[Contact, Enterprise]:
    contact = Contact.objects.select_related("enterprise").get(pk=contact_id)
    enterprise = locked_survivor(contact.enterprise)
    locked_contact = Contact.objects.select_related("enterprise").filter(pk=contact_id).first()
    if locked_contact is None:
        raise RemovedMeanwhile
    return locked_contact, enterprise


def _only_main(contact: Contact, enterprise: Enterprise) -> None:
    others = Contact.objects.filter(enterprise_id__in=with_merged_ids(enterprise), is_main=True)
    others.exclude(pk=contact.pk).update(is_main=False)
