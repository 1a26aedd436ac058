"""A record's page on which people act: shown anew, refused with what was typed, or left."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from lianqi.accounts.models import User
from lianqi.web.http import AuthedRequest, back_to


@dataclass(frozen=True, slots=True)
class Desk:
    """What kind of record it is.

    Attributes:
        name: Of its addresses and templates: `<name>:detail`, `<name>:list`, `<name>/detail.html`
            with the region `swap`.
        seen: The record if a person may see it.
        page: The context of its page; told `user`, `at`, and the form that was refused.
    """

    name: str
    seen: Callable[[int, User], Any]
    page: Callable[..., dict[str, Any]]

    def region(
        self,
        request: AuthedRequest,
        record: Any,
        at: dt.datetime,
        form: BaseForm | None = None,
        verb: str = "",
    ) -> HttpResponse:
        page = self.page(record, user=request.user, at=at, bound=form, bound_verb=verb)
        template = f"{self.name}/detail.html#swap" if request.htmx else f"{self.name}/detail.html"
        # A refusal whose form is no longer offered, because the record moved on, is said on top.
        offered = {offer.verb for offer in page["offers"]}
        page["refused"] = form if form is not None and verb not in offered else None
        return render(request, template, page, status=422 if form is not None else 200)

    def done(self, request: AuthedRequest, pk: int, at: dt.datetime) -> HttpResponse:
        """The page as it is now, or the list if this person cannot see the record any more."""
        record = self._still_seen(request, pk)
        if record is None:
            return self._leave(request)
        if not request.htmx:
            answer = back_to(request, reverse(f"{self.name}:detail", args=[pk]))
            answer.status_code = 303
            return answer
        return self.region(request, record, at)

    def refused(
        self, request: AuthedRequest, pk: int, at: dt.datetime, form: BaseForm, verb: str
    ) -> HttpResponse:
        """The page with the refusal at its form; beside the list if the record is out of sight."""
        record = self._still_seen(request, pk)
        if record is None:
            messages.error(request, str(form.non_field_errors()[0]))
            return self._leave(request)
        return self.region(request, record, at, form, verb)

    def _still_seen(self, request: AuthedRequest, pk: int) -> Any:
        try:
            return self.seen(pk, request.user)
        except Http404:
            return None

    def _leave(self, request: AuthedRequest) -> HttpResponse:
        url = reverse(f"{self.name}:list")
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url, status=303)
