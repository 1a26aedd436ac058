"""What is told to the enterprise also reaches the contact persons who want it, each once."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping

from lianqi.accounts.models import User
from lianqi.demands.enums import ToldBy
from lianqi.demands.models import ContactPerson, Demand
from lianqi.engines.text import phone_digits
from lianqi.notices.actions import write_letter
from lianqi.notices.enums import Channel


def write_to_contacts(
    demand: Demand,
    event: str,
    *,
    names: Mapping[str, object],
    at: dt.datetime,
    told: Collection[User],
) -> None:
    """Write to the contact persons who want to be written to; on behalf of what happened.

    Whoever has an account that is told as well gets it there, the way that person chose, and not
    a second time. Two persons with one address get one message.

    Args:
        demand: The demand.
        event: As for `notify`.
        names: As for `notify`.
        at: Now.
        told: The people with an account who are told of the same.
    """
    active = [person for person in told if person.is_active]
    met = {person.email.lower() for person in active} | {
        phone_digits(person.mobile) for person in active
    }
    for person in ContactPerson.objects.of(demand).told():
        if person.email.lower() in met - {""} or person.phone in met - {""}:
            continue
        is_mail = person.told_by == ToldBy.MAIL
        address = person.email if is_mail else person.phone
        met.add(address.lower())
        # The key holds no address: it outlives the text of the letter.
        mark = hashlib.sha256(address.lower().encode()).hexdigest()[:12]
        write_letter(
            address,
            event=event,
            names=names,
            at=at,
            key=f"{event}:{demand.pk}:{at.isoformat()}:{mark}",
            channel=Channel.MAIL if is_mail else Channel.SMS,
        )
