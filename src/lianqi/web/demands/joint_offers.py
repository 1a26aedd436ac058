"""Assisting and transferring as the page of a demand offers and tells them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import Step
from lianqi.demands.models import Assistance, Demand, TransferRequest
from lianqi.web.demands.objection_offers import may_object
from lianqi.work.models import WorkItem

JOINT_VERBS = frozenset(
    {
        "add_assistance",
        "remove_assistance",
        "contribute",
        "ask_transfer",
        "transfer",
        "refuse_transfer",
    }
)


def may_join(
    verb: str, demand: Demand, *, user: User, at: dt.datetime, owed: Iterable[WorkItem]
) -> bool:
    """The conditions of `actions.assisting`, `.transferring` and of objecting.

    A request to transfer and its work item are opened and closed together, so `owed` tells.
    """
    if verb == "object":
        return may_object(demand, user=user, at=at)
    if not user.has_perm(f"demands.{verb}", demand):
        return False
    if verb == "remove_assistance":
        return demand.assistances.owed().exists()
    if verb == "contribute":
        parts = demand.assistances.owed().select_related("unit")
        return any(user.has_perm("demands.contribute_for", each) for each in parts)
    if verb == "ask_transfer":
        return not any(each.step == Step.TRANSFER for each in owed)
    return True


def joint_preset(verb: str, demand: Demand) -> tuple[dict[str, object], str]:
    """What a form holds at first, and the sentence above it."""
    if verb == "add_assistance":
        return {}, _(
            "%(unit)s leads and answers; the assisting unit has a time limit of its own."
        ) % {"unit": demand.unit}
    if verb == "contribute":
        asked = demand.assistances.owed().first()
        return {}, asked.request if asked else ""
    if verb == "transfer":
        pending = demand.transfer_requests.pending().first()
        words = _("The time for the answer runs on; the other unit takes it over as it stands.")
        return {"unit": pending.proposed_id if pending else None}, words
    if verb == "ask_transfer":
        return {}, _("The dispatcher decides. The time for the answer runs on.")
    return {}, ""


def narrow_units(form: forms.Form, verb: str, demand: Demand) -> None:
    """Offer only the units whose part can be taken back."""
    field = form.fields.get("unit")
    if verb == "remove_assistance" and isinstance(field, forms.ModelChoiceField):
        field.queryset = Unit.objects.filter(assistances__in=demand.assistances.owed())


@dataclass(frozen=True, slots=True)
class Joint:
    """What units do with one another about a demand, for those of the zone."""

    assistances: list[Assistance]
    transfers: list[TransferRequest]


def told_joint(demand: Demand, items: Iterable[WorkItem], reader: User) -> Joint:
    """The parts of the assisting units and the requests to transfer; `reader` sees the demand.

    All its work items, past ones too, tell whether there is anything to ask for.
    """
    if not reader.is_zone_staff:
        return Joint([], [])
    was_asked = any(each.step == Step.TRANSFER for each in items)
    return Joint(
        list(demand.assistances.standing().for_page()) if demand.assisting else [],
        list(demand.transfer_requests.for_page()) if was_asked else [],
    )
