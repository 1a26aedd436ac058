"""Whom to reach about a demand, as one reader may know it."""

import hashlib
from dataclasses import astuple, replace

from lianqi.accounts.models import User
from lianqi.demands.models import ContactGiven, ContactPerson, Demand
from lianqi.engines.text import mask_email, mask_mobile, mask_name


def contacts_for(demand: Demand, reader: User) -> list[ContactGiven]:
    """The contact persons, masked for those who do not work on the matter."""
    people = [each.given for each in ContactPerson.objects.visible_to(reader).of(demand)]
    if reader.has_perm("demands.reveal_contact", demand):
        return people
    return [
        replace(
            each,
            name=mask_name(each.name),
            phone=mask_mobile(each.phone),
            email=mask_email(each.email),
        )
        for each in people
    ]


def contacts_seen(demand: Demand) -> str:
    """What the contact persons are now, as a short mark: a form shows whether they changed."""
    people = [astuple(each.given) for each in ContactPerson.objects.of(demand)]
    return hashlib.sha256(repr(people).encode()).hexdigest()[:16]


def first_contact(demand: Demand) -> ContactPerson | None:
    """The one to be called first, if a number is stated; else the next one with a number."""
    people = list(ContactPerson.objects.of(demand))
    return next((each for each in people if each.phone), people[0] if people else None)
