"""Objections as the page of a demand tells and offers them."""

import datetime as dt

from django.utils.translation import gettext as _

from lianqi.accounts.models import User
from lianqi.demands.actions import objection_until
from lianqi.demands.models import ARBITRATED, Demand, Objection
from lianqi.work.queries import local_minute

OBJECTION_VERBS = frozenset({"object", "uphold", "overrule", "arbitrate"})


def may_object(demand: Demand, *, user: User, at: dt.datetime) -> bool:
    """The conditions of `object_to_dispatch`."""
    if not user.has_perm("demands.object", demand) or at > objection_until(demand):
        return False
    earlier = list(demand.objections.values_list("unit_id", flat=True))
    return len(earlier) < ARBITRATED and demand.unit_id not in earlier


def objection_preset(verb: str, demand: Demand) -> tuple[dict[str, object], str]:
    """What a form of an objection holds at first, and the sentence above it."""
    if verb == "object":
        return {}, _(
            "You can object until %(until)s, once. Until it is decided the time to accept stands; "
            "if it is not upheld, the time for the answer counts from your objection."
        ) % {"until": local_minute(objection_until(demand))}
    if verb == "arbitrate":
        return {}, _("Your decision is final: no unit can object to it.")
    if verb == "uphold":
        pending = demand.objections.pending().first()
        return {"unit": pending.proposed_id if pending else None}, ""
    return {}, _("The unit has to accept, in the time that it had left.")


def told_objections(demand: Demand, reader: User) -> list[Objection]:
    """The objections to a demand, in their order, for those of the zone."""
    return list(Objection.objects.visible_to(reader).filter(demand=demand).for_page())
