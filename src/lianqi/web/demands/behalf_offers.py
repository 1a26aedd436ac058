"""The filing for another enterprise as the page of the demand tells it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lianqi.accounts.models import User
from lianqi.demands.models import Demand, Representation
from lianqi.engines.text import mask_name
from lianqi.work.queries import local_date

REPRESENTATION_VERBS = frozenset({"end_representation"})


@dataclass(frozen=True, slots=True)
class Told:
    """The consent, with the name masked for those who do not work on the matter."""

    held: Representation
    consent_by: str


def told_representation(demand: Demand, reader: User) -> Told | None:
    """Who filed it for the enterprise, by whose consent; None where nobody did."""
    held = (
        Representation.objects.visible_to(reader)
        .filter(demand=demand)
        .select_related("agent", "filed_by", "letter")
        .first()
    )
    if held is None:
        return None
    # Whoever filed wrote the name down and may read it.
    plain = reader.has_perm("demands.reveal_contact", demand) or (
        Representation.objects.filed_by(reader).filter(pk=held.pk).exists()
    )
    return Told(held, held.consent_by if plain else mask_name(held.consent_by))


def is_in_time(demand: Demand, at: dt.datetime) -> bool:
    """Whether the represented enterprise may still object."""
    held = Representation.objects.filter(demand=demand).first()
    return held is not None and held.can_be_objected_to(local_date(at))


def representation_preset(_verb: str, demand: Demand) -> tuple[dict[str, object], str]:
    """What the form holds at first, and the sentence above it."""
    held = demand.representation
    return {"goes_on": "yes"}, _(
        "%(agent)s filed this demand for your enterprise. You may object until %(day)s; who filed "
        "it then sees it no more."
    ) % {"agent": held.acting, "day": date_format(held.object_until, "Y-m-d")}
