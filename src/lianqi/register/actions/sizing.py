"""The size class of enterprises from their newest facts (工信部联企业〔2011〕300号)."""

import re
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from lianqi.engines.sizes import Outcome, SizeVerdict, size_class
from lianqi.register.enums import SIZE_FACTS, FactKey, SizeClass
from lianqi.register.models import Enterprise, Fact

YEAR = re.compile(r"\d{4}")
Years = dict[str, dict[str, Decimal]]


def reclassify(enterprises: Collection[Enterprise]) -> list[Enterprise]:
    """Compute the classes in memory and return the enterprises whose class or reason changed.

    One query for all of them. The caller writes `size_class` and `size_reason`.
    """
    years = _facts_by_year([enterprise.pk for enterprise in enterprises])
    return [each for each in enterprises if classify(each, years[each.pk])]


def _facts_by_year(ids: Collection[int]) -> defaultdict[int, Years]:
    """Enterprise → year → key → value; of several observations of one year the newest counts."""
    found: defaultdict[int, Years] = defaultdict(dict)
    rows = Fact.objects.standing().filter(enterprise_id__in=ids, key__in=SIZE_FACTS)
    for enterprise_id, key, period, value in rows.order_by("observed_at", "pk").values_list(
        "enterprise_id", "key", "period", "value"
    ):
        if YEAR.fullmatch(period):
            found[enterprise_id].setdefault(period, {})[key] = value
    return found


def classify(enterprise: Enterprise, years: Years) -> bool:
    """Set class and reason in memory from facts by year and key; tell whether they changed."""
    earlier = (enterprise.size_class, enterprise.size_reason)
    year, verdict = _newest_verdict(enterprise.industry_id, years)
    enterprise.size_class = SizeClass[verdict.size.name] if verdict.size else ""
    enterprise.size_reason = {
        "zh": verdict.reason_zh,
        "en": verdict.reason_en,
        "clause": verdict.clause,
        "outcome": verdict.outcome.value,
        "year": year,
    }
    return earlier != (enterprise.size_class, enterprise.size_reason)


def _newest_verdict(industry_code: str | None, years: Years) -> tuple[str, SizeVerdict]:
    """The newest year whose facts decide, else the newest year; facts of two years never mix."""
    newest_first = sorted(years, reverse=True) or [""]
    verdicts = [(year, _verdict(industry_code, years.get(year, {}))) for year in newest_first]
    decided = (each for each in verdicts if each[1].outcome is Outcome.DETERMINED)
    return next(decided, verdicts[0])


def _verdict(industry_code: str | None, facts: dict[str, Decimal]) -> SizeVerdict:
    employees = facts.get(FactKey.EMPLOYEES)
    return size_class(
        industry_code,
        employees=None if employees is None else int(employees),
        revenue_yuan=facts.get(FactKey.REVENUE),
        assets_yuan=facts.get(FactKey.TOTAL_ASSETS),
    )
