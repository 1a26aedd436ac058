"""Bulk matching: columns of every form, thresholds to the fen, chunks, files."""

import os
import pickle
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lianqi.engines.rules.bulk.columns import (
    ColumnError,
    Numbers,
    Texts,
    Wanted,
    chunk_of,
    column_of,
)
from lianqi.engines.rules.bulk.matching import (
    Tally,
    batches_of,
    chunks_of,
    match,
    match_file,
    open_file,
)
from lianqi.engines.rules.bulk.planes import at_least, count, full, packed, plane_of, rows_of
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
    Compare,
    Count,
    Has,
    Least,
    Not,
    OneOf,
    Operation,
    Prefix,
    Sign,
    Total,
    number,
)
from lianqi.engines.rules.rule import Rule, Status, assess
from lianqi.engines.rules.units import PERSONS, YUAN
from tests.engines.rules.agreement import answer, in_bulk
from tests.engines.rules.registers import fact, generated, over, rule, share_of_sales
from tests.engines.rules.strategies import CATALOGUE, ITEMS


def same(rules: list[Rule], applicants: list[dict[str, Any]]) -> list[list[Any]]:
    """What both the reference and bulk matching say."""
    told = [[answer(assess(each, one)) for one in applicants] for each in rules]

    assert in_bulk(rules, applicants, CATALOGUE) == told

    return told


# --- planes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 7, 8, 63, 64, 65, 200])
def test_planes_keep_their_rows(size: int) -> None:
    rows = np.arange(0, size, 3)

    assert rows_of(plane_of(rows, size), size).tolist() == rows.tolist()
    assert count(full(size)) == size
    assert rows_of(full(size), size).tolist() == list(range(size))


def test_so_many_of_several_planes() -> None:
    flags = [[True, True, False, False], [True, False, True, False], [True, True, True, False]]
    planes = [packed(np.array(each)) for each in flags]

    assert rows_of(at_least(2, planes, 4), 4).tolist() == [0, 1, 2]
    assert rows_of(at_least(0, planes, 4), 4).tolist() == [0, 1, 2, 3]
    assert rows_of(at_least(4, planes, 4), 4).tolist() == []


# --- exactness -------------------------------------------------------------------------------------


def test_a_share_that_meets_the_threshold_exactly_meets_it() -> None:
    sums = [(100, 5), (Fraction("0.20"), Fraction("0.01")), (Fraction("0.21"), Fraction("0.01"))]
    applicants = [{"revenue@2024": sales, "rd_expense@2024": spent} for sales, spent in sums]

    told = same([rule(share_of_sales()), rule(share_of_sales(Sign.MORE))], applicants)

    assert [each[0] for each in told[0]] == [Status.MET, Status.MET, Status.UNMET]
    assert [each[0] for each in told[1]] == [Status.UNMET] * 3


def test_sums_beyond_sixty_four_bits_stay_exact() -> None:
    most = 2**60
    both = And(
        (
            share_of_sales(),
            Compare(
                Sign.MORE,
                Arithmetic(Operation.TIMES, fact("revenue"), number(10**18), YUAN),
                number(Fraction(most) * 10**18 / 100, YUAN),
            ),
        )
    )
    applicants = [
        {"revenue@2024": Fraction(most + more, 100), "rd_expense@2024": Fraction(most, 100)}
        for more in (-1, 0, 1)
    ]

    told = same([rule(both)], applicants)

    assert [each[0] for each in told[0]] == [Status.UNMET, Status.UNMET, Status.MET]


def test_a_year_without_sales_has_no_share() -> None:
    told = same(
        [rule(share_of_sales())], [{"revenue@2024": 0, "rd_expense@2024": 0}, {"revenue@2024": 0}]
    )

    assert [each[2] for each in told[0]] == [frozenset({"zero:revenue@2024"})] * 2


def test_amounts_are_rounded_once_half_up_and_capped() -> None:
    amount = Arithmetic(Operation.TIMES, number("0.005"), fact("revenue"), YUAN)
    always = Compare(Sign.AT_LEAST, fact("revenue"), number(0, YUAN))
    measure = rule(always, amount, number("10.009", YUAN))

    told = same([measure], [{"revenue@2024": each} for each in (1, 3, 2001, 2003, None)])

    assert [each[1] for each in told[0]] == [1, 2, 1000, 1000, None]
    assert told[0][4][3] == {"revenue@2024"}


def test_bounds_settle_an_amount_that_is_not_known() -> None:
    capped = Least(
        (number(50, YUAN), Arithmetic(Operation.PLUS, fact("revenue"), number(50, YUAN), YUAN))
    )
    measure = rule(Compare(Sign.AT_LEAST, fact("employees"), number(1, PERSONS)), capped)

    told = same([measure], [{"employees@2024": 3}])

    assert told == [[(Status.MET, 5000, frozenset(), frozenset())]]


def test_bounds_settle_a_difference_only_where_the_known_side_allows_it() -> None:
    fell = Compare(Sign.LESS, fact("employees", "2023"), fact("employees", "2024"))
    applicants: list[dict[str, Any]] = [{"employees@2024": 0}, {"employees@2024": 1}, {}]

    told = same([rule(fell)], applicants)

    assert [each[0] for each in told[0]] == [Status.UNMET, Status.UNKNOWN, Status.UNKNOWN]


def test_values_outside_the_bounds_of_their_fact_are_read_all_the_same() -> None:
    fell = Compare(Sign.LESS, fact("employees", "2023"), fact("employees", "2024"))

    told = same([rule(fell)], [{"employees@2023": -1}, {"employees@2023": 5}])

    assert [each[0] for each in told[0]] == [Status.MET, Status.UNKNOWN]


# --- lists and sets --------------------------------------------------------------------------------


def test_lists_are_counted_by_owner() -> None:
    inventions = Count(
        fact("ip_rights"),
        And(
            (
                OneOf(CATALOGUE["ip_rights"].fields["type"].item(), ("invention",)),
                Not(CATALOGUE["ip_rights"].fields["bought"].item()),
            )
        ),
        ITEMS,
    )
    worth = Total(
        fact("ip_rights"), CATALOGUE["ip_rights"].fields["worth"].item(), rule(inventions).scope
    )
    enough = Compare(Sign.AT_LEAST, inventions, number(2, ITEMS))
    own, bought = {"type": "invention", "bought": False}, {"type": "invention", "bought": True}
    applicants: list[dict[str, Any]] = [
        {"ip_rights": ()},
        {"ip_rights": ({**own, "worth": 7}, {**own, "worth": Fraction("0.5")})},
        {"ip_rights": (own, {"type": "invention"}, bought)},
        {"ip_rights": (bought, bought, {"type": "utility"})},
        {},
    ]

    told = same([rule(enough, worth)], applicants)

    assert [each[0] for each in told[0]] == [
        Status.UNMET, Status.MET, Status.UNKNOWN, Status.UNMET, Status.UNKNOWN,
    ]  # fmt: skip
    assert told[0][1][1] == 750
    assert told[0][2][2] == {"ip_rights.bought"}


def test_sets_of_many_words() -> None:
    words = [f"tag{number:03}" for number in range(100)]
    applicants: list[dict[str, Any]] = [{"tags": frozenset({each})} for each in words]
    applicants += [{"tags": frozenset()}, {"tags": frozenset(words)}, {}]

    told = same([rule(Has(fact("tags"), ("tag042", "tag099", "unheard")))], applicants)

    met = [row for row, each in enumerate(told[0]) if each[0] is Status.MET]
    assert met == [42, 99, 101]


# --- columns ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "array",
    [
        pa.array([2, None, 0], pa.int16()),
        pa.array([2, None, 0], pa.uint8()),
        pa.array([2, None, 0], pa.uint64()),
        pa.array([2.0, float("nan"), 0.0]),
        pa.array([2.0, None, 0.0], pa.float32()),
        pa.array([Decimal("2.00"), None, Decimal("0.00")], pa.decimal128(18, 2)),
        pa.array([9, 2, None, 0], pa.int64()).slice(1),
    ],
    ids=["int16", "uint8", "uint64", "nan", "float32", "decimal", "slice"],
)
def test_numbers_of_every_form(array: pa.Array) -> None:
    column = column_of("x", array, Wanted(_number_kind(), 2))

    assert isinstance(column, Numbers)
    assert rows_of(column.known, 3).tolist() == [0, 2]
    assert Fraction(int(column.values.num[0]), column.values.den) == 2


def _number_kind() -> Any:
    return CATALOGUE["revenue"].kind


def test_cents_of_a_float_are_what_was_meant() -> None:
    column = column_of("x", pa.array([1234567.89, 0.29, -0.07]), Wanted(_number_kind(), 2))

    assert isinstance(column, Numbers)
    assert column.values.num.tolist() == [123456789, 29, -7]


@pytest.mark.parametrize(
    "array",
    [
        pa.array(["C39", None, "A01", "C39"]),
        pa.array(["C39", None, "A01", "C39"]).dictionary_encode(),
        pa.array(["C39", None, "A01", "C39"], pa.large_string()),
        pa.array(["Z", "C39", None, "A01", "C39"]).slice(1),
    ],
    ids=["text", "codes", "large", "slice"],
)
def test_texts_become_sorted_codes(array: pa.Array) -> None:
    column = column_of("industry", array, Wanted(CATALOGUE["industry"].kind))

    assert isinstance(column, Texts)
    assert [column.words[code] for code in column.codes[[0, 2, 3]]] == ["C39", "A01", "C39"]
    assert rows_of(column.known, 4).tolist() == [0, 2, 3]
    assert list(column.words) == sorted(column.words)


@pytest.mark.parametrize(
    ("kind", "array"),
    [
        ("revenue", pa.array(["2000"])),
        ("revenue", pa.array([1e30])),
        ("revenue", pa.array([Decimal(10) ** 30])),
        ("founded", pa.array([20250630])),
        ("above_scale", pa.array([1])),
        ("industry", pa.array([39])),
        ("titles", pa.array(["high_tech"])),
        ("titles", pa.array([["high_tech", None]])),
        ("ip_rights", pa.array([["invention"]])),
    ],
)
def test_a_column_of_another_kind_is_refused(kind: str, array: pa.Array) -> None:
    with pytest.raises(ColumnError, match="slot: holds"):
        column_of("slot", array, Wanted(CATALOGUE[kind].kind, fields={}))


def test_a_column_without_any_value_is_unknown_of_all() -> None:
    program = Program([rule(Prefix(fact("industry"), ("C39",)))], CATALOGUE)
    nulls = pa.record_batch({"industry": pa.nulls(3)})

    assert chunk_of(nulls, program.wanted).column("industry").known.tolist() == [0]


# --- chunks and files ------------------------------------------------------------------------------


def test_chunks_and_threads_change_nothing() -> None:
    program, table = generated(1000)

    tallies = {
        (rows, workers): [
            sum(each, Tally())
            for each in zip(
                *(
                    found.tallies()
                    for found in match(
                        program, chunks_of(table, program, rows=rows), workers=workers
                    )
                ),
                strict=True,
            )
        ]
        for rows, workers in ((1000, 1), (64, 3), (8, 2))
    }

    assert tallies[64, 3] == tallies[1000, 1] == tallies[8, 2]
    assert tallies[1000, 1][0].met > 100
    assert tallies[1000, 1][0].unknown > 50


def test_from_file_to_file(tmp_path: Path) -> None:
    program, table = generated(1000)
    source, target = tmp_path / "register.parquet", tmp_path / "result.parquet"
    pq.write_table(table, source, row_group_size=300)
    seen: list[int] = []

    tallies = match_file(program, source, target, applicant="code", rows=128, on_rows=seen.append)

    pairs = pq.read_table(target).to_pylist()
    left = pq.read_table(open_file(target))
    (whole,) = match(program, chunks_of(table, program), workers=1)
    assert tallies == whole.tallies()
    assert sum(seen) == 1000
    expected = {
        (f"E{row:05}", "m0"): int(fen)
        for row, fen in zip(whole.verdicts[0].rows, whole.verdicts[0].fen, strict=True)
    }
    assert {
        (p["applicant"], p["measure"]): p["fen"] for p in pairs if p["measure"] == "m0"
    } == expected
    assert all(pair["fen"] is None for pair in pairs if pair["measure"] == "m1")
    assert left["applicant"].to_pylist() == table["code"].to_pylist()
    assert sum(left["m0:unknown"].to_pylist()) == tallies[0].unknown


def test_an_empty_register_gives_empty_files(tmp_path: Path) -> None:
    program, table = generated(1)
    source, target = tmp_path / "register.parquet", tmp_path / "result.parquet"
    pq.write_table(table.slice(0, 0), source)

    tallies = match_file(program, source, target, applicant="code")

    assert tallies == [Tally(), Tally()]
    assert pq.read_table(target).num_rows == pq.read_table(open_file(target)).num_rows == 0
    assert pq.read_table(target).schema.names == ["applicant", "measure", "fen"]


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    program, table = generated(300)
    source, target = tmp_path / "register.parquet", tmp_path / "result.parquet"
    wrong = pa.array(["2000"] * 300)
    pq.write_table(table.set_column(1, "revenue@2024", wrong), source)

    with pytest.raises(ColumnError, match="revenue@2024: holds string"):
        match_file(program, source, target, applicant="code")
    with pytest.raises(ColumnError, match="id: is no column"):
        match_file(program, source, target, applicant="id")

    assert list(tmp_path.iterdir()) == [source]


def test_a_program_keeps_what_rules_share_once() -> None:
    shared = share_of_sales()
    program = Program([rule(shared), rule(And((shared, fact("above_scale"))))], CATALOGUE)

    first, second = (each.whole for each in program.measures)

    assert second.items[0] is first


def test_rows_tell_what_is_met_and_what_is_open() -> None:
    program, table = generated(200)
    (found,) = match(program, chunks_of(table, program), workers=1)

    rows = found.rows({"code": table["code"].combine_chunks()})

    counted = Counter((row["measure"], row["status"]) for row in rows.to_pylist())
    first, second = found.tallies()
    assert counted == {
        ("m0", "met"): first.met, ("m0", "unknown"): first.unknown,
        ("m1", "met"): second.met, ("m1", "unknown"): second.unknown,
    }  # fmt: skip
    assert sum(row["fen"] or 0 for row in rows.to_pylist()) == first.fen


def test_another_process_reads_the_same_program(tmp_path: Path) -> None:
    program, table = generated(200)
    (here,) = match(program, chunks_of(table, program), workers=1)
    path = tmp_path / "program"
    path.write_bytes(pickle.dumps((program, table)))

    asked = (
        "import pickle, sys; from lianqi.engines.rules.bulk.matching import chunks_of, match;"
        f"program, table = pickle.loads(open({str(path)!r}, 'rb').read());"
        "print([each.tallies() for each in match(program, chunks_of(table, program))])"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.strip() == str([here.tallies()])


def test_what_a_quotient_by_zero_leaves_behind_harms_nobody() -> None:
    squared = Arithmetic(Operation.TIMES, fact("revenue"), fact("revenue"), YUAN)
    odd = Arithmetic(Operation.TIMES, over(fact("revenue"), fact("rd_expense")), squared, YUAN)
    always = Compare(Sign.AT_LEAST, fact("revenue"), number(0, YUAN))
    applicants = [
        {"revenue@2024": 3_000_000_000, "rd_expense@2024": 0},
        {"revenue@2024": 30, "rd_expense@2024": 7},
    ]

    told = same([rule(always, odd), rule(always, odd, number(0, YUAN))], applicants)

    assert [each[1] for each in told[0]] == [None, 385714]
    assert [each[1] for each in told[1]] == [None, 0]


def test_a_file_is_never_held_whole(tmp_path: Path) -> None:
    size, rows = 400_000, 10_000
    path = tmp_path / "long.parquet"
    numbers = pa.array(np.random.default_rng(7).integers(0, 2**40, size))
    pq.write_table(pa.table({"a": numbers, "b": numbers}), path, row_group_size=rows)
    whole = 2 * numbers.nbytes
    del numbers
    before = pa.total_allocated_bytes()

    held, seen = [], []
    for batch in batches_of(pq.ParquetFile(path), ["a", "b"], rows=rows):
        held.append(pa.total_allocated_bytes() - before)
        seen.append(batch.num_rows)

    assert seen == [rows] * 40
    assert max(held) < whole / 4


def test_small_row_groups_are_read_together(tmp_path: Path) -> None:
    path = tmp_path / "short.parquet"
    pq.write_table(pa.table({"a": range(1000)}), path, row_group_size=30)

    batches = list(batches_of(pq.ParquetFile(path), ["a"], rows=400))

    assert [number for batch in batches for number in batch["a"].to_pylist()] == [*range(1000)]
    assert max(batch.num_rows for batch in batches) <= 400
    assert len(batches) < 10
