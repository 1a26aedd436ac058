"""Writing down that a demand was filed for another enterprise, and telling that enterprise."""

import datetime as dt
from collections.abc import Mapping

from lianqi.audit.actions import record
from lianqi.demands.actions.contact_letters import write_to_contacts
from lianqi.demands.actions.moving import tell
from lianqi.demands.models import Demand, Representation
from lianqi.notices.actions import write_letter
from lianqi.notices.enums import Channel
from lianqi.register.models import Contact
from lianqi.register.queries import people_of


def begin_representation(demand: Demand, held: Representation, *, at: dt.datetime) -> None:
    """Tie the consent to the demand that was just filed; the represented enterprise is told.

    On behalf of the action that files, which asked its permission and checked the consent.
    """
    held.demand = demand
    held.save(force_insert=True)
    people = people_of(demand.enterprise) if demand.enterprise else []
    names = {"agent": held.acting, "person": held.consent_by, "until": held.object_until}
    tell(people, demand, "demand.filed_for_you", at=at, **names)
    said = {"number": demand.number, "title": demand.title, **names}
    write_to_contacts(demand, "demand.filed_for_you", names=said, at=at, told=people)
    if not people:
        _write_to_the_register(demand, said, at=at)
    record(
        "demand.represented",
        demand,
        by=held.filed_by,
        at=at,
        enterprise_id=demand.enterprise_id,
        agent=held.acting,
        way=held.consent_way,
        on=held.consent_on.isoformat(),
        covers=held.covers,
        until=held.object_until.isoformat(),
    )


def _write_to_the_register(demand: Demand, names: Mapping[str, object], *, at: dt.datetime) -> None:
    """Write to the main contact of the register, where nobody of the enterprise has an account."""
    contacts = Contact.objects.filter(enterprise=demand.enterprise)
    reachable = contacts.exclude(email="", mobile="").order_by("-is_main", "pk").first()
    if reachable is not None:
        write_letter(
            reachable.email or reachable.mobile,
            event="demand.filed_for_you",
            names=names,
            at=at,
            key=f"demand.filed_for_you:{demand.pk}",
            channel=Channel.MAIL if reachable.email else Channel.SMS,
        )
