"""The audit trail: who did what to which record, when, and whether the chain holds."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.accounts.actions import record_trail_export
from lianqi.accounts.models import User
from lianqi.audit.models import ChainCheck, Event, EventQuerySet
from lianqi.audit.queries import last_check
from lianqi.engines.tables import Cell
from lianqi.web.audit.forms import TrailFilter
from lianqi.web.audit.records import lines
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.workbook import workbook_response

MOST_EXPORTED = 20_000
AT_ONCE = 500
# The worker verifies every night; a day and a half without it means that it did not.
STALE_AFTER = dt.timedelta(hours=36)

reads_the_trail = permission_required("accounts.view_trail", raise_exception=True)


@dataclass(frozen=True, slots=True)
class Chain:
    """What the page says about the chain: `state` is holds, stale, broken or unknown."""

    state: str
    check: ChainCheck | None
    reason: str = ""


def chain_of(check: ChainCheck | None, *, at: dt.datetime) -> Chain:
    if check is None:
        return Chain("unknown", None)
    if check.broken_event_id is not None:
        return Chain("broken", check, _(check.reason))
    return Chain("stale" if check.at < at - STALE_AFTER else "holds", check)


@require_safe
@reads_the_trail
def trail(request: AuthedRequest) -> HttpResponse:
    form, events = _matching(request)
    page = newest_first(events, request.GET)
    context = {
        "form": form,
        "page": page,
        "lines": lines(page.rows, reader=request.user),
        "is_filtered": any(request.GET.values()),
        "chain": chain_of(last_check(), at=timezone.now()),
    }
    return render(request, "audit/list.html", context)


@require_safe
@reads_the_trail
def export(request: AuthedRequest) -> HttpResponseBase:
    """The filtered trail as a spreadsheet, through the same queryset as the page."""
    form, events = _matching(request)
    count = events.order_by()[: MOST_EXPORTED + 1].count()
    if count > MOST_EXPORTED:
        said = _("More than %(most)d events match. Narrow the filter, by date for example.")
        messages.error(request, said % {"most": MOST_EXPORTED})
        return HttpResponseRedirect(
            f"{reverse('audit:list')}?{request.GET.urlencode()}", status=303
        )
    newest = events.order_by("-pk").values_list("pk", flat=True).first()
    record_trail_export(rows=count, filters=form.chosen(), by=request.user, at=timezone.now())
    # The event of this export is not in it: the spreadsheet holds what matched before.
    known = events.filter(pk__lte=newest or 0)
    name = f"audit-trail-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(name, _headings(), _rows(known, request.user))


def _matching(request: AuthedRequest) -> tuple[TrailFilter, EventQuerySet]:
    form = TrailFilter(request.GET)
    visible = Event.objects.visible_to(request.user)
    return form, form.apply(visible, reader=request.user)


def _headings() -> list[str]:
    return [
        _("Event"), _("When"), _("Who"), _("What was done"), _("Verb"), _("Kind of record"),
        _("Record"), _("Record id"), _("Enterprise"), _("Only looked"), _("Detail"),
    ]  # fmt: skip


def _rows(events: EventQuerySet, reader: User) -> Iterator[list[Cell]]:
    """Newest first, in portions, so that the records of thousands are not held at once."""
    last = None
    while True:
        older = events if last is None else events.filter(pk__lt=last)
        portion = list(older.order_by("-pk")[:AT_ONCE])
        for line in lines(portion, reader=reader):
            event = line.event
            yield [
                event.pk,
                timezone.localtime(event.at),
                event.by_name,
                line.verb,
                event.verb,
                line.kind,
                line.record.name if line.record else "",
                event.subject_id,
                line.enterprise,
                _("yes") if event.is_read else _("no"),
                "\n".join(f"{key}: {text}" for key, text in line.detail),
            ]
        if len(portion) < AT_ONCE:
            return
        last = portion[-1].pk
