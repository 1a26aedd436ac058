"""Filing for another enterprise with its consent, and the objection of that enterprise."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.attaching import store_attachments
from lianqi.demands.actions.filing import take_in, withdraw_demand
from lianqi.demands.actions.moving import locked_beside
from lianqi.demands.enums import ConsentWay, Covers, DemandStatus
from lianqi.demands.errors import (
    ConsentInTheFuture,
    ConsentLetterMissing,
    ConsentMissing,
    NothingRepresented,
    ObjectionWindowOver,
    RepresentsItself,
)
from lianqi.demands.models import Demand, DemandCategory, Representation
from lianqi.demands.queries import handling_rule_of
from lianqi.engines.text import tidy
from lianqi.files.actions import store_upload
from lianqi.files.models import StoredFile
from lianqi.notices.actions import notify
from lianqi.register.models import Enterprise
from lianqi.register.queries import people_of
from lianqi.work.queries import local_date

# Whoever filed is led to the list of what was filed for others: the demand is no longer seen.
FILED_FOR_OTHERS = "/demands/behalf/"


@dataclass(frozen=True, slots=True)
class Consent:
    """That an enterprise agreed to be represented: who said so, how, when, and how far.

    A letter comes with the file of it; for the other ways a file may come as well.
    """

    by: str
    position: str
    way: ConsentWay
    on: dt.date
    covers: Covers
    letter: "UploadedFile[Any] | None" = None


@transaction.atomic
def file_for_another(
    *,
    enterprise: Enterprise,
    agent: Enterprise | None,
    consent: Consent,
    category: DemandCategory,
    idempotency_key: str,
    max_bytes: int,
    daemon: str,
    by: User,
    at: dt.datetime,
    uploads: Sequence["UploadedFile[Any]"] = (),
    documents: Mapping[int, "UploadedFile[Any]"] | None = None,
    **filing: Any,
) -> Demand:
    """Take a demand in for an enterprise that consented; it is told at once and may object.

    The same key from the same person files nothing twice.

    Args:
        enterprise: Whose demand it is.
        agent: The filer's own enterprise; None where somebody of the zone files.
        consent: Without it nothing is filed.
        category: As for `file_demand`.
        idempotency_key: As for `file_demand`.
        max_bytes: The most that a file may have.
        daemon: `host:port` of the ClamAV daemon, empty for none.
        by: Whoever files.
        at: Now.
        uploads: Attachments.
        documents: What is handed in as evidence, by the id of its kind.
        **filing: Title, text, channel, contacts: for `take_in`.

    Raises:
        ConsentMissing, ConsentInTheFuture, ConsentLetterMissing: There is no consent on record.
        RepresentsItself: The enterprise is one's own: it needs no consent.
        Refusal: From `take_in` or `store_upload`.
        PermissionDenied: `by` files for nobody, or does not belong to `agent`.
    """
    if not by.has_perm("demands.represent"):
        raise PermissionDenied
    own = set(by.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES))
    if (agent is None and not by.is_zone_staff) or (agent is not None and agent.pk not in own):
        raise PermissionDenied
    filed = Demand.objects.filter(filed_by=by, idempotency_key=idempotency_key)
    if earlier := filed.first():
        return earlier
    if enterprise.pk in own:
        raise RepresentsItself(name=enterprise)
    today = local_date(at)
    _check(consent, today=today)
    held = Representation(
        agent=agent,
        filed_by=by,
        consent_by=tidy(consent.by),
        consent_position=tidy(consent.position),
        consent_way=consent.way,
        consent_on=consent.on,
        covers=consent.covers,
        object_until=today + dt.timedelta(days=handling_rule_of(category.pk).represented_days),
    )
    documents = documents or {}
    demand = take_in(
        enterprise=enterprise,
        category=category,
        idempotency_key=idempotency_key,
        evidence=documents.keys(),
        represented=held,
        by=by,
        at=at,
        **filing,
    )
    if held.pk is None or StoredFile.objects.of(demand).exists():
        return demand  # somebody else's click was first
    if consent.letter is not None:
        held.letter = store_upload(
            consent.letter, subject=demand, max_bytes=max_bytes, daemon=daemon, by=by, at=at
        )
        held.save(update_fields=["letter"])
    store_attachments(demand, uploads, documents, max_bytes=max_bytes, daemon=daemon, by=by, at=at)
    return demand


@transaction.atomic
def end_representation(
    demand_id: int, *, goes_on: bool, reason: str, by: User, at: dt.datetime
) -> Demand:
    """The represented enterprise objects: whoever filed loses sight of the demand.

    Args:
        demand_id: The demand.
        goes_on: Whether the demand is handled on, as the enterprise's own; else it is withdrawn.
        reason: In words, may be empty; the filer reads it.
        by: Somebody of the represented enterprise.
        at: Now.

    Raises:
        NothingRepresented: It was not filed by others, or the representation has ended.
        ObjectionWindowOver: The last day has passed (days of the zone's own calendar).
        MoveNotPossible: It shall be withdrawn and is answered already.
        PermissionDenied: `by` is not of the enterprise.
    """
    demand = locked_beside(
        demand_id, "demands.end_representation", statuses=frozenset(DemandStatus), by=by
    )
    held = Representation.objects.filter(demand=demand).select_related("agent", "filed_by").first()
    if held is None or held.ended_at is not None:
        raise NothingRepresented(number=demand.number)
    if not held.can_be_objected_to(local_date(at)):
        raise ObjectionWindowOver(number=demand.number, until_on=held.object_until)
    held.ended_at, held.ended_by, held.end_reason = at, by, tidy(reason)[:300]
    held.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record(
        "demand.representation_ended",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        agent=held.acting,
        goes_on=goes_on,
        reason=held.end_reason,
    )
    people = {person.pk: person for person in people_of(held.agent)} if held.agent else {}
    people[held.filed_by.pk] = held.filed_by
    notify(
        people.values(),
        event="demand.representation_ended",
        names={
            "number": demand.number,
            "title": demand.title,
            "enterprise": demand.enterprise,
            "reason": held.end_reason or "—",
        },
        url=FILED_FOR_OTHERS,
        at=at,
        dedupe_key=f"demand.representation_ended:{demand.pk}",
    )
    if not goes_on:
        withdraw_demand(demand.pk, reason=held.end_reason or "—", by=by, at=at)
        demand.refresh_from_db()
    return demand


def _check(consent: Consent, *, today: dt.date) -> None:
    if not (tidy(consent.by) and tidy(consent.position)):
        raise ConsentMissing
    if consent.on > today:
        raise ConsentInTheFuture(today=today)
    if consent.way == ConsentWay.LETTER and consent.letter is None:
        raise ConsentLetterMissing
