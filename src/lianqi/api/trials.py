"""What is missing for a measure, and what other figures would give, over JSON; nothing is kept."""

import datetime as dt
from typing import Any

from django.http import Http404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.matching import (
    VerdictOut,
    as_text,
    seen_enterprise,
    verdict_out,
)
from lianqi.api.schemas import PROBLEMS
from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.quantities import scalar_for, word_for
from lianqi.engines.rules.nodes import Fact, Kind
from lianqi.matching.errors import FigureNotRead
from lianqi.matching.queries import in_force, reader_language, snapshots
from lianqi.matching.queries.plans import GapPlan, gap_plan
from lianqi.matching.queries.trials import place_of, read_by, tried_with

router = Router(tags=["matching"])
MOST_FIGURES = 100


class StepOut(Schema):
    """One fact that has to become another; numbers are in base units."""

    slot: str
    label: str
    period: str
    now: str | None
    target: str | None
    is_assumed: bool = Field(description="Now is last year's value; this year's is not known.")
    closes_on: dt.date | None
    supplier: str


class GapOut(Schema):
    """The smallest set of changes that was found, or why there is none."""

    is_needed: bool = Field(description="The measure is not met on the day asked about.")
    is_found: bool
    is_certain: bool = Field(description="Without a plan: there is none, rather than none found.")
    on: dt.date = Field(description="The day for which the plan holds.")
    steps: list[StepOut]
    questions: list[str]
    held_by: list[str] = Field(description="Slots in the way that cannot be changed.")
    window_from: dt.date | None
    window_to: dt.date | None
    then: VerdictOut | None


class TrialIn(Schema):
    """Facts as a pack's cases write them: `{"revenue@2025": "2000万元"}`; null takes one away."""

    on: dt.date | None = None
    facts: dict[str, str | bool | list[str] | None]


class TrialOut(Schema):
    on: dt.date
    now: VerdictOut
    then: VerdictOut


_PATH = "/enterprises/{enterprise_id}/packs/{pack_id}/{measure_key}"


@router.get(f"{_PATH}/gap", response={200: GapOut, **PROBLEMS}, operation_id="plan_gap")
def plan_gap(
    request: ApiRequest,
    enterprise_id: int,
    pack_id: int,
    measure_key: str,
    on: dt.date | None = None,
) -> dict[str, Any]:
    """What would have to change for a measure that is not met, and what it would then give."""
    enterprise = seen_enterprise(request, enterprise_id)
    day = on or timezone.localdate()
    force = in_force(day)
    place = place_of(force, pack_id, measure_key)
    if place is None:
        raise Http404
    known = snapshots([enterprise.pk], force.catalogue, on=day)[enterprise.pk]
    plan = gap_plan(place, known, force.catalogue, on=day)
    return _gap(plan or GapPlan(day), is_needed=plan is not None)


@router.post(f"{_PATH}/what-if", response={200: TrialOut, **PROBLEMS}, operation_id="try_figures")
def try_figures(
    request: ApiRequest, enterprise_id: int, pack_id: int, measure_key: str, body: TrialIn
) -> dict[str, Any]:
    """The verdict as it is, and as it would be with other figures."""
    enterprise = seen_enterprise(request, enterprise_id)
    day = body.on or timezone.localdate()
    force = in_force(day)
    place = place_of(force, pack_id, measure_key)
    if place is None:
        raise Http404
    known = snapshots([enterprise.pk], force.catalogue, on=day)[enterprise.pk]
    facts, questions = read_by(place, day)
    can_be_tried: dict[str, Fact | None] = {each.slot: each for each in facts}
    can_be_tried |= {each.slot: None for each in questions}
    changes: dict[str, Any] = {}
    for slot, written in list(body.facts.items())[:MOST_FIGURES]:
        if slot not in can_be_tried:
            raise FigureNotRead(slot=slot[:80], why="")
        changes[slot] = _value(slot, can_be_tried[slot], written, force.catalogue)
    now = tried_with(place, known, {}, force.catalogue, on=day)
    then = tried_with(place, known, changes, force.catalogue, on=day)
    return {"on": day, "now": verdict_out(now.verdict), "then": verdict_out(then.verdict)}


def _value(slot: str, fact: Fact | None, written: Any, catalogue: Any) -> Any:
    """The value that was written.

    Raises:
        FigureNotRead: The fact cannot have it.
    """
    if written is None or (isinstance(written, bool) and (fact is None or fact.kind is Kind.BOOL)):
        return written
    spec = catalogue.find(fact.key) if fact else None
    if spec is None or isinstance(written, bool):
        raise FigureNotRead(slot=slot, why=str(written)[:40])
    try:
        if spec.kind is Kind.SET:
            words = [written] if isinstance(written, str) else written
            return frozenset(word_for(spec, each) for each in words)
        if not isinstance(written, str):
            raise FigureNotRead(slot=slot, why="")
        return scalar_for(spec, written)
    except NotAValueError as error:
        raise FigureNotRead(slot=slot, why=error.told(reader_language()).message) from error


def _gap(plan: GapPlan, *, is_needed: bool) -> dict[str, Any]:
    return {
        "is_needed": is_needed,
        "is_found": plan.then is not None,
        "is_certain": plan.is_certain,
        "on": plan.on,
        "steps": [
            {
                "slot": each.now.slot,
                "label": each.now.label,
                "period": each.now.period,
                "now": as_text(each.now.value),
                "target": as_text(each.target.value),
                "is_assumed": each.is_assumed,
                "closes_on": each.closes_on,
                "supplier": each.now.supplier,
            }
            for each in plan.steps
        ],
        "questions": list(plan.questions),
        "held_by": [each.slot for each in plan.held_by],
        "window_from": plan.window.start if plan.window else None,
        "window_to": plan.window.end if plan.window else None,
        "then": verdict_out(plan.then) if plan.then else None,
    }
