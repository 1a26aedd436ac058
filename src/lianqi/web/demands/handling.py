"""Handling beside the moves, one address each: contact, note, reports, questions."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from lianqi.demands.actions import (
    ask_enterprise,
    close_unreplied,
    log_contact,
    reply_to_question,
    resume_demand,
    write_note,
    write_report,
)
from lianqi.demands.enums import ContactOutcome, ContactWay, ReportKind
from lianqi.demands.models import Demand
from lianqi.web.demands.acts import carry_out
from lianqi.web.http import AuthedRequest
from lianqi.work.enums import PauseReason


@require_POST
def contact(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return log_contact(
            demand.pk,
            way=ContactWay(given["way"]),
            outcome=ContactOutcome(given["outcome"]),
            spoke_with=given["spoke_with"],
            note=given["note"],
            made_at=given["made_at"] or at,
            by=request.user,
            at=at,
        )

    return carry_out(request, demand_id, "contact", act)


@require_POST
def note(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return write_note(demand.pk, text=given["text"], by=request.user, at=at)

    return carry_out(request, demand_id, "note", act)


@require_POST
def interim(request: AuthedRequest, demand_id: int) -> HttpResponse:
    return _report(request, demand_id, ReportKind.INTERIM)


@require_POST
def progress(request: AuthedRequest, demand_id: int) -> HttpResponse:
    return _report(request, demand_id, ReportKind.PROGRESS)


@require_POST
def ask(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return ask_enterprise(
            demand.pk,
            reason=PauseReason(given["reason"]),
            text=given["text"],
            evidence=given["evidence"],
            by=request.user,
            at=at,
        )

    return carry_out(request, demand_id, "ask", act)


@require_POST
def reply(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return reply_to_question(
            demand.pk,
            text=given["text"],
            uploads=given["attachments"],
            max_bytes=settings.UPLOAD_MAX_BYTES,
            daemon=settings.CLAMAV_ADDRESS,
            by=request.user,
            at=at,
        )

    return carry_out(request, demand_id, "reply", act)


@require_POST
def resume(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, _given: dict[str, Any], at: dt.datetime) -> object:
        return resume_demand(demand.pk, by=request.user, at=at)

    return carry_out(request, demand_id, "resume", act)


@require_POST
def close(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return close_unreplied(
            demand.pk,
            grounds=given["grounds"],
            after_days=settings.QUESTION_CLOSE_DAYS,
            by=request.user,
            at=at,
        )

    return carry_out(request, demand_id, "close_unreplied", act)


def _report(request: AuthedRequest, demand_id: int, kind: ReportKind) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        shared = given.get("is_shared", True)
        return write_report(
            demand.pk, kind=kind, text=given["text"], is_shared=shared, by=request.user, at=at
        )

    return carry_out(request, demand_id, kind.value, act)
