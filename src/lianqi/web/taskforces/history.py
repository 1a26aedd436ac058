"""Who and what belonged to a task force, from when until when."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqi.taskforces.enums import UnitPart
from lianqi.taskforces.models import TaskForce


@dataclass(frozen=True, slots=True)
class Stay:
    """Something that belonged to a force for a time; `last` is the last day, or empty."""

    what: str
    name: str
    first: dt.date
    last: dt.date | None
    order: str


def history_of(force: TaskForce) -> list[Stay]:
    """Lead and member units, problem types and people, each in the order in which it came.

    Bounded by what an order names: units, categories and people of one force.
    """
    units = force.units.select_related("unit").order_by("part", "since", "pk")  # lead, member
    lead, member, kind, person = _("Lead unit"), _("Member unit"), _("Problem type"), _("Person")
    found = [
        _stay(
            lead if row.part == UnitPart.LEAD else member, row.unit, row.since, row.until, row.order
        )
        for row in units
    ]
    found += [
        Stay(str(kind), str(rule.category), rule.valid_from, rule.valid_to, rule.reason)
        for rule in force.duties
    ]
    return found + [
        _stay(person, f"{row.person}（{row.unit}）", row.joined_at, row.left_at, "")
        for row in force.members.with_people()
    ]


def _stay(
    what: str | Promise, name: object, since: dt.datetime, until: dt.datetime | None, order: str
) -> Stay:
    last = timezone.localdate(until) if until else None
    return Stay(str(what), str(name), timezone.localdate(since), last, order)
