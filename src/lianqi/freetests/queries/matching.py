"""Which institutes fit a test, best first, with the reasons in words. Nothing is decided here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianqi.engines.calendar import WorkCalendar
from lianqi.freetests.models import Accreditation, FreeTest, Institute, LabOffer
from lianqi.freetests.queries.places import Places, places_of
from lianqi.work.queries import current_calendar

MOST_INSTITUTES = 200
"""More than any zone works with; the ones added last are left out."""


@dataclass(frozen=True, slots=True)
class Match:
    """An institute as it would serve a test.

    `offers`: one for each wanted item that it tests, by the wanted standard where it has that;
    `lacking`: what it does not test; `reasons`: sentences in the reader's language, the most
    important first.
    """

    institute: Institute
    offers: tuple[LabOffer, ...]
    lacking: tuple[str, ...]
    other_standard: tuple[str, ...]
    valid: tuple[Accreditation, ...]
    places: Places
    days: int
    ready_on: dt.date
    is_in_time: bool
    reasons: tuple[str, ...]

    @property
    def is_orderable(self) -> bool:
        """Whether every item that it tests could be ordered today."""
        return self.takes_orders and len(self.offers) <= self.places.left

    @property
    def takes_orders(self) -> bool:
        """Whether anything at all could be ordered today."""
        return bool(self.valid) and self.places.left > 0

    @property
    def saved(self) -> Decimal:
        """What the items cost elsewhere, in yuan."""
        return sum((offer.price for offer in self.offers), Decimal("0.00"))


def matches_for(test: FreeTest, *, on: dt.date) -> list[Match]:
    """Institutes that test something of what is still without an order, the best first.

    Best is: everything covered, accredited today, enough free places, in time, by the standard
    that was asked for; then the earlier result, then more places. The number of queries does not
    grow with the institutes.
    """
    wanted = test.items_without_order()
    institutes = list(
        Institute.objects.in_use()
        .filter(offers__in=LabOffer.objects.standing().filter(item__in=wanted))
        .distinct()
        .prefetch_related("accreditations")
        .order_by("pk")[:MOST_INSTITUTES]
    )
    offers: dict[int, list[LabOffer]] = {}
    standing = LabOffer.objects.standing().filter(institute__in=institutes, item__in=wanted)
    for offer in standing.order_by("pk"):
        offers.setdefault(offer.institute_id, []).append(offer)
    places = places_of(institutes, on=on, enterprise_id=test.enterprise_id)
    calendar = current_calendar()
    found = [
        _match(test, wanted, each, offers.get(each.pk, []), places[each.pk], calendar, on=on)
        for each in institutes
    ]
    return sorted(found, key=_rank)


def _rank(match: Match) -> tuple[int | bool, ...]:
    return (
        len(match.lacking),
        not match.valid,
        not match.is_orderable,
        not match.is_in_time,
        len(match.other_standard),
        match.days,
        -match.places.left,
        match.institute.pk,
    )


def _match(
    test: FreeTest,
    wanted: Sequence[str],
    institute: Institute,
    offers: Sequence[LabOffer],
    places: Places,
    calendar: WorkCalendar,
    *,
    on: dt.date,
) -> Match:
    chosen = [offer for item in wanted if (offer := _best(offers, item, test.standard))]
    covered = {offer.item for offer in chosen}
    days = max((offer.days for offer in chosen), default=0)
    ready_on = calendar.add_working_days(on, days)
    valid = tuple(each for each in institute.accreditations.all() if each.is_valid(on))
    lacking = tuple(item for item in wanted if item not in covered)
    other = tuple(
        offer.item for offer in chosen if test.standard and not _is_by(offer, test.standard)
    )
    is_in_time = test.wanted_by is None or ready_on <= test.wanted_by
    reasons = (
        *_about_items(chosen, lacking, other, test.standard),
        _about_accreditation(valid),
        _about_places(places, len(chosen)),
        _about_time(days, ready_on, is_in_time=is_in_time),
    )
    return Match(
        institute=institute,
        offers=tuple(chosen),
        lacking=lacking,
        other_standard=other,
        valid=valid,
        places=places,
        days=days,
        ready_on=ready_on,
        is_in_time=is_in_time,
        reasons=reasons,
    )


def _best(offers: Sequence[LabOffer], item: str, standard: str) -> LabOffer | None:
    """By the standard that was asked for; otherwise what is ready first."""
    of_item = [offer for offer in offers if offer.item == item]
    return min(
        of_item, key=lambda each: (not _is_by(each, standard), each.days, each.pk), default=None
    )


def _is_by(offer: LabOffer, standard: str) -> bool:
    """Whether an offer names a standard, however much of its title either of them cites."""
    asked, named = _plain(standard), _plain(offer.standard)
    return bool(asked) and (asked in named or named in asked)


def _plain(standard: str) -> str:
    return "".join(standard.split()).replace("—", "-").replace("–", "-").lower()


def _about_items(
    chosen: Sequence[LabOffer], lacking: Sequence[str], other: Sequence[str], standard: str
) -> list[str]:
    said = [_("Tests %(items)s.") % {"items": _listed([str(each) for each in chosen])}]
    if lacking:
        said.append(_("Does not test %(items)s.") % {"items": _listed(lacking)})
    if other:
        said.append(
            _("Tests %(items)s by another standard than %(standard)s.")
            % {"items": _listed(other), "standard": standard}
        )
    return said


def _about_accreditation(valid: Sequence[Accreditation]) -> str:
    if not valid:
        return _("No accreditation is valid today: nothing can be ordered here.")
    named = [
        _("%(accreditation)s until %(day)s")
        % {"accreditation": each, "day": date_format(each.valid_until)}
        for each in valid
    ]
    return _("Accredited: %(named)s.") % {"named": _listed(named)}


def _about_places(places: Places, asked: int) -> str:
    if not places.is_in_force:
        return _("Offers no free tests at this time.")
    if places.left < asked:
        return _("Not enough free places: %(left)d left, %(asked)d needed.") % {
            "left": places.left,
            "asked": asked,
        }
    return ngettext("%(left)d free place left.", "%(left)d free places left.", places.left) % {
        "left": places.left
    }


def _about_time(days: int, ready_on: dt.date, *, is_in_time: bool) -> str:
    said = {"days": days, "day": date_format(ready_on)}
    if is_in_time:
        return _("Result after %(days)d working days, about %(day)s.") % said
    return _("Result after %(days)d working days, about %(day)s: later than wanted.") % said


def _listed(names: Sequence[str]) -> str:
    return _(", ").join(names)
