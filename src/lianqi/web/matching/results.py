"""What matching found for staff: the measures in force, and by measure who meets it or nearly."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.engines.tables import Cell
from lianqi.matching.actions.exporting import MOST_EXPORTED, record_matches_export
from lianqi.matching.enums import NEAR, Group
from lianqi.matching.errors import MatchesTooMany
from lianqi.matching.models import Match, MatchQuerySet, MatchRun, RulePack
from lianqi.matching.queries.results import (
    MeasureResult,
    Results,
    Totals,
    asked_for,
    page_of,
    results,
    results_of_pack,
)
from lianqi.matching.queries.tellings import told_of, untold
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.forms import MatchFilter
from lianqi.web.matching.words import TONES, missing_text, money
from lianqi.web.workbook import workbook_response

sees_results = permission_required("matching.view_results", raise_exception=True)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A measure in the list."""

    result: MeasureResult
    url: str
    sum: str
    budget: str

    @property
    def is_live(self) -> bool:
        """Whether any enterprise meets it, or nearly does."""
        result = self.result
        return any(each.count for each in (result.met, result.one_missing, result.nearly))


@require_safe
@sees_results
def overview(request: AuthedRequest) -> HttpResponse:
    today = timezone.localdate()
    found = results(request.user, on=today)
    lines = lines_of(found)
    context = {
        "lines": lines,
        "live": [each for each in lines if each.is_live],
        "idle": [each for each in lines if not each.is_live],
        "found": found,
        "is_stale": found.run is not None and found.run.day != today,
        "under_way": MatchRun.objects.under_way().of_everything().first(),
        "may_start": request.user.has_perm("matching.start_run"),
        "may_tell": bool(found.measures) and request.user.has_perm("matching.tell_matches"),
        "paid": paid_of(found),
    }
    return render(request, "matching/results.html", context)


def lines_of(found: Results) -> list[ResultLine]:
    """The measures, those that cost most first."""
    ordered = sorted(
        found.measures, key=lambda each: (-(each.met.low or 0), -each.met.count, each.place.row.pk)
    )
    return [
        ResultLine(
            each,
            reverse("matching:result", args=[each.place.row.pk, each.place.measure.key]),
            sum_text(each.met),
            "" if each.budget is None else money(Fraction(each.budget, 100)),
        )
        for each in ordered
    ]


def paid_of(found: Results) -> list[tuple[str, str]]:
    """Packs in which measures exclude each other, and what is left to pay."""
    titles = {each.place.row.pk: each.place.row.title for each in found.measures}
    return [(titles[pack], money(Fraction(fen, 100))) for pack, fen in found.paid.items()]


def sum_text(totals: Totals) -> str:
    """What all of a group get together: a sum, or between two; nothing where it is no money."""
    if totals.low is None:
        return ""
    low = money(Fraction(totals.low, 100))
    if totals.unbounded or totals.high is None:
        return _("from %(low)s") % {"low": low}
    if totals.high != totals.low:
        high = money(Fraction(totals.high, 100))
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return low


def amount_text(match: Match) -> str:
    """What one enterprise gets."""
    if match.low is None:
        return ""
    low = Fraction(match.low, 100)
    if match.high is None:
        return _("from %(low)s") % {"low": money(low)} if low else _("amount still open")
    if match.high != match.low:
        high = Fraction(match.high, 100)
        return _("%(low)s to %(high)s") % {"low": money(low), "high": money(high)}
    return money(low)


@require_safe
@sees_results
def measure(request: AuthedRequest, pack_id: int, measure_key: str) -> HttpResponse:
    row, found, result = _result(request, pack_id, measure_key)
    form = MatchFilter(request.GET)
    matches = form.narrow(_matches(request, pack_id, measure_key))
    page = page_of(
        matches, form.sort(), after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    told = told_of(row, measure_key, [each.enterprise_id for each in page.rows])
    may_tell = row.is_published and request.user.has_perm("matching.tell_matches")
    context = {
        "pack": row,
        "result": result,
        "run": found.run,
        "on": found.on,
        "form": form,
        "group": form.group(),
        "tabs": [
            (each, result.groups.get(each, Totals()).count, TONES[each], _tab(request, each))
            for each in NEAR
        ],
        "page": page,
        "rows": [
            (
                each,
                amount_text(each),
                _why(each, result, found),
                _verdict_url(each),
                told.get(each.enterprise_id),
            )
            for each in page.rows
        ],
        "may_tell": may_tell,
        "waiting": untold([row.pk], (Group.MET,), measure_key).count() if may_tell else 0,
        "sum": sum_text(result.groups.get(form.group(), Totals())),
        "budget": "" if result.budget is None else money(Fraction(result.budget, 100)),
        "query": request.GET.urlencode(),
        "is_filtered": bool(request.GET.get("q")),
        "hides_names": not page.rows and not request.user.has_perm("register.list"),
    }
    return render(request, "matching/result.html", context)


@require_safe
@sees_results
def export(request: AuthedRequest, pack_id: int, measure_key: str) -> HttpResponseBase:
    """The filtered list as a spreadsheet; that is noted."""
    _row, found, result = _result(request, pack_id, measure_key)
    form = MatchFilter(request.GET)
    matches = form.narrow(_matches(request, pack_id, measure_key))
    count = matches.order_by()[: MOST_EXPORTED + 1].count()
    if count > MOST_EXPORTED:
        messages.error(request, str(MatchesTooMany(limit=MOST_EXPORTED)))
        address = reverse("matching:result", args=[pack_id, measure_key])
        return HttpResponseRedirect(f"{address}?{request.GET.urlencode()}", status=303)
    record_matches_export(
        result.place.row, measure=measure_key, group=form.group(), rows=count, by=request.user,
        at=timezone.now(),
    )  # fmt: skip
    header = [
        _("Unified social credit code"), _("Name"), _("Group"), _("At least (yuan)"),
        _("At most (yuan)"), _("What is missing"), _("Since"),
    ]  # fmt: skip
    name = f"matches-{measure_key}-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(name, header, _cells(matches, result, found))


def _cells(matches: MatchQuerySet, result: MeasureResult, found: Results) -> Iterator[list[Cell]]:
    rows = matches.select_related("enterprise").order_by("-worth", "-pk")
    for each in rows.iterator(chunk_size=1000):
        yield [
            each.enterprise.code,
            each.enterprise.name,
            each.get_group_display(),
            None if each.low is None else each.low / 100,
            None if each.high is None else each.high / 100,
            _why(each, result, found),
            timezone.localdate(each.since),
        ]


def _result(
    request: AuthedRequest, pack_id: int, measure_key: str
) -> tuple[RulePack, Results, MeasureResult]:
    row = get_object_or_404(
        RulePack.objects.visible_to(request.user).for_list(), pk=pack_id
    )  # fmt: skip
    today = timezone.localdate()
    if row.is_published:
        found = results(request.user, on=today)
        if (result := found.of(pack_id, measure_key)) is not None:
            return row, found, result
    found = results_of_pack(request.user, row, on=today)
    if (result := found.of(pack_id, measure_key)) is None:
        raise Http404
    return row, found, result


def _matches(request: AuthedRequest, pack_id: int, measure_key: str) -> MatchQuerySet:
    return Match.objects.visible_to(request.user).of_measure(pack_id, measure_key)


def _tab(request: AuthedRequest, group: Group) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query["only"] = group.value
    return f"?{query.urlencode()}"


def _why(match: Match, result: MeasureResult, found: Results) -> str:
    """The one thing that stands between the enterprise and the measure."""
    if match.slot:
        return missing_text(asked_for(match.slot, result.place, found.catalogue))
    texts: dict[str, Any] = {each.key: each for each in result.place.measure.clauses}
    if match.clause in texts:
        clause = texts[match.clause]
        return f"{clause.text or clause.key} {clause.article}".strip()
    return match.clause


def _verdict_url(match: Match) -> str:
    return reverse(
        "matching:explanation", args=[match.enterprise_id, match.pack_id, match.measure]
    )  # fmt: skip
