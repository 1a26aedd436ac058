"""What measures give one enterprise: the list, a sheet to print, and why, clause by clause."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.engines.packs.pack import Evidence
from lianqi.matching.enums import Group
from lianqi.matching.queries import Verdict, Verdicts, explanation_for, verdicts_for
from lianqi.matching.queries.combining import Beside, Combination, combination_of
from lianqi.matching.queries.explanations import ClauseShown, Explanation
from lianqi.register.models import Enterprise
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.answers import Offers
from lianqi.web.matching.forms import DayForm
from lianqi.web.matching.seeing import address, seen_enterprise
from lianqi.web.matching.trials import plan_shown
from lianqi.web.matching.words import (
    APPLICANTS,
    STATUSES,
    TONES,
    amount_of,
    missing_lines,
    money,
    origin_text,
    range_text,
    sum_text,
    supplier_text,
    value_text,
)

FOLDED = (Group.NOT_NOW, Group.NOT_APPLICABLE)
MOST_FIRMS = 50


@dataclass(frozen=True, slots=True)
class MissingShown:
    text: str
    supplier: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A measure in the list."""

    verdict: Verdict
    url: str
    amount: str
    missing: list[MissingShown]
    beside: Beside | None = None

    @property
    def document(self) -> str:
        told = self.verdict.place.pack.document
        return f"{told.title} {told.number}".strip()


@dataclass(frozen=True, slots=True)
class Section:
    group: Group
    tone: str
    lines: list[Line]
    is_folded: bool


@require_safe
@permission_required("matching.find_own", raise_exception=True)
def mine(request: AuthedRequest) -> HttpResponse:
    """The page of the only firm a person acts for, or a choice among several."""
    own = request.user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
    firms = list(Enterprise.objects.living().filter(pk__in=own).order_by("name")[:MOST_FIRMS])
    if len(firms) == 1:
        return HttpResponseRedirect(reverse("matching:verdicts", args=[firms[0].pk]))
    return render(request, "matching/mine.html", {"firms": firms})


@require_safe
def verdicts(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    enterprise = seen_enterprise(request, enterprise_id)
    return render(request, "matching/verdicts.html", _context(request, enterprise))


@require_safe
def sheet(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    """The same to take along: what is met, and what is missing."""
    enterprise = seen_enterprise(request, enterprise_id)
    context = _context(request, enterprise)
    context["sections"] = [each for each in context["sections"] if not each.is_folded]
    context["printed_on"] = timezone.localdate()
    return render(request, "matching/sheet.html", context)


@require_safe
def explanation(
    request: AuthedRequest, enterprise_id: int, pack_id: int, measure_key: str
) -> HttpResponse:
    enterprise = seen_enterprise(request, enterprise_id)
    form = DayForm(request.GET)
    day = form.day()
    found = explanation_for(enterprise.pk, pack_id, measure_key, on=day)
    if found is None:
        raise Http404
    offers = Offers(request, enterprise, day)
    context = {
        "enterprise": enterprise,
        "form": form,
        "on": day,
        "is_today": day == timezone.localdate(),
        "measure": found.place.measure,
        "document": found.place.pack.document,
        "pack": found.place.pack,
        "row": found.place.row,
        "status": STATUSES[found.verdict.status],
        "amount": amount_of(found.verdict),
        "missing": _missing(offers, found.verdict),
        "scope": _clause(found.scope) if found.scope else None,
        "clauses": [_clause(each) for each in found.clauses],
        "benefits": _benefits(found),
        "cap": found.cap,
        "evidence": [_evidence(each) for each in found.place.measure.evidence],
        "open_points": [
            each for each in found.place.pack.open
            if each.measure in ("", found.place.measure.key)
        ],
        "not_used": found.known.not_used,
        "plan": plan_shown(found, found.catalogue, enterprise.pk, on=day),
        "try_url": address(
            "matching:what_if", day, enterprise.pk, found.place.row.pk, measure_key
        ),
        "back": address("matching:verdicts", day, enterprise.pk),
        "may_save": request.user.has_perm("matching.save_assessment", enterprise),
    }  # fmt: skip
    return render(request, "matching/explanation.html", context)


def _context(request: AuthedRequest, enterprise: Enterprise) -> dict[str, Any]:
    form = DayForm(request.GET)
    day = form.day()
    found = verdicts_for(enterprise.pk, on=day)
    offers, together = Offers(request, enterprise, day), combination_of(found.verdicts)
    sections = [
        Section(group, TONES[group], lines, group in FOLDED)
        for group in Group
        if (lines := _lines(offers, found, group, together))
    ]
    return {
        "enterprise": enterprise,
        "form": form,
        "on": day,
        "is_today": day == timezone.localdate(),
        "sections": sections,
        "total": len(found.verdicts),
        "together": together,
        "sum": sum_text(together.low, together.high),
        "others": [
            (each, APPLICANTS.get(each.measure.applicant, each.measure.applicant))
            for each in found.others
        ],
        "not_used": found.known.not_used,
        "sheet_url": address("matching:sheet", day, enterprise.pk),
    }


def _lines(offers: Offers, found: Verdicts, group: Group, together: Combination) -> list[Line]:
    return [
        Line(
            each,
            address(
                "matching:explanation", found.on, offers.enterprise.pk, each.place.row.pk,
                each.place.measure.key,
            ),
            amount_of(each),
            _missing(offers, each),
            together.of(each.place),
        )
        for each in found.of(group)
    ]  # fmt: skip


def _missing(offers: Offers, verdict: Verdict) -> list[MissingShown]:
    """What is missing, and where this person can answer it."""
    place = verdict.place
    return [
        MissingShown(
            text,
            supplier_text(each.supplier),
            offers.url(each, pack_id=place.row.pk, measure=place.measure.key),
        )
        for each, text in missing_lines(verdict)
    ]


def _clause(clause: ClauseShown) -> dict[str, Any]:
    return {
        "text": clause.text,
        "status": STATUSES[clause.status],
        "chinese": clause.chinese,
        "plain": clause.plain,
        "tests": [
            (
                each.rule,
                STATUSES[each.status],
                range_text(each.value, each.dims, is_share=each.is_share),
            )
            for each in clause.tests
        ],
        "facts": [
            (each, value_text(each), origin_text(each.origin), supplier_text(each.supplier))
            for each in clause.facts
        ],
        "questions": [(each, origin_text(each.origin)) for each in clause.questions],
    }


def _benefits(found: Explanation) -> list[dict[str, Any]]:
    shown = []
    for each in found.benefits:
        granted = each.granted
        settled = granted and granted.amount and granted.amount.is_known
        shown.append(
            {
                "text": each.text,
                "rule": each.amount,
                "when": each.when,
                "status": STATUSES[granted.status] if granted else None,
                "amount": money(granted.amount.low)  # type: ignore[union-attr,arg-type]  # settled
                if settled
                else range_text(granted.amount, (("元", 1),))
                if granted
                else "",
                "instalments": each.text.instalments,
            }
        )
    return shown


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {"name": evidence.name, "source": supplier_text(evidence.source)}
