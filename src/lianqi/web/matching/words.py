"""Values, amounts and what is missing, in words."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from math import inf
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.rule import Status
from lianqi.engines.rules.units import SHARE, YUAN, Dims, symbol_of, unit_of
from lianqi.matching.enums import Group
from lianqi.matching.queries import REGISTER, Missing
from lianqi.matching.queries.explanations import FactShown, is_share
from lianqi.matching.queries.snapshots import REVIEW, Origin
from lianqi.matching.queries.verdicts import Verdict
from lianqi.register.enums import Supplier
from lianqi.web.templatetags.lianqi_ui import local, wan

STATUSES: Mapping[Status, tuple[str | Promise, str]] = {
    Status.MET: (pgettext_lazy("condition", "Met"), "green"),
    Status.UNMET: (pgettext_lazy("condition", "Not met"), "red"),
    Status.UNKNOWN: (gettext_lazy("Information missing"), "amber"),
    Status.REVIEW: (gettext_lazy("A person has to judge"), "blue"),
    Status.NOT_APPLICABLE: (gettext_lazy("Not applicable"), "grey"),
}
TONES: Mapping[Group, str] = {
    Group.MET: "green",
    Group.ONE_MISSING: "amber",
    Group.NEARLY: "amber",
    Group.OPEN: "blue",
    Group.NOT_NOW: "grey",
    Group.NOT_APPLICABLE: "grey",
}
SUPPLIERS: Mapping[str, str | Promise] = {
    **{each.value: each.label for each in Supplier},
    "reviewer": gettext_lazy("the office that reviews applications"),
}
APPLICANTS: Mapping[str, str | Promise] = {
    "enterprise": gettext_lazy("compared with all other applicants"),
    "project": pgettext_lazy("applicant", "for a project"),
    "person": pgettext_lazy("applicant", "for a person"),
    "loan": pgettext_lazy("applicant", "for a loan"),
    "contract": pgettext_lazy("applicant", "for a contract"),
    "building": pgettext_lazy("applicant", "for a building"),
    "zone": pgettext_lazy("applicant", "for the zone itself"),
}


def money(amount: Fraction) -> str:
    """Yuan as pages show them everywhere."""
    return wan(str(float(amount)) if amount.denominator != 1 else int(amount))


def amount_of(verdict: Verdict) -> str:
    """What it comes to: a sum, up to a sum, or between two."""
    if verdict.low is None:
        return ""
    if verdict.is_settled and verdict.is_ceiling:
        return _("at most %(amount)s") % {"amount": money(verdict.low)}
    return sum_text(verdict.low, verdict.high)


def sum_text(low: Fraction, high: Fraction | None) -> str:
    """A sum, or between which sums it lies; None has no end."""
    if high is None and not low:
        return _("amount still open")
    if high is None:
        return _("from %(low)s") % {"low": money(low)}
    if low != high:
        return _("%(low)s to %(high)s") % {"low": money(low), "high": money(high)}
    return money(low)


def award_text(amount: Range | None) -> str:
    """What somebody gets: a sum, or between which sums it lies, of which none is negative."""
    if amount is None:
        return ""
    low, high = max(amount.low, Fraction(0)), amount.high
    return sum_text(Fraction(low), None if high == inf else max(Fraction(high), Fraction(low)))


def range_text(value: Range | None, dims: Dims, *, is_share: bool = False) -> str:
    """A number, or between which numbers it lies; nothing where it could be any."""
    if value is None:
        return ""
    if value.is_known:
        return number_text(Fraction(value.low), dims, is_share=is_share)
    bounds = [
        "…" if each in (inf, -inf) else number_text(Fraction(each), dims, is_share=is_share)
        for each in (value.low, value.high)
    ]
    return "" if bounds == ["…", "…"] else " — ".join(bounds)


def number_text(value: Fraction, dims: Dims, unit: str = "", *, is_share: bool = False) -> str:
    """A number in base units with its unit: 4,000 万元, 8.75%, 300 人, 3."""
    if dims == YUAN:
        return money(value)
    if dims == SHARE:
        return f"{_short(value * 100)}%" if is_share else _short(value)
    told = unit_of(unit) if unit else None
    if told is not None and told.dims == dims:
        return f"{_short(value / told.scale)} {unit}"
    return f"{_short(value)} {symbol_of(dims)}".strip()


def _short(value: Fraction) -> str:
    return f"{float(value):,.4f}".rstrip("0").rstrip(".")


def value_text(fact: FactShown) -> str:
    """A value as a reader knows it; empty where it is not known."""
    if fact.value is None:
        return ""
    if fact.kind is Kind.LIST:
        return _("%(count)d entries") % {"count": len(fact.value)}
    if fact.kind is Kind.NUMBER:
        return number_text(Fraction(fact.value), fact.dims, fact.unit, is_share=fact.is_share)
    return _simple(fact.kind, fact.value, fact.words)


def fact_text(spec: FactSpec, value: Any) -> str:
    """A value of a fact in full, the entries of a list one by one."""
    if spec.kind is Kind.NUMBER:
        is_part = is_share(spec.node(), Catalogue([spec]))
        return number_text(Fraction(value), spec.unit.dims, spec.unit.symbol, is_share=is_part)
    if spec.kind is Kind.LIST:
        entries = (_entry_text(spec, each) for each in value)
        return "；".join(entries) or _("none")
    return _simple(spec.kind, value, spec.values)


def _entry_text(spec: FactSpec, entry: Mapping[str, Any]) -> str:
    fields = ((spec.fields[name], each) for name, each in entry.items() if name in spec.fields)
    return "，".join(f"{each.label} {fact_text(each, value)}" for each, value in fields) or "—"


def _simple(kind: Kind, value: Any, words: Mapping[str, str]) -> str:
    match kind:
        case Kind.BOOL:
            return _("yes") if value else _("no")
        case Kind.DATE:
            return local(value) if isinstance(value, dt.date) else str(value)
        case Kind.SET:
            return "、".join(words.get(each, each) for each in sorted(value)) or _("none")
    return words.get(value, str(value))


def origin_text(origin: Origin | None) -> str:
    if origin is None:
        return ""
    named = {REGISTER: _("register of the zone"), REVIEW: _("answered by a reviewer")}
    source = named.get(origin.source, origin.source)
    if origin.observed_at is None:
        return str(source)
    return format_html("{} · {}", source, local(origin.observed_at))


def supplier_text(supplier: str) -> str:
    return str(SUPPLIERS.get(supplier, supplier))


def missing_lines(verdict: Verdict) -> list[tuple[Missing, str]]:
    """What the verdict depends on, and after it, named as such, what the amount alone does."""
    return [
        *((each, missing_text(each)) for each in verdict.missing),
        *(
            (each, _("%(fact)s (only the amount depends on it)") % {"fact": missing_text(each)})
            for each in verdict.missing_for_amount
        ),
    ]


def missing_text(missing: Missing) -> str:
    """What is missing, in one line: the fact, its period, its unit."""
    if missing.is_question:
        return missing.label
    parts = [missing.label]
    if missing.period:
        parts.append(missing.period)
    if missing.unit:
        parts.append(missing.unit)
    named = " · ".join(parts)
    return (
        _("%(fact)s (it is zero, and something is divided by it)") % {"fact": named}
        if (missing.is_zero)
        else named
    )
