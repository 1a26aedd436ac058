"""What is wrong with a rule before anybody applies for it, found by looking for examples.

A clause that no enterprise can fulfil, one that everybody fulfils, one that the others imply, two
benefits that claim the same case, a case that none of them covers: each is a question whether facts
exist, and `gaps` looks for them. What is reported comes with the example where there is one; that
something is impossible is said only where every way was tried.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import Any

from lianqi.engines.rules.examples import Examples
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
    Compare,
    Const,
    Fact,
    Kind,
    Node,
    Not,
    Operation,
    Sign,
    Tier,
    walk,
)
from lianqi.engines.rules.rule import Benefit, Rule

_ZERO = Fraction(0)


class Problem(StrEnum):
    NEVER_TRUE = "never_true"
    ALWAYS_TRUE = "always_true"
    CONTRADICTION = "contradiction"
    IMPLIED = "implied"
    OVERLAP = "overlap"
    GAP = "gap"
    UNREACHABLE_STEP = "unreachable_step"
    NEGATIVE_AMOUNT = "negative_amount"
    MAY_DIVIDE_BY_ZERO = "may_divide_by_zero"


@dataclass(frozen=True)
class Finding:
    """Something that is, or may be, wrong.

    Attributes:
        where: Keys of the clauses or benefits it is about; empty for the rule as a whole.
        example: Facts by slot that show it; empty where there cannot be any.
    """

    problem: Problem
    where: tuple[str, ...] = ()
    example: dict[str, Any] = field(default_factory=dict, compare=False)


def lint(
    rule: Rule,
    *,
    alternatives: Sequence[Sequence[str]] = (),
    apart: Sequence[Sequence[str]] = (),
) -> list[Finding]:
    """What is wrong with a bound rule (`Rule.on`).

    Args:
        alternatives: Groups of benefits, by key, of which exactly one is meant to fit each case.
        apart: Groups of which at most one is.
    """
    examples = Examples()
    findings = [*_of_clauses(rule, examples)]
    if not findings:
        findings += _of_the_whole(rule, examples)
    by_key = {each.key: each for each in rule.benefits}
    for group in alternatives:
        findings += _overlaps(rule, [by_key[key] for key in group], examples)
        findings += _gaps(rule, [by_key[key] for key in group], examples)
    for group in apart:
        findings += _overlaps(rule, [by_key[key] for key in group], examples)
    for benefit in rule.benefits:
        findings += _of_amount(rule, benefit, examples)
    return findings


def _of_clauses(rule: Rule, examples: Examples) -> Iterator[Finding]:
    for each in rule.clauses:
        if examples.is_impossible(each.condition):
            yield Finding(Problem.NEVER_TRUE, (each.key,))
        elif examples.is_impossible(Not(each.condition)):
            yield Finding(Problem.ALWAYS_TRUE, (each.key,))


def _of_the_whole(rule: Rule, examples: Examples) -> Iterator[Finding]:
    """Clauses that are well alone and not together; called when each can be fulfilled."""
    if examples.is_impossible(And((rule.scope, *(each.condition for each in rule.clauses)))):
        pairs: list[tuple[str, ...]] = [
            (one.key, other.key)
            for one, other in combinations(rule.clauses, 2)
            if examples.is_impossible(And((one.condition, other.condition)))
        ]
        yield from (Finding(Problem.CONTRADICTION, pair) for pair in pairs or [()])
        return
    for each in rule.clauses:
        others = tuple(other.condition for other in rule.clauses if other is not each)
        if others and examples.is_impossible(And((rule.scope, *others, Not(each.condition)))):
            yield Finding(Problem.IMPLIED, (each.key,))


def lint_measures(
    rules: Sequence[Rule], *, or_none: bool = False, examples: Examples | None = None
) -> list[Finding]:
    """Measures of which one is meant for each case: where two fit, and where none does.

    A gap is looked for where the conditions hold that all of them ask for.
    """
    examples = examples or Examples()
    findings = []
    wholes = [And((each.scope, *each.condition.items)) for each in rules]
    for (one, first), (other, second) in combinations(zip(rules, wholes, strict=True), 2):
        both = examples.of(And((first, second)))
        if both is not None:
            findings.append(Finding(Problem.OVERLAP, (one.key, other.key), both))
    if or_none:
        return findings
    parts = [(each.scope, *(clause.condition for clause in each.clauses)) for each in rules]
    common = tuple(
        each for each in dict.fromkeys(parts[0]) if all(each in other for other in parts)
    )
    none = examples.of(And((*common, *(Not(each) for each in wholes))))
    if none is not None:
        findings.append(Finding(Problem.GAP, tuple(each.key for each in rules), none))
    return findings


def _overlaps(rule: Rule, benefits: Sequence[Benefit], examples: Examples) -> Iterator[Finding]:
    for one, other in combinations(benefits, 2):
        both = examples.of(And((rule.scope, *rule.condition.items, one.when, other.when)))
        if both is not None:
            yield Finding(Problem.OVERLAP, (one.key, other.key), both)


def _gaps(rule: Rule, benefits: Sequence[Benefit], examples: Examples) -> Iterator[Finding]:
    clauses = (rule.scope, *(each.condition for each in rule.clauses))
    none = examples.of(And((*clauses, *(Not(each.when) for each in benefits))))
    if none is not None:
        yield Finding(Problem.GAP, tuple(each.key for each in benefits), none)


def _of_amount(rule: Rule, benefit: Benefit, examples: Examples) -> Iterator[Finding]:
    if benefit.amount is None:
        return
    given = And((rule.scope, *(each.condition for each in rule.clauses), benefit.when))
    below = Compare(Sign.LESS, benefit.amount, Const(_ZERO, benefit.amount.dims))
    negative = examples.of(And((given, below)))
    if negative is not None:
        yield Finding(Problem.NEGATIVE_AMOUNT, (benefit.key,), negative)
    for part in walk(benefit.amount):
        if isinstance(part, Tier):
            for index in _dead_steps(given, part, examples):
                yield Finding(Problem.UNREACHABLE_STEP, (benefit.key, str(index)))
        elif isinstance(part, Arithmetic) and part.operation is Operation.OVER:
            zero = _zero_of(given, part.right, examples)
            if zero is not None:
                yield Finding(Problem.MAY_DIVIDE_BY_ZERO, (benefit.key,), zero)


def _dead_steps(given: Node, tier: Tier, examples: Examples) -> Iterator[int]:
    """Steps of a table, from 1, that nobody who fulfils the conditions can be on."""
    for index, step in enumerate(tier.steps):
        reached = Compare(
            Sign.AT_LEAST if step.includes else Sign.MORE,
            tier.value,
            Const(step.bound, tier.value.dims),
        )
        parts: list[Node] = [given, reached]
        if index + 1 < len(tier.steps):
            above = tier.steps[index + 1]
            parts.append(
                Compare(
                    Sign.LESS if above.includes else Sign.AT_MOST,
                    tier.value,
                    Const(above.bound, tier.value.dims),
                )
            )
        if examples.is_impossible(And(tuple(parts))):
            yield index + 1


def _zero_of(given: Node, divisor: Node, examples: Examples) -> dict[str, Any] | None:
    if not any(isinstance(each, Fact) and each.kind is Kind.NUMBER for each in walk(divisor)):
        return None
    return examples.of(And((given, Compare(Sign.EQUAL, divisor, Const(_ZERO, divisor.dims)))))
