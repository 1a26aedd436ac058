"""Merging as the page of a demand offers and tells it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianqi.accounts.models import User
from lianqi.demands.actions import MOST_MERGED
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand

MERGE_VERBS = frozenset({"merge", "unmerge"})


@dataclass(frozen=True, slots=True)
class Merged:
    """What a reader may know of the merge: an enterprise only that there is one.

    Attributes:
        survivor: The demand it rides or rode with; None where there is none or it may not be known.
        is_riding: Whether it still waits for the other one's answer.
        riders: What was merged into this one, for those of the zone.
    """

    survivor: Demand | None
    is_riding: bool
    riders: list[Demand]

    @property
    def waiting(self) -> int:
        """How many riders wait for the answer to this demand."""
        return sum(each.status == DemandStatus.MERGED for each in self.riders)


def told_merge(demand: Demand, reader: User) -> Merged:
    """One query for those of the zone; for others none, unless the demand was merged."""
    survivor = None
    if demand.merged_into_id is not None:
        survivor = Demand.objects.visible_to(reader).filter(pk=demand.merged_into_id).first()
    riders = demand.merged.for_list().order_by("pk")[:MOST_MERGED] if reader.is_zone_staff else ()
    return Merged(survivor, demand.status == DemandStatus.MERGED, list(riders))


def merge_preset(verb: str, _demand: Demand, nearest: str) -> tuple[dict[str, object], str]:
    """What a form holds at first, and the sentence above it."""
    if verb == "merge":
        return {"into": nearest}, _(
            "The enterprise is told that its demand is handled together with a similar one, but "
            "not whose. It gets the answer, confirms it and rates it for itself."
        )
    return {}, _("It waits for dispatch again, with a new time limit.")


def riders_in_words(count: int) -> str:
    """Said above the answer: how many others read it. Empty where nobody does."""
    if not count:
        return ""
    return ngettext(
        "%(count)d merged demand gets the same answer: name no enterprise in it.",
        "%(count)d merged demands get the same answer: name no enterprise in it.",
        count,
    ) % {"count": count}
