"""The institute's side, kept by its people or by the force for it: answer, samples, result."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.conversions.actions import Papers
from lianqi.files.actions import store_upload
from lianqi.freetests.actions.moving import (
    end,
    locked_order,
    note_order,
    owe,
    settle_test,
    tell_desk,
    tell_firm,
)
from lianqi.freetests.enums import FreeTestStep, Verdict
from lianqi.freetests.errors import ResultIncomplete, SamplesMissing
from lianqi.freetests.models import LabItem, LabOrder
from lianqi.work.actions import finish_items
from lianqi.work.queries import current_calendar, local_date


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What was found for one item, with the value that was measured."""

    verdict: Verdict
    value: str = ""


@transaction.atomic
def accept_order(order_id: int, *, by: User, at: dt.datetime) -> LabOrder:
    """The institute tests it; the enterprise hands in its samples."""
    order, target = locked_order(order_id, "accept", by=by)
    order.status, order.answered_at, order.answered_by = target, at, by
    order.save(update_fields=["status", "answered_at", "answered_by"])
    finish_items(order, step=FreeTestStep.ANSWER, by=by, at=at)
    owe(order, FreeTestStep.SAMPLES, by=by, at=at)
    note_order("freetests.accepted", order, by=by, at=at)
    tell_firm(
        order.test.enterprise, order.test, "freetests.accepted", at=at,
        institute=order.institute, address=order.institute.address or order.institute.contact_phone,
    )  # fmt: skip
    return order


@transaction.atomic
def decline_order(order_id: int, *, reason: str, by: User, at: dt.datetime) -> LabOrder:
    """The institute cannot; the places are free again and the force seeks another one.

    Raises:
        ReasonMissing: The force has to know why.
    """
    order, target = locked_order(order_id, "decline", by=by)
    order.answered_at, order.answered_by = at, by
    order.save(update_fields=["answered_at", "answered_by"])
    end(order, target, reason, by=by, at=at)
    note_order("freetests.declined", order, by=by, at=at, reason=order.note)
    told = {"institute": order.institute, "reason": order.note}
    tell_desk(order.test, "freetests.declined", at=at, **told)
    tell_firm(order.test.enterprise, order.test, "freetests.declined", at=at, **told)
    return order


@transaction.atomic
def receive_samples(order_id: int, *, samples: str, by: User, at: dt.datetime) -> LabOrder:
    """The samples are there; from now on the institute's own working days count.

    Raises:
        SamplesMissing: Nobody could tell later what was tested.
    """
    order, target = locked_order(order_id, "receive", by=by)
    if not samples.strip():
        raise SamplesMissing
    order.status, order.samples = target, samples.strip()
    order.received_at, order.received_by = at, by
    order.save(update_fields=["status", "samples", "received_at", "received_by"])
    finish_items(order, step=FreeTestStep.SAMPLES, by=by, at=at)
    today = local_date(at)
    ready_on = current_calendar().add_working_days(today, order.days)
    owe(order, FreeTestStep.RESULT, by=by, at=at, days=(ready_on - today).days)
    note_order("freetests.samples_received", order, by=by, at=at, samples=order.samples)
    tell_firm(
        order.test.enterprise, order.test, "freetests.received", at=at, institute=order.institute
    )
    return order


@transaction.atomic
def file_result(
    order_id: int,
    *,
    results: Mapping[int, ItemResult],
    report_number: str,
    papers: Papers,
    by: User,
    at: dt.datetime,
    note: str = "",
) -> LabOrder:
    """The institute tells what it found, with its report.

    Args:
        results: By the id of each item of the order.
        papers: The report itself.

    Raises:
        ResultIncomplete: An item, the number of the report or the report is missing.
        Refusal: From `store_upload`, for a file; then nothing is filed.
    """
    order, target = locked_order(order_id, "file_result", by=by)
    items = list(order.items.order_by("pk"))
    if {item.pk for item in items} != set(results) or not (
        report_number.strip() and papers.uploads
    ):
        raise ResultIncomplete
    for item in items:
        item.verdict, item.value = results[item.pk].verdict, results[item.pk].value.strip()
    LabItem.objects.bulk_update(items, ["verdict", "value"])
    order.status, order.ended_at, order.ended_by = target, at, by
    order.report_number, order.note = report_number.strip(), note.strip()
    order.save(update_fields=["status", "ended_at", "ended_by", "report_number", "note"])
    for upload in papers.uploads:
        store_upload(
            upload, subject=order, max_bytes=papers.max_bytes, daemon=papers.daemon, by=by, at=at
        )
    finish_items(order, step=FreeTestStep.RESULT, by=by, at=at)
    settle_test(order.test, by=by, at=at)
    failed = [item.item for item in items if item.verdict == Verdict.FAILED]
    note_order(
        "freetests.result_filed", order, by=by, at=at, report=order.report_number,
        passed=len(items) - len(failed), failed=failed, saved=str(order.saved),
    )  # fmt: skip
    told = {"institute": order.institute, "report": order.report_number}
    tell_desk(order.test, "freetests.result_filed", at=at, **told)
    tell_firm(order.test.enterprise, order.test, "freetests.result_filed", at=at, **told)
    return order
