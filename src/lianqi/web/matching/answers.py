"""Answering what a rule asks: one page for exactly that fact or question, and back to the why."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianqi.engines.rules.nodes import Kind, slot
from lianqi.matching.actions import answer, review
from lianqi.matching.queries import Missing, explanation_for, snapshots
from lianqi.matching.queries.asking import (
    ENTERPRISE,
    QUESTION,
    Asked,
    AskedQuestion,
    answer_to,
    asked_for,
    may_answer,
    published_catalogue,
    question_for,
)
from lianqi.matching.queries.values import KEPT
from lianqi.register.enums import Supplier
from lianqi.register.models import Enterprise
from lianqi.register.permissions import states
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.answer_forms import (
    YES,
    AnswerForm,
    Entries,
    EntryFormSet,
    ReviewForm,
    rows_of,
    with_more_rows,
)
from lianqi.web.matching.forms import DayForm
from lianqi.web.matching.seeing import seen_enterprise
from lianqi.web.matching.words import STATUSES, amount_of, supplier_text
from lianqi.web.people.acting import UNPROCESSABLE

# Where the register keeps what has a place of its own.
PLACES = {
    "industry": "register:edit",
    "founded": "register:edit",
    "titles": "register:title_add",
    "high_tech_until": "register:title_add",
    "size_class": "register:fact_add",
}


@dataclass(frozen=True)
class Offers:
    """Which of the missing answers this person can give about this enterprise, and where."""

    request: AuthedRequest
    enterprise: Enterprise
    day: dt.date

    @cached_property
    def _may_state(self) -> bool:
        return states(self.request.user, self.enterprise, ENTERPRISE)

    @cached_property
    def _may_for_others(self) -> bool:
        return states(self.request.user, self.enterprise, Supplier.REGISTER)

    @cached_property
    def _may_review(self) -> bool:
        return self.request.user.has_perm("matching.review", self.enterprise)

    @cached_property
    def _may_change(self) -> bool:
        return self.request.user.has_perm("register.change", self.enterprise)

    def url(self, missing: Missing, *, pack_id: int | None = None, measure: str = "") -> str:
        """Where it is answered; "" if this person cannot."""
        key = missing.slot.partition("@")[0].partition(".")[0]
        if key in KEPT:
            return reverse(PLACES[key], args=[self.enterprise.pk]) if self._may_change else ""
        if missing.is_question:
            is_allowed = self._may_review
        elif missing.supplier == ENTERPRISE:
            is_allowed = self._may_state
        else:
            is_allowed = self._may_for_others
        if not is_allowed or not missing.supplier:
            return ""
        return answer_url(
            self.enterprise.pk, missing.slot, day=self.day, pack_id=pack_id, measure=measure
        )


def answer_url(
    enterprise_id: int, name: str, *, day: dt.date, pack_id: int | None = None, measure: str = ""
) -> str:
    """The page on which a slot is answered, and whence it was opened."""
    query = QueryDict(mutable=True)
    query["slot"] = name
    if pack_id is not None:
        query["pack"], query["measure"] = str(pack_id), measure
    if day != timezone.localdate():
        query["on"] = day.isoformat()
    return f"{reverse('matching:answer', args=[enterprise_id])}?{query.urlencode(safe='/@')}"


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    """The form for one fact or one question; once saved, back to where it was asked."""
    enterprise = seen_enterprise(request, enterprise_id)
    wanted = request.GET.get("slot", "")
    asked: Asked | AskedQuestion | None
    asked = question_for(wanted) if wanted.startswith(QUESTION) else None
    if asked is None:
        asked = asked_for(wanted, published_catalogue())
    if asked is None or (isinstance(asked, Asked) and asked.is_kept):
        raise Http404
    if not may_answer(request.user, enterprise, asked):
        raise PermissionDenied
    page = _Page(request, enterprise, wanted)
    if isinstance(asked, AskedQuestion):
        return _review(page, asked)
    return _state(page, asked)


@dataclass(frozen=True)
class _Page:
    """Whence the form was opened, and whither it leads back."""

    request: AuthedRequest
    enterprise: Enterprise
    slot: str

    @cached_property
    def day(self) -> dt.date:
        found: dt.date = DayForm(self.request.GET).day()
        return found

    @cached_property
    def measure(self) -> tuple[int, str] | None:
        pack, key = self.request.GET.get("pack", ""), self.request.GET.get("measure", "")
        return (int(pack), key) if pack.isascii() and pack.isdigit() and len(pack) < 10 else None  # noqa: PLR2004

    @cached_property
    def back(self) -> str:
        name, args = "matching:facts", [self.enterprise.pk]
        if self.measure and explanation_for(self.enterprise.pk, *self.measure, on=self.day):
            name, args = "matching:explanation", [self.enterprise.pk, *self.measure]  # type: ignore[list-item]  # ids and a key
        query = "" if self.day == timezone.localdate() else f"?on={self.day.isoformat()}"
        return reverse(name, args=args) + query

    def standing(self) -> str:
        """What the measure is for the enterprise just now, in words."""
        if self.measure is None:
            return ""
        found = explanation_for(self.enterprise.pk, *self.measure, on=self.day)
        if found is None:
            return ""
        parts = [str(STATUSES[found.verdict.status][0]), amount_of(found.verdict)]
        return " ".join(filter(None, parts))

    def saved(self, act: Any, form: forms.BaseForm) -> HttpResponse | None:
        """Act, and lead back with what became of the verdict; None if it was refused."""
        before = self.standing()
        try:
            act()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return None
        after = self.standing()
        if before and before != after:
            said = _("Saved. The verdict changed: %(before)s → %(after)s.")
            messages.success(self.request, said % {"before": before, "after": after})
        elif before:
            messages.success(self.request, _("Saved. The verdict stays: %s.") % before)
        else:
            messages.success(self.request, _("Saved."))
        return HttpResponseRedirect(self.back, status=303)

    def context(self, **more: Any) -> dict[str, Any]:
        return {"enterprise": self.enterprise, "back": self.back, **more}


def _state(page: _Page, asked: Asked) -> HttpResponse:
    request, spec = page.request, asked.spec
    is_list = spec.kind is Kind.LIST
    is_figure = bool(spec.grain) and spec.kind is Kind.NUMBER
    form = AnswerForm(
        request.POST or None,
        spec=spec,
        is_figure=is_figure,
        names_source=request.user.has_perm("register.change", page.enterprise),
    )
    wants_rows = "more" in request.POST
    rows = _rows(page, asked, wants_rows=wants_rows) if is_list else None
    if request.method == "POST" and not wants_rows and _is_valid(form, rows):
        now = timezone.now()

        def act() -> object:
            return answer(
                page.enterprise.pk, slot(spec.key, asked.period or None),
                rows.shape() if rows is not None else form.shape(),
                by=request.user, at=now, **form.beside(now=now),
            )  # fmt: skip

        if response := page.saved(act, form):
            return response
    if wants_rows:
        form.errors.clear()
    context = page.context(
        spec=spec,
        period=asked.period,
        supplier=supplier_text(spec.supplier),
        form=form,
        rows=rows,
        is_figure=is_figure,
    )
    is_refused = form.errors or (rows is not None and rows.is_bound and not wants_rows)
    status = UNPROCESSABLE if request.method == "POST" and is_refused else 200
    return render(request, "matching/answer.html", context, status=status)


def _is_valid(form: AnswerForm, rows: Entries | None) -> bool:
    """Both are looked at, so that all that is wrong is said at once."""
    return all([form.is_valid(), rows is None or rows.is_valid()])


def _rows(page: _Page, asked: Asked, *, wants_rows: bool) -> Entries:
    """The rows as they were typed, or what is known so far."""
    given = {"spec": asked.spec}
    if page.request.method == "POST":
        data = with_more_rows(page.request.POST) if wants_rows else page.request.POST
        return EntryFormSet(data, form_kwargs=given)
    known = snapshots([page.enterprise.pk], published_catalogue(), on=page.day)
    entries = known[page.enterprise.pk].values.get(asked.spec.key)
    return EntryFormSet(initial=rows_of(asked.spec, entries), form_kwargs=given)


def _review(page: _Page, asked: AskedQuestion) -> HttpResponse:
    request = page.request
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            given = form.cleaned_data
            return review(
                page.enterprise.pk, page.slot, is_so=given["answer"] == YES,
                reason=given["reason"], by=request.user, at=timezone.now(),
            )  # fmt: skip

        if response := page.saved(act, form):
            return response
    status = UNPROCESSABLE if form.errors else 200
    given = answer_to(asked, page.enterprise)
    context = page.context(question=asked, form=form, given=given)
    return render(request, "matching/review.html", context, status=status)
