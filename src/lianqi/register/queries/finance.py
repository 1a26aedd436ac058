"""Financial institutions and funds of the register (金融机构名录): which there are, and figures.

They are enterprises like all others. Their class of GB/T 4754-2017 says of which kind they are; a
local financial organisation (地方金融组织) may stand in any class, so its department says so.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from lianqi.register.enums import (
    CLASSES_OF,
    FACT_UNITS,
    INSTITUTIONS,
    FactKey,
    FinanceKind,
    Qualifier,
)
from lianqi.register.models import Enterprise, EnterpriseQuerySet, Fact, Industry, Statement

LEGAL_PERSON = "legal_person_bank"
LOCAL = "local_finance"
FIGURES = (FactKey.OUTLETS, FactKey.FUND_SIZE, FactKey.FUND_INVESTED)


@dataclass(frozen=True, slots=True)
class Told:
    """The newest figure of an enterprise: of the last period, and of that the last observation."""

    value: Decimal
    period: str
    is_about: bool


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution or a fund; None where nobody stated it."""

    enterprise: Enterprise
    kind: FinanceKind
    is_legal_person: bool | None
    outlets: Told | None
    fund_size: Told | None
    fund_invested: Told | None


@dataclass(frozen=True, slots=True)
class FinanceFigures:
    """What there is. Averages are taken over those whose figure is known, and None without one.

    Attributes:
        counts: How many there are by kind. Local organisations are told beside the institutions
            and are not among them, as the authorities count.
        told_outlets: Banks of which the outlets are known.
        outlets: Of all of them together.
        legal_person_banks: Banks that are legal persons of their own.
        funds: Funds into which state money went, as far as it is known how much.
        invested, size: Yuan of state money in them; yuan of all money in them.
        is_about: One of the figures of the funds is not exact.
    """

    counts: Mapping[FinanceKind, int]
    told_outlets: int
    outlets: Decimal
    legal_person_banks: int
    funds: int
    invested: Decimal
    size: Decimal
    is_about: bool

    @property
    def institutions(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in INSTITUTIONS)

    @property
    def with_local(self) -> int:
        return self.institutions + self.counts.get(FinanceKind.LOCAL, 0)

    @property
    def outlets_by_bank(self) -> Fraction | None:
        return Fraction(self.outlets) / self.told_outlets if self.told_outlets else None

    @property
    def leverage(self) -> Fraction | None:
        """How many yuan a fund holds for one of the state (放大倍数)."""
        return Fraction(self.size) / Fraction(self.invested) if self.invested else None

    @property
    def invested_by_fund(self) -> Fraction | None:
        return Fraction(self.invested) / self.funds if self.funds else None


def financial_institutions(
    enterprises: EnterpriseQuerySet, *, on: dt.date, kind: FinanceKind | None = None
) -> EnterpriseQuerySet:
    """Those of some enterprises that are institutions or funds of a kind; without one, of any."""
    classes = {each: _codes(each) for each in CLASSES_OF}
    local = _local(on=on)
    if kind is FinanceKind.LOCAL:
        return enterprises.filter(pk__in=local)
    if kind is not None:
        return enterprises.filter(industry__in=classes[kind]).exclude(pk__in=local)
    every = [code for codes in classes.values() for code in codes]
    return enterprises.filter(Q(industry__in=every) | Q(pk__in=local))


def institutions_shown(enterprises: Sequence[Enterprise], *, on: dt.date) -> list[Institution]:
    """What is known of some institutions, in their order; three queries."""
    ids = [each.pk for each in enterprises]
    told, banks, local = _told(ids), _says(LEGAL_PERSON, ids, on=on), _says(LOCAL, ids, on=on)
    return [
        Institution(
            each,
            FinanceKind.LOCAL if local.get(each.pk) else _kind_of(each.industry_id or ""),
            banks.get(each.pk),
            *(told.get((each.pk, key)) for key in FIGURES),
        )
        for each in enterprises
    ]


def finance_figures(enterprises: EnterpriseQuerySet, *, on: dt.date) -> FinanceFigures:
    """The figures of those of some enterprises that are institutions or funds."""
    rows = financial_institutions(enterprises.in_the_zone(), on=on).only("pk", "industry_id")
    shown = institutions_shown(list(rows.order_by("pk")), on=on)
    banks = [each for each in shown if each.kind is FinanceKind.BANK]
    outlets = [each.outlets.value for each in banks if each.outlets]
    pairs = [
        (each.fund_invested, each.fund_size)
        for each in shown
        if each.kind is FinanceKind.FUND and each.fund_invested and each.fund_size
    ]
    return FinanceFigures(
        counts=Counter(each.kind for each in shown),
        told_outlets=len(outlets),
        outlets=sum(outlets, Decimal(0)),
        legal_person_banks=sum(each.is_legal_person is True for each in banks),
        funds=len(pairs),
        invested=sum((invested.value for invested, _size in pairs), Decimal(0)),
        size=sum((size.value for _invested, size in pairs), Decimal(0)),
        is_about=any(each.is_about for pair in pairs for each in pair),
    )


def _local(*, on: dt.date) -> list[int]:
    """Enterprises that are said to be local organisations; a zone has some dozens of them."""
    said = Statement.objects.standing().covering(on).filter(key=LOCAL)
    newest = said.order_by("enterprise", "-observed_at", "-pk").distinct("enterprise")
    return [pk for pk, value in newest.values_list("enterprise_id", "value") if value is True]


def _codes(kind: FinanceKind) -> list[str]:
    reach = Q()
    for prefix in CLASSES_OF[kind]:
        reach |= Q(code__startswith=prefix)
    return list(Industry.objects.filter(reach).order_by("code").values_list("code", flat=True))


def _kind_of(code: str) -> FinanceKind:
    return next(kind for kind, classes in CLASSES_OF.items() if code.startswith(classes))


def _told(ids: Iterable[int]) -> dict[tuple[int, str], Told]:
    rows = (
        Fact.objects.standing()
        .filter(enterprise__in=list(ids), key__in=FIGURES)
        .order_by("enterprise", "key", "-period", "-observed_at", "-pk")
        .distinct("enterprise", "key")
    )
    return {
        (each.enterprise_id, each.key): Told(
            each.value, each.period, each.qualifier != Qualifier.EXACT
        )
        for each in rows
        if each.unit == FACT_UNITS[FactKey(each.key)]
    }


def _says(key: str, ids: Iterable[int], *, on: dt.date) -> dict[int, bool]:
    """What the newest statement that holds on a day says, yes or no."""
    rows = (
        Statement.objects.standing()
        .covering(on)
        .filter(key=key, enterprise__in=list(ids))
        .order_by("enterprise", "-observed_at", "-pk")
        .distinct("enterprise")
        .values_list("enterprise_id", "value")
    )
    return {pk: value for pk, value in rows if isinstance(value, bool)}
