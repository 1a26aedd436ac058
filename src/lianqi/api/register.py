"""The register over JSON, read only: what a program may see is what its person may see."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.register.actions import record_view
from lianqi.register.models import Enterprise

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


@router.get(
    "/{enterprise_id}", response={200: EnterpriseOut, **PROBLEMS}, operation_id="get_enterprise"
)
def get_enterprise(request: ApiRequest, enterprise_id: int) -> Enterprise:
    """One enterprise."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=enterprise_id)
    record_view(enterprise, by=request.user, at=timezone.now())
    return enterprise
