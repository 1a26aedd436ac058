"""`lianqi policy match --engine spark`: the registers of many zones in one job."""

import os
import shutil
import sys
from pathlib import Path

from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.bulk.spark import match_in_spark
from lianqi.ops.trouble import Trouble


def match_by_zone(
    program: Program, register: Path, out: Path, *, applicant: str = "", zone: str = ""
) -> None:
    """Match Parquet, a file or a folder, to a folder of Parquet; partitioned by zone if named.

    Raises:
        Trouble: Spark or Java is not installed.
    """
    if register.is_file() and register.suffix != ".parquet":
        raise Trouble("Spark reads Parquet: make the register .parquet, or leave --engine out.")
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise Trouble(
            'Spark is not installed: python -m pip install "lianqi[spark]", and Java 17.'
        ) from error
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise Trouble("Spark needs Java 17, and there is no java: install it, or set JAVA_HOME.")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("lianqi policy match")
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    try:
        match_in_spark(
            session,
            program,
            str(register),
            str(out),
            applicant=applicant or "applicant",
            zone=zone,
        )
    except PySparkException as error:
        raise Trouble(f"Spark gave up: {str(error).partition(chr(10))[0]}") from error
    finally:
        session.stop()
