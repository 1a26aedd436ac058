"""Bulk matching inside Spark: the same function over the batches of every partition.

Spark is an optional extra (`pip install lianqi[spark]`) and needs Java 17.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from lianqi.engines.rules.bulk.columns import chunk_of
from lianqi.engines.rules.bulk.matching import CHUNK, FEN, MEASURE, STATUS, Matched
from lianqi.engines.rules.bulk.program import Program


def matched_batches(
    program: Program, beside: Sequence[str], columns: Sequence[str]
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What `mapInArrow` calls: applicants in, what they meet or could meet out.

    Args:
        beside: Columns that are told with each row: the applicant, its zone.
        columns: The names of all columns of the batches, in order.
    """

    def matched(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for given in batches:
            batch = given.rename_columns(columns)
            found = Matched(chunk_of(batch, program.wanted), program)
            yield found.rows({name: batch.column(name) for name in beside})

    return matched


def matched_frame(
    session: Any, program: Program, source: str, *, applicant: str = "applicant", zone: str = ""
) -> Any:
    """The data frame of applicant, zone, measure, status and fen.

    Args:
        session: A `SparkSession`.
        source: A file or folder of Parquet, may be partitioned.
    """
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(CHUNK))
    frame = session.read.parquet(source)
    beside = [applicant, zone] if zone else [applicant]
    held = {field.name: field.dataType.simpleString() for field in frame.schema.fields}
    columns = [*beside, *(slot for slot in program.wanted if slot in held and slot not in beside)]
    told = [f"`{name}` {held[name]}" for name in beside]
    schema = ", ".join([*told, f"{MEASURE} string", f"{STATUS} string", f"{FEN} bigint"])
    # Spark looks columns up by name once more and trips over a dot, as answers to questions have.
    chosen = frame.selectExpr(*(f"`{name}` AS c{place}" for place, name in enumerate(columns)))
    return chosen.mapInArrow(matched_batches(program, beside, columns), schema)


def match_in_spark(
    session: Any,
    program: Program,
    source: str,
    target: str,
    *,
    applicant: str = "applicant",
    zone: str = "",
) -> None:
    """Match Parquet to Parquet; with a zone, the result is partitioned by it.

    Args:
        target: A folder; what stands there is replaced.
    """
    frame = matched_frame(session, program, source, applicant=applicant, zone=zone)
    writer = frame.write.mode("overwrite")
    (writer.partitionBy(zone) if zone else writer).parquet(target)
