"""The three-rate score: its parts, the calls behind them, the formula it was made by."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.accounts.models import Unit
from lianqi.demands.enums import ScoreCount, ScoreTerm
from lianqi.demands.queries import Scored, ThreeRates, three_rates
from lianqi.engines.rates import Term
from lianqi.web.http import AuthedRequest
from lianqi.web.leader.forms import ClosedForm
from lianqi.web.periods import Period
from lianqi.web.workbook import workbook_response


@dataclass(frozen=True, slots=True)
class Counted:
    """A count, how much of a case each is, and where they are listed."""

    label: str
    count: int
    share: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """One rate of a score: what was counted, of how many."""

    label: str
    points: Decimal | None
    counts: list[Counted]
    base: Counted


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The score of the zone or of a unit, with the addresses of the calls behind it."""

    label: str
    found: Scored
    terms: tuple[Term, ...]
    period: Period
    narrowed: Mapping[str, object]

    def _counted(self, name: str, share: Decimal) -> Counted:
        query = {"state": f"score.{name}", "closed_from": self.period.first}
        query |= {"closed_until": self.period.last, **self.narrowed}
        return Counted(
            str(ScoreCount(name).label),
            self.found.counted[ScoreCount(name)],
            share,
            f"{reverse('demands:callbacks')}?{urlencode(query)}",
        )

    @property
    def parts(self) -> list[Part]:
        return [
            Part(
                str(ScoreTerm(term.name).label),
                _tenth(self.found.score.terms[term.name]),
                [self._counted(name, share) for name, share in term.counts.items()],
                self._counted(term.base, Decimal(1)),
            )
            for term in self.terms
        ]


@require_safe
@permission_required("demands.figures", raise_exception=True)
def score_page(request: AuthedRequest) -> HttpResponse:
    form, period, found = _asked(request)
    context: dict[str, Any] = {"form": form, "period": period, "query": request.GET.urlencode()}
    if found is not None:
        terms = found.version.formula.terms
        context |= {
            "version": found.version,
            "terms": [_in_words(term) for term in terms],
            "headings": [ScoreTerm(term.name).label for term in terms],
            "total": ScoreLine(_("Total"), found.total, terms, period, {}),
            "lines": _lines(found, period),
        }
    return render(request, "leader/score.html", context)


@require_safe
@permission_required("demands.figures", raise_exception=True)
def score_export(request: AuthedRequest) -> HttpResponseBase:
    """The table as a spreadsheet, with what was counted and the day of the formula."""
    _form, period, found = _asked(request)
    heading = [_("Responsible unit"), _("Rank"), _("Three-rate score")]
    heading += [_("95 % from"), _("95 % to"), *(str(term.label) for term in ScoreTerm)]
    heading += [*(str(count.label) for count in ScoreCount), _("Formula valid from")]
    lines = []
    if found is not None:
        total = ScoreLine(_("Total"), found.total, found.version.formula.terms, period, {})
        for line in [*_lines(found, period), total]:
            interval = line.found.interval or (None, None)
            lines.append(
                [
                    line.label,
                    line.found.rank,
                    line.found.score.value,
                    *(None if end is None else round(Decimal(end), 1) for end in interval),
                    *(_tenth(line.found.score.terms[term.value]) for term in ScoreTerm),
                    *(line.found.counted[count] for count in ScoreCount),
                    str(found.version.valid_from),
                ]
            )
    return workbook_response(f"score-{period.first}-{period.last}.xlsx", heading, lines)


def _asked(request: AuthedRequest) -> tuple[ClosedForm, Period, ThreeRates | None]:
    form = ClosedForm(request.GET or {"period": "year"})
    period = form.chosen(today=timezone.localdate())
    return form, period, three_rates(closed_from=period.first, closed_before=period.before)


def _lines(found: ThreeRates, period: Period) -> list[ScoreLine]:
    units, terms = Unit.objects.in_bulk(list(found.by_unit)), found.version.formula.terms
    return [
        ScoreLine(str(units[unit]), each, terms, period, {"unit": unit})
        for unit, each in found.by_unit.items()
    ]


def _in_words(term: Term) -> tuple[str, str, str, str]:
    """Name, weight, what is counted with how much each, and of what."""
    counted = " + ".join(
        str(ScoreCount(name).label) if share == 1 else f"{share} × {ScoreCount(name).label}"
        for name, share in term.counts.items()
    )
    weight = f"{(term.weight * 100).normalize():f}%"
    return str(ScoreTerm(term.name).label), weight, counted, str(ScoreCount(term.base).label)


def _tenth(points: Decimal | None) -> Decimal | None:
    return None if points is None else round(points, 1)
