"""Packs edited in rows: an overview, and one page for each part; the text editor shows the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.engines.packs.rows import Draft, opened, written
from lianqi.engines.packs.rows.texts import has_comments
from lianqi.matching import actions
from lianqi.matching.models import RulePack
from lianqi.matching.queries import checked
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.packs import worked_on
from lianqi.web.matching.rows.editing import Editing
from lianqi.web.matching.rows.sections import CasesSection, HeadSection, MeasureSection
from lianqi.web.people.acting import UNPROCESSABLE, press


@dataclass(frozen=True, slots=True)
class Move:
    """What can be done with a measure in the list."""

    changed: Callable[[Draft, str], Draft]
    label: str | Promise
    said: str | Promise
    icon: str = ""


MOVES: Mapping[str, Move] = {
    "up": Move(
        lambda draft, key: draft.moved(key, -1),
        gettext_lazy("Up"), gettext_lazy("Moved."),
    ),
    "down": Move(
        lambda draft, key: draft.moved(key, 1),
        gettext_lazy("Down"), gettext_lazy("Moved."),
    ),
    "double": Move(
        Draft.doubled,
        gettext_lazy("Copy"), gettext_lazy("Copied. Give the copy a key and a title of its own."),
        "copy",
    ),
    "remove": Move(
        Draft.without,
        gettext_lazy("Remove with its cases"), gettext_lazy("Removed, with its cases."), "trash",
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("matching.edit_packs", raise_exception=True)
def add(request: AuthedRequest) -> HttpResponse:
    """A new pack: the document, its first measure, and cases, on one page."""
    data = request.POST if request.method == "POST" else None
    editing = Editing(data, Draft(), (HeadSection, MeasureSection, CasesSection))

    def save(text: str, cases_text: str) -> RulePack:
        return actions.adopt_pack(text, cases_text, by=request.user, at=timezone.now())

    made = editing.saved(save)
    if made is not None:
        messages.success(request, _("Saved as a draft. Its cases are checked below."))
        return HttpResponseRedirect(made.get_absolute_url(), status=303)
    return _page(request, editing, {"pack": None, "here": _("Enter a measure in rows")})


@require_safe
def overview(request: AuthedRequest, pack_id: int) -> HttpResponse:
    row = worked_on(request, pack_id)
    draft = opened(row.text, row.cases_text)
    if draft is None:
        return _as_text(request, row)
    found = checked(row.text, row.cases_text)
    failing = {str(each.params.get("case", "")) for each in found.case_errors}
    measures = []
    for each in draft.measures:
        names = [draft.cases[at].get("name", "") for at in draft.places_of(each["key"])]
        measures.append(
            {
                "key": each["key"],
                "title": each.get("title", ""),
                "article": each.get("article", ""),
                "conditions": len(each.get("clauses", ())),
                "cases": len(names),
                "failing": len(failing & set(names)),
            }
        )
    context = {
        "pack": row,
        "measures": measures,
        "moves": [(verb, each) for verb, each in MOVES.items() if verb != "remove"],
        "remove": MOVES["remove"],
        "comments": has_comments(row.text) or has_comments(row.cases_text),
    }
    return render(request, "matching/rows/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def head(request: AuthedRequest, pack_id: int) -> HttpResponse:
    return _change(request, pack_id, (HeadSection,), "", _("The document"))


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: AuthedRequest, pack_id: int, measure_key: str) -> HttpResponse:
    return _change(request, pack_id, (MeasureSection, CasesSection), measure_key, "")


@require_http_methods(["GET", "HEAD", "POST"])
def add_measure(request: AuthedRequest, pack_id: int) -> HttpResponse:
    return _change(request, pack_id, (MeasureSection, CasesSection), "", _("Another measure"))


@require_POST
def move(request: AuthedRequest, pack_id: int, measure_key: str, verb: str) -> HttpResponse:
    """Move, copy or remove a measure; a refusal is said on the overview."""
    if (chosen := MOVES.get(verb)) is None:
        raise Http404
    row = worked_on(request, pack_id)
    draft = opened(row.text, row.cases_text)
    if draft is None:
        return _as_text(request, row)
    _require(draft, measure_key)
    files = written(chosen.changed(draft, measure_key))
    press(request, partial(_save, request, row, *files), str(chosen.said))
    return HttpResponseRedirect(reverse("matching:rows", args=[row.pk]), status=303)


def _change(
    request: AuthedRequest,
    pack_id: int,
    parts: tuple[type[Any], ...],
    key: str,
    here: str,
) -> HttpResponse:
    row = worked_on(request, pack_id)
    draft = opened(row.text, row.cases_text)
    if draft is None:
        return _as_text(request, row)
    if key:
        here = _require(draft, key)
    data = request.POST if request.method == "POST" else None
    editing = Editing(data, draft, parts, key)
    if editing.saved(partial(_save, request, row)) is not None:
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("matching:rows", args=[row.pk]), status=303)
    comments = has_comments(row.text) or has_comments(row.cases_text)
    return _page(request, editing, {"pack": row, "here": here, "comments": comments})


def _require(draft: Draft, key: str) -> str:
    """The title of a measure.

    Raises:
        Http404: There is none of this key.
    """
    try:
        return str(draft.measures[draft.index(key)].get("title", ""))
    except KeyError:
        raise Http404 from None


def _save(request: AuthedRequest, row: RulePack, text: str, cases_text: str) -> RulePack:
    return actions.change_pack(
        row.pk, text, cases_text,
        document=row.document, by=request.user, at=timezone.now(), over=(row.text, row.cases_text),
    )  # fmt: skip


def _as_text(request: AuthedRequest, row: RulePack) -> HttpResponse:
    messages.info(request, _("This pack holds more than rows can show; here is its text."))
    return HttpResponseRedirect(f"{row.get_absolute_url()}change/", status=303)


def _page(request: AuthedRequest, editing: Editing, context: dict[str, Any]) -> HttpResponse:
    status = UNPROCESSABLE if editing.is_refused else 200
    context |= editing.context()
    return render(request, "matching/rows/page.html", context, status=status)
