"""Where a document is broken down: its aspects, articles, duties and measures."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lianqi.policies.actions import (
    add_articles,
    add_aspects,
    add_measures,
    assign_duties,
    divide_policy,
)
from lianqi.policies.enums import PolicyStatus
from lianqi.policies.flow import BESIDE
from lianqi.policies.models import Overlap, PolicyDocument
from lianqi.policies.queries import document_shown
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id
from lianqi.web.people.acting import UNPROCESSABLE, done
from lianqi.web.policies.documents import offers_for
from lianqi.web.policies.part_forms import (
    ArticleForm,
    AspectForm,
    AssignForm,
    DivideForm,
    MeasureForm,
)
from lianqi.web.policies.seen import seen, standing_of, worked_on

FORMS = ("aspect", "article", "divide", "assign", "measure")


@require_safe
def desk(request: AuthedRequest, policy_id: int) -> HttpResponse:
    document = seen(request, policy_id)
    if not request.user.has_perm("policies.list_duties"):
        raise PermissionDenied
    return _page(request, document)


@require_POST
def add_aspect(request: AuthedRequest, policy_id: int) -> HttpResponse:
    document = worked_on(request, policy_id, "policies.edit")
    typed = AspectForm(request.POST, auto_id="id_aspect_%s")

    def carry_out(_values: dict[str, Any]) -> None:
        add_aspects(document.pk, typed.values(), by=request.user, at=timezone.now())

    return _answer(request, document, "aspect", typed, carry_out, _("Added."))


@require_POST
def add_article(request: AuthedRequest, policy_id: int) -> HttpResponse:
    document = worked_on(request, policy_id, "policies.edit")
    typed = ArticleForm(request.POST, document=document, auto_id="id_article_%s")

    def carry_out(_values: dict[str, Any]) -> None:
        add_articles(document.pk, [typed.terms()], by=request.user, at=timezone.now())

    return _answer(request, document, "article", typed, carry_out, _("Added."))


@require_POST
def divide(request: AuthedRequest, policy_id: int) -> HttpResponse:
    """Break a pasted text into aspects and articles, all of it or nothing."""
    document = worked_on(request, policy_id, "policies.edit")
    typed = DivideForm(request.POST, auto_id="id_divide_%s")
    made: list[int] = []

    def carry_out(_values: dict[str, Any]) -> None:
        found = divide_policy(document.pk, typed.parts(), by=request.user, at=timezone.now())
        made.append(len(found))

    if not done(typed, carry_out):
        return _page(request, document, bound=("divide", typed))
    said = ngettext(
        "%(count)s article was found. Compare it with the source.",
        "%(count)s articles were found. Compare them with the source.",
        made[0],
    )
    messages.success(request, said % {"count": made[0]})
    return _back(document)


@require_POST
def assign(request: AuthedRequest, policy_id: int) -> HttpResponse:
    """Give the ticked articles, or those of an aspect, their duty."""
    document = worked_on(request, policy_id, "policies.assign")
    typed = AssignForm(request.POST, document=document, auto_id="id_assign_%s")
    ticked = [pk for each in request.POST.getlist("articles") if (pk := as_id(each))]

    def carry_out(values: dict[str, Any]) -> None:
        assign_duties(
            document.pk,
            typed.chosen(ticked),
            lead=values["lead"],
            responsible=list(values["responsible"]),
            by=request.user,
            at=timezone.now(),
        )

    said = _("The duty is given.")
    return _answer(request, document, "assign", typed, carry_out, said, ticked=ticked)


@require_POST
def add_measure_(request: AuthedRequest, policy_id: int) -> HttpResponse:
    document = worked_on(request, policy_id, "policies.edit")
    typed = MeasureForm(request.POST, document=document, auto_id="id_measure_%s")

    def carry_out(_values: dict[str, Any]) -> None:
        add_measures(document.pk, [typed.terms()], by=request.user, at=timezone.now())

    return _answer(request, document, "measure", typed, carry_out, _("Added."))


def _answer(
    request: AuthedRequest,
    document: PolicyDocument,
    name: str,
    typed: forms.Form,
    carry_out: Any,
    said: str,
    *,
    ticked: list[int] | None = None,
) -> HttpResponse:
    if not done(typed, carry_out):
        return _page(request, document, bound=(name, typed), ticked=ticked)
    messages.success(request, said)
    return _back(document)


def _back(document: PolicyDocument) -> HttpResponse:
    return HttpResponseRedirect(reverse("policies:desk", args=[document.pk]), status=303)


def _page(
    request: AuthedRequest,
    document: PolicyDocument,
    *,
    bound: tuple[str, forms.Form] | None = None,
    ticked: list[int] | None = None,
) -> HttpResponse:
    user = request.user
    status = PolicyStatus(document.status)
    empty: dict[str, forms.Form] = {
        "aspect": AspectForm(auto_id="id_aspect_%s"),
        "article": ArticleForm(document=document, auto_id="id_article_%s"),
        "divide": DivideForm(auto_id="id_divide_%s"),
        "assign": AssignForm(document=document, auto_id="id_assign_%s"),
        "measure": MeasureForm(document=document, auto_id="id_measure_%s"),
    }
    typed = empty | dict([bound] if bound else ())
    flagged = Overlap.objects.open().filter(article__document=document)
    shown = document_shown(document)
    may_edit = user.has_perm("policies.edit")
    context: dict[str, Any] = {
        "policy": document,
        "standing": standing_of(document, on=timezone.localdate()),
        "shown": shown,
        "missing": sum(not each.has_duty for aspect in shown.aspects for each in aspect.articles),
        "flagged": set(flagged.values_list("article_id", flat=True)),
        "offers": offers_for(request, document),
        "may_divide": may_edit and status in BESIDE["divide"],
        "may_assign": user.has_perm("policies.assign") and status in BESIDE["assign"],
        "may_list": may_edit and status in BESIDE["list_measures"],
        "may_abolish": may_edit and "abolish" in document.moves,
        "may_change": may_edit and status in BESIDE["change"],
        "ticked": ticked or [],
        "refused": bound[1] if bound else None,
        "forms": typed,
    }
    return render(request, "policies/desk.html", context, status=UNPROCESSABLE if bound else 200)
