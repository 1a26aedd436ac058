"""Industries, grids, parks, chains and lists: what enterprises are sorted by."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import require
from lianqi.register.actions.fields import plain
from lianqi.register.errors import NameTaken, ThingNameMissing
from lianqi.register.models import Chain, Grid, Industry, KeyList, Park

Thing = TypeVar("Thing", Grid, Park, Chain, KeyList)

# GB/T 4754-2017 国民经济行业分类: 20 sections, 97 divisions, 473 groups, 1,381 classes. Transcribed
# from a public copy of the standard; a test pins the number of rows and the checksum.
INDUSTRIES_FILE = Path(__file__).parent.parent / "data" / "gbt4754-2017.csv"


@transaction.atomic
def load_industries() -> int:
    """Write the industry table and return its number of rows; doing it again changes nothing."""
    with INDUSTRIES_FILE.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (int(row["level"]), row["code"]))
    Industry.objects.bulk_create(
        [
            Industry(
                code=row["code"],
                section=row["section"],
                name=row["name_zh"],
                level=int(row["level"]),
                parent_id=row["parent"] or None,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["section", "name", "level", "parent"],
    )
    return len(rows)


@transaction.atomic
def create_grid(*, code: str, name: str, unit: Unit, by: User, at: dt.datetime) -> Grid:
    """Add a grid that `unit` looks after; spreadsheets name it by its code or its name."""
    grid = Grid(code=tidy(code), name=tidy(name), unit=unit)
    return _create(grid, "register.grid_created", once=("code",), by=by, at=at)


@transaction.atomic
def change_grid(
    grid_id: int,
    *,
    code: str,
    name: str,
    unit: Unit,
    is_active: bool,
    by: User,
    at: dt.datetime,
) -> Grid:
    """Write what a grid is called, who looks after it, and whether one may choose it."""
    values = {"code": tidy(code), "name": tidy(name), "unit": unit, "is_active": is_active}
    grid = _locked(Grid, grid_id, by=by)
    return _change(grid, values, "register.grid_changed", once=("code",), by=by, at=at)


@transaction.atomic
def create_park(*, name: str, by: User, at: dt.datetime, address: str = "") -> Park:
    """Add a park or building."""
    park = Park(name=tidy(name), address=tidy(address))
    return _create(park, "register.park_created", once=("name",), by=by, at=at)


@transaction.atomic
def change_park(
    park_id: int, *, name: str, address: str, is_active: bool, by: User, at: dt.datetime
) -> Park:
    """Write what a park is called, where it is, and whether one may choose it."""
    values = {"name": tidy(name), "address": tidy(address), "is_active": is_active}
    park = _locked(Park, park_id, by=by)
    return _change(park, values, "register.park_changed", once=("name",), by=by, at=at)


@transaction.atomic
def create_chain(*, name: str, by: User, at: dt.datetime, office: Unit | None = None) -> Chain:
    """Add an industry chain, with its office if it has one."""
    chain = Chain(name=tidy(name), office=office)
    return _create(chain, "register.chain_created", once=("name",), by=by, at=at)


@transaction.atomic
def change_chain(
    chain_id: int, *, name: str, office: Unit | None, is_active: bool, by: User, at: dt.datetime
) -> Chain:
    """Write what a chain is called, which office it has, and whether one may choose it."""
    values = {"name": tidy(name), "office": office, "is_active": is_active}
    chain = _locked(Chain, chain_id, by=by)
    return _change(chain, values, "register.chain_changed", once=("name",), by=by, at=at)


@transaction.atomic
def create_key_list(*, name: str, by: User, at: dt.datetime, issued_by: str = "") -> KeyList:
    """Add a list of key enterprises."""
    key_list = KeyList(name=tidy(name), issued_by=tidy(issued_by))
    return _create(key_list, "register.list_created", once=("name",), by=by, at=at)


@transaction.atomic
def change_key_list(
    key_list_id: int, *, name: str, issued_by: str, is_active: bool, by: User, at: dt.datetime
) -> KeyList:
    """Write what a list is called, who issued it, and whether one may choose it."""
    values = {"name": tidy(name), "issued_by": tidy(issued_by), "is_active": is_active}
    key_list = _locked(KeyList, key_list_id, by=by)
    return _change(key_list, values, "register.list_changed", once=("name",), by=by, at=at)


def _create(thing: Thing, verb: str, *, once: tuple[str, ...], by: User, at: dt.datetime) -> Thing:
    require(by, "register.manage_zone_data")
    _check(thing, once)
    thing.save(force_insert=True)
    record(verb, thing, by=by, at=at, **{name: getattr(thing, name) for name in {*once, "name"}})
    return thing


def _locked(model: type[Thing], pk: int, *, by: User) -> Thing:
    require(by, "register.manage_zone_data")
    thing: Thing = model.objects.select_for_update(of=("self",)).get(pk=pk)
    return thing


def _change(
    thing: Thing,
    values: dict[str, Any],
    verb: str,
    *,
    once: tuple[str, ...],
    by: User,
    at: dt.datetime,
) -> Thing:
    """Write what differs, with what it was; nothing new writes nothing."""
    changed = {
        name: [plain(getattr(thing, name)), plain(value)]
        for name, value in values.items()
        if getattr(thing, name) != value
    }
    if not changed:
        return thing
    for name, value in values.items():
        setattr(thing, name, value)
    _check(thing, once)
    thing.save(update_fields=list(changed))
    record(verb, thing, by=by, at=at, changed=changed)
    return thing


def _check(thing: Grid | Park | Chain | KeyList, once: tuple[str, ...]) -> None:
    for name in {*once, "name"}:
        if not getattr(thing, name):
            raise ThingNameMissing
    for name in once:
        value = getattr(thing, name)
        if type(thing).objects.filter(**{name: value}).exclude(pk=thing.pk).exists():
            raise NameTaken(name=value)
