"""One article or one measure: what it says, whose it is, overlaps and how they were settled."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianqi.policies import actions
from lianqi.policies.flow import BESIDE
from lianqi.policies.models import (
    Overlap,
    PolicyArticle,
    PolicyAspect,
    PolicyDocument,
    PolicyMeasure,
)
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.policies.part_forms import (
    ArticleForm,
    FlagForm,
    MeasureForm,
    ResponsibleForm,
    SettleForm,
)


@require_http_methods(["GET", "HEAD", "POST"])
def article(request: AuthedRequest, article_id: int) -> HttpResponse:
    """An article; posting replaces what it says."""
    found = _found(request, article_id)
    if request.method != "POST":
        return _page(request, found)
    _require(request, "policies.edit")
    typed = ArticleForm(request.POST, document=found.document, auto_id="id_text_%s")

    def carry_out(_values: dict[str, Any]) -> None:
        actions.change_article(found.pk, typed.terms(), by=request.user, at=timezone.now())

    return _answer(request, found, "text", typed, carry_out, _("Saved."))


@require_POST
def drop_article_(request: AuthedRequest, article_id: int) -> HttpResponse:
    found = _found(request, article_id)
    _require(request, "policies.edit")
    press(
        request,
        lambda: actions.drop_article(found.pk, by=request.user, at=timezone.now()),
        _("Removed."),
    )
    return _to_desk(found.document_id)


@require_POST
def responsible(request: AuthedRequest, article_id: int) -> HttpResponse:
    found = _found(request, article_id)
    _require(request, "policies.assign_responsible", found)
    typed = ResponsibleForm(request.POST, auto_id="id_responsible_%s")

    def carry_out(values: dict[str, Any]) -> None:
        units = list(values["responsible"])
        actions.set_responsible(found.pk, responsible=units, by=request.user, at=timezone.now())

    return _answer(request, found, "responsible", typed, carry_out, _("Saved."))


@require_POST
def flag(request: AuthedRequest, article_id: int) -> HttpResponse:
    found = _found(request, article_id)
    _require(request, "policies.flag_overlap")
    typed = FlagForm(request.POST, auto_id="id_flag_%s")

    def carry_out(values: dict[str, Any]) -> None:
        actions.flag_overlap(found.pk, by=request.user, at=timezone.now(), **values)

    said = _("Flagged. The coordinator was told.")
    return _answer(request, found, "flag", typed, carry_out, said)


@require_POST
def settle(request: AuthedRequest, overlap_id: int) -> HttpResponse:
    _require(request, "policies.settle_overlap")
    overlap = get_object_or_404(Overlap, pk=overlap_id)
    found = _found(request, overlap.article_id)
    typed = SettleForm(request.POST, auto_id="id_settle_%s")

    def carry_out(values: dict[str, Any]) -> None:
        values["responsible"] = list(values["responsible"])
        actions.settle_overlap(overlap.pk, by=request.user, at=timezone.now(), **values)

    said = _("Settled. The units concerned were told.")
    return _answer(request, found, "settle", typed, carry_out, said)


@require_POST
def drop_aspect_(request: AuthedRequest, aspect_id: int) -> HttpResponse:
    _require(request, "policies.edit")
    aspect = get_object_or_404(PolicyAspect, pk=aspect_id)
    press(
        request,
        lambda: actions.drop_aspect(aspect.pk, by=request.user, at=timezone.now()),
        _("Removed."),
    )
    return _to_desk(aspect.document_id)


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: AuthedRequest, policy_measure_id: int) -> HttpResponse:
    _require(request, "policies.edit")
    found = get_object_or_404(
        PolicyMeasure.objects.select_related("document"), pk=policy_measure_id
    )
    typed = MeasureForm(
        request.POST or None, document=found.document, initial=MeasureForm.initial_of(found)
    )

    def carry_out(_values: dict[str, Any]) -> None:
        actions.change_measure(found.pk, typed.terms(), by=request.user, at=timezone.now())

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Saved."))
        return _to_desk(found.document_id)
    status = UNPROCESSABLE if typed.errors else 200
    context = {"form": typed, "measure": found, "policy": found.document}
    return render(request, "policies/measure.html", context, status=status)


@require_POST
def drop_measure_(request: AuthedRequest, policy_measure_id: int) -> HttpResponse:
    _require(request, "policies.edit")
    found = get_object_or_404(PolicyMeasure, pk=policy_measure_id)
    press(
        request,
        lambda: actions.drop_measure(found.pk, by=request.user, at=timezone.now()),
        _("Removed."),
    )
    return _to_desk(found.document_id)


def _require(request: AuthedRequest, permission: str, thing: Any = None) -> None:
    if not request.user.has_perm(permission, thing):
        raise PermissionDenied


def _found(request: AuthedRequest, article_id: int) -> PolicyArticle:
    """An article for the people who work on it; everybody else reads it with its document."""
    _require(request, "policies.list_duties")
    rows = PolicyArticle.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("document", "lead", "aspect"), pk=article_id)


def _to_desk(document_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("policies:desk", args=[document_id]), status=303)


def _answer(
    request: AuthedRequest,
    found: PolicyArticle,
    name: str,
    typed: forms.Form,
    carry_out: Callable[[dict[str, Any]], None],
    said: str,
) -> HttpResponse:
    if not done(typed, carry_out):
        return _page(request, found, bound=(name, typed))
    messages.success(request, said)
    page = reverse("policies:article", args=[found.pk])
    return HttpResponseRedirect(page, status=303)


def _page(
    request: AuthedRequest, found: PolicyArticle, *, bound: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    user, document = request.user, found.document
    allows = _allows(document)
    units = list(found.responsible.all())
    overlaps = list(
        found.overlaps.select_related("flagged_by", "settled_by", "lead").order_by("-pk")
    )
    is_flagged = any(each.settled_at is None for each in overlaps)
    offered: dict[str, forms.Form] = {}
    if is_flagged and "flag" in allows and user.has_perm("policies.settle_overlap"):
        offered["settle"] = SettleForm(
            auto_id="id_settle_%s", initial={"lead": found.lead_id, "responsible": units}
        )
    if "assign" in allows and user.has_perm("policies.assign_responsible", found):
        offered["responsible"] = ResponsibleForm(
            auto_id="id_responsible_%s", initial={"responsible": units}
        )
    if not is_flagged and "flag" in allows and user.has_perm("policies.flag_overlap"):
        offered["flag"] = FlagForm(auto_id="id_flag_%s")
    if "divide" in allows and user.has_perm("policies.edit"):
        offered["text"] = ArticleForm(
            document=document, auto_id="id_text_%s", initial=ArticleForm.initial_of(found)
        )
    if bound and bound[0] in offered:
        offered[bound[0]] = bound[1]
    context = {
        "article": found,
        "policy": document,
        "units": units,
        "overlaps": overlaps,
        "forms": offered,
        # A refusal whose form is no longer offered is said on top.
        "refused": bound[1] if bound and bound[0] not in offered else None,
    }
    return render(request, "policies/article.html", context, status=UNPROCESSABLE if bound else 200)


def _allows(document: PolicyDocument) -> set[str]:
    return {act for act, statuses in BESIDE.items() if document.status in statuses}
