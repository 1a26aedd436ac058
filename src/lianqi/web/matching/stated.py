"""Everything stated about one enterprise that rules read, and what is still asked for most."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.engines.rules.catalogue import FactSpec
from lianqi.matching.actions import withdraw_answer
from lianqi.matching.models import ReviewAnswer
from lianqi.matching.queries import Missing, Verdicts, verdicts_for
from lianqi.matching.queries.history import StatedFact, StatedLine, review_answers, stated_facts
from lianqi.matching.queries.values import KEPT
from lianqi.register.actions import withdraw_statement
from lianqi.register.models import Enterprise, Fact, Statement
from lianqi.register.queries import source_text, with_merged_ids
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.answers import Offers
from lianqi.web.matching.forms import DayForm
from lianqi.web.matching.seeing import seen_enterprise
from lianqi.web.matching.words import fact_text, missing_text, origin_text, supplier_text
from lianqi.web.people.acting import press

MOST_ASKED = 30


@dataclass(frozen=True, slots=True)
class LineShown:
    line: StatedLine
    value: str
    source: str
    by: str
    withdraw_url: str


@dataclass(frozen=True, slots=True)
class FactLines:
    """A fact with what counts now, and what was said before."""

    name: str
    now: LineShown | None
    earlier: list[LineShown]
    answer_url: str


@dataclass(frozen=True, slots=True)
class AskedShown:
    """What measures ask for and nobody has answered."""

    text: str
    supplier: str
    url: str
    measures: list[str] = field(default_factory=list)


@require_safe
def facts(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    enterprise = seen_enterprise(request, enterprise_id)
    form = DayForm(request.GET)
    day = form.day()
    found = verdicts_for(enterprise.pk, on=day)
    ids = with_merged_ids(enterprise)
    offers = Offers(request, enterprise, day)
    context = {
        "enterprise": enterprise,
        "form": form,
        "kept": _kept(found),
        "stated": [
            _fact(each, offers) for each in stated_facts(ids, found.known, found.catalogue, on=day)
        ],
        "answers": _answers(request, enterprise, ids),
        "asked": _asked(found, offers),
        "not_used": found.known.not_used,
        "with_names": request.user.is_zone_staff,
    }
    return render(request, "matching/facts.html", context)


@require_POST
def withdraw(request: AuthedRequest, enterprise_id: int, statement_id: int) -> HttpResponse:
    enterprise = seen_enterprise(request, enterprise_id)
    rows = Statement.objects.filter(enterprise_id__in=with_merged_ids(enterprise))
    statement = get_object_or_404(rows.select_related("enterprise__merged_into"), pk=statement_id)
    if not request.user.has_perm("register.withdraw_statement", statement):
        raise PermissionDenied
    press(
        request,
        lambda: withdraw_statement(statement.pk, by=request.user, at=timezone.now()),
        _("The statement was withdrawn. It stays in the history and counts no more."),
    )
    return _back(enterprise)


@require_POST
def take_back(request: AuthedRequest, enterprise_id: int, answer_id: int) -> HttpResponse:
    enterprise = seen_enterprise(request, enterprise_id)
    rows = ReviewAnswer.objects.about(with_merged_ids(enterprise))
    found = get_object_or_404(rows, pk=answer_id)
    if not request.user.has_perm("matching.review", enterprise):
        raise PermissionDenied
    press(
        request,
        lambda: withdraw_answer(found.pk, by=request.user, at=timezone.now()),
        _("The answer was taken back. The question is open again."),
    )
    return _back(enterprise)


def _back(enterprise: Enterprise) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("matching:facts", args=[enterprise.pk]), status=303)


def _kept(found: Verdicts) -> list[tuple[str, str, str]]:
    """What the register keeps in places of its own: label, value, origin."""
    known = found.known
    return [
        (spec.label, fact_text(spec, known.values[spec.key]), origin_text(known.origins[spec.key]))
        for spec in found.catalogue
        if spec.key in KEPT and spec.key in known.values
    ]


def _fact(each: StatedFact, offers: Offers) -> FactLines:
    missing = Missing(each.slot, each.spec.label, each.period, supplier=each.spec.supplier)
    now = each.counting
    return FactLines(
        f"{each.spec.label} {each.period}".strip(),
        _line(now, each.spec, offers) if now else None,
        [_line(line, each.spec, offers) for line in each.earlier],
        offers.url(missing),
    )


def _line(line: StatedLine, spec: FactSpec, offers: Offers) -> LineShown:
    return LineShown(
        line,
        line.written if line.value is None else fact_text(spec, line.value),
        source_text(line.source),
        line.by.name if line.by else "",
        _withdraw_url(line, offers),
    )


def _withdraw_url(line: StatedLine, offers: Offers) -> str:
    user, firm = offers.request.user, offers.enterprise
    if line.is_withdrawn:
        return ""
    if isinstance(line.row, Fact):
        is_allowed = user.has_perm("register.withdraw_fact", line.row)
        return reverse("register:fact_withdraw", args=[firm.pk, line.row.pk]) if is_allowed else ""
    is_allowed = user.has_perm("register.withdraw_statement", line.row)
    args = [firm.pk, line.row.pk]
    return reverse("matching:withdraw_statement", args=args) if is_allowed else ""


def _answers(
    request: AuthedRequest, enterprise: Enterprise, ids: list[int]
) -> list[tuple[ReviewAnswer, str]]:
    may_review = request.user.has_perm("matching.review", enterprise)

    def url(each: ReviewAnswer) -> str:
        if not may_review or each.withdrawn_at is not None:
            return ""
        return reverse("matching:withdraw_answer", args=[enterprise.pk, each.pk])

    return [(each, url(each)) for each in review_answers(ids)]


def _asked(found: Verdicts, offers: Offers) -> list[AskedShown]:
    """What would settle most measures comes first."""
    count: Counter[Missing] = Counter()
    titles: dict[Missing, list[str]] = {}
    for verdict in found.verdicts:
        for missing in (*verdict.missing, *verdict.missing_for_amount):
            count[missing] += 1
            titles.setdefault(missing, []).append(verdict.place.measure.title)
    return [
        AskedShown(
            missing_text(missing),
            supplier_text(missing.supplier),
            offers.url(missing),
            titles[missing],
        )
        for missing, _times in count.most_common(MOST_ASKED)
    ]
