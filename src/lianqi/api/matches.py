"""What matching found, over JSON: measures with figures, who matches, runs; runs are started."""

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.matching import actions
from lianqi.matching.enums import Group, RunKind, RunStatus
from lianqi.matching.models import Match, MatchRun, RulePack
from lianqi.matching.queries.results import MeasureResult, Totals, page_of, results

router = Router(tags=["matching"])


class TotalsOut(Schema):
    """How many enterprises, and yuan in all as text; null where there is no money, or no end."""

    count: int
    amount_from: str | None
    amount_to: str | None


class MeasureResultOut(Schema):
    """A measure in force and who stands how to it, as far as you may see enterprises."""

    pack_id: int
    measure: str
    title: str
    document: str
    article: str
    met: TotalsOut
    one_missing: TotalsOut
    nearly: TotalsOut
    budget: str | None


class RunOut(Schema):
    """A matching run. `gained` and `lost` count who began, and ceased, to meet a measure."""

    id: int
    kind: RunKind
    pack_id: int | None
    day: dt.date
    status: RunStatus
    total: int
    done: int
    gained: int
    lost: int
    failure: str
    created_at: dt.datetime
    finished_at: dt.datetime | None


class PaidOut(Schema):
    """What is left of a pack, at least, where of measures that exclude each other one is paid."""

    pack_id: int
    amount: str


class ResultsOut(Schema):
    """The figures are those of the last run and of every change since."""

    on: dt.date
    run: RunOut | None
    measures: list[MeasureResultOut]
    paid: list[PaidOut] = Field(description="Packs of which measures exclude each other.")


class MatchOut(Schema):
    """An enterprise and a measure. `missing` is what is asked for, `unmet` the failing clause."""

    enterprise_id: int
    code: str
    name: str
    group: Group
    amount_from: str | None
    amount_to: str | None
    missing: str
    unmet: str
    since: dt.datetime


class MatchPageOut(Schema):
    """Those who get most first. Pass `next_after` as `after` for the following page."""

    matches: list[MatchOut]
    next_after: str | None


class MatchFilter(Schema):
    group: Group = Group.MET
    after: Annotated[str, Field(max_length=80)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class RunPageOut(Schema):
    """Runs, newest first. Pass `next_before` as `before` for the following page."""

    runs: list[RunOut]
    next_before: int | None


class RunFilter(Schema):
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class RunIn(Schema):
    """What to match: everything in force, or one pack; a draft is tried without holding."""

    pack_id: int | None = None


@router.get("/results", response={200: ResultsOut, **PROBLEMS}, operation_id="list_results")
def list_results(request: ApiRequest) -> dict[str, Any]:
    """The measures in force with how many enterprises meet them, and what that costs."""
    _may_see(request)
    found = results(request.user, on=timezone.localdate())
    return {
        "on": found.on,
        "run": found.run,
        "measures": [_measure(each) for each in found.measures],
        "paid": [{"pack_id": pack, "amount": _yuan(fen)} for pack, fen in found.paid.items()],
    }


@router.get(
    "/results/{pack_id}/{measure_key}",
    response={200: MatchPageOut, **PROBLEMS},
    operation_id="list_matches",
)
def list_matches(
    request: ApiRequest, pack_id: int, measure_key: str, filters: Query[MatchFilter]
) -> dict[str, Any]:
    """Who meets a measure, or lacks one thing."""
    _may_see(request)
    get_object_or_404(RulePack.objects.visible_to(request.user), pk=pack_id)
    if filters.group not in (Group.MET, Group.ONE_MISSING, Group.NEARLY):
        raise Http404
    matches = Match.objects.visible_to(request.user).of_measure(pack_id, measure_key)
    page = page_of(
        matches.of_group(filters.group), "amount", after=filters.after, size=filters.limit
    )  # fmt: skip
    return {"matches": [_match(each) for each in page.rows], "next_after": page.after or None}


@router.get("/runs", response={200: RunPageOut, **PROBLEMS}, operation_id="list_match_runs")
def list_match_runs(request: ApiRequest, filters: Query[RunFilter]) -> dict[str, Any]:
    """Matching runs."""
    _may_see(request)
    runs = MatchRun.objects.visible_to(request.user)
    if filters.before is not None:
        runs = runs.filter(pk__lt=filters.before)
    found = list(runs.order_by("-pk")[: filters.limit + 1])
    shown = found[: filters.limit]
    return {"runs": shown, "next_before": shown[-1].pk if len(found) > len(shown) else None}


@router.post("/runs", response={201: RunOut, **PROBLEMS}, operation_id="start_match_run")
def start_match_run(request: ApiRequest, data: RunIn) -> Status[MatchRun]:
    """Match all enterprises in the background; the run tells how far it is."""
    at = timezone.now()
    today = timezone.localdate(at)
    if data.pack_id is None:
        return Status(201, actions.start_run(on=today, by=request.user, at=at))
    pack = get_object_or_404(RulePack.objects.visible_to(request.user), pk=data.pack_id)
    return Status(201, actions.start_pack_run(pack.pk, on=today, by=request.user, at=at))


def _may_see(request: ApiRequest) -> None:
    if not request.user.has_perm("matching.view_results"):
        raise PermissionDenied


def _measure(result: MeasureResult) -> dict[str, Any]:
    place = result.place
    return {
        "pack_id": place.row.pk,
        "measure": place.measure.key,
        "title": place.measure.title,
        "document": place.pack.document.title,
        "article": place.measure.article,
        "met": _totals(result.met),
        "one_missing": _totals(result.one_missing),
        "nearly": _totals(result.nearly),
        "budget": _yuan(result.budget),
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "count": totals.count,
        "amount_from": _yuan(totals.low),
        "amount_to": None if totals.unbounded else _yuan(totals.high),
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "enterprise_id": match.enterprise_id,
        "code": match.enterprise.code,
        "name": match.enterprise.name,
        "group": match.group,
        "amount_from": _yuan(match.low),
        "amount_to": _yuan(match.high),
        "missing": match.slot,
        "unmet": match.clause,
        "since": match.since,
    }


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{fen // 100}.{fen % 100:02}"
