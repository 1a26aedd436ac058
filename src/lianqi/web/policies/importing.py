"""Articles out of a spreadsheet: the template, what is wrong in which cell, the preview, the entry.

Nothing is kept between preview and entry: the page carries the rows, signed for the person and the
document.
"""

import tempfile
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.accounts.models import Unit
from lianqi.engines.tables import TableError, TableProblem, new_workbook
from lianqi.policies.actions import import_articles
from lianqi.policies.columns import (
    HEADINGS,
    LIMITS,
    ArticleLine,
    ArticleSheet,
    read_articles,
    units_by_name,
)
from lianqi.policies.enums import ArticleKind
from lianqi.policies.flow import BESIDE
from lianqi.policies.models import PolicyDocument
from lianqi.register.errors import UnreadableFile
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE
from lianqi.web.policies.seen import worked_on

MOST_FAULTS = 100
# A page that waits longer is entered from the file again.
PREVIEW_SECONDS = 2 * 60 * 60
MOST_CARRIED = 3 * 1024 * 1024
_WIDTHS = (16, 14, 24, 60, 24, 12, 20, 30)


class ArticlesForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy(".xlsx, or .csv in UTF-8 or GB 18030; one article a row"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.xlsm,.csv,.txt"}),
        allow_empty_file=True,
    )


@require_safe
def template(request: AuthedRequest, policy_id: int) -> FileResponse:
    """An empty table with the headings, and beside it the units and kinds that may be named."""
    worked_on(request, policy_id, "policies.edit")
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  # FileResponse closes it
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        with new_workbook(path) as new_sheet:
            articles = new_sheet(_("Articles"), [str(each) for each in HEADINGS.values()])
            articles.widths(*_WIDTHS)
            words = new_sheet(_("Words"), [_("Units"), str(HEADINGS["kind"])])
            words.widths(40, 16)
            kinds = [str(each.label) for each in ArticleKind]
            for pair in zip_longest(units_by_name(), kinds):
                words.row(pair)
        file.write(path.read_bytes())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"articles-{policy_id}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: AuthedRequest, policy_id: int) -> HttpResponse:
    """Choose a file; posting shows what is wrong in it, or what would be entered."""
    document = worked_on(request, policy_id, "policies.edit")
    if request.method != "POST":
        return _page(request, document, ArticlesForm())
    form = ArticlesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, document, form, status=UNPROCESSABLE)
    try:
        sheet = _read(form.cleaned_data["file"], document)
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return _page(request, document, form, status=UNPROCESSABLE)
    if sheet.faults:
        return _page(request, document, form, sheet=sheet, status=UNPROCESSABLE)
    carried = _carried(document, request, sheet.lines)
    if not sheet.lines or len(carried) > MOST_CARRIED:
        said = (
            _("The table has no rows below its headings. Enter the articles there.")
            if not sheet.lines
            else _("The texts are too long to be shown at once. Divide the table into several.")
        )
        form.add_error("file", said)
        return _page(request, document, form, status=UNPROCESSABLE)
    return _page(request, document, form, sheet=sheet, carried=carried)


@require_POST
def enter(request: AuthedRequest, policy_id: int) -> HttpResponse:
    """Enter what the preview showed, all of it or nothing."""
    document = worked_on(request, policy_id, "policies.edit")
    try:
        lines = _lines(document, request, request.POST.get("rows", ""))
        made = import_articles(document.pk, lines, by=request.user, at=timezone.now())
    except signing.BadSignature:
        said = _("The preview is too old, or of another policy. Choose the file again.")
        messages.error(request, said)
        return HttpResponseRedirect(
            reverse("policies:import_articles", args=[document.pk]), status=303
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("policies:desk", args=[document.pk]), status=303)
    said = ngettext("%(count)s article was added.", "%(count)s articles were added.", len(made))
    messages.success(request, said % {"count": len(made)})
    return HttpResponseRedirect(reverse("policies:desk", args=[document.pk]), status=303)


def _read(upload: UploadedFile[Any], document: PolicyDocument) -> ArticleSheet:
    size, most = upload.size or 0, LIMITS.max_bytes
    if size > most:
        raise UnreadableFile(
            TableError(TableProblem.TOO_LARGE, what="bytes", limit=most, found=size)
        )
    with tempfile.NamedTemporaryFile() as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            return read_articles(Path(kept.name), document)
        except TableError as error:
            raise UnreadableFile(error) from error


def _carried(document: PolicyDocument, request: AuthedRequest, lines: list[ArticleLine]) -> str:
    rows = [
        [
            each.row, each.aspect, each.number, each.title, each.wording, each.wording_note,
            each.kind, each.lead and each.lead.pk, [unit.pk for unit in each.responsible],
        ]
        for each in lines
    ]  # fmt: skip
    return signing.dumps(rows, salt=_salt(document, request), compress=True)


def _lines(document: PolicyDocument, request: AuthedRequest, carried: str) -> list[ArticleLine]:
    """The rows of a preview.

    Raises:
        signing.BadSignature: They are not those of this person's preview, or it is too old.
    """
    rows = signing.loads(carried, salt=_salt(document, request), max_age=PREVIEW_SECONDS)
    named = {pk for *_texts, lead, responsible in rows for pk in (lead, *responsible) if pk}
    units = Unit.objects.in_bulk(named)
    lines = []
    for row, aspect, number, title, wording, note, kind, lead, responsible in rows:
        named_units = tuple(units[pk] for pk in responsible if pk in units)
        lines.append(
            ArticleLine(
                row, aspect, number, title, wording, note, kind, units.get(lead), named_units
            )
        )
    return lines


def _salt(document: PolicyDocument, request: AuthedRequest) -> str:
    return f"lianqi.policies.articles.{document.pk}.{request.user.pk}"


def _page(
    request: AuthedRequest,
    document: PolicyDocument,
    form: ArticlesForm,
    *,
    sheet: ArticleSheet | None = None,
    carried: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "policy": document,
        "form": form,
        "sheet": sheet,
        "faults": sheet.faults[:MOST_FAULTS] if sheet else [],
        "more_faults": max(len(sheet.faults) - MOST_FAULTS, 0) if sheet else 0,
        "carried": carried,
        "may_divide": document.status in BESIDE["divide"],
    }
    return render(request, "policies/import.html", context, status=status)
