"""Measures the executors of rules: fifty made-up measures over a generated register.

    .venv/bin/python bench/policies.py --sizes 10000,100000,1000000 --files

In memory: from columns to the pairs that are met with their amounts, and the planes of what is
open. From file to file: the same with reading and writing Parquet. One applicant: the record path.
"""

import argparse
import json
import resource
import statistics
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np  # noqa: E402  # the path comes first
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from bench.register import AS_OF, register  # noqa: E402
from lianqi.engines.rules.binding import rebuilt  # noqa: E402
from lianqi.engines.rules.bulk.matching import chunks_of, match, match_file  # noqa: E402
from lianqi.engines.rules.bulk.program import Program  # noqa: E402
from lianqi.engines.rules.catalogue import Catalogue, spec_from  # noqa: E402
from lianqi.engines.rules.compiled import Compiled  # noqa: E402
from lianqi.engines.rules.explaining import Explainer  # noqa: E402
from lianqi.engines.rules.nodes import Compare, Const, Name, Node  # noqa: E402
from lianqi.engines.rules.parsing import parse  # noqa: E402
from lianqi.engines.rules.rendering import render  # noqa: E402
from lianqi.engines.rules.rule import Benefit, Clause, Rule  # noqa: E402
from lianqi.engines.rules.units import YUAN  # noqa: E402

HERE = Path(__file__).parent / "measures"
PLACE = ROOT / "var" / "bench" / "policies"
BATCH = 1_000_000


def catalogue() -> Catalogue:
    entries = tomllib.loads((HERE / "facts.toml").read_text("utf-8"))
    return Catalogue(spec_from(key, entry) for key, entry in entries.items())


def measures() -> list[Rule]:
    """The fifty measures as rules; every top condition is a clause of its own."""
    known, texts = catalogue(), tomllib.loads((HERE / "measures.toml").read_text("utf-8"))
    named: dict[str, Node] = {}
    for name, text in texts.pop("definitions").items():
        named[name] = Name(name, parse(text, known, definitions=named, expects=None).node)
    return [_rule(key, entry, known, named) for key, entry in texts.items()]


def _rule(key: str, entry: dict[str, str], known: Catalogue, named: dict[str, Node]) -> Rule:
    whole = parse(entry["when"], known, definitions=named).node
    parts = getattr(whole, "items", (whole,)) if type(whole).__name__ == "And" else (whole,)
    clauses = tuple(Clause(f"c{n}", f"第{n}条", each) for n, each in enumerate(parts, 1))
    amount = parse(entry["amount"], known, definitions=named, expects=YUAN).node
    return Rule(key, clauses, (Benefit("money", "第九条", amount),)).on(AS_OF)


def varied(rules: list[Rule], copies: int) -> list[Rule]:
    """More measures: the same with other thresholds."""
    made = list(rules)
    for copy in range(1, copies):
        made += [
            replace(
                each,
                key=f"{each.key}x{copy}",
                clauses=tuple(
                    replace(clause, condition=_raised(clause.condition, copy))
                    for clause in each.clauses
                ),
            )
            for each in rules
        ]
    return made


def _raised(node: Node, copy: int) -> Node:
    node = rebuilt(node, lambda each: _raised(each, copy))
    if isinstance(node, Compare) and isinstance(node.right, Const):
        value = node.right.value
        if isinstance(value, Fraction):
            return replace(node, right=replace(node.right, value=value * (10 + copy) / 10))
    return node


def best(of: Callable[[], Any], times: int) -> tuple[float, float]:
    """The least and the median seconds of some runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        of()
        taken.append(time.perf_counter() - began)
    return min(taken), statistics.median(taken)


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def in_memory(rules: list[Rule], size: int, times: int) -> dict[str, Any]:
    """Columns to pairs with amounts and planes of what is open."""
    program = Program(rules, catalogue())
    table = register(size)
    began = time.perf_counter()
    chunks = chunks_of(table, program)
    encoded = time.perf_counter() - began
    applicants = [pa.array(np.arange(chunk.size)) for chunk in chunks]
    found: list[Any] = []

    def run() -> None:
        found.clear()
        found.extend(
            (each.tallies(), each.pairs(names))
            for each, names in zip(match(program, chunks), applicants, strict=True)
        )

    least, median = best(run, times)
    one, _ = best(lambda: list(match(program, chunks, workers=1)), max(1, times // 2))
    began = time.process_time()
    run()
    processor = time.process_time() - began
    changed = Program(rules[:1], catalogue())
    one_rule, _ = best(lambda: list(match(changed, chunks)), times)
    return {
        "rules": len(rules), "size": size, "min_s": least, "median_s": median,
        "one_thread_s": one, "cpu_s": processor, "one_changed_rule_s": one_rule, "columns_s": encoded, "pairs": sum(p.num_rows for _, p in found),
        "met": sum(t.met for ts, _ in found for t in ts),
        "unknown": sum(t.unknown for ts, _ in found for t in ts),
        "unsettled": sum(t.unsettled for ts, _ in found for t in ts),
        "yuan": sum(t.fen for ts, _ in found for t in ts) / 100, "peak_mb": peak_mb(),
    }  # fmt: skip


def file_to_file(rules: list[Rule], size: int, times: int) -> dict[str, Any]:
    program = Program(rules, catalogue())
    source, target = written(size), PLACE / f"result_{size}.parquet"
    least, median = best(lambda: match_file(program, source, target, applicant="applicant"), times)
    return {"rules": len(rules), "size": size, "min_s": least, "median_s": median, "peak_mb": peak_mb(),
            "mb_in": source.stat().st_size >> 20, "mb_out": target.stat().st_size >> 20}  # fmt: skip


def written(size: int) -> Path:
    """The register as a file; made once."""
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / f"register_{size}.parquet"
    if not path.exists():
        half_done = path.with_suffix(".half")
        writer = None
        for first in range(0, size, BATCH):
            part = register(min(BATCH, size - first), first=first)
            words = [each.name for each in part.schema if pa.types.is_dictionary(each.type)]
            writer = writer or pq.ParquetWriter(
                half_done, part.schema, use_dictionary=words, store_decimal_as_integer=True
            )
            writer.write_table(part, row_group_size=262_144)
        assert writer is not None
        writer.close()
        half_done.rename(path)
    return path


def snapshots(count: int) -> list[dict[str, Any]]:
    """Enterprises one by one."""
    known = catalogue()
    rows: list[dict[str, Any]] = register(count).to_pylist()
    for row in rows:
        for name, value in row.items():
            kind = known.specs[name].kind if name in known.specs else ""
            if value is not None and kind == "set":
                row[name] = frozenset(value)
            elif value is not None and kind == "number":
                row[name] = int(value) if value == int(value) else Fraction(value)
    return rows


def one_by_one(rules: list[Rule], count: int = 2000) -> dict[str, Any]:
    began = time.perf_counter()
    compiled = Compiled(rules, catalogue())
    made = time.perf_counter() - began
    rows, known = snapshots(count), catalogue()
    explainer = Explainer(
        compiled, known, describe=lambda node: render(node, "zh", catalogue=known)
    )
    return {
        "read": percentiles(compiled.read, rows),
        "assess": percentiles(compiled.assess, rows),
        "explain": percentiles(explainer.explain, rows),
        "characters": len(explainer.explain(rows[0])),
        "compile_s": made,
    }


def percentiles(of: Callable[[Any], Any], rows: list[Any]) -> str:
    for row in rows[:50]:
        of(row)
    taken = []
    for row in rows:
        began = time.perf_counter()
        of(row)
        taken.append(time.perf_counter() - began)
    taken.sort()
    middle, high = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    return f"p50 {middle * 1e6:.0f} µs, p95 {high * 1e6:.0f} µs"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="10000,100000,1000000")
    options.add_argument("--copies", type=int, default=1, help="times fifty measures")
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--files", action="store_true")
    options.add_argument("--records", action="store_true")
    given = options.parse_args()
    rules = varied(measures(), given.copies)
    for size in (int(each) for each in given.sizes.split(",") if each):
        if given.files:
            print(json.dumps(file_to_file(rules, size, given.times)), flush=True)
        else:
            print(json.dumps(in_memory(rules, size, given.times)), flush=True)
    if given.records:
        print(json.dumps(one_by_one(rules), ensure_ascii=False))


if __name__ == "__main__":
    main()
