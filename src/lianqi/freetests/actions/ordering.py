"""Orders: the force takes free places of an institute, and gives them back."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.freetests.actions.moving import (
    end,
    locked_order,
    locked_test,
    next_number,
    note_order,
    owe,
    settle_test,
    tell_firm,
)
from lianqi.freetests.enums import FreeTestStep
from lianqi.freetests.errors import (
    InstituteNotInUse,
    ItemNotWanted,
    NoFreePlaces,
    NotAccredited,
    NothingChosen,
    OfferWithdrawn,
)
from lianqi.freetests.models import FreeTest, Institute, LabItem, LabOffer, LabOrder
from lianqi.freetests.queries import matches_for, places_of
from lianqi.work.queries import local_date


@transaction.atomic
def place_order(
    test_id: int, *, institute: Institute, offers: Sequence[LabOffer], by: User, at: dt.datetime
) -> LabOrder:
    """Order items of an institute; the places are kept from this moment on.

    Args:
        offers: Lines of this institute, one for each item.

    Raises:
        InstituteNotInUse: It takes no orders.
        NotAccredited: Nothing vouches for it today.
        NothingChosen: No line of the institute is among them.
        OfferWithdrawn: A line is no longer offered.
        ItemNotWanted: An item is not asked for, is ordered elsewhere, or has passed.
        NoFreePlaces: Others took what was left.
    """
    test, _target = locked_test(test_id, "place", by=by)
    # Whoever orders from the same institute waits here, and then counts what is left.
    institute = Institute.objects.select_for_update().get(pk=institute.pk)
    lines, today = _chosen(test, institute, offers), local_date(at)
    if not institute.is_accredited(today):
        raise NotAccredited(institute=institute)
    places = places_of([institute], on=today, enterprise_id=test.enterprise_id)[institute.pk]
    if len(lines) > places.left:
        raise NoFreePlaces(institute=institute, left=places.left, asked=len(lines))
    fits = (match for match in matches_for(test, on=today) if match.institute.pk == institute.pk)
    match = next(fits, None)
    order = LabOrder.objects.create(
        number=next_number("WT", "freetests_order_number", at),
        test=test,
        institute=institute,
        reasons="\n".join(match.reasons)[:1000] if match else "",
        days=max(line.days for line in lines),
        placed_on=today,
        placed_at=at,
        placed_by=by,
    )
    LabItem.objects.bulk_create(
        LabItem(order=order, offer=line, item=line.item, standard=line.standard, price=line.price)
        for line in lines
    )
    settle_test(test, by=by, at=at)
    owe(order, FreeTestStep.ANSWER, by=by, at=at)
    note_order(
        "freetests.ordered", order, by=by, at=at,
        items=[line.item for line in lines], places_left=places.left - len(lines),
    )  # fmt: skip
    told = {"institute": institute, "items": _listed(lines)}
    tell_firm(institute.enterprise, test, "freetests.ordered", at=at, **told)
    tell_firm(test.enterprise, test, "freetests.ordered", at=at, **told)
    return order


@transaction.atomic
def cancel_order(order_id: int, *, reason: str, by: User, at: dt.datetime) -> LabOrder:
    """The force takes an order back before there is a result; its places are free again.

    Raises:
        ReasonMissing: Institute and enterprise read it.
    """
    order, target = locked_order(order_id, "cancel", by=by)
    end(order, target, reason, by=by, at=at)
    note_order("freetests.cancelled", order, by=by, at=at, reason=order.note)
    for firm in (order.institute.enterprise, order.test.enterprise):
        tell_firm(
            firm, order.test, "freetests.cancelled", at=at,
            institute=order.institute, reason=order.note,
        )  # fmt: skip
    return order


def _chosen(test: FreeTest, institute: Institute, offers: Sequence[LabOffer]) -> list[LabOffer]:
    if not institute.is_active:
        raise InstituteNotInUse(institute=institute)
    ids = {offer.pk for offer in offers}
    lines = list(LabOffer.objects.filter(institute=institute, pk__in=ids).order_by("pk"))
    if not lines or len(lines) < len(ids):
        raise NothingChosen(institute=institute)
    open_items = test.items_without_order()
    for line in lines:
        if line.withdrawn_at is not None:
            raise OfferWithdrawn(institute=institute, item=line.item)
        if line.item not in open_items:
            raise ItemNotWanted(item=line.item, number=test.number)
        open_items.remove(line.item)  # the same item by two standards is one too many
    return lines


def _listed(lines: Sequence[LabOffer]) -> str:
    return "、".join(line.item for line in lines)
