import csv
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lianqi.engines.sizes import Coverage, placement_of

TABLE = Path(__file__).parents[3] / "src/lianqi/register/data/gbt4754-2017.csv"
SHA256 = "f61dbc48501412a51bafc6d1411a215007d8b0d48cf6e2e2dc52e270bc137e2e"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_is_the_one_that_was_checked() -> None:
    assert hashlib.sha256(TABLE.read_bytes()).hexdigest() == SHA256
    assert SHA256 in (TABLE.parent / "README.md").read_text(encoding="utf-8")
    assert Counter(row["level"] for row in rows()) == {"1": 20, "2": 97, "3": 473, "4": 1381}


def test_the_table_is_a_tree() -> None:
    by_code = {row["code"]: row for row in rows()}

    assert len(by_code) == 1971
    for row in by_code.values():
        if row["level"] == "1":
            assert (row["parent"], row["section"]) == ("", row["code"])
        else:
            parent = by_code[row["parent"]]
            assert int(parent["level"]) == int(row["level"]) - 1
            assert parent["section"] == row["section"]


def test_every_code_has_a_place_and_every_class_is_decided() -> None:
    coverage = {row["code"]: placement_of(row["code"]).coverage for row in rows()}

    coarse = {code for code, found in coverage.items() if found is Coverage.TOO_COARSE}
    assert coarse == {"F", "G", "H", "I", "K", "Q", "59", "70"}
    assert Coverage.NOT_A_CODE not in coverage.values()


def test_a_code_and_what_lies_above_it_agree() -> None:
    for row in rows():
        own, above = placement_of(row["code"]), placement_of(row["parent"] or row["code"])
        if above.coverage is not Coverage.TOO_COARSE:
            assert own == above, row["code"]


@pytest.mark.parametrize(
    ("code", "slug"),
    [
        ("A", "agriculture"),
        ("0541", "agriculture"),
        ("0610", "industry"),
        ("4690", "industry"),
        ("E", "construction"),
        ("5190", "wholesale"),
        ("5910", "transport"),
        ("5990", "storage"),
        ("5941", "storage"),
        ("6440", "information_transmission"),
        ("7010", "real_estate_development"),
        ("7020", "property_management"),
        ("7030", "other"),
        ("7040", "other"),
        ("7090", "other"),
        ("8512", "other"),
        ("M", "other"),
        ("C3911", "industry"),
        (" i65 ", "software"),
    ],
)
def test_groups_of_chosen_codes(code: Any, slug: str) -> None:
    group = placement_of(code).group

    assert group is not None
    assert group.slug == slug
