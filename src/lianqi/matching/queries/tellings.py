"""What enterprises are told of a measure, and who was not told yet.

The lines are in Chinese for every reader: they are made of the words of the document itself.
"""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

from django.db.models import Exists, OuterRef

from lianqi.engines.packs.pack import Process
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.rule import Status
from lianqi.engines.rules.units import YUAN
from lianqi.matching.enums import Group
from lianqi.matching.models import Match, MatchQuerySet, RulePack, Telling
from lianqi.matching.queries.explanations import ClauseShown, Explanation, FactShown
from lianqi.register.models import Membership

MOST_CLAUSES = 4
_UNITS = ((10**8, "亿元"), (10**4, "万元"), (1, "元"))


def untold(
    packs: Iterable[int], groups: Iterable[Group], measure: str = ""
) -> MatchQuerySet:  # fmt: skip
    """Matches of enterprises that have somebody here, and were not told of the measure yet."""
    told = Telling.objects.filter(
        enterprise=OuterRef("enterprise"),
        key=OuterRef("pack__key"),
        version=OuterRef("pack__version"),
        measure=OuterRef("measure"),
    )
    people = Membership.objects.confirmed().filter(
        enterprise=OuterRef("enterprise"), user__is_active=True
    )  # fmt: skip
    matches = Match.objects.of_packs(list(packs)).filter(group__in=list(groups))
    if measure:
        matches = matches.filter(measure=measure)
    # A question for the reviewing office is none that the enterprise could answer.
    matches = matches.exclude(slot__startswith="judged:")
    return matches.filter(~Exists(told), Exists(people))


def told_of(pack: RulePack, measure: str, enterprises: Iterable[int]) -> dict[int, dt.datetime]:
    """When some enterprises were told of a measure, in any revision of its version."""
    rows = Telling.objects.of_version(pack.key, pack.version).filter(
        measure=measure, enterprise__in=list(enterprises)
    )  # fmt: skip
    return dict(rows.values_list("enterprise", "told_at"))


def lines_about(found: Explanation) -> str:
    """One measure in a message: what it gives, why, and what to do until when."""
    verdict, measure = found.verdict, found.place.measure
    amount = amount_words(verdict.low, verdict.high, is_ceiling=verdict.is_ceiling)
    named = f"《{found.place.pack.document.title}》{measure.article}"
    parts = [f"■ {measure.title}{f'：{amount}' if amount else ''}（{named}）"]
    met = [each for each in found.clauses if each.status is Status.MET]
    if met:
        parts.append("符合：" + "；".join(_clause(each) for each in met[:MOST_CLAUSES]))
    if verdict.missing and verdict.group is Group.ONE_MISSING:
        missing = verdict.missing[0]
        parts.append(f"尚缺：{missing.label}{missing.period}")
    parts.append(f"办理：{next_step(measure.process, found.on)}")
    return "\n".join(parts)


def amount_words(low: Fraction | None, high: Fraction | None, *, is_ceiling: bool) -> str:
    if low is None:
        return ""
    if high is None:
        return f"{_yuan(low)}起" if low else "金额待定"
    if low != high:
        return f"{_yuan(low)}至{_yuan(high)}"
    return f"最高{_yuan(low)}" if is_ceiling else _yuan(low)


def _yuan(amount: Fraction) -> str:
    size, unit = next(((size, unit) for size, unit in _UNITS if abs(amount) >= size), _UNITS[-1])
    text = f"{float(amount / size):,.2f}".rstrip("0").rstrip(".")
    return f"{text}{unit}"


def _clause(clause: ClauseShown) -> str:
    told = clause.text.text or clause.chinese
    values = [shown for each in clause.facts if (shown := _value(each))]
    return f"{told}（{'，'.join(values)}）" if values else told


def _value(fact: FactShown) -> str:
    if fact.value is None or fact.kind is not Kind.NUMBER:
        return ""
    number = Fraction(fact.value)
    period = f"{fact.period}年" if len(fact.period) == 4 else fact.period  # noqa: PLR2004  # a year
    if fact.dims == YUAN:
        return f"{period}{fact.label}{_yuan(number)}"
    return f"{period}{fact.label}{float(number):g}{fact.unit}"


def next_step(process: Process, on: dt.date) -> str:
    """How one gets it, and until when."""
    if process.application == "none":
        return "免申即享，无需申请"
    verb = "确认后兑现" if process.application == "confirm" else "请申报"
    open_until = [
        each.end
        for each in process.windows
        if each.end and each.end >= on and (each.start is None or each.start <= on)
    ]
    if open_until:
        return f"{verb}，截止{min(open_until).isoformat()}"
    later = [each for each in process.windows if each.start and each.start > on]
    if later:
        soonest = min(later, key=lambda each: each.start or on)
        assert soonest.start is not None
        until = f"至{soonest.end.isoformat()}" if soonest.end else "起"
        return f"{verb}，受理时间{soonest.start.isoformat()}{until}"
    return f"{verb}，{process.deadline}" if process.deadline else f"{verb}，时间以受理部门通知为准"
