"""What a reader should look at before a pack is published; nothing here stops it from being read.

What is wrong with the logic (contradictions, tables with gaps) the linter of rules finds, with an
example; here stands what only the pack knows: sources, papers, days in force, what may be had
together, and what the fair competition review asks about (国务院令第783号, since 1 August 2024).
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from time import perf_counter
from types import MappingProxyType
from typing import Any

from lianqi.engines.packs.pack import Measure, Pack
from lianqi.engines.rules import lint as logic
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.meaning import Snapshot, meaning
from lianqi.engines.rules.nodes import Count, Fact, Judged, Node, Total, walk
from lianqi.engines.rules.rule import Rule

# Since when support measures are reviewed under the regulation.
FAIR_COMPETITION_SINCE = dt.date(2024, 8, 1)
SOON = dt.timedelta(days=90)
_HERE = frozenset({"registered_here", "tax_here", "stats_here"})
_LOCAL_WORDS = re.compile(
    "本地品牌|本地产品|本市产品|本区产品|本地生产|本市生产|本区生产|指定供应商|指定供货|不得迁|不迁"
)
_LOCAL_TAX = re.compile("地方.{0,4}贡献|税收.{0,4}留成|地方.{0,2}税收|纳税额")


_WITHOUT_EXAMPLE = frozenset(
    {
        logic.Problem.NEVER_TRUE,
        logic.Problem.ALWAYS_TRUE,
        logic.Problem.CONTRADICTION,
        logic.Problem.IMPLIED,
        logic.Problem.UNREACHABLE_STEP,
    }
)


class Fault(StrEnum):
    """What may be wrong; those of the logic bear the names they have there."""

    LOGIC = "logic"
    NO_EVIDENCE = "no_evidence"
    MUST_BE_HERE = "must_be_here"
    LOCAL_BRAND = "local_brand"
    TIED_TO_LOCAL_TAX = "tied_to_local_tax"
    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"
    NO_END = "no_end"
    STACKING = "stacking"
    NOT_CHECKED = "not_checked"
    NO_ARTICLE = "no_article"
    NOT_LOOKED_AT = "not_looked_at"


class Severity(StrEnum):
    """What a remark means for publication."""

    STOPS = "stops"
    WARNS = "warns"


STOPPING = frozenset({logic.Problem.NEVER_TRUE, logic.Problem.CONTRADICTION})


@dataclass(frozen=True)
class Remark:
    """One thing to look at.

    Attributes:
        measure: Key; "" for the whole pack.
        where: Keys of clauses, benefits, facts or measures it is about.
        problem: Of the logic, which.
        example: Facts by slot that show it.
    """

    fault: Fault
    measure: str = ""
    where: tuple[str, ...] = ()
    problem: logic.Problem | None = None
    example: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def severity(self) -> Severity:
        return Severity.STOPS if self.problem in STOPPING else Severity.WARNS

    def said(self, language: str = "en") -> str:
        english, chinese = SENTENCES[self.problem or self.fault]
        return chinese if language == "zh" else english


def sentence_of(remark: Mapping[str, Any], language: str = "en") -> str:
    """The sentence of a remark that was kept as plain data."""
    problem, fault = remark["problem"], Fault(remark["fault"])
    english, chinese = SENTENCES[logic.Problem(problem) if problem else fault]
    return chinese if language == "zh" else english


# Facts by slot, and the day they are about.
Example = tuple[dt.date, Snapshot]
NOTHING: Mapping[str, Sequence[Example]] = MappingProxyType({})
# What each of them says to a reader, in English and in Chinese.
SENTENCES: Mapping[Fault | logic.Problem, tuple[str, str]] = MappingProxyType(
    {
        Fault.NO_EVIDENCE: (
            "No paper proves what only the enterprise states",
            "只由企业填报、没有材料证明",
        ),
        Fault.MUST_BE_HERE: (
            "Asks for registration or tax here: for the fair competition review",
            "以在本地注册或纳税为条件，须作公平竞争审查",
        ),
        Fault.LOCAL_BRAND: (
            "Prefers local goods or forbids moving: for the fair competition review",
            "偏向本地产品或限制迁出，须作公平竞争审查",
        ),
        Fault.TIED_TO_LOCAL_TAX: (
            "Tied to local tax: for the fair competition review",
            "与地方税收挂钩，须作公平竞争审查",
        ),
        Fault.EXPIRED: ("No longer in force", "已过有效期"),
        Fault.EXPIRES_SOON: ("Ends within 90 days", "90天内到期"),
        Fault.NO_END: ("Has no end", "没有写明止期"),
        Fault.STACKING: ("May and may not be had together", "既可同享又不可同享"),
        Fault.NOT_CHECKED: ("Nobody has said when the source was read", "没有写明何时核对原文"),
        Fault.NO_ARTICLE: ("Cites no article", "没有写明条款"),
        Fault.NOT_LOOKED_AT: (
            "Its logic was not looked at in the time there is",
            "在限定时间内没有检查完其逻辑",
        ),
        logic.Problem.NEVER_TRUE: ("No example fulfils it", "找不到能满足的例子"),
        logic.Problem.ALWAYS_TRUE: ("No example misses it", "找不到不满足的例子"),
        logic.Problem.CONTRADICTION: ("Cannot be fulfilled together", "不可能同时满足"),
        logic.Problem.IMPLIED: ("Follows from the other conditions", "已包含在其他条件中"),
        logic.Problem.OVERLAP: ("Two tiers claim the same case", "同一情形同时落在两档"),
        logic.Problem.GAP: (
            "No tier fits a case that fulfils all other conditions",
            "有符合其他条件而不落在任何一档的情形",
        ),
        logic.Problem.UNREACHABLE_STEP: ("Nobody can be on this step", "没有人能落在这一档"),
        logic.Problem.NEGATIVE_AMOUNT: ("The amount can be below zero", "金额可能为负"),
        logic.Problem.MAY_DIVIDE_BY_ZERO: ("Divides by what can be zero", "除数可能为零"),
    }
)


def remarks(
    pack: Pack,
    today: dt.date,
    examples: Mapping[str, Sequence[Example]] = NOTHING,
    *,
    seconds: float = inf,
) -> list[Remark]:
    """Everything worth a look, by measure.

    Args:
        examples: Facts of the pack's cases by measure (`cases.examples`).
        seconds: After which no further measure's logic is looked at.
    """
    until = perf_counter() + seconds
    day = min(max(today, pack.span.start or today), pack.span.end or today)
    found = list(_of_the_document(pack, today))
    reading = pack.reading(day)
    for measure in reading.measures:
        found += _of_evidence(pack, measure)
        found += _of_competition(pack, measure)
        found += _of_days(measure, today)
        found += _of_articles(measure)
        rule = measure.rule(pack.key).on(day)
        if perf_counter() < until:
            found += _of_logic(measure, rule, examples.get(measure.key, ()))
        else:
            found.append(Remark(Fault.NOT_LOOKED_AT, measure.key))
    found += _of_stacking(reading.measures)
    for group in pack.alternatives:
        rules = [pack.measure(key, day).rule(pack.key).on(day) for key in group.of]
        if perf_counter() < until:
            found += _of_tiers(rules, or_none=group.or_none)
    return found


def _of_tiers(rules: Sequence[Rule], *, or_none: bool) -> Iterator[Remark]:
    """Measures that are tiers of one thing."""
    for each in logic.lint_measures(rules, or_none=or_none):
        where = tuple(key.partition("/")[2] for key in each.where)
        yield Remark(Fault.LOGIC, "", where, each.problem, each.example)


def _of_logic(measure: Measure, rule: Rule, examples: Sequence[Example]) -> Iterator[Remark]:
    """What the linter of rules finds, apart from what it cannot see.

    It makes up figures, not entries of lists: that it finds no example of a condition about a list
    does not mean that there is none. Nor where the cases of the pack hold one.
    """
    unseen = {
        each.key
        for each in rule.clauses
        if any(isinstance(part, Count | Total) for part in walk(each.condition))
    }
    whole = [each.of for each in measure.alternatives if not each.or_none]
    apart = [each.of for each in measure.alternatives if each.or_none]
    for each in logic.lint(rule, alternatives=whole, apart=apart):
        lists = unseen & set(each.where) if each.where else unseen
        if each.problem in _WITHOUT_EXAMPLE and (lists or _is_refuted(each, measure, examples)):
            continue
        yield Remark(Fault.LOGIC, measure.key, each.where, each.problem, each.example)


def _is_refuted(finding: logic.Finding, measure: Measure, examples: Sequence[Example]) -> bool:
    """Whether an example shows that it is not so."""
    for day, facts in examples:
        truths = {
            each.key: meaning(bind(each.condition, day), facts).value for each in measure.clauses
        }
        held = [truths[key] for key in finding.where or truths]
        match finding.problem:
            case logic.Problem.NEVER_TRUE | logic.Problem.CONTRADICTION:
                refuted = all(held)
            case logic.Problem.ALWAYS_TRUE:
                refuted = False in held
            case logic.Problem.IMPLIED:
                others = (truths[key] for key in truths if key not in finding.where)
                refuted = False in held and all(others)
            case _:
                refuted = False
        if refuted:
            return True
    return False


def _of_the_document(pack: Pack, today: dt.date) -> Iterator[Remark]:
    if pack.document.checked_on is None or pack.document.checked_on > today:
        yield Remark(Fault.NOT_CHECKED)
    if pack.span.end is None and pack.document.level != "national":
        yield Remark(Fault.NO_END)


def _parts(measure: Measure) -> Iterator[Node]:
    yield measure.scope
    yield from (each.condition for each in measure.clauses)
    for each in measure.benefits:
        yield each.when
        if each.amount is not None:
            yield each.amount


def _facts(measure: Measure) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            each.key for part in _parts(measure) for each in walk(part) if isinstance(each, Fact)
        )
    )


def _of_evidence(pack: Pack, measure: Measure) -> Iterator[Remark]:
    """Facts that only the enterprise can state, and no paper proves them."""
    proven = {key for each in measure.evidence for key in each.facts}
    bare = tuple(
        key
        for key in _facts(measure)
        if key not in proven and pack.catalogue[key].supplier == "enterprise"
    )
    if bare:
        yield Remark(Fault.NO_EVIDENCE, measure.key, bare)


def _of_competition(pack: Pack, measure: Measure) -> Iterator[Remark]:
    if measure.span.end is not None and measure.span.end < FAIR_COMPETITION_SINCE:
        return
    if not any(each.kind.is_paid for each in measure.benefits) and measure.rank is None:
        return
    keys = _facts(measure)
    here = tuple(key for key in keys if key in _HERE)
    if here:
        yield Remark(Fault.MUST_BE_HERE, measure.key, here)
    local = tuple(
        each.key
        for each in measure.clauses
        if _LOCAL_WORDS.search(_words(pack, each.condition, each.text))
    )
    if local:
        yield Remark(Fault.LOCAL_BRAND, measure.key, local)
    tax = tuple(key for key in keys if _LOCAL_TAX.search(pack.catalogue[key].label))
    if tax:
        yield Remark(Fault.TIED_TO_LOCAL_TAX, measure.key, tax)


def _words(pack: Pack, condition: Node, text: str) -> str:
    said = [text]
    for each in walk(condition):
        if isinstance(each, Fact):
            said += [pack.catalogue[each.key].label, pack.catalogue[each.key].meaning]
        elif isinstance(each, Judged):
            said.append(each.question)
    return "\n".join(said)


def _of_days(measure: Measure, today: dt.date) -> Iterator[Remark]:
    end = measure.span.end
    if end is None:
        return
    if end < today:
        yield Remark(Fault.EXPIRED, measure.key)
    elif end < today + SOON:
        yield Remark(Fault.EXPIRES_SOON, measure.key)


def _of_articles(measure: Measure) -> Iterator[Remark]:
    cited = [(each.key, each.article) for each in measure.clauses]
    cited += [(each.key, each.article) for each in measure.benefits]
    bare = tuple(key for key, article in cited if not article)
    if bare:
        yield Remark(Fault.NO_ARTICLE, measure.key, bare)


def _of_stacking(measures: tuple[Measure, ...]) -> Iterator[Remark]:
    """Measures that one says may be had together and the other, or the same, says may not."""
    apart = {(each.key, other.measure) for each in measures for other in each.excludes}
    for each in measures:
        clash = tuple(
            other
            for other in each.stacks_with
            if (each.key, other) in apart or (other, each.key) in apart
        )
        if clash or each.key in {other.measure for other in each.excludes}:
            yield Remark(Fault.STACKING, each.key, clash or (each.key,))
