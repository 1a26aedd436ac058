"""Zone data: a list, a form to add and a form to change, the same for every kind."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.zone.forms import ZoneForm
from lianqi.web.zone.kinds import KINDS, Kind


@require_safe
def home(request: AuthedRequest) -> HttpResponse:
    """The way to the first kind that the person keeps."""
    tabs = _tabs(request)
    if not tabs:
        raise PermissionDenied
    return HttpResponseRedirect(reverse("zone:rows", args=[tabs[0][0]]))


@require_safe
def rows(request: AuthedRequest, kind: str) -> HttpResponse:
    kept = _kept(request, kind)
    context = {
        "slug": kind,
        "label": kept.label,
        "note": kept.note,
        "may_add": kept.create is not None,
        "may_change": kept.change is not None,
        "adding": kept.adding,
        "tabs": _tabs(request),
        "headings": [label for label, _cell in kept.columns],
        "rows": [
            (
                row.pk,
                kept.name(row),
                [(label, cell(row)) for label, cell in kept.columns],
                getattr(row, "is_active", True),
            )
            for row in kept.rows()
        ],
    }
    return render(request, "zone/rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AuthedRequest, kind: str) -> HttpResponse:
    kept = _kept(request, kind)
    if kept.create is None:
        raise Http404
    create, form = kept.create, kept.form(request.POST or None)

    def act(values: dict[str, Any]) -> object:
        return create(by=request.user, at=timezone.now(), **values)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("zone:rows", args=[kind]), status=303)
    return _form_page(request, kind, form, kept.adding)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthedRequest, kind: str, row_id: int) -> HttpResponse:
    kept = _kept(request, kind)
    if kept.change is None:
        raise Http404
    row, alter = get_object_or_404(kept.rows(), pk=row_id), kept.change
    form = kept.form(request.POST or None, row=row)

    def act(values: dict[str, Any]) -> object:
        return alter(row.pk, by=request.user, at=timezone.now(), **values)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("zone:rows", args=[kind]), status=303)
    removable = row.pk if kept.remove is not None else None
    return _form_page(request, kind, form, kept.name(row), removable)


@require_POST
def remove(request: AuthedRequest, kind: str, row_id: int) -> HttpResponse:
    kept = _kept(request, kind)
    if kept.remove is None:
        raise Http404
    row, strike = get_object_or_404(kept.rows(), pk=row_id), kept.remove
    press(
        request,
        lambda: strike(row.pk, by=request.user, at=timezone.now()),
        _("Removed."),
    )
    return HttpResponseRedirect(reverse("zone:rows", args=[kind]), status=303)


def _kept(request: AuthedRequest, slug: str) -> Kind:
    """The kind of this address, if the person keeps it."""
    kind = KINDS.get(slug)
    if kind is None:
        raise Http404
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied
    return kind


def _tabs(request: AuthedRequest) -> list[tuple[str, object]]:
    return [
        (slug, kind.label) for slug, kind in KINDS.items() if request.user.has_perm(kind.permission)
    ]


def _form_page(
    request: AuthedRequest,
    slug: str,
    form: ZoneForm,
    heading: str | Promise,
    removable: int | None = None,
) -> HttpResponse:
    kind = KINDS[slug]
    context = {
        "slug": slug,
        "label": kind.label,
        "note": kind.note,
        "form": form,
        "heading": heading,
        "removable": removable,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "zone/form.html", context, status=status)
