"""Tables of compiled statistics: dimension, measure and span; and their spreadsheet."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lianqi.accounts.models import Unit
from lianqi.demands.enums import Channel, Dimension, LeftOut, Measure, Span, Stage
from lianqi.demands.models import BASE, PART, DemandCategory
from lianqi.demands.queries import StageLength, Table, Tabulated, end_of, spans, table
from lianqi.register.models import Chain
from lianqi.web.demands.forms import UNKNOWN_STREET
from lianqi.web.http import AuthedRequest
from lianqi.web.periods import Period
from lianqi.web.workbook import workbook_response


def span_name(span: Span, first: dt.date) -> str:
    """As it is written in an address and shown: 2026, 2026-Q1, 2026-03."""
    if span == Span.YEAR:
        return f"{first:%Y}"
    if span == Span.QUARTER:
        return f"{first:%Y}-Q{(first.month + 2) // 3}"
    return f"{first:%Y-%m}"


class TableForm(forms.Form):
    """What is tabulated. Whatever is missing or wrong is the first that is offered."""

    dimension = forms.ChoiceField(
        label=gettext_lazy("Break down by"),
        required=False,
        choices=Dimension.choices,
        widget=forms.Select({"data-autosubmit": ""}),
    )
    measure = forms.ChoiceField(
        label=gettext_lazy("Measure"),
        required=False,
        choices=Measure.choices,
        widget=forms.Select({"data-autosubmit": ""}),
    )
    span = forms.ChoiceField(
        label=gettext_lazy("Filed in"),
        required=False,
        widget=forms.Select({"data-autosubmit": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spans = {span_name(*each): each for each in spans()}
        offered = self.fields["span"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = [(name, name) for name in self.spans]

    def chosen(self, *, today: dt.date) -> tuple[Span, dt.date, Dimension, Measure]:
        self.is_valid()  # what was filled in wrongly is missing from the cleaned data
        given = self.cleaned_data
        nothing = (Span.YEAR, dt.date(today.year, 1, 1))
        newest = next(iter(self.spans.values()), nothing)
        span, first = self.spans.get(given.get("span") or "", newest)
        dimension = Dimension(given.get("dimension") or Dimension.UNIT)
        return span, first, dimension, Measure(given.get("measure") or Measure.CLOSING)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stage of one row."""

    label: str
    length: StageLength


@dataclass(frozen=True, slots=True)
class Reason:
    """Why demands are left out of a rate, how many, and where they are listed."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table with the addresses of the lists behind it."""

    label: str
    found: Tabulated
    measure: Measure
    period: Period
    narrowed: Mapping[str, object]

    def _list(self, case: str) -> str:
        query = self.period.query(case=f"{self.measure.value}.{case}", **self.narrowed)
        return f"{reverse('demands:list')}?{query}"

    @property
    def part_url(self) -> str:
        return self._list(PART)

    @property
    def base_url(self) -> str:
        return self._list(BASE)

    @property
    def left_out(self) -> list[Reason]:
        return [
            Reason(str(reason.label), count, self._list(reason.value))
            for reason, count in self.found.left_out.items()
        ]

    @property
    def stretches(self) -> list[Stretch]:
        return [Stretch(str(stage.label), self.found.lengths[stage]) for stage in Stage]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One rate of the whole zone, with the address of its table."""

    label: str
    line: Line
    url: str


@require_safe
@permission_required("demands.figures", raise_exception=True)
def table_page(request: AuthedRequest) -> HttpResponse:
    form, asked, found = _asked(request)
    span, first, dimension, measure = asked
    context = {
        "form": form,
        "computed_at": found.computed_at,
        "total": _total(found, span, first, measure),
        "lines": _lines(found, *asked),
        "measures": _measures(found, span, first, dimension),
        "dimension": dimension.label,
        "measure": measure.label,
        "span": span_name(span, first),
        "stages": [stage.label for stage in Stage],
        "query": request.GET.urlencode(),
    }
    return render(request, "leader/tables.html", context)


@require_safe
@permission_required("demands.figures", raise_exception=True)
def table_export(request: AuthedRequest) -> HttpResponseBase:
    """The table as a spreadsheet: the same rows, rates as shares, lengths in hours."""
    _form, asked, found = _asked(request)
    span, first, dimension, measure = asked
    total = _total(found, span, first, measure)
    lines = _lines(found, *asked) + ([total] if total else [])
    heading = [
        str(dimension.label), _("Rank"), str(measure.label), _("numerator"), _("denominator"),
        _("95 % from"), _("95 % to"),
        *(str(reason.label) for reason in LeftOut),
        *(f"{stage.label}, {word}" for stage in Stage for word in (_("median"), "P90")),
    ]  # fmt: skip
    name = f"{measure.value}-{dimension.value}-{span_name(span, first)}.xlsx"
    return workbook_response(name, heading, (_cells(line) for line in lines))


def _asked(
    request: AuthedRequest,
) -> tuple[TableForm, tuple[Span, dt.date, Dimension, Measure], Table]:
    form = TableForm(request.GET or {"dimension": Dimension.UNIT.value})
    asked = form.chosen(today=timezone.localdate())
    return form, asked, table(*asked)


def _measures(found: Table, span: Span, first: dt.date, dimension: Dimension) -> list[MeasureLine]:
    period = Period(first, end_of(span, first))
    lines = []
    for measure, row in found.measures.items():
        query = {"dimension": dimension.value, "measure": measure.value}
        query["span"] = span_name(span, first)
        url = f"{reverse('leader:tables')}?{urlencode(query)}"
        lines.append(
            MeasureLine(str(measure.label), Line(_("Total"), row, measure, period, {}), url)
        )
    return lines


def _total(found: Table, span: Span, first: dt.date, measure: Measure) -> Line | None:
    if found.total is None:
        return None
    return Line(_("Total"), found.total, measure, Period(first, end_of(span, first)), {})


def _lines(
    found: Table, span: Span, first: dt.date, dimension: Dimension, measure: Measure
) -> list[Line]:
    names = _names(dimension, [row.key for row in found.rows])
    lines = []
    for row in found.rows:
        if dimension == Dimension.ZONE:
            period = Period(row.first, end_of(Span.MONTH, row.first))
            lines.append(Line(span_name(Span.MONTH, row.first), row, measure, period, {}))
            continue
        period = Period(first, end_of(span, first))
        lines.append(Line(names[row.key], row, measure, period, _narrowed(dimension, row.key)))
    return lines


def _names(dimension: Dimension, keys: list[str]) -> dict[str, str]:
    if dimension == Dimension.CHANNEL:
        return {key: str(Channel(key).label) for key in keys}
    if dimension in {Dimension.STREET, Dimension.ZONE}:
        return {key: key or _("not known") for key in keys}
    numbers = [int(key) for key in keys if key]
    models = {
        Dimension.UNIT: Unit.objects,
        Dimension.CATEGORY: DemandCategory.objects,
        Dimension.CHAIN: Chain.objects,
    }
    known = models[dimension].in_bulk(numbers)
    return {key: str(known[int(key)]) if key else _("not dispatched yet") for key in keys}


def _narrowed(dimension: Dimension, key: str) -> dict[str, object]:
    """What narrows the list to one row."""
    if dimension == Dimension.UNIT and not key:
        # A demand without a unit waits for dispatch, so that status names the same demands.
        return {"status": "submitted"}
    if dimension == Dimension.STREET:
        return {"street": key or UNKNOWN_STREET}
    return {dimension.value: key}


def _cells(line: Line) -> list[Any]:
    found, interval = line.found, line.found.rate.interval or (None, None)
    return [
        line.label,
        found.rank,
        _rounded(found.rate.value, 4),
        found.rate.part,
        found.rate.whole,
        *(_rounded(end, 4) for end in interval),
        *(found.left_out.get(reason) for reason in LeftOut),
        *(
            _rounded(hours, 2)
            for stage in Stage
            for hours in (found.lengths[stage].median, found.lengths[stage].p90)
        ),
    ]


def _rounded(number: float | None, places: int) -> Decimal | None:
    return None if number is None else round(Decimal(number), places)
