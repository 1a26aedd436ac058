"""What a measure comes to when many apply: ranks, and what a limited sum leaves to each."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianqi.engines.packs.applicants import Settled, Sum
from lianqi.engines.packs.budgets import BudgetMissingError, limit_of
from lianqi.engines.packs.pack import Measure
from lianqi.engines.rules.ranges import Bound
from lianqi.engines.rules.rule import Status
from lianqi.engines.tables import Cell
from lianqi.matching.actions.exporting import record_settlement_export
from lianqi.matching.models import RulePack
from lianqi.matching.queries.settling import (
    MOST_APPLICANTS,
    Applying,
    Line,
    Settlement,
    found_in,
    named,
    settled_for,
    who_meets,
)
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.forms import SettlementForm
from lianqi.web.matching.results import sees_results
from lianqi.web.matching.words import STATUSES, award_text, missing_text, money, sum_text
from lianqi.web.people.acting import UNPROCESSABLE
from lianqi.web.workbook import workbook_response

SHOWN = 200
_OUT_OF_RANK = gettext_lazy("Not among the paid ranks"), "grey"
_NOTHING_LEFT = gettext_lazy("The sum is used up"), "red"
_CUT = gettext_lazy("Paid in part"), "amber"
_PAID = gettext_lazy("Paid in full"), "green"


@require_http_methods(["GET", "HEAD", "POST"])
@sees_results
def settlement(request: AuthedRequest, pack_id: int, measure_key: str) -> HttpResponseBase:
    """A form, and what comes of it; nothing is kept."""
    today = timezone.localdate()
    rows = RulePack.objects.visible_to(request.user).for_list()
    row = get_object_or_404(rows, pk=pack_id)
    found = found_in(row, measure_key, on=today)
    if found is None:
        raise Http404
    form = SettlementForm(request.POST or None)
    context: dict[str, Any] = {"pack": row, "measure": found.measure, "form": form, "on": today}
    if form.is_bound and form.is_valid():
        applying = _applying(request, row, measure_key, form)
        given: Fraction | None = form.cleaned_data["budget"]
        try:
            done = settled_for(
                found, applying.ids, on=today, budget=given,
                when_short=form.cleaned_data["when_short"],
            )  # fmt: skip
        except BudgetMissingError:
            form.add_error("budget", _("The document limits the money and names no sum: enter it."))
        else:
            if "export" in request.POST:
                return _exported(request, row, measure_key, done)
            limit = limit_of(found.measure.budget, given, today)
            context |= _shown(done, applying, limit, found.measure, row)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "matching/settlement.html", context, status=status)


def _applying(
    request: AuthedRequest, row: RulePack, measure_key: str, form: SettlementForm
) -> Applying:
    written: str = form.cleaned_data["applicants"]
    if written.strip():
        return named(request.user, written.splitlines())
    return who_meets(request.user, row, measure_key)


def _shown(
    done: Settlement, applying: Applying, limit: Fraction | None, measure: Measure, row: RulePack
) -> dict[str, Any]:
    return {
        "done": done,
        "sum": _sum_text(done.sum),
        "limit": "" if limit is None else money(limit),
        "left": "" if limit is None or done.sum.high == inf else _left(limit, done.sum),
        "unknown": applying.unknown[:SHOWN],
        "more": MOST_APPLICANTS if applying.more else 0,
        "rows": [_row(each, row, measure) for each in done.lines[:SHOWN]],
        "hidden": max(0, len(done.lines) - SHOWN),
    }


def _left(limit: Fraction, total: Sum) -> str:
    """What is left of the limit at least."""
    return money(max(Fraction(0), limit - Fraction(total.high)))


def _sum_text(total: Sum) -> str:
    return sum_text(total.low, None if total.high == inf else Fraction(total.high))


def _row(line: Line, row: RulePack, measure: Measure) -> dict[str, Any]:
    settled = line.settled
    place = [line.enterprise.pk, row.pk, measure.key]
    return {
        "line": line,
        # What a rank is made of no single enterprise can be told.
        "url": "" if measure.rank else reverse("matching:explanation", args=place),
        "status": result_of(settled),
        "place": _place(settled),
        "amount": award_text(settled.amount),
        "due": settled.due and _("of %(due)s") % {"due": award_text(settled.due)},
        "missing": [missing_text(each) for each in line.missing],
        "waits_for": line.waits_for
        and _("depends on %(names)s") % {"names": "、".join(line.waits_for)},
    }


def result_of(settled: Settled) -> tuple[str | Promise, str]:
    """The result and its tone: a verdict, or what the run alone knows."""
    if settled.status is Status.UNMET and settled.places is not None:
        return _OUT_OF_RANK
    if settled.status is Status.MET and settled.amount is not None and settled.amount.is_known:
        if settled.due is not None:
            return _NOTHING_LEFT if settled.amount.low == 0 else _CUT
        return _PAID
    return STATUSES[settled.status]


def _place(settled: Settled) -> str:
    if settled.places is None:
        return ""
    best, worst = settled.places
    return str(best) if best == worst else f"{best}–{worst}"


def _exported(
    request: AuthedRequest, row: RulePack, measure_key: str, done: Settlement
) -> HttpResponseBase:
    """The list as a spreadsheet; that is noted."""
    record_settlement_export(
        row, measure=measure_key, rows=len(done.lines), by=request.user, at=timezone.now()
    )
    header = [
        _("Order"), _("Unified social credit code"), _("Name"), _("Result"), _("Rank"),
        _("At least (yuan)"), _("At most (yuan)"), _("Before the sum was shared (yuan)"),
        _("What is missing"), _("Depends on as well"),
    ]  # fmt: skip
    name = f"settlement-{measure_key}-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(name, header, _cells(done))


def _cells(done: Settlement) -> Iterator[list[Cell | Decimal]]:
    for line in done.lines:
        settled = line.settled
        low, high = (settled.amount.low, settled.amount.high) if settled.amount else (None, None)
        yield [
            line.turn,
            line.enterprise.code,
            line.enterprise.name,
            str(result_of(settled)[0]),
            _place(settled),
            _yuan(low),
            _yuan(high),
            _yuan(settled.due.high if settled.due else None),
            "；".join(missing_text(each) for each in line.missing),
            "、".join(line.waits_for),
        ]


def _yuan(amount: Bound | None) -> Decimal | None:
    if amount is None or amount in (inf, -inf):
        return None
    exact = Fraction(amount)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"))
