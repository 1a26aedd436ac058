"""What is missing for a measure, and what other figures would give: nothing of it is kept."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.engines.rules.catalogue import Catalogue
from lianqi.matching.queries import in_force, snapshots
from lianqi.matching.queries.explanations import Explanation, FactShown
from lianqi.matching.queries.plans import GapPlan, gap_plan
from lianqi.matching.queries.trials import place_of, read_by, tried_with
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.forms import DayForm
from lianqi.web.matching.seeing import address, seen_enterprise
from lianqi.web.matching.trial_forms import TrialForm
from lianqi.web.matching.words import (
    STATUSES,
    amount_of,
    missing_lines,
    supplier_text,
    value_text,
)


@require_safe
def what_if(
    request: AuthedRequest, enterprise_id: int, pack_id: int, measure_key: str
) -> HttpResponse:
    """A form with every figure the measure reads; the answer stands above it."""
    enterprise = seen_enterprise(request, enterprise_id)
    day = DayForm(request.GET).day()
    force = in_force(day)
    place = place_of(force, pack_id, measure_key)
    if place is None:
        raise Http404
    known = snapshots([enterprise.pk], force.catalogue, on=day)[enterprise.pk]
    data = request.GET if "try" in request.GET else None
    form = TrialForm(data, *read_by(place, day), known.values, force.catalogue)
    changes = form.changes() if form.is_bound and form.is_valid() else {}
    now = tried_with(place, known, {}, force.catalogue, on=day)
    then = tried_with(place, known, changes, force.catalogue, on=day)
    context = {
        "enterprise": enterprise,
        "measure": place.measure,
        "form": form,
        "on": day,
        "day": "" if day == timezone.localdate() else day.isoformat(),
        "now": told(now),
        "then": told(then),
        "is_changed": bool(changes),
        "back": address("matching:explanation", day, enterprise.pk, pack_id, measure_key),
        "here": reverse("matching:what_if", args=[enterprise.pk, pack_id, measure_key]),
    }
    return render(request, "matching/what_if.html", context)


def told(found: Explanation) -> dict[str, Any]:
    """A verdict for a reader: status, amount, and the conditions that are not met."""
    return {
        "status": STATUSES[found.verdict.status],
        "amount": amount_of(found.verdict),
        "clauses": [(each.text, STATUSES[each.status]) for each in found.clauses],
        "missing": [text for _missing, text in missing_lines(found.verdict)],
    }


def plan_shown(
    found: Explanation, catalogue: Catalogue, enterprise_id: int, *, on: dt.date
) -> dict[str, Any] | None:
    """The plan of a measure that is not met, with the form filled as the plan says."""
    plan = gap_plan(found.place, found.known, catalogue, on=on)
    if plan is None:
        return None
    return {
        "on": plan.on,
        "is_later": plan.on != on,
        "is_found": plan.then is not None,
        "is_certain": plan.is_certain,
        "steps": [
            {
                "label": each.now.label,
                "period": each.now.period,
                "now": value_text(each.now),
                "target": value_text(each.target),
                "is_assumed": each.is_assumed,
                "closes_on": each.closes_on,
                "supplier": supplier_text(each.now.supplier),
            }
            for each in plan.steps
        ],
        "questions": plan.questions,
        "status": STATUSES[plan.then.status] if plan.then else None,
        "amount": amount_of(plan.then) if plan.then else "",
        "window": plan.window,
        "held_by": [_held(each) for each in plan.held_by],
        "try_url": _try_url(found, plan, catalogue, enterprise_id),
    }


def _held(fact: FactShown) -> str:
    named = f"{fact.label} {fact.period}".strip()
    value = value_text(fact)
    return f"{named}（{value}）" if value else named


def _try_url(found: Explanation, plan: GapPlan, catalogue: Catalogue, enterprise_id: int) -> str:
    """The form with the changes of the plan filled in."""
    row, measure = found.place.row, found.place.measure
    form = TrialForm(None, *read_by(found.place, plan.on), plan.after, catalogue)
    filled = {"try": "1", "on": plan.on.isoformat(), **form.filled()}
    url = reverse("matching:what_if", args=[enterprise_id, row.pk, measure.key])
    return f"{url}?{urlencode(filled, doseq=True)}"
