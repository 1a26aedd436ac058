"""The same measures on other engines, in one run with ours: how many times as long do they take?

    PEERS=/path/to/a/venv            # with: duckdb pandas "openfisca-core==46.0.1" pyarrow numpy
    $PEERS/bin/python bench/policy_peers.py --size 1000000

Every engine gets the facts in its own best form, in memory: codes for texts, day numbers, bit masks for
sets. OpenFisca knows no missing facts: every fact gets a second variable that says whether it is known,
every measure one for "surely" and one for "surely not". None of them reads bounds: where ours settles an
unknown fact by its bounds, theirs leave it open.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np  # noqa: E402  # the path comes first

from bench.policies import catalogue, measures, written  # noqa: E402
from bench.register import register  # noqa: E402
from lianqi.engines.rules.bulk.columns import Days, Numbers, Sets, Texts, Truths  # noqa: E402
from lianqi.engines.rules.bulk.matching import chunks_of, match  # noqa: E402
from lianqi.engines.rules.bulk.planes import unpacked  # noqa: E402
from lianqi.engines.rules.bulk.program import Measure, Program  # noqa: E402
from lianqi.engines.rules.bulk.spark import matched_frame  # noqa: E402
from lianqi.engines.rules.nodes import (  # noqa: E402
    And,
    Arithmetic,
    Choice,
    Compare,
    Const,
    Fact,
    Greatest,
    Has,
    Least,
    Node,
    Not,
    OneOf,
    Operation,
    Or,
    Prefix,
    Tier,
)

# Met, open, and the sum of yuan, by measure.
Counts = list[tuple[int, int, float]]
PERIOD = "2025"


class Facts:
    """The columns of the program as plain arrays."""

    def __init__(self, program: Program, size: int) -> None:
        (chunk,) = chunks_of(register(size), program, rows=size)
        self.size = size
        self.arrays: dict[str, Any] = {}
        self.known: dict[str, Any] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        for slot in program.wanted:
            column: Any = chunk.column(slot)
            self.known[slot] = unpacked(column.known, size)
            match column:
                case Numbers():
                    values = column.values.num.astype(np.float64) / column.values.den
                case Days():
                    values = column.values
                case Truths():
                    values = unpacked(column.true, size)
                case Texts():
                    values, self.words[slot] = column.codes, column.words
                case Sets():
                    values, self.words[slot] = column.masks.astype(np.int32), column.words
            self.arrays[slot] = values

    def codes(self, node: OneOf | Prefix) -> list[int]:
        """The codes that a condition accepts."""
        assert isinstance(node.item, Fact)
        words = self.words[node.item.slot]
        if isinstance(node, OneOf):
            return [code for code, word in enumerate(words) if word in node.values]
        return [code for code, word in enumerate(words) if word.startswith(node.prefixes)]

    def mask(self, node: Has) -> int:
        assert isinstance(node.item, Fact)
        words = self.words[node.item.slot]
        return sum(1 << words.index(each) for each in node.values)


def constant(node: Const) -> float | int | bool:
    value = node.value
    return (
        value.toordinal()
        if isinstance(value, dt.date)
        else value
        if isinstance(value, bool)
        else float(value)
    )


def amount_of(measure: Measure) -> Node:
    return measure.gifts[0].amount


# --- DuckDB ----------------------------------------------------------------------------------------


class Sql:
    """A node as SQL: null is open; nothing that skips nulls is used."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def of(self, node: Node) -> str:  # noqa: C901, PLR0911  # one case a node
        match node:
            case Const():
                value = constant(node)
                return str(value).upper() if isinstance(value, bool) else f"{value!r}::DOUBLE"
            case Fact():
                return f'"{node.slot}"'
            case And() | Or():
                word = " AND " if isinstance(node, And) else " OR "
                return f"({word.join(map(self.of, node.items))})"
            case Not():
                return f"(NOT {self.of(node.item)})"
            case Compare():
                sign = {"==": "=", "!=": "<>"}.get(node.sign, node.sign)
                return f"({self.of(node.left)} {sign} {self.of(node.right)})"
            case OneOf() | Prefix():
                return f"({self.of(node.item)} IN ({', '.join(map(str, self.facts.codes(node)))}))"
            case Has():
                return f"(({self.of(node.item)} & {self.facts.mask(node)}) <> 0)"
            case Arithmetic(operation=Operation.OVER):
                return f"({self.of(node.left)} / nullif({self.of(node.right)}, 0))"
            case Arithmetic():
                return f"({self.of(node.left)} {node.operation} {self.of(node.right)})"
            case Least() | Greatest():
                one, other = map(self.of, node.items)
                wins, loses = ("<=", ">") if isinstance(node, Least) else (">=", "<")
                return f"(CASE WHEN {one} {wins} {other} THEN {one} WHEN {one} {loses} {other} THEN {other} END)"
            case Choice():
                test = self.of(node.test)
                return f"(CASE WHEN {test} THEN {self.of(node.then)} WHEN NOT {test} THEN {self.of(node.otherwise)} END)"
            case Tier():
                tested = self.of(node.value)
                steps = " ".join(
                    f"WHEN {tested} >= {float(step.bound)!r}::DOUBLE THEN {self.of(step.result)}"
                    for step in reversed(node.steps)
                )
                return f"(CASE {steps} WHEN {tested} IS NOT NULL THEN {self.of(node.below)} END)"
        raise TypeError(type(node).__name__)


def duckdb_flat(program: Program, facts: Facts) -> Callable[[], Counts]:
    """One flat query: a status and an amount a measure."""
    import duckdb
    import pyarrow as pa

    connection = duckdb.connect(config={"threads": 2})
    table = pa.table(
        {slot: pa.array(values, mask=~facts.known[slot]) for slot, values in facts.arrays.items()}
    )
    connection.register("arrow", table)
    connection.execute("CREATE TABLE facts AS SELECT * FROM arrow")
    sql = Sql(facts)
    chosen = []
    for place, each in enumerate(program.measures):
        status = sql.of(each.whole)
        chosen += [
            f"{status} AS s{place}",
            f"CASE WHEN {status} THEN {sql.of(amount_of(each))} END AS a{place}",
        ]
    sums = ", ".join(
        f"count_if(s{i}), count(s{i}), coalesce(sum(a{i}), 0)" for i in range(len(program.measures))
    )
    query = f"SELECT {sums} FROM (SELECT {', '.join(chosen)} FROM facts)"

    def run() -> Counts:
        row = connection.execute(query).fetchone()
        return [(row[i], facts.size - row[i + 1], row[i + 2]) for i in range(0, len(row), 3)]

    return run


# --- pandas ----------------------------------------------------------------------------------------


class Frames:
    """A node over nullable columns, equal parts once."""

    def __init__(self, facts: Facts) -> None:
        import pandas as pd

        self.pd, self.facts = pd, facts
        self.columns = {
            slot: pd.Series(pd.array(np.where(facts.known[slot], values, values.dtype.type(0)), dtype=self._kind(values)))
            .mask(~facts.known[slot])
            for slot, values in facts.arrays.items()
        }  # fmt: skip
        self.held: dict[int, Any] = {}

    def _kind(self, values: Any) -> str:
        return {"f": "Float64", "i": "Int32", "b": "boolean", "u": "Int32"}[values.dtype.kind]

    def of(self, node: Node) -> Any:
        if id(node) not in self.held:
            self.held[id(node)] = self._of(node)
        return self.held[id(node)]

    def _of(self, node: Node) -> Any:  # noqa: C901, PLR0911, PLR0912  # one case a node
        import operator

        match node:
            case Const():
                return constant(node)
            case Fact():
                return self.columns[node.slot]
            case And() | Or():
                joined = operator.and_ if isinstance(node, And) else operator.or_
                first, *rest = map(self.of, node.items)
                for each in rest:
                    first = joined(first, each)
                return first
            case Not():
                return ~self.of(node.item)
            case Compare():
                signs = {
                    "<": operator.lt,
                    "<=": operator.le,
                    ">": operator.gt,
                    ">=": operator.ge,
                    "==": operator.eq,
                    "!=": operator.ne,
                }
                return signs[node.sign](self.of(node.left), self.of(node.right))
            case OneOf() | Prefix():
                column = self.of(node.item)
                return column.isin(self.facts.codes(node)).astype("boolean").mask(column.isna())
            case Has():
                return (self.of(node.item) & self.facts.mask(node)) != 0
            case Arithmetic(operation=Operation.OVER):
                right = self.of(node.right)
                return self._float(self.of(node.left)) / right.mask(right == 0)
            case Arithmetic():
                signs = {"+": operator.add, "-": operator.sub, "*": operator.mul}
                return signs[node.operation](
                    self._float(self.of(node.left)), self._float(self.of(node.right))
                )
            case Least() | Greatest():
                one, other = map(self.of, node.items)
                if np.isscalar(one):
                    one, other = other, one
                wins = (one <= other) if isinstance(node, Least) else (one >= other)
                best = self._float(one).where(wins.fillna(value=True), other)
                return best if np.isscalar(other) else best.mask(other.isna())
            case Choice():
                test = self.of(node.test)
                empty = self.pd.Series(self.pd.array([None] * self.facts.size, dtype="Float64"))
                return empty.mask(test.fillna(value=False), self.of(node.then)).mask(
                    (~test).fillna(value=False), self.of(node.otherwise)
                )
            case Tier():
                value = self._float(self.of(node.value))
                found = value * 0 + self.of(node.below)
                for step in node.steps:
                    found = found.mask(
                        (value >= float(step.bound)).fillna(value=False), self.of(step.result)
                    )
                return found
        raise TypeError(type(node).__name__)

    def _float(self, value: Any) -> Any:
        return value if np.isscalar(value) else value.astype("Float64")


def pandas_nullable(program: Program, facts: Facts) -> Callable[[], Counts]:
    frames = Frames(facts)

    def run() -> Counts:
        frames.held.clear()
        found = []
        for each in program.measures:
            status, amount = frames.of(each.whole), frames.of(amount_of(each))
            met = status.fillna(value=False).astype(bool)
            total = met.sum() * amount if np.isscalar(amount) else amount[met].sum()
            found.append((int(met.sum()), int(status.isna().sum()), float(total)))
        return found

    return run


# --- OpenFisca -------------------------------------------------------------------------------------


class Rails:
    """A node as NumPy source with two rails, for a formula of OpenFisca."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.lines: list[str] = []
        self.luts: dict[str, Any] = {}
        self.held: dict[int, tuple[str, str]] = {}

    def _new(self, value: str) -> str:
        self.lines.append(f"    v{len(self.lines)} = {value}")
        return f"v{len(self.lines) - 1}"

    def _all(self, *known: str) -> str:
        kept = [each for each in known if each != "True"]
        return self._new(" & ".join(kept)) if len(kept) > 1 else kept[0] if kept else "True"

    def number(self, node: Node) -> tuple[str, str]:
        """Values, and where they are known."""
        if id(node) not in self.held:
            self.held[id(node)] = self._number(node)
        return self.held[id(node)]

    def _number(self, node: Node) -> tuple[str, str]:  # noqa: PLR0911  # one case a node
        match node:
            case Const():
                return repr(constant(node)), "True"
            case Fact():
                return self._new(f"ent({node.slot!r}, period)"), self._new(
                    f"ent('known_{node.slot}', period)"
                )
            case Arithmetic():
                (left, known), (right, other_known) = (
                    self.number(node.left),
                    self.number(node.right),
                )
                if node.operation is Operation.OVER:
                    nonzero = self._new(f"{right} != 0")
                    quotient = (
                        f"np.divide({left}, {right}, out=np.zeros(len({nonzero})), where={nonzero})"
                    )
                    return self._new(quotient), self._all(known, other_known, nonzero)
                return self._new(f"{left} {node.operation} {right}"), self._all(known, other_known)
            case Least() | Greatest():
                (one, known), (other, other_known) = map(self.number, node.items)
                of = "minimum" if isinstance(node, Least) else "maximum"
                return self._new(f"np.{of}({one}, {other})"), self._all(known, other_known)
            case Choice():
                true, false = self.rails(node.test)
                then, otherwise = self.number(node.then), self.number(node.otherwise)
                known = f"({self._all(true, then[1])}) | ({self._all(false, otherwise[1])})"
                return self._new(f"np.where({true}, {then[0]}, {otherwise[0]})"), self._new(known)
            case Tier():
                value, known = self.number(node.value)
                steps = list(reversed(node.steps))
                tests = ", ".join(f"{value} >= {float(step.bound)!r}" for step in steps)
                results = ", ".join(self.number(step.result)[0] for step in steps)
                return self._new(
                    f"np.select([{tests}], [{results}], {self.number(node.below)[0]})"
                ), known
        raise TypeError(type(node).__name__)

    def rails(self, node: Node) -> tuple[str, str]:
        """Where it surely holds, and where it surely fails."""
        key = -id(node)
        if key not in self.held:
            self.held[key] = self._rails(node)
        return self.held[key]

    def _rails(self, node: Node) -> tuple[str, str]:
        match node:
            case Not():
                true, false = self.rails(node.item)
                return false, true
            case And() | Or():
                trues, falses = zip(*map(self.rails, node.items), strict=True)
                sign, other = (" & ", " | ") if isinstance(node, And) else (" | ", " & ")
                return self._new(sign.join(trues)), self._new(other.join(falses))
            case Fact():
                holds, known = self.number(node)
            case Compare():
                (left, known), (right, other_known) = (
                    self.number(node.left),
                    self.number(node.right),
                )
                holds, known = (
                    self._new(f"{left} {node.sign} {right}"),
                    self._all(known, other_known),
                )
            case OneOf() | Prefix():
                codes, known = self.number(node.item)
                lut = f"lut{len(self.luts)}"
                words = self.facts.words[node.item.slot]  # type: ignore[attr-defined]  # a fact
                accepted = set(self.facts.codes(node))
                self.luts[lut] = np.array([code in accepted for code in range(len(words))])
                holds = self._new(f"{lut}[{codes}]")
            case Has():
                masks, known = self.number(node.item)
                holds = self._new(f"({masks} & {self.facts.mask(node)}) != 0")
            case _:
                raise TypeError(type(node).__name__)
        true = self._new(f"{holds} & {known}")
        return true, self._new(f"{known} & ~{true}")

    def formula(self, result: str) -> Any:
        body = "\n".join(["def formula(ent, period):", *self.lines, f"    return {result}"])
        space = {"np": np, **self.luts}
        exec(body, space)  # noqa: S102  # written above
        return space["formula"]


def openfisca(program: Program, facts: Facts) -> Callable[[], Counts]:
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    enterprise = build_entity(
        key="enterprise", plural="enterprises", label="enterprise", is_person=True
    )
    system = TaxBenefitSystem([enterprise])

    def add(name: str, kind: type, formula: Any = None) -> None:
        about = {
            "value_type": kind,
            "entity": enterprise,
            "definition_period": DateUnit.YEAR,
            "label": name,
        }
        if formula:
            about["formula"] = formula
        system.add_variable(type(name, (Variable,), about))

    for slot, values in facts.arrays.items():
        add(slot, {"f": float, "b": bool}.get(values.dtype.kind, int))
        add(f"known_{slot}", bool)
    for place, each in enumerate(program.measures):
        for name, pick in (("met", 0), ("unmet", 1)):
            rails = Rails(facts)
            add(f"{name}{place}", bool, rails.formula(rails.rails(each.whole)[pick]))
        rails = Rails(facts)
        value, known = rails.number(amount_of(each))
        add(
            f"amount{place}",
            float,
            rails.formula(f"np.where(ent('met{place}', period) & {known}, {value}, 0.0)"),
        )

    def run() -> Counts:
        simulation = SimulationBuilder().build_default_simulation(system, count=facts.size)
        for slot, values in facts.arrays.items():
            simulation.set_input(slot, PERIOD, values)
            simulation.set_input(f"known_{slot}", PERIOD, facts.known[slot])
        found = []
        for place in range(len(program.measures)):
            met = simulation.calculate(f"met{place}", PERIOD)
            unmet = simulation.calculate(f"unmet{place}", PERIOD)
            amount = simulation.calculate(f"amount{place}", PERIOD)
            left = facts.size - int(met.sum()) - int(unmet.sum())
            found.append((int(met.sum()), left, float(amount.sum(dtype=np.float64))))
        return found

    return run


# --- ours ------------------------------------------------------------------------------------------


def ours(program: Program, facts: Facts) -> Callable[[], Counts]:
    chunks = chunks_of(register(facts.size), program)

    def run() -> Counts:
        by_chunk = [each.tallies() for each in match(program, chunks)]
        return [
            (sum(t.met for t in each), sum(t.unknown for t in each), sum(t.fen for t in each) / 100)
            for each in zip(*by_chunk, strict=True)
        ]

    return run


def spark(program: Program, facts: Facts) -> Callable[[], Counts]:
    """Ours inside Spark local[2], from a Parquet file; needs Java 17."""
    from pyspark.sql import SparkSession, functions

    os.environ.update(PYSPARK_PYTHON=sys.executable, PYTHONPATH=f"{ROOT / 'src'}:{ROOT}")
    session = (
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    )
    source = str(written(facts.size))

    def run() -> Counts:
        counted = (
            matched_frame(session, program, source)
            .groupBy("measure", "status")
            .agg(functions.count("*").alias("rows"), functions.sum("fen").alias("fen"))
            .collect()
        )
        by_kind = {(row["measure"], row["status"]): row for row in counted}
        found = []
        for each in program.measures:
            met, left = by_kind.get((each.key, "met")), by_kind.get((each.key, "unknown"))
            yuan = (met["fen"] or 0) / 100 if met else 0
            found.append((met["rows"] if met else 0, left["rows"] if left else 0, yuan))
        return found

    run()  # the first run starts Spark's processes
    return run


ENGINES = {
    "Lianqi": ours,
    "DuckDB, one flat query": duckdb_flat,
    "pandas, nullable columns": pandas_nullable,
    "OpenFisca, missing facts emulated": openfisca,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--spark", action="store_true", help="with pyspark<4.1 and Java 17")
    given = options.parse_args()
    program = Program(measures(), catalogue())
    facts = Facts(program, given.size)
    engines = ENGINES | ({"Lianqi in Spark local[2], from a file": spark} if given.spark else {})
    runs = {name: make(program, facts) for name, make in engines.items()}
    taken: dict[str, list[float]] = {name: [] for name in runs}
    counts: dict[str, Counts] = {}
    for _ in range(given.rounds):  # in turn, so that a busy minute harms all of them
        for name, run in runs.items():
            began = time.perf_counter()
            counts[name] = run()
            taken[name].append(time.perf_counter() - began)
    best = min(taken["Lianqi"])
    for name, seconds in taken.items():
        met, left = (sum(each[place] for each in counts[name]) for place in (0, 1))
        yuan = sum(each[2] for each in counts[name])
        print(
            f"| {name} | {min(seconds):.3f} | {statistics.median(seconds):.3f} | {min(seconds) / best:.1f}× | {met:,} | {left:,} | {yuan:,.0f} |"
        )


if __name__ == "__main__":
    main()
