"""What was stated about an enterprise that rules read, and answers to what they ask, over JSON."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.matching.actions import ListLine, answer, answer_list, review, withdraw_answer
from lianqi.matching.models import ReviewAnswer
from lianqi.matching.queries import verdicts_for
from lianqi.matching.queries.history import review_answers, stated_facts
from lianqi.register.actions import record_view, withdraw_statement
from lianqi.register.models import Enterprise, Fact, Statement
from lianqi.register.queries import with_merged_ids

router = Router(tags=["matching"])
MOST_LINES = 5000
SHAPES = (
    "By kind of the fact: true or false; a word; {number, unit}, the decimal as text; {day}; "
    "{words: […]}; {entries: [{field: value}]}."
)


class StatedOut(Schema):
    """Something that was said about a fact. `counts`: it is what rules use on that day."""

    slot: str
    label: str
    statement_id: int | None = Field(description="To withdraw it; null for figures of a period.")
    value: Any = Field(description=SHAPES)
    since: dt.date | None
    until: dt.date | None
    source: str
    observed_at: dt.datetime
    is_withdrawn: bool
    counts: bool


class ReviewAnswerOut(Schema):
    id: int
    slot: str
    question: str
    answer: bool
    reason: str
    answered_at: dt.datetime
    withdrawn_at: dt.datetime | None


class StatedFactsOut(Schema):
    on: dt.date
    stated: list[StatedOut]
    answers: list[ReviewAnswerOut]


class WithdrawnOut(Schema):
    id: int
    withdrawn_at: dt.datetime


class AnswerIn(Schema):
    """A fact that a rule asks for, as `slot` of a missing answer names it."""

    slot: str = Field(max_length=120)
    value: Any = Field(description=SHAPES)
    since: dt.date | None = None
    until: dt.date | None = None
    source: str = Field("", max_length=120, description="Needed of those who keep the register.")
    observed_at: dt.datetime | None = None


class AnsweredOut(Schema):
    """What was written: a figure of a period, or a statement."""

    fact_id: int | None
    statement_id: int | None


class ListLineIn(Schema):
    """One answer about one enterprise of the list."""

    code: str = Field(max_length=18, description="Unified social credit code.")
    slot: str = Field(max_length=120)
    value: Any = Field(description=SHAPES)
    since: dt.date | None = None
    until: dt.date | None = None


class ListIn(Schema):
    """What a department's list says about many enterprises; all of it is written, or nothing."""

    source: str = Field(max_length=120)
    observed_at: dt.datetime | None = None
    lines: list[ListLineIn] = Field(min_length=1, max_length=MOST_LINES)


class ListedOut(Schema):
    statements: int


class ReviewIn(Schema):
    slot: str = Field(max_length=160)
    answer: bool
    reason: str = Field(max_length=1000)


@router.get(
    "/enterprises/{enterprise_id}/facts",
    response={200: StatedFactsOut, **PROBLEMS},
    operation_id="list_stated_facts",
)
def list_stated_facts(
    request: ApiRequest, enterprise_id: int, on: dt.date | None = None
) -> dict[str, Any]:
    """Everything stated about an enterprise that rules read, withdrawn and earlier ones too."""
    enterprise = _seen(request, enterprise_id)
    day = on or timezone.localdate()
    found, ids = verdicts_for(enterprise.pk, on=day), with_merged_ids(enterprise)
    stated = stated_facts(ids, found.known, found.catalogue, on=day)
    return {
        "on": day,
        "stated": [
            {
                "slot": each.slot,
                "label": each.spec.label,
                "statement_id": None if line.is_figure else line.row.pk,
                "value": _as_stated(line.row),
                "since": line.since,
                "until": line.until,
                "source": line.source,
                "observed_at": line.observed_at,
                "is_withdrawn": line.is_withdrawn,
                "counts": line.counts,
            }
            for each in stated
            for line in each.lines
        ],
        "answers": review_answers(ids),
    }


@router.post(
    "/enterprises/{enterprise_id}/answers",
    response={201: AnsweredOut, **PROBLEMS},
    operation_id="answer_fact",
)
def answer_fact(
    request: ApiRequest, enterprise_id: int, given: AnswerIn
) -> tuple[int, dict[str, Any]]:
    """State the fact that a rule asks for."""
    enterprise = _seen(request, enterprise_id)
    kept = answer(enterprise.pk, **given.model_dump(), by=request.user, at=timezone.now())
    is_figure = isinstance(kept, Fact)
    return 201, {
        "fact_id": kept.pk if is_figure else None,
        "statement_id": None if is_figure else kept.pk,
    }


@router.post("/lists", response={201: ListedOut, **PROBLEMS}, operation_id="answer_list")
def take_over_list(request: ApiRequest, given: ListIn) -> tuple[int, dict[str, int]]:
    """Take over a department's list. A line that cannot be read is named; then nothing is."""
    made = answer_list(
        [ListLine(**each.model_dump()) for each in given.lines],
        source=given.source, observed_at=given.observed_at, by=request.user, at=timezone.now(),
    )  # fmt: skip
    return 201, {"statements": made}


@router.post(
    "/enterprises/{enterprise_id}/review-answers",
    response={201: ReviewAnswerOut, **PROBLEMS},
    operation_id="answer_question",
)
def answer_question(
    request: ApiRequest, enterprise_id: int, given: ReviewIn
) -> tuple[int, ReviewAnswer]:
    """Answer a question that a rule puts to a person, as its reviewer."""
    enterprise = _seen(request, enterprise_id)
    return 201, review(
        enterprise.pk, given.slot, is_so=given.answer, reason=given.reason,
        by=request.user, at=timezone.now(),
    )  # fmt: skip


@router.post(
    "/enterprises/{enterprise_id}/statements/{statement_id}/withdraw",
    response={200: WithdrawnOut, **PROBLEMS},
    operation_id="withdraw_statement",
)
def withdraw(request: ApiRequest, enterprise_id: int, statement_id: int) -> Statement:
    """Let a statement count no more; it stays in the history."""
    enterprise = _seen(request, enterprise_id)
    rows = Statement.objects.filter(enterprise_id__in=with_merged_ids(enterprise))
    found = get_object_or_404(rows, pk=statement_id)
    return withdraw_statement(found.pk, by=request.user, at=timezone.now())


@router.post(
    "/enterprises/{enterprise_id}/review-answers/{answer_id}/withdraw",
    response={200: WithdrawnOut, **PROBLEMS},
    operation_id="withdraw_review_answer",
)
def take_back(request: ApiRequest, enterprise_id: int, answer_id: int) -> ReviewAnswer:
    """Take a reviewer's answer back; the question is open again."""
    enterprise = _seen(request, enterprise_id)
    rows = ReviewAnswer.objects.about(with_merged_ids(enterprise))
    found = get_object_or_404(rows, pk=answer_id)
    return withdraw_answer(found.pk, by=request.user, at=timezone.now())


def _seen(request: ApiRequest, enterprise_id: int) -> Enterprise:
    seen = Enterprise.objects.living().visible_to(request.user)
    enterprise = get_object_or_404(seen, pk=enterprise_id)
    if not request.user.has_perm("matching.view_verdicts", enterprise):
        raise PermissionDenied
    record_view(enterprise, by=request.user, at=timezone.now())
    return enterprise


def _as_stated(row: Fact | Statement) -> Any:
    if isinstance(row, Statement):
        return row.value
    return {"number": f"{row.value.normalize():f}", "unit": row.unit}
