"""Stating whom to reach about a demand: at the filing, and changed later as a whole.

As in the register, the audit trail keeps no personal data of a contact: only what kind of thing
changed.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import fields, replace

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.moving import locked_beside
from lianqi.demands.enums import DemandStatus, ToldBy
from lianqi.demands.errors import (
    ContactAddressMissing,
    ContactsChangedMeanwhile,
    ContactUnnamed,
    SeveralFirstContacts,
    TooManyContacts,
)
from lianqi.demands.models import MOST_CONTACTS, ContactGiven, ContactPerson, Demand
from lianqi.demands.queries import contacts_seen
from lianqi.engines.text import phone_digits, tidy

_MOBILE = re.compile(r"1[3-9]\d{9}")


def checked_contacts(given: Sequence[ContactGiven]) -> list[ContactGiven]:
    """The persons as they are stored, the one to be called first in front.

    Where nobody is named as the first, the first one stated is.

    Raises:
        TooManyContacts, ContactUnnamed, ContactAddressMissing, SeveralFirstContacts: What was
            stated cannot be.
    """
    if len(given) > MOST_CONTACTS:
        raise TooManyContacts(most=MOST_CONTACTS)
    people = [_clean(each) for each in given]
    if sum(each.is_preferred for each in people) > 1:
        raise SeveralFirstContacts
    if people and not any(each.is_preferred for each in people):
        people[0] = replace(people[0], is_preferred=True)
    return sorted(people, key=lambda each: not each.is_preferred)


def note_contacts(demand: Demand, people: Sequence[ContactGiven]) -> None:
    """Write down the contact persons of a demand that was just filed.

    On behalf of the action that files, with what `checked_contacts` let pass.
    """
    ContactPerson.objects.bulk_create(_row(demand, each) for each in people)


@transaction.atomic
def change_contacts(
    demand_id: int,
    given: Sequence[ContactGiven],
    *,
    by: User,
    at: dt.datetime,
    seen: str | None = None,
) -> Demand:
    """Let a demand have exactly these contact persons.

    Args:
        demand_id: The demand.
        given: All of them; none is possible.
        by: Whoever changes them: the enterprise, or those who work on it.
        at: Now.
        seen: What `contacts_seen` said when the form was shown, if it was.

    Raises:
        Refusal: As for `checked_contacts`.
        ContactsChangedMeanwhile: Somebody else changed them since `seen`.
        MoveNotPossible: The demand was withdrawn.
        PermissionDenied: `by` has nothing to do with it, or it is a tip.
    """
    living = frozenset(DemandStatus) - {DemandStatus.WITHDRAWN}
    demand = locked_beside(demand_id, "demands.keep_contacts", statuses=living, by=by)
    earlier = [each.given for each in ContactPerson.objects.of(demand)]
    if seen is not None and seen != contacts_seen(demand):
        raise ContactsChangedMeanwhile
    people = checked_contacts(given)
    if people == earlier:
        return demand
    demand.contact_people.all().delete()
    note_contacts(demand, people)
    record(
        "demand.contacts_changed",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        before=len(earlier),
        after=len(people),
        fields=_differing(earlier, people),
    )
    return demand


def _clean(given: ContactGiven) -> ContactGiven:
    person = replace(
        given,
        name=tidy(given.name),
        phone=phone_digits(given.phone),
        email=given.email.strip(),
        role=tidy(given.role),
        reach=tidy(given.reach),
    )
    if not (person.name or person.phone or person.email):
        raise ContactUnnamed
    lacks_mail = person.told_by == ToldBy.MAIL and not person.email
    lacks_mobile = person.told_by == ToldBy.SMS and not _MOBILE.fullmatch(person.phone)
    if lacks_mail or lacks_mobile:
        raise ContactAddressMissing(
            name=person.name or person.phone or person.email, way=ToldBy(person.told_by).label
        )
    return person


def _row(demand: Demand, person: ContactGiven) -> ContactPerson:
    values = {each.name: getattr(person, each.name) for each in fields(person)}
    return ContactPerson(demand=demand, **values)


def _differing(earlier: list[ContactGiven], later: list[ContactGiven]) -> list[str]:
    """The names of the fields in which the two lists differ, place by place."""
    pairs = list(zip(earlier, later, strict=False))
    return [
        each.name
        for each in fields(ContactGiven)
        if any(getattr(a, each.name) != getattr(b, each.name) for a, b in pairs)
    ]
