"""Matching inside Spark gives what matching in this process gives; run by `make spark`."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lianqi.engines.rules.bulk.matching import chunks_of, match
from lianqi.engines.rules.bulk.spark import match_in_spark
from tests.engines.rules.registers import generated

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    yield made
    made.stop()


def test_spark_says_the_same_by_zone(session: Any, tmp_path: Path) -> None:
    program, table = generated(1000)
    zones = pa.array([f"zone{row % 3}" for row in range(1000)])
    pq.write_to_dataset(
        table.drop_columns(["unasked"]).append_column("zone", zones),
        tmp_path / "register", partition_cols=["zone"],
    )  # fmt: skip

    match_in_spark(
        session, program, str(tmp_path / "register"), str(tmp_path / "result"),
        applicant="code", zone="zone",
    )  # fmt: skip

    (found,) = match(program, chunks_of(table, program), workers=1)
    here = found.rows({"code": table["code"].combine_chunks(), "zone": zones}).to_pylist()
    there = pq.read_table(tmp_path / "result").to_pylist()
    assert {folder.name for folder in (tmp_path / "result").glob("zone=*")} == {
        "zone=zone0", "zone=zone1", "zone=zone2",
    }  # fmt: skip
    assert sorted(map(told, there)) == sorted(map(told, here))


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    return str(row["zone"]), row["code"], row["measure"], row["status"], row["fen"] or -1
