"""Facts, titles, contacts, chains and lists of one enterprise."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import locked, require
from lianqi.register.actions.fields import plain
from lianqi.register.actions.sizing import reclassify
from lianqi.register.enums import Qualifier, TitleLevel
from lianqi.register.errors import ContactRecorded, PurposeMissing, TitleRecorded
from lianqi.register.models import Chain, ChainPlace, Contact, Enterprise, Fact, KeyList, Title

SHORTEST_PURPOSE = 2


@transaction.atomic
def add_fact(
    enterprise_id: int,
    *,
    key: str,
    value: Decimal,
    unit: str,
    period: str,
    source: str,
    by: User,
    at: dt.datetime,
    observed_at: dt.datetime | None = None,
    qualifier: Qualifier = Qualifier.EXACT,
) -> Fact:
    """Add an observation; earlier ones of the same period stay. The size class follows.

    Args:
        value: Money in yuan, people as a number.
        period: 2025, 2025-H1 or 2025-06.
        observed_at: When the source stated it; `at` if not known.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.change", enterprise)
    fact = Fact.objects.create(
        enterprise=enterprise,
        key=key,
        value=value,
        unit=unit,
        period=period,
        source=source,
        observed_at=observed_at or at,
        qualifier=qualifier,
    )
    if reclassify([enterprise]):
        enterprise.save(update_fields=["size_class", "size_reason"])
    record(
        "register.fact_added",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        key=key,
        value=plain(value),
        unit=unit,
        period=period,
        source=source,
    )
    return fact


@transaction.atomic
def add_title(
    enterprise_id: int,
    *,
    label: str,
    level: TitleLevel,
    by: User,
    at: dt.datetime,
    batch: str = "",
    granted_on: dt.date | None = None,
    valid_until: dt.date | None = None,
    source: str = "",
) -> Title:
    """Add a recognition.

    Raises:
        TitleRecorded: The same title of this level and batch is there.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.change", enterprise)
    title, created = Title.objects.get_or_create(
        enterprise=enterprise,
        label=tidy(label),
        level=level,
        batch=tidy(batch),
        defaults={"granted_on": granted_on, "valid_until": valid_until, "source": source},
    )
    if not created:
        raise TitleRecorded(label=title.label)
    record(
        "register.title_added",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        label=title.label,
        level=level,
        batch=title.batch,
        valid_until=plain(valid_until),
    )
    return title


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
    """Add a person to speak to. The audit trail keeps no personal data of the contact.

    Raises:
        ContactRecorded: The same person with the same number is there.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.change", enterprise)
    contact, created = Contact.objects.get_or_create(
        enterprise=enterprise,
        name=tidy(name),
        mobile=mobile,
        defaults={"position": tidy(position), "email": email, "is_main": is_main},
    )
    if not created:
        raise ContactRecorded(name=contact.name)
    record(
        "register.contact_added",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        contact=contact.pk,
    )
    return contact


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


@transaction.atomic
def place_in_chain(
    enterprise_id: int, *, chain: Chain, layer: str, by: User, at: dt.datetime
) -> ChainPlace:
    """Say where the enterprise stands in a chain; saying it again changes the layer."""
    enterprise = locked(enterprise_id)
    require(by, "register.change", enterprise)
    place, _created = ChainPlace.objects.update_or_create(
        enterprise=enterprise, chain=chain, defaults={"layer": tidy(layer)}
    )
    record(
        "register.placed_in_chain",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        chain=chain.name,
        layer=place.layer,
    )
    return place


@transaction.atomic
def put_on_list(key_list: KeyList, *, enterprise: Enterprise, by: User, at: dt.datetime) -> None:
    """Put an enterprise on a list of key enterprises."""
    require(by, "register.change", enterprise)
    key_list.members.add(enterprise)
    record(
        "register.put_on_list",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        key_list=key_list.name,
    )
