"""What enterprises are told of a measure, and who was not told yet.

The lines are in Chinese for every reader: they are made of the words of the document itself.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef

from lianqi.engines.packs.excluding import exclusions
from lianqi.engines.packs.library import Found
from lianqi.engines.packs.pack import Process
from lianqi.engines.rates import rounded
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.rule import Status
from lianqi.engines.rules.units import YUAN, unit_of
from lianqi.matching.enums import Group
from lianqi.matching.models import Match, MatchQuerySet, RulePack, Telling
from lianqi.matching.queries.explanations import ClauseShown, Explanation, FactShown
from lianqi.policies.models import PolicyArticle
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


def leads_of(packs: Iterable[RulePack]) -> dict[tuple[int, str], str]:
    """Which department leads an article of the policy behind a pack, by pack and article."""
    by_document = {each.document_id: each.pk for each in packs if each.document_id}
    led = PolicyArticle.objects.filter(document__in=by_document, lead__isnull=False)
    rows = led.order_by("pk").values_list("document_id", "number", "lead__name")
    return {(by_document[document], number): lead for document, number, lead in rows}


def letter(found: Sequence[Explanation], leads: Mapping[tuple[int, str], str]) -> str:
    """What an enterprise reads about the measures that it is told of."""
    pairs = exclusions(Found(each.place.pack, each.place.measure) for each in found)
    named = {f"{each.place.pack.key}/{each.place.measure.key}": each for each in found}
    parts = []
    for name, each in named.items():
        rivals = [
            other.place.measure.title
            for key, other in named.items()
            if frozenset({name, key}) in pairs
        ]
        lead = leads.get((each.place.row.pk, each.place.measure.article), "")
        parts.append(lines_about(each, lead=lead, rivals=rivals))
    return "\n\n".join(parts)


def lines_about(found: Explanation, *, lead: str = "", rivals: Sequence[str] = ()) -> str:
    """One measure in a message: what it gives, why, what to do until when, and with whom."""
    verdict, measure = found.verdict, found.place.measure
    amount = amount_words(verdict.low, verdict.high, is_ceiling=verdict.is_ceiling)
    named = f"《{found.place.pack.document.title}》{measure.article}"
    parts = [f"■ {measure.title}{f'：{amount}' if amount else ''}（{named}）"]
    if not amount and measure.benefits:
        parts.append(
            "内容：" + "；".join(each.pays_in_kind or each.title for each in measure.benefits)
        )
    met = [each for each in found.clauses if each.status is Status.MET]
    if met:
        parts.append("符合：" + "；".join(_clause(each) for each in met[:MOST_CLAUSES]))
    if verdict.missing and verdict.group is Group.ONE_MISSING:
        missing = verdict.missing[0]
        period = f"{missing.period}年" if missing.period.isdecimal() else missing.period
        parts.append(f"尚缺：{period}{missing.label}")
    if rivals:
        others = "、".join(f"“{each}”" for each in rivals)
        parts.append(f"择高享受：与{others}不重复享受，按合计较高的给予")
    parts.append(f"办理：{next_step(measure.process, found.on)}")
    papers = [each.name for each in measure.evidence if each.source in {"", "enterprise"}]
    if papers and measure.process.application != "none":
        parts.append("材料：" + "、".join(papers))
    if lead:
        parts.append(f"受理：{lead}")
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
    """Two decimals, halves up; the unit is chosen after rounding, so never 10,000万元."""
    shown = ((rounded(amount / size, 2), unit) for size, unit in _UNITS)
    number, unit = next((each for each in shown if abs(each[0]) >= 1), (rounded(amount, 2), "元"))
    return f"{_plain(number)}{unit}"


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _clause(clause: ClauseShown) -> str:
    told = clause.text.text or clause.chinese
    values = [shown for each in clause.facts if (shown := _value(each))]
    return f"{told}（{'，'.join(values)}）" if values else told


def _value(fact: FactShown) -> str:
    if fact.value is None or fact.kind is not Kind.NUMBER:
        return ""
    number = Fraction(fact.value)
    period = f"{fact.period}年" if fact.period.isdecimal() else fact.period
    if fact.dims == YUAN:
        return f"{period}{fact.label}{_yuan(number)}"
    if fact.is_share:
        return f"{period}{fact.label}{_plain(rounded(number * 100, 4))}%"
    told = unit_of(fact.unit) if fact.unit else None
    scale = told.scale if told is not None else Fraction(1)
    return f"{period}{fact.label}{_plain(rounded(number / scale, 4))}{fact.unit}"


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
