"""Where an enterprise belongs: places in industry chains, lists of key enterprises."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import locked, locked_survivor, require
from lianqi.register.errors import NoLongerInUse, RemovedMeanwhile
from lianqi.register.models import Chain, ChainPlace, Enterprise, KeyList
from lianqi.register.queries import with_merged_ids


@transaction.atomic
def place_in_chain(
    enterprise_id: int, *, chain: Chain, layer: str, by: User, at: dt.datetime
) -> ChainPlace:
    """Say where the enterprise stands in a chain; saying it again changes the layer.

    Raises:
        NoLongerInUse: The chain was taken out of use, and the enterprise does not stand in it yet.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.change", enterprise)
    is_placed = ChainPlace.objects.filter(enterprise=enterprise, chain=chain).exists()
    if not (chain.is_active or is_placed):
        raise NoLongerInUse(name=chain.name)
    place, _created = ChainPlace.objects.update_or_create(
        enterprise=enterprise, chain=chain, defaults={"layer": tidy(layer)}
    )
    record(
        "register.placed_in_chain",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        chain=chain.name,
        layer=place.layer,
    )
    return place


@transaction.atomic
def take_out_of_chain(place_id: int, *, by: User, at: dt.datetime) -> None:
    """Say that the enterprise stands in this chain no more."""
    place = ChainPlace.objects.select_related("enterprise", "chain").get(pk=place_id)
    enterprise = locked_survivor(place.enterprise)
    require(by, "register.change", enterprise)
    if not ChainPlace.objects.filter(pk=place_id).exists():
        raise RemovedMeanwhile
    place.delete()
    record(
        "register.taken_out_of_chain",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        chain=place.chain.name,
        layer=place.layer,
    )


@transaction.atomic
def put_on_list(key_list: KeyList, *, enterprise: Enterprise, by: User, at: dt.datetime) -> None:
    """Put an enterprise on a list of key enterprises; one that is on it stays, unsaid.

    Raises:
        NoLongerInUse: The list was taken out of use.
    """
    enterprise = locked(enterprise.pk)
    require(by, "register.change", enterprise)
    if key_list.members.filter(pk=enterprise.pk).exists():
        return
    if not key_list.is_active:
        raise NoLongerInUse(name=key_list.name)
    key_list.members.add(enterprise)
    _note_list("register.put_on_list", key_list, enterprise, by=by, at=at)


@transaction.atomic
def take_off_list(key_list: KeyList, *, enterprise: Enterprise, by: User, at: dt.datetime) -> None:
    """Take an enterprise off a list, under its own entry and under those merged into it."""
    enterprise = locked(enterprise.pk)
    require(by, "register.change", enterprise)
    on_it = key_list.members.filter(pk__in=with_merged_ids(enterprise))
    if not on_it.exists():
        return
    key_list.members.remove(*on_it)
    _note_list("register.taken_off_list", key_list, enterprise, by=by, at=at)


def _note_list(
    verb: str, key_list: KeyList, enterprise: Enterprise, *, by: User, at: dt.datetime
) -> None:
    record(verb, enterprise, by=by, at=at, enterprise_id=enterprise.pk, key_list=key_list.name)
