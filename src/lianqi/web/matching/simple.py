"""The editor with rows instead of YAML; beside it the text editor shows the same."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianqi.engines.packs.simple import SimplePack, opened, written
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.units import UNITS
from lianqi.matching import actions
from lianqi.matching.models import RulePack
from lianqi.matching.queries import Checked, checked
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.packs import problems_of, worked_on
from lianqi.web.matching.simple_forms import CaseRows, ClauseRows, SimpleForm, pack_of
from lianqi.web.people.acting import UNPROCESSABLE, done

_ADDING = ("clauses", "cases")
DIGITS = 4  # of a count of rows


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("matching.edit_packs", raise_exception=True)
def add_simple(request: AuthedRequest) -> HttpResponse:
    made: list[RulePack] = []

    def save(text: str, cases_text: str) -> None:
        made.append(actions.adopt_pack(text, cases_text, by=request.user, at=timezone.now()))

    return _edited(request, None, None, save, made)


@require_http_methods(["GET", "HEAD", "POST"])
def change_simple(request: AuthedRequest, pack_id: int) -> HttpResponse:
    row = worked_on(request, pack_id)
    shown = opened(row.text, row.cases_text)
    if shown is None:
        messages.info(request, _("This pack holds more than rows can show; here is its text."))
        return HttpResponseRedirect(f"{row.get_absolute_url()}change/", status=303)

    def save(text: str, cases_text: str) -> None:
        actions.change_pack(
            row.pk, text, cases_text,
            document=row.document, by=request.user, at=timezone.now(),
        )  # fmt: skip

    return _edited(request, row, shown, save, [row])


def _edited(
    request: AuthedRequest,
    row: RulePack | None,
    shown: SimplePack | None,
    save: Callable[[str, str], None],
    made: list[RulePack],
) -> HttpResponse:
    data = _with_another_row(request.POST) if request.method == "POST" else None
    form = SimpleForm(data, initial=SimpleForm.initial_of(shown) if shown else None)
    clauses = ClauseRows(
        data, prefix="clauses", initial=[asdict(each) for each in shown.clauses] if shown else None
    )
    cases = CaseRows(
        data, prefix="cases", initial=[asdict(each) for each in shown.cases] if shown else None
    )
    preview: tuple[str, str] | None = None
    found: Checked | None = None
    is_refused = False
    if data is not None and request.POST.get("add") not in _ADDING:
        names = form.names()
        for each in clauses.forms:
            each.definitions = names
        is_valid = all([form.is_valid(), clauses.is_valid(), cases.is_valid()])
        if is_valid:
            preview = written(pack_of(form, clauses, cases))
            found = checked(*preview)
            texts = preview

            def carry_out(_values: dict[str, Any]) -> None:
                save(*texts)

            if "preview" not in request.POST and done(form, carry_out):
                messages.success(request, _("Saved as a draft. Its cases are checked below."))
                return HttpResponseRedirect(made[0].get_absolute_url(), status=303)
        is_refused = not is_valid or bool(form.errors)
    context = {
        "pack": row,
        "form": form,
        "parts": [(heading, [form[name] for name in names]) for heading, names in SimpleForm.PARTS],
        "clauses": clauses,
        "cases": cases,
        "preview": preview,
        "problems": problems_of(found) if found else [],
        "facts": [each.label for each in national()],
        "units": [each for each in UNITS if each],
    }
    status = UNPROCESSABLE if is_refused else 200
    return render(request, "matching/simple.html", context, status=status)


def _with_another_row(posted: QueryDict) -> QueryDict:
    """What was typed, with an empty row more where one was asked for."""
    adding = posted.get("add")
    if adding not in _ADDING:
        return posted
    data = posted.copy()
    name = f"{adding}-TOTAL_FORMS"
    count = data.get(name, "0")
    data[name] = str(int(count) + 1 if count.isdecimal() and len(count) <= DIGITS else 1)
    return data
