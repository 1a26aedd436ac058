"""Small measures, and a generated register for them."""

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.nodes import Arithmetic, Compare, Node, Operation, Prefix, Sign, number
from lianqi.engines.rules.rule import Benefit, Clause, Rule
from lianqi.engines.rules.units import YUAN
from tests.engines.rules.strategies import CATALOGUE

DAY = dt.date(2025, 6, 30)


def fact(key: str, period: str | None = None) -> Any:
    spec = CATALOGUE[key]
    return spec.node(period or ("2024" if spec.grain else None))


def rule(condition: Node, amount: Node | None = None, cap: Node | None = None) -> Rule:
    benefits = () if amount is None else (Benefit("b", "第二条", amount),)
    return Rule("m", (Clause("c", "第一条", condition),), benefits, cap=cap).on(DAY)


def over(left: Node, right: Node) -> Node:
    return Arithmetic(Operation.OVER, left, right)


def share_of_sales(sign: Sign = Sign.AT_LEAST) -> Node:
    return Compare(sign, over(fact("rd_expense"), fact("revenue")), number("0.05"))


def generated(rows: int) -> tuple[Program, pa.Table]:
    measures = [
        rule(
            share_of_sales(), Arithmetic(Operation.TIMES, number("0.1"), fact("rd_expense"), YUAN)
        ),
        rule(Prefix(fact("industry"), ("C39",))),
    ]
    measures = [Rule(f"m{n}", each.clauses, each.benefits) for n, each in enumerate(measures)]
    chance = np.random.default_rng(4)
    table = pa.table(
        {
            "code": [f"E{row:05}" for row in range(rows)],
            "revenue@2024": pa.array(chance.integers(0, 100, rows), mask=chance.random(rows) < 0.1),
            "rd_expense@2024": pa.array(
                chance.integers(0, 9, rows), mask=chance.random(rows) < 0.1
            ),
            "industry": [["C3913", "I6510", None][each] for each in chance.integers(0, 3, rows)],
            "unasked": pa.nulls(rows),
        }
    )
    return Program(measures, CATALOGUE), table
