"""What a row would change: the difference between what it says and what the register holds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lianqi.register.actions.importing.reading import Values
from lianqi.register.models import (
    ChainPlace,
    Contact,
    Enterprise,
    Fact,
    FormerName,
    KeyList,
    Title,
)

SIMPLE = (
    "name", "status", "type", "district", "address", "legal_representative",
)  # fmt: skip


@dataclass
class Known:
    """What the register holds about one enterprise before a row is applied."""

    enterprise: Enterprise | None = None
    former_names: set[str] = field(default_factory=set)
    facts: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    titles: dict[tuple[str, str, str], Title] = field(default_factory=dict)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)
    chains: dict[str, ChainPlace] = field(default_factory=dict)
    key_lists: set[str] = field(default_factory=set)


@dataclass
class Delta:
    """What applying a row adds or replaces; empty when the row says nothing new."""

    fields: dict[str, Any] = field(default_factory=dict)
    former_names: list[str] = field(default_factory=list)
    facts: list[dict[str, str]] = field(default_factory=list)
    titles: list[list[str]] = field(default_factory=list)
    contact: list[str] = field(default_factory=list)
    chains: list[list[str]] = field(default_factory=list)
    key_lists: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(vars(self).values())


def load_known(codes: Collection[str], *, lock: bool = False) -> dict[str, Known]:
    """Everything about the enterprises with these codes, in eight queries however many they are."""
    rows = Enterprise.objects.filter(code__in=codes).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    known: defaultdict[int, Known] = defaultdict(Known)
    for enterprise in rows.select_related("merged_into", "park"):
        known[enterprise.pk].enterprise = enterprise
    ids = list(known)
    if ids:
        _load_details(known, ids)
    return {each.enterprise.code: each for each in known.values() if each.enterprise}


def _load_details(known: dict[int, Known], ids: list[int]) -> None:
    for former in FormerName.objects.filter(enterprise_id__in=ids):
        known[former.enterprise_id].former_names.add(former.name)
    # Ascending, so that the newest observation of a period is the one that stays.
    facts = Fact.objects.standing().filter(enterprise_id__in=ids)
    for fact in facts.order_by("observed_at", "pk"):
        known[fact.enterprise_id].facts[(fact.key, fact.period)] = fact.value
    for title in Title.objects.filter(enterprise_id__in=ids):
        known[title.enterprise_id].titles[(title.label, title.level, title.batch)] = title
    for contact in Contact.objects.filter(enterprise_id__in=ids):
        known[contact.enterprise_id].contacts[(contact.name, contact.mobile)] = contact
    for place in ChainPlace.objects.filter(enterprise_id__in=ids).select_related("chain"):
        known[place.enterprise_id].chains[place.chain.name] = place
    on_lists = KeyList.members.through.objects.filter(enterprise_id__in=ids)
    for enterprise_id, name in on_lists.values_list("enterprise_id", "keylist__name"):
        known[enterprise_id].key_lists.add(name)


def delta_of(values: Values, known: Known) -> Delta:
    """What is new in `values`. What a row does not state stays as it is."""
    return Delta(
        fields=_field_changes(values, known.enterprise),
        former_names=[
            name
            for name in dict.fromkeys(values["former_names"])
            if name not in known.former_names and name != values.get("name")
        ],
        facts=[
            fact
            for fact in values["facts"]
            if known.facts.get((fact["key"], fact["period"])) != Decimal(fact["value"])
        ],
        titles=[title for title in values["titles"] if _is_new_title(title, known)],
        contact=values["contact"] if _is_new_contact(values["contact"], known) else [],
        chains=[
            [name, layer]
            for name, layer in values["chains"]
            if name not in known.chains or (layer and known.chains[name].layer != layer)
        ],
        key_lists=[name for name in values["key_lists"] if name not in known.key_lists],
    )


def _field_changes(values: Values, enterprise: Enterprise | None) -> dict[str, Any]:
    """Fields of the enterprise itself: `industry_id`, `grid_id` and the park's name included."""
    stated: dict[str, Any] = {name: values[name] for name in SIMPLE if name in values}
    if "capital_yuan" in values:
        stated["capital_yuan"] = Decimal(values["capital_yuan"])
    if "established_on" in values:
        stated["established_on"] = dt.date.fromisoformat(values["established_on"])
    if "industry" in values:
        stated["industry_id"] = values["industry"]
    if "grid" in values:
        stated["grid_id"] = values["grid"]
    if "park" in values:
        stated["park"] = values["park"]
    if enterprise is None:
        return stated
    return {name: value for name, value in stated.items() if _stored(enterprise, name) != value}


def _stored(enterprise: Enterprise, name: str) -> Any:
    if name == "park":
        return enterprise.park.name if enterprise.park else ""
    return getattr(enterprise, name)


def _is_new_title(title: list[str], known: Known) -> bool:
    label, level, batch, until = title
    recorded = known.titles.get((label, level, batch))
    if recorded is None:
        return True
    return bool(until) and (
        recorded.valid_until is None or recorded.valid_until.isoformat() != until
    )


def _is_new_contact(contact: list[str], known: Known) -> bool:
    if not contact:
        return False
    name, mobile, position, email = contact
    recorded = known.contacts.get((name, mobile))
    if recorded is None:
        return True
    return (bool(position) and recorded.position != position) or (
        bool(email) and recorded.email != email
    )


def changes_of(delta: Delta, known: Known) -> dict[str, list[Any]]:
    """The difference for people: what is changed → before, after. Contacts name no person."""
    shown: dict[str, list[Any]] = {}
    for name, value in delta.fields.items():
        before = _stored(known.enterprise, name) if known.enterprise else None
        shown[name.removesuffix("_id")] = [_text(before), _text(value)]
    for fact in delta.facts:
        before = known.facts.get((fact["key"], fact["period"]))
        shown[f"{fact['key']} {fact['period']}"] = [_text(before), fact["value"]]
    for label, level, batch, until in delta.titles:
        recorded = known.titles.get((label, level, batch))
        earlier = _text(recorded.valid_until) if recorded else None
        shown[f"title {label}"] = [earlier, until or level]
    for name, layer in delta.chains:
        place = known.chains.get(name)
        shown[f"chain {name}"] = [place.layer if place else None, layer]
    for name in delta.key_lists:
        shown[f"key_list {name}"] = [None, name]
    for name in delta.former_names:
        shown[f"former_name {name}"] = [None, name]
    if delta.contact:
        shown["contact"] = [None, None]
    return shown


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, dt.date) else value
