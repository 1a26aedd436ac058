"""Industries, grids, parks, chains and lists: what enterprises are sorted by."""

import csv
import datetime as dt
from pathlib import Path

from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import require
from lianqi.register.models import Chain, Grid, Industry, KeyList, Park

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
    """Add a grid that `unit` looks after."""
    require(by, "register.change")
    grid = Grid.objects.create(code=tidy(code), name=tidy(name), unit=unit)
    record("register.grid_created", grid, by=by, at=at, code=grid.code, name=grid.name)
    return grid


@transaction.atomic
def create_park(*, name: str, by: User, at: dt.datetime, address: str = "") -> Park:
    """Add a park or building."""
    require(by, "register.change")
    park = Park.objects.create(name=tidy(name), address=address)
    record("register.park_created", park, by=by, at=at, name=park.name)
    return park


@transaction.atomic
def create_chain(*, name: str, by: User, at: dt.datetime, office: Unit | None = None) -> Chain:
    """Add an industry chain, with its office if it has one."""
    require(by, "register.change")
    chain = Chain.objects.create(name=tidy(name), office=office)
    record("register.chain_created", chain, by=by, at=at, name=chain.name)
    return chain


@transaction.atomic
def create_key_list(*, name: str, by: User, at: dt.datetime, issued_by: str = "") -> KeyList:
    """Add a list of key enterprises."""
    require(by, "register.change")
    key_list = KeyList.objects.create(name=tidy(name), issued_by=issued_by)
    record("register.list_created", key_list, by=by, at=at, name=key_list.name)
    return key_list
