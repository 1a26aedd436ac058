"""Runs of spreadsheet imports on their pages, whatever it is that they import.

Enterprises and demands come in the same way: uploaded, looked at row by row, applied by the worker,
the refused rows taken back. A room says where its pages are and how its rows look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.register.actions import record_refused_rows
from lianqi.register.flow import RUNNING
from lianqi.register.models import ImportRun
from lianqi.web.http import AuthedRequest
from lianqi.web.workbook import workbook_response

ROWS_ON_A_PAGE = 50
IMPORTS = gettext_lazy("Imports")


@dataclass(frozen=True, slots=True)
class Room:
    """One kind of import.

    Attributes:
        name: Of its addresses.
        home: Of the page it belongs to, where that is not the list of the same name.
    """

    name: str
    label: Promise
    apply_label: Promise
    rows_template: str
    home: str = ""
    runs_label: Promise = IMPORTS

    @property
    def list_view(self) -> str:
        return self.home or f"{self.name}:list"

    @property
    def runs_view(self) -> str:
        return f"{self.name}:imports"

    @property
    def upload_view(self) -> str:
        return f"{self.name}:upload"

    @property
    def run_view(self) -> str:
        return f"{self.name}:import"

    @property
    def apply_view(self) -> str:
        return f"{self.name}:import_apply"

    @property
    def cancel_view(self) -> str:
        return f"{self.name}:import_cancel"

    @property
    def refused_view(self) -> str:
        return f"{self.name}:import_refused"

    def progress_context(self, run: ImportRun) -> dict[str, Any]:
        is_running = run.state in RUNNING
        poll_url = reverse(f"{self.name}:import_progress", args=[run.pk]) if is_running else ""
        return {
            "room": self,
            "run": run,
            "is_running": is_running,
            "poll_url": poll_url,
            "total": max(run.rows_total, run.rows_done, 1),
        }

    def progress(self, request: AuthedRequest, run: ImportRun) -> HttpResponse:
        """The bar alone; when the run has ended, the browser is told to load the page anew."""
        response = render(request, "imports/run.html#progress", self.progress_context(run))
        if run.state not in RUNNING:
            response["HX-Refresh"] = "true"
        return response

    def to(self, run: ImportRun) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse(self.run_view, args=[run.pk]), status=303)


def refused_workbook(
    request: AuthedRequest, run: ImportRun, lines: Iterable[list[Any]]
) -> HttpResponseBase:
    """The refused rows as they were, each with the reason in a last column; that is noted."""
    record_refused_rows(run, by=request.user, at=timezone.now())
    header = [*(column["heading"] for column in run.mapping), _("Why it was refused")]
    return workbook_response(f"refused-{run.pk}.xlsx", header, lines)
