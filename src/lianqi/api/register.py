"""The register over JSON, read only: what a program may see is what its person may see."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.engines.rates import rounded
from lianqi.register.actions import record_view
from lianqi.register.enums import FinanceKind
from lianqi.register.models import Enterprise
from lianqi.register.queries import finance_figures

router = Router(tags=["register"])


class EnterpriseOut(Schema):
    """An enterprise. `industry` is a GB/T 4754-2017 code; `size`: 工信部联企〔2011〕300号."""

    id: int
    code: str
    name: str
    status: str
    type: str
    industry: str | None = Field(alias="industry_id")
    district: str
    size: str = Field(alias="size_class")
    capital_yuan: Decimal | None
    established_on: dt.date | None
    merged_into: int | None = Field(alias="merged_into_id")


class EnterprisePage(Schema):
    """Enterprises by id. Pass `next_after` as `after` for the following page."""

    enterprises: list[EnterpriseOut]
    next_after: int | None


class EnterpriseFilter(Schema):
    """`q` finds names, former names, pinyin initials and codes of two characters or more."""

    q: str = ""
    after: int = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: EnterprisePage, **PROBLEMS}, operation_id="list_enterprises")
def list_enterprises(request: ApiRequest, query: Query[EnterpriseFilter]) -> dict[str, Any]:
    """The enterprises you may see."""
    found = Enterprise.objects.visible_to(request.user)
    if query.q:
        found = found.search(query.q)
    rows = list(found.filter(pk__gt=query.after).order_by("pk")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return {"enterprises": rows, "next_after": rows[-1].pk if more else None}


class FinanceFiguresOut(Schema):
    """Financial institutions and funds among the enterprises you may see; money in yuan."""

    institutions: int = Field(description="Banks, securities companies and insurers.")
    banks: int
    securities_companies: int
    insurers: int
    local_organisations: int = Field(description="Counted beside the institutions.")
    outlets: Decimal = Field(description="Of the banks whose outlets are known.")
    outlets_by_bank: Decimal | None
    legal_person_banks: int
    funds: int = Field(description="With state money in them, as far as size and money are known.")
    invested: Decimal
    size: Decimal
    leverage: Decimal | None = Field(description="Yuan in a fund for one of the state.")
    invested_by_fund: Decimal | None
    is_about: bool = Field(description="A figure of the funds was not stated exactly.")


@router.get(
    "/finance", response={200: FinanceFiguresOut, **PROBLEMS}, operation_id="finance_figures"
)
def finance_figures_(request: ApiRequest) -> dict[str, Any]:
    """How many institutions and funds there are, and what follows; six decimals."""
    if not request.user.has_perm("register.list"):
        raise PermissionDenied
    visible = Enterprise.objects.visible_to(request.user)
    found = finance_figures(visible, on=timezone.localdate())
    averages = ("outlets_by_bank", "leverage", "invested_by_fund")
    plain = ("institutions", "outlets", "legal_person_banks", "funds", "invested", "size")
    return (
        {name: getattr(found, name) for name in (*plain, "is_about")}
        | {name: _average(getattr(found, name)) for name in averages}
        | {
            "banks": found.counts.get(FinanceKind.BANK, 0),
            "securities_companies": found.counts.get(FinanceKind.SECURITIES, 0),
            "insurers": found.counts.get(FinanceKind.INSURANCE, 0),
            "local_organisations": found.counts.get(FinanceKind.LOCAL, 0),
        }
    )


def _average(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, 6)


@router.get(
    "/{enterprise_id}", response={200: EnterpriseOut, **PROBLEMS}, operation_id="get_enterprise"
)
def get_enterprise(request: ApiRequest, enterprise_id: int) -> Enterprise:
    """One enterprise."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=enterprise_id)
    record_view(enterprise, by=request.user, at=timezone.now())
    return enterprise
