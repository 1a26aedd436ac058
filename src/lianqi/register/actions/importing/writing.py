"""Writing one chunk of planned rows into the register: few statements, however many rows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from lianqi.accounts.models import User
from lianqi.audit.actions import event, record, record_many
from lianqi.audit.models import Event
from lianqi.register.actions.enterprises import ZONE_TIME
from lianqi.register.actions.fields import index_names, set_fields
from lianqi.register.actions.history import Classes, classes_of, keep_former
from lianqi.register.actions.importing.planning import Delta, Known, changes_of, delta_of
from lianqi.register.actions.sizing import YEAR, Years, classify
from lianqi.register.enums import FactKey
from lianqi.register.models import (
    Chain,
    ChainPlace,
    Contact,
    Enterprise,
    Fact,
    FormerName,
    ImportRow,
    ImportRun,
    KeyList,
    Park,
    Title,
)

NamedThing = TypeVar("NamedThing", Park, Chain, KeyList)
WRITTEN = [
    "name", "name_core", "search_text", "search_tokens", "status", "type", "industry", "district",
    "address", "grid", "park", "legal_representative", "capital_yuan", "established_on",
    "size_class", "size_reason", "updated_at",
]  # fmt: skip
LONGEST_SOURCE = 120


@dataclass
class _Work:
    """One row being written."""

    line: ImportRow
    enterprise: Enterprise
    delta: Delta
    known: Known
    before: Classes
    former_names: list[str] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)


class ChunkWriter:
    """Writes rows whose plan is to create or to change, and one audit line for each."""

    def __init__(self, run: ImportRun, *, by: User, at: dt.datetime) -> None:
        self._run, self._by, self._at = run, by, at

    def write(self, lines: Sequence[ImportRow], known: dict[str, Known]) -> None:
        """Write planned rows; `known` must hold the locked entries of their codes."""
        deltas = {
            line.number: delta_of(line.values, known.get(line.values["code"], Known()))
            for line in lines
        }
        self._parks = self._named(Park, {delta.fields.get("park") for delta in deltas.values()})
        work = [
            self._prepared(line, deltas[line.number], known.get(line.values["code"], Known()))
            for line in lines
        ]
        created = [each for each in work if each.enterprise.pk is None]
        changed = [each for each in work if each.enterprise.pk is not None]
        events = [self._event(each) for each in changed]
        Enterprise.objects.bulk_create([each.enterprise for each in created])
        Enterprise.objects.bulk_create(
            [each.enterprise for each in changed],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=WRITTEN,
        )
        keep_former([(each.enterprise, each.before) for each in changed], at=self._at)
        self._write_details(work)
        record_many([*(self._event(each) for each in created), *events])

    def _prepared(self, line: ImportRow, delta: Delta, known: Known) -> _Work:
        """Set everything that stands in the enterprise's own row, in memory."""
        enterprise = known.enterprise or Enterprise(code=line.values["code"], created_at=self._at)
        before = classes_of(enterprise)
        work = _Work(line, enterprise, delta, known, before, list(delta.former_names))
        work.changes = changes_of(delta, known)
        fields = dict(delta.fields)
        if "park" in fields:
            fields["park"] = self._parks[fields["park"]]
        if known.enterprise is not None and "name" in fields:
            work.former_names.append(enterprise.name)
        set_fields(enterprise, fields, at=self._at)
        if work.former_names or "name" in fields:
            names = dict.fromkeys([*known.former_names, *work.former_names])
            index_names(enterprise, [name for name in names if name != enterprise.name])
        classify(enterprise, _years(known, delta))
        return work

    def _write_details(self, work: list[_Work]) -> None:
        yesterday = self._at.astimezone(ZONE_TIME).date() - dt.timedelta(days=1)
        FormerName.objects.bulk_create(
            [
                FormerName(
                    enterprise=each.enterprise,
                    name=name,
                    source=self._source,
                    until_on=None if name in each.delta.former_names else yesterday,
                )
                for each in work
                for name in each.former_names
            ],
            ignore_conflicts=True,
        )
        Fact.objects.bulk_create(
            Fact(
                enterprise=each.enterprise,
                key=fact["key"],
                value=Decimal(fact["value"]),
                unit=fact["unit"],
                period=fact["period"],
                source=self._source,
                observed_at=self._at,
            )
            for each in work
            for fact in each.delta.facts
        )
        self._write_titles(work)
        self._write_contacts(work)
        self._write_places(work)
        self._write_lists(work)

    def _write_titles(self, work: list[_Work]) -> None:
        Title.objects.bulk_create(
            [
                Title(
                    enterprise=each.enterprise,
                    label=label,
                    level=level,
                    batch=batch,
                    valid_until=dt.date.fromisoformat(until) if until else None,
                    source=self._source,
                )
                for each in work
                for label, level, batch, until in each.delta.titles
            ],
            update_conflicts=True,
            unique_fields=["enterprise", "label", "level", "batch"],
            update_fields=["valid_until", "source"],
        )

    def _write_contacts(self, work: list[_Work]) -> None:
        """A blank position or address does not erase the one that is known."""
        new: list[Contact] = []
        recorded: list[Contact] = []
        for each in work:
            if not each.delta.contact:
                continue
            name, mobile, position, email = each.delta.contact
            contact = each.known.contacts.get((name, mobile)) or Contact(
                enterprise=each.enterprise,
                name=name,
                mobile=mobile,
                is_main=not each.known.contacts,
            )
            contact.position, contact.email = position or contact.position, email or contact.email
            (recorded if contact.pk else new).append(contact)
        Contact.objects.bulk_create(new)
        Contact.objects.bulk_update(recorded, ["position", "email"])

    def _write_places(self, work: list[_Work]) -> None:
        chains = self._named(Chain, {name for each in work for name, _ in each.delta.chains})
        ChainPlace.objects.bulk_create(
            [
                ChainPlace(enterprise=each.enterprise, chain=chains[name], layer=layer)
                for each in work
                for name, layer in dict(each.delta.chains).items()
            ],
            update_conflicts=True,
            unique_fields=["enterprise", "chain"],
            update_fields=["layer"],
        )

    def _write_lists(self, work: list[_Work]) -> None:
        lists = self._named(KeyList, {name for each in work for name in each.delta.key_lists})
        entry = KeyList.members.through
        entry.objects.bulk_create(
            [
                entry(keylist_id=lists[name].pk, enterprise_id=each.enterprise.pk)
                for each in work
                for name in each.delta.key_lists
            ],
            ignore_conflicts=True,
        )

    def _named(self, model: type[NamedThing], names: set[Any]) -> dict[str, NamedThing]:
        """Parks, chains or lists by name; the preview announced those that are missing."""
        wanted = sorted(filter(None, names))
        found = {each.name: each for each in model.objects.filter(name__in=wanted)}
        for name in wanted:
            if name not in found:
                found[name] = model.objects.create(name=name)
                verb = f"register.{model.__name__.lower()}_created"
                record(verb, found[name], by=self._by, at=self._at, name=name)
        return found

    def _event(self, each: _Work) -> Event:
        is_new = each.known.enterprise is None
        detail = {"code": each.enterprise.code} if is_new else {"changed": each.changes}
        return event(
            "register.created" if is_new else "register.changed",
            each.enterprise,
            by=self._by,
            at=self._at,
            enterprise_id=each.enterprise.pk,
            import_run=self._run.pk,
            row=each.line.number,
            **detail,
        )

    @property
    def _source(self) -> str:
        return self._run.file_name[:LONGEST_SOURCE]


def _years(known: Known, delta: Delta) -> Years:
    """All yearly facts after the row is applied."""
    years: Years = {}
    stated = {(fact["key"], fact["period"]): Decimal(fact["value"]) for fact in delta.facts}
    for (key, period), value in (known.facts | stated).items():
        if key in FactKey.values and YEAR.fullmatch(period):
            years.setdefault(period, {})[key] = value
    return years
