"""The catalogue of categories: the tree, one category with its versions and its duty lines."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.demands.actions import (
    add_duty,
    add_version,
    change_version,
    consent_to_routing,
    drop_version,
    end_duty,
    end_routing,
    terms_of,
)
from lianqi.demands.defaults import time_limits
from lianqi.demands.models import CategoryVersion, DemandCategory, DutyRule
from lianqi.demands.queries import (
    category_tree,
    conditions_in_words,
    industry_names,
    lengths,
    overlaps,
    version_in_force,
)
from lianqi.web.amounts import AMOUNTS
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.zone.catalogue_forms import CATALOGUED, DutyForm, EndForm, VersionForm
from lianqi.work.enums import Urgency

MOST_COMPARED = 1000
"""Lines that hold or will hold, among which a contradiction is looked for."""


@require_safe
def tree(request: AuthedRequest) -> HttpResponse:
    require_manager(request)
    nodes = category_tree(on=timezone.localdate())
    return render(request, "zone/tree.html", {"nodes": nodes})


@require_safe
def category(request: AuthedRequest, category_id: int) -> HttpResponse:
    require_manager(request)
    return _category_page(request, _category(category_id), DutyForm(initial=_from_today()))


@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: AuthedRequest, category_id: int) -> HttpResponse:
    """A version from a coming day; the one in force is its draft, with published time limits."""
    require_manager(request)
    row, today = _category(category_id), timezone.localdate()
    draft = terms_of(version_in_force(row, on=today))
    if chosen := time_limits().get(request.GET.get("limits", "")):
        draft = replace(draft, clocks={**draft.clocks, **chosen.clocks}, source=chosen.source)
    form = VersionForm(request.POST or None, draft=draft)

    def act(values: dict[str, Any]) -> object:
        return add_version(
            row.pk,
            valid_from=values["valid_from"],
            terms=form.terms(),
            reason=values["reason"],
            by=request.user,
            at=timezone.now(),
        )

    if request.method == "POST" and done(form, act):
        return _back(request, row, _("Saved."))
    return _version_page(request, row, form, _("New version"))


@require_http_methods(["GET", "HEAD", "POST"])
def version(request: AuthedRequest, version_id: int) -> HttpResponse:
    """Change a version that does not hold yet."""
    require_manager(request)
    row = get_object_or_404(CategoryVersion.objects.select_related("category"), pk=version_id)
    initial = {"valid_from": row.valid_from, "reason": row.reason}
    form = VersionForm(request.POST or None, draft=terms_of(row), initial=initial)
    form.fields["valid_from"].disabled = True

    def act(values: dict[str, Any]) -> object:
        return change_version(
            row.pk,
            terms=form.terms(),
            reason=values["reason"],
            by=request.user,
            at=timezone.now(),
        )

    if request.method == "POST" and done(form, act):
        return _back(request, row.category, _("Saved."))
    return _version_page(request, row.category, form, _("Change the version"))


@require_POST
def take_back(request: AuthedRequest, version_id: int) -> HttpResponse:
    require_manager(request)
    row = get_object_or_404(CategoryVersion.objects.select_related("category"), pk=version_id)
    press(
        request,
        lambda: drop_version(row.pk, by=request.user, at=timezone.now()),
        _("Taken back."),
    )
    return HttpResponseRedirect(_url(row.category), status=303)


@require_POST
def new_duty(request: AuthedRequest, category_id: int) -> HttpResponse:
    require_manager(request)
    row, form = _category(category_id), DutyForm(request.POST)

    def act(_values: dict[str, Any]) -> object:
        return add_duty(row.pk, by=request.user, at=timezone.now(), **form.arguments())

    if done(form, act):
        return _back(request, row, _("Saved."))
    return _category_page(request, row, form, status=UNPROCESSABLE)


@require_POST
def end(request: AuthedRequest, rule_id: int) -> HttpResponse:
    require_manager(request)
    rule = get_object_or_404(DutyRule.objects.select_related("category"), pk=rule_id)
    form = EndForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, _("Enter the last day."))
        return HttpResponseRedirect(_url(rule.category), status=303)
    last_day = form.cleaned_data["last_day"]
    press(
        request,
        lambda: end_duty(rule.pk, last_day=last_day, by=request.user, at=timezone.now()),
        _("Ended."),
    )
    return HttpResponseRedirect(_url(rule.category), status=303)


@require_POST
def routing(request: AuthedRequest, rule_id: int) -> HttpResponse:
    """Agree that demands go to a task force by themselves, or end it; the button says which."""
    require_manager(request)
    rule = get_object_or_404(DutyRule.objects.select_related("category"), pk=rule_id)
    action, said = (
        (end_routing, _("Ended. The service centre sends them again."))
        if request.POST.get("routing") == "end"
        else (consent_to_routing, _("Agreed. New demands go to the task force by themselves."))
    )
    press(request, lambda: action(rule.pk, by=request.user, at=timezone.now()), said)
    return HttpResponseRedirect(_url(rule.category), status=303)


def require_manager(request: AuthedRequest) -> None:
    """Whoever keeps the categories reads all about them."""
    if not request.user.has_perm("demands.manage_categories"):
        raise PermissionDenied


def _category(category_id: int) -> DemandCategory:
    rows = DemandCategory.objects.select_related("parent", "lead_unit")
    return get_object_or_404(rows, pk=category_id)


def _url(row: DemandCategory) -> str:
    return reverse("zone:category", args=[row.pk])


def _back(request: AuthedRequest, row: DemandCategory, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(_url(row), status=303)


def _from_today() -> dict[str, Any]:
    return {"valid_from": timezone.localdate()}


def _category_page(
    request: AuthedRequest, row: DemandCategory, form: DutyForm, *, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    versions = list(row.versions.prefetch_related("evidence").order_by("-valid_from"))
    current = next((each for each in versions if each.holds_on(today)), None)
    found = lengths(current, steps=CATALOGUED)
    page = newest_first(row.duty_rules.with_names(), request.GET)
    rules = page.rows
    lasting = row.duty_rules.exclude(valid_to__lt=today).select_related("unit")
    names, rivals = industry_names(rules), overlaps(list(lasting.order_by("-pk")[:MOST_COMPARED]))
    context = {
        "category": row,
        "versions": [(each, each.valid_from > today) for each in versions],
        "urgencies": [each.label for each in Urgency],
        "clocks": [
            (
                step.label,
                [
                    (AMOUNTS[length.kind] % {"count": length.amount}, length.is_own)
                    if (length := found.get((step, urgency)))
                    else ("—", False)
                    for urgency in Urgency
                ],
            )
            for step in CATALOGUED
        ],
        "rules": [
            (
                rule,
                "、".join(conditions_in_words(rule, names)),
                "、".join(str(other.unit) for other in rivals.get(rule.pk, [])),
                rule.valid_to is None or rule.valid_to >= today,
            )
            for rule in rules
        ],
        "page": page,
        "form": form,
        "ending": EndForm(today=today),
    }
    return render(request, "zone/category.html", context, status=status)


def _version_page(
    request: AuthedRequest, row: DemandCategory, form: VersionForm, heading: str
) -> HttpResponse:
    context = {
        "category": row,
        "form": form,
        "heading": heading,
        "urgencies": [each.label for each in Urgency],
        "plain": [form[name] for name in form.fields if not name.startswith(("amount_", "kind_"))],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "zone/version.html", context, status=status)
