"""The explanation of compiled rules names value, source, period and article of every clause."""

import datetime as dt
import json
from fractions import Fraction
from typing import Any

import pytest

from lianqi.engines.rules.compiled import Compiled
from lianqi.engines.rules.explaining import Explainer
from lianqi.engines.rules.generating import UnusualError
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
    Compare,
    Judged,
    Least,
    Node,
    Not,
    Operation,
    Sign,
    number,
)
from lianqi.engines.rules.rule import Benefit, Clause, Rule, assess
from lianqi.engines.rules.units import YUAN
from tests.engines.rules.strategies import CATALOGUE

DAY = dt.date(2025, 6, 30)
REVENUE, SPENT = CATALOGUE["revenue"].node("2024"), CATALOGUE["rd_expense"].node("2024")
DISHONEST = CATALOGUE["dishonest"].node()
INTENSITY = Compare(Sign.AT_LEAST, Arithmetic(Operation.OVER, SPENT, REVENUE), number("0.05"))
HALF = Arithmetic(Operation.TIMES, number("0.5"), SPENT, YUAN)
RULE = Rule(
    "rd",
    (
        Clause("intensity", "第三条第（二）项", INTENSITY),
        Clause("honest", "第四条", Not(DISHONEST)),
        Clause("novel", "第五条", Judged("novel", "是否属于“首创”，100%自主？")),
    ),
    (Benefit("money", "第九条", Least((HALF, number(1000, YUAN)))),),
).on(DAY)
FACTS: dict[str, Any] = {
    "revenue@2024": Fraction("10000.50"), "rd_expense@2024": 800, "dishonest": False,
    "judged:novel": True,
}  # fmt: skip


def described(node: Node) -> str:
    return type(node).__name__ + " 100%"


def explained(facts: dict[str, Any], **sources: str) -> Any:
    compiled = Compiled([RULE], CATALOGUE)

    return json.loads(Explainer(compiled, CATALOGUE, describe=described).explain(facts, sources))


def test_every_clause_has_its_article_status_and_values() -> None:
    told = explained(FACTS)

    (measure,) = told["measures"]
    first = told["conditions"][measure["clauses"][0]["condition"]]
    assert [(each["article"], each["status"]) for each in measure["clauses"]] == [
        ("第三条第（二）项", "met"), ("第四条", "met"), ("第五条", "met"),
    ]  # fmt: skip
    assert first["text"] == "Compare 100%"
    assert first["left"] == pytest.approx(800 / 10000.5)
    assert first["reads"] == ["rd_expense@2024", "revenue@2024"]
    assert (measure["status"], measure["fen"], measure["benefits"][0]["fen"]) == (
        "met",
        40000,
        40000,
    )


def test_values_come_with_period_unit_and_source() -> None:
    told = explained(FACTS, **{"revenue@2024": "2024年度纳税申报表"})

    facts = {each["slot"]: each for each in told["facts"]}
    assert facts["revenue@2024"] == {
        "slot": "revenue@2024", "name": "营业收入", "period": "2024", "unit": "元",
        "value": 10000.5, "source": "2024年度纳税申报表",
    }  # fmt: skip
    assert facts["rd_expense@2024"]["source"] == CATALOGUE["rd_expense"].supplier


def test_what_is_missing_is_asked_for() -> None:
    told = explained({**FACTS, "rd_expense@2024": None})

    (measure,) = told["measures"]
    assert [each["status"] for each in measure["clauses"]] == ["unknown", "met", "met"]
    assert measure["asks"] == ["rd_expense@2024"]
    assert measure["fen"] == {"from": 0, "to": 100000}
    assert measure["amount_asks"] == ["rd_expense@2024"]


def test_a_question_to_a_person_asks_for_a_review() -> None:
    told = explained({**FACTS, "judged:novel": None})

    (measure,) = told["measures"]
    assert measure["status"] == measure["clauses"][2]["status"] == "manual_review"
    assert measure["asks"] == ["judged:novel"]


def test_out_of_reach_gives_nothing_and_asks_nothing() -> None:
    told = explained({"dishonest": True})

    (measure,) = told["measures"]
    assert (measure["status"], measure["fen"], measure["asks"]) == ("unmet", None, [])


def test_a_value_with_too_many_digits_is_left_to_the_reference() -> None:
    facts = {**FACTS, "revenue@2024": Fraction(10000, 3)}
    compiled = Compiled([RULE], CATALOGUE)

    assert compiled.assess(facts) == [assess(RULE, facts)]
    with pytest.raises(UnusualError):
        compiled.read(facts)


def test_equal_parts_are_computed_once() -> None:
    other = Rule("other", (Clause("c", "第一条", And((INTENSITY, Not(DISHONEST)))),)).on(DAY)

    compiled = Compiled([RULE, other], CATALOGUE)

    assert compiled.source.count("revenue@2024") == 1
