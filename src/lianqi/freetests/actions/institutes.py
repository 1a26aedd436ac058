"""Institutes: added, changed, accredited; what they offer."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.freetests.enums import Accreditor
from lianqi.freetests.errors import (
    AccreditationExpired,
    AccreditationIncomplete,
    InstituteIncomplete,
    InstituteKnown,
    OfferIncomplete,
    OfferKnown,
    OfferWithdrawn,
    QuotaPeriodWrong,
)
from lianqi.freetests.models import Accreditation, Institute, LabOffer
from lianqi.register.models import Enterprise
from lianqi.work.queries import local_date


@dataclass(frozen=True, slots=True)
class InstituteTerms:
    """What is known of an institute, and how much it tests for nothing.

    `enterprise`: its entry in the register; `free_items` 0 means none, and then no days.
    """

    name: str
    contact_name: str
    contact_phone: str
    address: str = ""
    enterprise: Enterprise | None = None
    free_items: int = 0
    free_a_month: int | None = None
    free_an_enterprise: int | None = None
    free_from: dt.date | None = None
    free_until: dt.date | None = None
    is_active: bool = True


FIELDS = (
    "name", "contact_name", "contact_phone", "address", "enterprise", "free_items",
    "free_a_month", "free_an_enterprise", "free_from", "free_until", "is_active",
)  # fmt: skip


@transaction.atomic
def add_institute(terms: InstituteTerms, *, by: User, at: dt.datetime) -> Institute:
    """Put an institute on the list.

    Raises:
        InstituteIncomplete, QuotaPeriodWrong: Nobody could order by these terms.
        InstituteKnown: The name or the entry of the register is on the list.
    """
    if not by.has_perm("freetests.add_institute"):
        raise PermissionDenied
    institute = Institute(added_at=at)
    _write(institute, terms)
    _record("freetests.institute_added", institute, by=by, at=at)
    return institute


@transaction.atomic
def change_institute(
    institute_id: int, terms: InstituteTerms, *, by: User, at: dt.datetime
) -> Institute:
    """Replace the terms. Orders that were placed keep their places, whatever is left then.

    Raises:
        InstituteIncomplete, QuotaPeriodWrong: Nobody could order by these terms.
        InstituteKnown: The name or the entry of the register is another institute's.
    """
    institute = _locked(institute_id, by=by)
    before = {name: getattr(institute, name) for name in FIELDS}
    _write(institute, terms)
    changed = [name for name in FIELDS if getattr(institute, name) != before[name]]
    _record("freetests.institute_changed", institute, by=by, at=at, changed=changed)
    return institute


@transaction.atomic
def accredit(
    institute_id: int,
    *,
    accreditor: Accreditor,
    number: str,
    valid_until: dt.date,
    by: User,
    at: dt.datetime,
) -> Accreditation:
    """Note a certificate; one whose number is known gets the new last day.

    Raises:
        AccreditationIncomplete: The number is missing.
    """
    institute = _locked(institute_id, by=by)
    if not number.strip():
        raise AccreditationIncomplete
    found, _is_new = Accreditation.objects.update_or_create(
        institute=institute,
        accreditor=accreditor,
        number=number.strip(),
        defaults={"valid_until": valid_until},
    )
    _record(
        "freetests.accredited", institute, by=by, at=at,
        accreditation=str(accreditor), number=found.number, valid_until=valid_until.isoformat(),
    )  # fmt: skip
    return found


@transaction.atomic
def offer_test(
    institute_id: int,
    *,
    standard: str,
    item: str,
    samples: str,
    days: int,
    price: Decimal,
    by: User,
    at: dt.datetime,
) -> LabOffer:
    """Add an item that the institute tests by a standard.

    Raises:
        AccreditationExpired: What vouched for the institute has run out. One that was just put on
            the list may enter first what it tests.
        OfferIncomplete: Nobody could order it as it stands.
        OfferKnown: It is offered already; another price is a new line after the old one.
    """
    institute = _locked(institute_id, by=by)
    until = institute.accredited_until
    if until is not None and until < local_date(at):
        raise AccreditationExpired(institute=institute, day=until)
    standard, item, samples = standard.strip(), item.strip(), samples.strip()
    if not (standard and item and samples and days > 0 and price >= 0):
        raise OfferIncomplete
    if institute.offers.standing().filter(standard=standard, item=item).exists():
        raise OfferKnown(institute=institute, item=item, standard=standard)
    offer = LabOffer.objects.create(
        institute=institute, standard=standard, item=item, samples=samples, days=days, price=price
    )
    _record(
        "freetests.test_offered", institute, by=by, at=at,
        standard=standard, item=item, days=days, price=str(price),
    )  # fmt: skip
    return offer


@transaction.atomic
def withdraw_offer(offer_id: int, *, by: User, at: dt.datetime) -> LabOffer:
    """The institute no longer tests this; what was ordered stays.

    Raises:
        OfferWithdrawn: It was withdrawn meanwhile.
    """
    offer = LabOffer.objects.get(pk=offer_id)
    institute = _locked(offer.institute_id, by=by)
    offer.refresh_from_db(fields=["withdrawn_at"])
    if offer.withdrawn_at is not None:
        raise OfferWithdrawn(institute=institute, item=offer.item)
    offer.withdrawn_at = at
    offer.save(update_fields=["withdrawn_at"])
    _record(
        "freetests.offer_withdrawn", institute, by=by, at=at,
        standard=offer.standard, item=offer.item,
    )  # fmt: skip
    return offer


def _locked(institute_id: int, *, by: User) -> Institute:
    institute = Institute.objects.select_for_update().get(pk=institute_id)
    if not by.has_perm("freetests.change_institute", institute):
        raise PermissionDenied
    return institute


def _write(institute: Institute, terms: InstituteTerms) -> None:
    texts = (terms.name, terms.contact_name, terms.contact_phone)
    if not all(text.strip() for text in texts):
        raise InstituteIncomplete
    first, last = terms.free_from, terms.free_until
    if terms.free_items:
        is_period = first is not None and last is not None and first <= last
    else:
        is_period = first is None and last is None
    if not is_period:
        raise QuotaPeriodWrong
    for name in FIELDS:
        value = getattr(terms, name)
        setattr(institute, name, value.strip() if isinstance(value, str) else value)
    try:
        with transaction.atomic():
            institute.save()
    except IntegrityError:
        # The name or the entry of the register is taken; both are unique.
        raise InstituteKnown(name=institute.name) from None


def _record(
    verb: str, institute: Institute, *, by: User, at: dt.datetime, **detail: object
) -> None:
    record(
        verb, institute, by=by, at=at, enterprise_id=institute.enterprise_id,
        name=institute.name, **detail,
    )  # fmt: skip
