"""What the measures in force are for an enterprise, and why, over JSON; read only."""

import datetime as dt
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.engines.rules.rule import Status
from lianqi.matching.enums import Group
from lianqi.matching.queries import Missing, Verdict, explanation_for, verdicts_for
from lianqi.register.actions import record_view
from lianqi.register.models import Enterprise

router = Router(tags=["matching"])


class MissingOut(Schema):
    """What is still asked for: a fact with its period and unit, or a question for a person."""

    label: str
    slot: str = Field(description="The fact and period, or the question, as rules name it.")
    period: str
    unit: str
    supplier: str
    is_question: bool
    is_zero: bool = Field(description="Known to be zero, and something is divided by it.")
    for_amount: bool = Field(description="Only the amount depends on it, not whether it is met.")


class VerdictOut(Schema):
    """A measure for the enterprise. Money is in yuan, a decimal as text; null is not settled."""

    pack_id: int
    measure: str
    title: str
    document: str
    number: str
    article: str
    status: Status
    group: Group
    amount_from: str | None
    amount_to: str | None
    is_ceiling: bool
    missing: list[MissingOut]
    unmet: list[str] = Field(description="Keys of the clauses that are not met.")


class VerdictsOut(Schema):
    on: dt.date
    verdicts: list[VerdictOut]


class FactValueOut(Schema):
    slot: str
    label: str
    value: str | None
    source: str | None
    observed_at: dt.datetime | None


class ClauseOut(Schema):
    key: str
    article: str
    text: str
    status: Status
    rule_zh: str
    rule: str
    facts: list[FactValueOut]


class ExplanationOut(Schema):
    on: dt.date
    verdict: VerdictOut
    clauses: list[ClauseOut]


@router.get(
    "/enterprises/{enterprise_id}",
    response={200: VerdictsOut, **PROBLEMS},
    operation_id="list_verdicts",
)
def list_verdicts(
    request: ApiRequest, enterprise_id: int, on: dt.date | None = None
) -> dict[str, Any]:
    """All measures in force on a day, today if none is named, for one enterprise."""
    enterprise = seen_enterprise(request, enterprise_id)
    found = verdicts_for(enterprise.pk, on=on or timezone.localdate())
    return {"on": found.on, "verdicts": [verdict_out(each) for each in found.verdicts]}


@router.get(
    "/enterprises/{enterprise_id}/packs/{pack_id}/{measure_key}",
    response={200: ExplanationOut, **PROBLEMS},
    operation_id="explain_verdict",
)
def explain_verdict(
    request: ApiRequest,
    enterprise_id: int,
    pack_id: int,
    measure_key: str,
    on: dt.date | None = None,
) -> dict[str, Any]:
    """One measure clause by clause, with the values it rests on and where they come from."""
    enterprise = seen_enterprise(request, enterprise_id)
    day = on or timezone.localdate()
    found = explanation_for(enterprise.pk, pack_id, measure_key, on=day)
    if found is None:
        raise Http404
    clauses = [
        {
            "key": each.text.key,
            "article": each.text.article,
            "text": each.text.text,
            "status": each.status,
            "rule_zh": each.chinese,
            "rule": each.plain,
            "facts": [
                {
                    "slot": fact.slot,
                    "label": fact.label,
                    "value": as_text(fact.value),
                    "source": fact.origin and fact.origin.source,
                    "observed_at": fact.origin and fact.origin.observed_at,
                }
                for fact in each.facts
            ],
        }
        for each in found.clauses
    ]
    return {"on": day, "verdict": verdict_out(found.verdict), "clauses": clauses}


def seen_enterprise(request: ApiRequest, enterprise_id: int) -> Enterprise:
    """The enterprise, if the caller may see what it is entitled to; looking is noted."""
    seen = Enterprise.objects.living().visible_to(request.user)
    enterprise = get_object_or_404(seen, pk=enterprise_id)
    if not request.user.has_perm("matching.view_verdicts", enterprise):
        raise PermissionDenied
    record_view(enterprise, by=request.user, at=timezone.now())
    return enterprise


def verdict_out(verdict: Verdict) -> dict[str, Any]:
    """A verdict as `VerdictOut` tells it."""
    place = verdict.place
    return {
        "pack_id": place.row.pk,
        "measure": place.measure.key,
        "title": place.measure.title,
        "document": place.pack.document.title,
        "number": place.pack.document.number,
        "article": place.measure.article,
        "status": verdict.status,
        "group": verdict.group,
        "amount_from": as_text(verdict.low),
        "amount_to": as_text(verdict.high),
        "is_ceiling": verdict.is_ceiling,
        "missing": [
            *(_missing(each, for_amount=False) for each in verdict.missing),
            *(_missing(each, for_amount=True) for each in verdict.missing_for_amount),
        ],
        "unmet": [each.key for each in verdict.failed],
    }


def _missing(missing: Missing, *, for_amount: bool) -> dict[str, Any]:
    names = (name for name in MissingOut.model_fields if name != "for_amount")
    return {name: getattr(missing, name) for name in names} | {"for_amount": for_amount}


def as_text(value: Any) -> str | None:  # noqa: PLR0911  # one for each kind of value
    """A value as text: numbers exactly, in base units."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case Fraction():
            return _number(value)
        case dt.date():
            return value.isoformat()
        case frozenset():
            return ",".join(sorted(value))
        case tuple():
            return str(len(value))
    return str(value)


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    hundredths = value * 100
    if hundredths.denominator == 1:
        return f"{float(value):.2f}"
    return str(float(value))
