"""Similar demands beside the words just typed, and beside a demand that waits for dispatch."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from lianqi.accounts.models import User
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from lianqi.demands.queries import (
    CategoryHint,
    Near,
    near_duplicates,
    suggested_category,
)
from lianqi.register.models import EnterpriseQuerySet
from lianqi.web.paging import as_id

SHORTEST = 4
"""Fewer characters of a title tell nothing yet."""
_LONGEST_TITLE, _LONGEST_TEXT = 100, 5000
_WAITING = {DemandStatus.SUBMITTED, DemandStatus.DISPATCHED}


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known about a wording.

    Attributes:
        near: The likest demands.
        is_stopped: Whether filing was stopped so that somebody looks at them.
        category: What the classifier says, for whoever files on behalf of others.
        seen: Goes back with the form: these were shown.
    """

    near: list[Near] = field(default_factory=list)
    is_stopped: bool = False
    category: CategoryHint | None = None

    @property
    def nearest_number(self) -> str:
        """The number of the open demand that is probably the same matter; empty if none is."""
        alike = (near for near in self.near if near.is_nearly_the_same)
        return next((near.demand.number for near in alike if near.waits_for_an_answer), "")

    @property
    def seen(self) -> str:
        return ",".join(str(near.demand.pk) for near in self.near)


def hints_for_filing(
    given: Mapping[str, str], *, user: User, firms: EnterpriseQuerySet, on_behalf: bool
) -> Hints:
    """Hints for a demand that is being typed.

    Args:
        given: The fields of the form as they are.
        user: Whoever types; only demands this person may see are named.
        firms: The enterprises the person may file for.
        on_behalf: Whether to look across enterprises: never for an enterprise's own people.
    """
    title = given.get("title", "").strip()[:_LONGEST_TITLE]
    if len(title) < SHORTEST:
        return Hints()
    chosen = as_id(given.get("enterprise", ""))
    firm = firms.filter(pk=chosen).values_list("pk", flat=True).first() if chosen else None
    text = given.get("text", "")[:_LONGEST_TEXT]
    near = near_duplicates(
        title,
        text,
        among=Demand.objects.visible_to(user),
        enterprise_id=firm,
        across=on_behalf,
        on=timezone.localdate(),
        without=_filed_with_this_form(given, user),
    )
    return Hints(near, category=suggested_category(title, text) if on_behalf else None)


def _filed_with_this_form(given: Mapping[str, str], user: User) -> int | None:
    """The demand that a first click filed already: it is no duplicate of itself."""
    key = given.get("idempotency_key", "")
    filed = Demand.objects.filter(filed_by=user, idempotency_key=key) if key else None
    return filed.values_list("pk", flat=True).first() if filed is not None else None


def is_overlooked(hints: Hints, given: Mapping[str, str]) -> bool:
    """Whether a nearly equal demand was found that the form did not show before."""
    seen = set(given.get("seen", "").split(","))
    return any(near.is_nearly_the_same and str(near.demand.pk) not in seen for near in hints.near)


def hints_for_dispatch(demand: Demand, *, user: User, at: dt.datetime) -> Hints:
    """Hints for the dispatcher of a demand that no unit has accepted yet; none for others."""
    if demand.status not in _WAITING or not user.has_perm("demands.dispatch", demand):
        return Hints()
    today = timezone.localdate(at)
    near = near_duplicates(
        demand.title,
        demand.text,
        among=Demand.objects.visible_to(user),
        enterprise_id=demand.enterprise_id,
        across=True,
        on=today,
        without=demand.pk,
    )
    return Hints(near)
