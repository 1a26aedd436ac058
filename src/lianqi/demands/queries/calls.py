"""Who is calling, what was asked from this number, and how many calls there were."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from lianqi.accounts.models import User
from lianqi.demands.enums import SATISFIED, Channel, Closure, Solved
from lianqi.demands.models import ContactPerson, Demand, PhoneConfirmation
from lianqi.engines.text import phone_digits
from lianqi.register.models import Contact, Enterprise, Membership

MOST_FIRMS, MOST_CALLS = 10, 5
FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose number it may be: firms with the name of the person, most likely first."""

    firms: list[Enterprise]
    name: str
    calls: list[Demand]


def caller_of(phone: str, *, user: User) -> Caller:
    """What contacts, accounts and earlier demands say about a number; as `user` may see it."""
    digits = phone_digits(phone)
    if len(digits) < FEWEST_DIGITS:
        return Caller([], "", [])
    contacts = list(Contact.objects.filter(mobile=digits).order_by("-is_main", "pk")[:MOST_FIRMS])
    members = Membership.objects.confirmed().filter(user__mobile=digits, user__is_active=True)
    people = list(members.select_related("user").order_by("pk")[:MOST_FIRMS])
    earlier = Demand.objects.visible_to(user).called_from(digits)
    calls = list(earlier.for_list()[:MOST_CALLS])
    ids = [each.enterprise_id for each in contacts]
    ids += [each.enterprise_id for each in people]
    ids += [each.enterprise_id for each in calls if each.enterprise_id]
    known = Enterprise.objects.visible_to(user).living().in_bulk(ids)
    firms = [known[pk] for pk in dict.fromkeys(ids) if pk in known]
    names = [each.name for each in contacts]
    names += [each.user.name for each in people if each.user]
    called = ContactPerson.objects.filter(demand__in=calls, phone=digits).order_by("-pk")
    names += [each.name for each in called if each.name]
    return Caller(firms[:MOST_FIRMS], names[0] if names else "", calls)


@dataclass(frozen=True, slots=True)
class CallCount:
    """Calls that one person took on one day."""

    day: dt.date
    operator: str
    calls: int
    answered_at_once: int

    @property
    def became_demands(self) -> int:
        return self.calls - self.answered_at_once


@dataclass(frozen=True, slots=True)
class HeardCount:
    """What callers without an account said of answers, counted apart from all ratings."""

    confirmed: int
    solved: int
    rated: int
    satisfied: int


def heard_counts(first: dt.date, last: dt.date) -> HeardCount:
    """Heard on these days, both included."""
    heard = PhoneConfirmation.objects.heard_within(first, last)
    return HeardCount(
        **heard.aggregate(
            confirmed=Count("pk"),
            solved=Count("pk", filter=Q(solved=Solved.YES)),
            rated=Count("pk", filter=~Q(rating="")),
            satisfied=Count("pk", filter=Q(rating__in=SATISFIED)),
        )
    )


def call_counts(first: dt.date, last: dt.date) -> list[CallCount]:
    """By day and operator, both days included, newest day first."""
    rows = (
        Demand.objects.filter(filed_on__gte=first, filed_on__lte=last, channel=Channel.PHONE)
        .values_list("filed_on", "filed_by__name", "filed_by_id")
        .annotate(calls=Count("pk"), at_once=Count("pk", filter=Q(closure=Closure.AT_ONCE)))
        .order_by("-filed_on", "filed_by_id")
    )
    return [CallCount(day, name or "", calls, closed) for day, name, _pk, calls, closed in rows]
