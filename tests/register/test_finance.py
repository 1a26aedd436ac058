"""Financial institutions and funds of the register: who is one, and the figures of A57 and A58."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lianqi.register.actions import add_fact, load_industries, state
from lianqi.register.enums import EnterpriseStatus, FactKey, FinanceKind, Qualifier
from lianqi.register.errors import FactNegative, FactNotWhole, WrongUnit
from lianqi.register.models import Enterprise
from lianqi.register.queries import finance_figures, financial_institutions, institutions_shown
from tests.factories import AT, make_dispatcher, make_enterprise

TODAY = AT.date()
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def industries() -> None:
    load_industries()


def firms(code: str, many: int) -> list[Enterprise]:
    return [make_enterprise(industry_id=code) for _ in range(many)]


def told(firm: Enterprise, key: FactKey, value: Decimal | int, **given: Any) -> None:
    unit = "个" if key is FactKey.OUTLETS else "元"
    known = {"unit": unit, "period": "2025", "source": "金融局", "by": make_dispatcher(), "at": AT}
    add_fact(firm.pk, key=key, value=Decimal(value), **known | given)


def said(firm: Enterprise, key: str, *, value: bool, **given: Any) -> None:
    state(firm.pk, key=key, value=value, source="金融局", by=make_dispatcher(), at=AT, **given)


def split(total: Decimal, many: int) -> list[Decimal]:
    """A sum in so many parts to the cent; reports print the sum alone."""
    part = (total / many).quantize(Decimal("0.01"))
    return [part] * (many - 1) + [total - part * (many - 1)]


def test_a57_institutions_are_counted_by_kind_and_local_organisations_beside_them() -> None:
    firms("6621", 11)
    firms("6712", 8)
    firms("6820", 8)
    for each in firms("6635", 9):
        said(each, "local_finance", value=True)
    make_enterprise(industry_id="6513")

    found = finance_figures(Enterprise.objects.all(), on=TODAY)

    assert found.counts == {
        FinanceKind.BANK: 11, FinanceKind.SECURITIES: 8, FinanceKind.INSURANCE: 8,
        FinanceKind.LOCAL: 9,
    }  # fmt: skip
    assert (found.institutions, found.with_local) == (27, 36)


def test_a57a_outlets_and_the_bank_that_is_a_legal_person() -> None:
    banks = firms("6621", 11)
    for number, each in enumerate(banks):
        told(each, FactKey.OUTLETS, 8 if number == 0 else 6)
        said(each, "legal_person_bank", value=number == 0)

    found = finance_figures(Enterprise.objects.all(), on=TODAY)

    assert (found.outlets, found.legal_person_banks) == (68, 1)
    assert found.outlets_by_bank == Fraction(68, 11)
    assert round(float(Fraction(68, 11)), 1) == 6.2


def test_a58_the_leverage_of_the_funds_and_the_average_in_them() -> None:
    funds = firms("6731", 22)
    invested = split(Decimal(2_373_000_000), 22)
    sizes = split(Decimal(31_831_000_000), 22)
    for each, money, size in zip(funds, invested, sizes, strict=True):
        told(each, FactKey.FUND_INVESTED, money, qualifier=Qualifier.ABOUT)
        told(each, FactKey.FUND_SIZE, size)

    found = finance_figures(Enterprise.objects.all(), on=TODAY)

    assert (found.funds, found.invested, found.size) == (22, 2_373_000_000, 31_831_000_000)
    assert found.leverage == Fraction(31_831, 2_373)
    assert round(float(Fraction(31_831, 2_373)), 2) == 13.41
    assert found.invested_by_fund == Fraction(2_373_000_000, 22)
    assert found.is_about


def test_what_nobody_stated_is_left_out_of_averages() -> None:
    told(firms("6622", 2)[0], FactKey.OUTLETS, 5)
    fund = firms("6732", 1)[0]
    told(fund, FactKey.FUND_SIZE, 10_000_000)

    found = finance_figures(Enterprise.objects.all(), on=TODAY)

    assert (found.told_outlets, found.outlets_by_bank) == (1, 5)
    assert (found.funds, found.leverage, found.invested_by_fund) == (0, None, None)
    assert found.counts[FinanceKind.FUND] == 1


def test_the_figure_of_the_last_year_counts_as_it_was_observed_last() -> None:
    bank = firms("6621", 1)[0]
    told(bank, FactKey.OUTLETS, 9, period="2024")
    told(bank, FactKey.OUTLETS, 3, observed_at=AT - DAY)
    told(bank, FactKey.OUTLETS, 4)

    assert finance_figures(Enterprise.objects.all(), on=TODAY).outlets == 4


def test_its_department_says_what_is_a_local_organisation_and_until_when() -> None:
    lender, guarantor = make_enterprise(industry_id="6621"), make_enterprise(industry_id="7296")
    said(lender, "local_finance", value=True)
    said(guarantor, "local_finance", value=True, until=TODAY)
    every = Enterprise.objects.all()

    today = financial_institutions(every, on=TODAY, kind=FinanceKind.LOCAL)
    later = financial_institutions(every, on=TODAY + DAY)

    assert set(today) == {lender, guarantor}
    assert not financial_institutions(every, on=TODAY, kind=FinanceKind.BANK).exists()
    assert [each.kind for each in institutions_shown(list(later), on=TODAY + DAY)] == [
        FinanceKind.LOCAL
    ]


@pytest.mark.parametrize("code", ["6610", "6650", "6711", "6633", "6870", "6750"])
def test_supervisors_exchanges_and_pawnshops_are_no_institutions(code: str) -> None:
    make_enterprise(industry_id=code)

    assert not financial_institutions(Enterprise.objects.all(), on=TODAY).exists()


def test_who_closed_or_is_not_seen_is_not_counted() -> None:
    gone = make_enterprise(industry_id="6621", status=EnterpriseStatus.DEREGISTERED)
    hidden = make_enterprise(industry_id="6621")

    found = finance_figures(Enterprise.objects.exclude(pk=hidden.pk), on=TODAY)

    assert found.institutions == 0
    assert gone.status == "deregistered"


@pytest.mark.parametrize(
    ("key", "value", "unit", "refusal"),
    [
        (FactKey.OUTLETS, 3, "家", WrongUnit),
        (FactKey.OUTLETS, "2.5", "个", FactNotWhole),
        (FactKey.FUND_SIZE, 100, "万元", WrongUnit),
        (FactKey.FUND_INVESTED, -1, "元", FactNegative),
    ],
)
def test_a_figure_that_does_not_fit_is_refused(
    key: FactKey, value: object, unit: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        told(make_enterprise(), key, Decimal(str(value)), unit=unit)
