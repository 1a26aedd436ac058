"""The catalogue and the published time limits that come with the program: compare, take over."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.demands.actions import load_default_categories, take_over_default
from lianqi.demands.defaults import TimeLimits, default_categories, time_limits
from lianqi.demands.queries import Length, compare_defaults, lengths
from lianqi.engines.calendar import ClockKind
from lianqi.web.amounts import AMOUNTS
from lianqi.web.demands.forms import CategoryField, date_input
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import press
from lianqi.web.zone.catalogue import require_manager
from lianqi.web.zone.catalogue_forms import CATALOGUED
from lianqi.work.enums import Urgency


class FromForm(forms.Form):
    """From which day the categories taken over hold as they come with the program."""

    valid_from = forms.DateField(label=gettext_lazy("Valid from"), widget=date_input())


def _promises() -> list[tuple[str, str]]:
    language = get_language() or ""
    return [(each.code, each.name(language)) for each in time_limits().values()]


class LimitsForm(forms.Form):
    """Which published time limits a new version of which category shall start from."""

    limits = forms.ChoiceField(label=gettext_lazy("Published time limits"), choices=_promises)
    category = CategoryField(
        label=gettext_lazy("Category"), empty_label=gettext_lazy("Please choose")
    )


@require_safe
def defaults(request: AuthedRequest) -> HttpResponse:
    """The first catalogue beside the zone's own."""
    require_manager(request)
    language, today = get_language() or "", timezone.localdate()
    rows = compare_defaults(on=today)
    names = {each.default.code: each.default.name(language) for each in rows}
    context = {
        "rows": [
            {
                "compared": each,
                "name": each.default.name(language),
                "under": names.get(each.default.under, ""),
                "leads": each.default.leads(language),
                "limits": each.default.time_limits and each.default.time_limits.name(language),
                "differing": "、".join(str(part.label) for part in each.differing),
            }
            for each in rows
        ],
        "missing": sum(each.is_missing for each in rows),
        "tomorrow": today + dt.timedelta(days=1),
    }
    return render(request, "zone/defaults.html", context)


@require_POST
def load(request: AuthedRequest) -> HttpResponse:
    """Create every category that the zone lacks."""
    require_manager(request)
    created = load_default_categories(by=request.user, at=timezone.now())
    said = ngettext(
        "%(count)d category was added.", "%(count)d categories were added.", len(created)
    )
    messages.success(request, said % {"count": len(created)})
    return HttpResponseRedirect(reverse("zone:defaults"), status=303)


@require_POST
def take_over(request: AuthedRequest, code: str) -> HttpResponse:
    """Let one category be as it comes with the program, from a day on."""
    require_manager(request)
    if code not in {each.code for each in default_categories()}:
        raise Http404
    form = FromForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["valid_from"]
        press(
            request,
            lambda: take_over_default(code, valid_from=day, by=request.user, at=timezone.now()),
            _("Taken over."),
        )
    else:
        messages.error(request, _("Enter the first day."))
    return HttpResponseRedirect(reverse("zone:defaults"), status=303)


@require_safe
def limits(request: AuthedRequest) -> HttpResponse:
    """Published time limits beside the zone's general ones."""
    require_manager(request)
    language = get_language() or ""
    general = lengths(None, steps=CATALOGUED)
    context = {
        "steps": [step.label for step in CATALOGUED],
        "general": [
            (step.label, _in_words(general.get((step, Urgency.NORMAL)))) for step in CATALOGUED
        ],
        "promises": [
            {
                "limits": each,
                "name": each.name(language),
                "note": each.note(language),
                "cells": _cells(each),
            }
            for each in time_limits().values()
        ],
        "choice": LimitsForm(),
    }
    return render(request, "zone/limits.html", context)


@require_safe
def use(request: AuthedRequest) -> HttpResponse:
    """To the form of a new version of the chosen category, with the chosen limits filled in."""
    require_manager(request)
    form = LimitsForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("Choose time limits and a category."))
        return HttpResponseRedirect(reverse("zone:limits"))
    url = reverse("zone:new_version", args=[form.cleaned_data["category"].pk])
    return HttpResponseRedirect(f"{url}?limits={form.cleaned_data['limits']}")


def _cells(promise: TimeLimits) -> list[tuple[str, str]]:
    """Per step: the ordinary length, and those of pressing matters where they are others."""
    cells = []
    for step in CATALOGUED:
        found = {urgency: promise.clocks.get((step, urgency)) for urgency in Urgency}
        usual = found[Urgency.NORMAL]
        said = [_said(*usual)] if usual else []
        said += [
            f"{urgency.label} {_said(*clock)}"
            for urgency, clock in found.items()
            if clock and clock != usual
        ]
        cells.append((str(step.label), "；".join(said) or "—"))
    return cells


def _in_words(length: Length | None) -> str:
    return _said(length.kind, length.amount) if length else "—"


def _said(kind: ClockKind, amount: int) -> str:
    return str(AMOUNTS[kind] % {"count": amount})
