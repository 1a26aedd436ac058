"""Filing and withdrawing a demand."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.actions import Actor, Automat, record
from lianqi.demands.actions.contact_people import checked_contacts, note_contacts
from lianqi.demands.actions.merging import release_riders
from lianqi.demands.actions.moving import locked, owe, tell_the_enterprise
from lianqi.demands.actions.repeats import note_repeat
from lianqi.demands.actions.representations import begin_representation
from lianqi.demands.actions.routing import route
from lianqi.demands.actions.similar import mark_demand
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import Channel, Closure, DemandStatus, Step, TransferVerdict
from lianqi.demands.errors import (
    CategoryNotAccepted,
    CategoryNotInUse,
    EnterpriseMerged,
    EnterpriseNotNamed,
    EvidenceMissing,
    EvidenceNotAsked,
)
from lianqi.demands.models import (
    CategoryVersion,
    ContactGiven,
    Demand,
    DemandCategory,
    Representation,
    search_columns,
)
from lianqi.demands.queries import version_in_force
from lianqi.engines.text import compact, tidy
from lianqi.register.models import Enterprise, ServicePoint
from lianqi.work.actions import cancel_items
from lianqi.work.enums import Urgency
from lianqi.work.queries import local_date

ZONE_TIME = ZoneInfo("Asia/Shanghai")


def file_demand(
    *,
    enterprise: Enterprise | None,
    category: DemandCategory,
    title: str,
    text: str,
    channel: Channel,
    idempotency_key: str,
    by: User,
    at: dt.datetime,
    contacts: Sequence[ContactGiven] = (),
    urgency: Urgency | None = None,
    firm_name: str = "",
    firm_code: str = "",
    evidence: Collection[int] = (),
    service_point: ServicePoint | None = None,
    ending: Mapping[str, Any] | None = None,
) -> Demand:
    """Take a demand in. The same key from the same person returns the demand filed before.

    A client that did not see the answer may therefore repeat the call; nothing is filed twice.
    Without an enterprise the demand keeps the name and the code that the caller told; a code that
    the register knows is as good as choosing its entry.

    Args:
        urgency: How pressing it is, as somebody of the zone judges it; None is what is usual for
            the category. An enterprise does not judge that itself.
        service_point: The counter where it was handed in, whichever it was.
        ending: How it ended, where it was answered as it came in; see `answer_at_once`.
        contacts: Whom to reach about it; the first one first, unless another is named as such.
        evidence: Which kinds of evidence come with it. Only an enterprise that files itself is held
            to the obligatory ones: who telephones cannot hand anything in.

    Raises:
        CategoryNotInUse, EnterpriseMerged: The form is older than a change; choose again.
        CategoryNotAccepted: Such matters are handled elsewhere.
        EvidenceMissing: An obligatory document is not there.
        EvidenceNotAsked: A document is of a kind that the category does not ask for.
        EnterpriseNotNamed: There is neither an enterprise nor a name.
        Refusal: From `checked_contacts`.
        PermissionDenied: `by` does not speak for this enterprise, or may not judge the urgency.
    """
    filed = Demand.objects.filter(filed_by=by, idempotency_key=idempotency_key)
    if earlier := filed.first():
        return earlier
    firm_name, firm_code = tidy(firm_name), compact(firm_code).upper()
    if enterprise is None and firm_code:
        enterprise = Enterprise.objects.living().filter(code=firm_code).first()
    if enterprise is None:
        allowed = by.has_perm("demands.file_unregistered")
    else:
        allowed, firm_name, firm_code = by.has_perm("demands.file", enterprise), "", ""
    if not allowed:
        raise PermissionDenied
    if urgency is not None and not by.has_perm("demands.judge_urgency"):
        raise PermissionDenied
    if enterprise is None and not firm_name:
        raise EnterpriseNotNamed
    return take_in(
        enterprise=enterprise,
        firm_name=firm_name,
        firm_code=firm_code,
        category=category,
        title=title,
        text=text,
        channel=channel,
        urgency=urgency or category.usual_urgency,
        contacts=contacts,
        evidence=evidence,
        service_point=service_point,
        idempotency_key=idempotency_key,
        by=by,
        at=at,
        **(ending or {}),
    )


def take_in(
    *,
    enterprise: Enterprise | None,
    category: DemandCategory,
    title: str,
    channel: Channel,
    idempotency_key: str,
    by: User | None,
    at: dt.datetime,
    actor: Actor | None = None,
    firm_name: str = "",
    evidence: Collection[int] = (),
    contacts: Sequence[ContactGiven] = (),
    represented: Representation | None = None,
    **fields: Any,
) -> Demand:
    """Write a demand with its clock, its totals, its notices and its event; once for each key.

    Whoever calls has asked for the permission. `by` is empty where nobody is signed in; `actor` is
    then who the audit trail names. `represented` is the consent of the enterprise, where somebody
    else files for it.

    Raises:
        CategoryNotInUse, EnterpriseMerged: The form is older than a change; choose again.
        CategoryNotAccepted, EvidenceMissing: What holds for the category today does not allow it.
    """
    people = checked_contacts(contacts)
    version = _accepting(category, evidence, by=by, at=at)
    if enterprise is not None and enterprise.merged_into is not None:
        raise EnterpriseMerged(name=enterprise.merged_into)
    local = at.astimezone(ZONE_TIME)
    search_text, search_tokens = search_columns(title, firm_name)
    demand = Demand(
        number=_next_number(local.year),
        enterprise=enterprise,
        firm_name=firm_name,
        category=category,
        category_version=version,
        title=title,
        channel=channel,
        filed_by=by,
        filed_at=at,
        filed_on=local.date(),
        idempotency_key=idempotency_key,
        search_text=search_text,
        search_tokens=search_tokens,
        **{"urgency": category.usual_urgency} | fields,
    )
    try:
        with transaction.atomic():
            demand.save(force_insert=True)
            note_contacts(demand, people)
            mark_demand(demand)
            note_repeat(demand, at=at)
            if represented is not None:
                begin_representation(demand, represented, at=at)
            elif demand.status == DemandStatus.SUBMITTED:
                tell_the_enterprise(demand, "demand.filed", at=at)
            retally(None, contribution(demand))
            record(
                "demand.filed",
                demand,
                by=by or actor or Automat(),
                at=at,
                enterprise_id=demand.enterprise_id,
                channel=channel,
                category=category.code,
                urgency=demand.urgency,
            )
            if demand.status == DemandStatus.SUBMITTED and not route(demand, at=at):
                owe(demand, Step.DISPATCH, by=by, at=at, unit=None, desk=Role.DISPATCHER)
            if demand.closure == Closure.AT_ONCE:
                record(
                    "demand.answered_at_once",
                    demand,
                    by=by or actor or Automat(),
                    at=at,
                    enterprise_id=demand.enterprise_id,
                    unit_name=str(demand.unit),
                    answer=demand.answer,
                )
    except IntegrityError:
        # Two clicks at once: the other one won the unique key, unless the error was another one.
        filed = Demand.objects.filter(filed_by=by, idempotency_key=idempotency_key)
        if (winner := filed.first()) is None:
            raise
        return winner
    return demand


def _accepting(
    category: DemandCategory, evidence: Collection[int], *, by: User | None, at: dt.datetime
) -> CategoryVersion | None:
    """What holds for a demand that is filed now, if it may be filed."""
    if not DemandCategory.objects.in_use().filter(pk=category.pk).exists():
        raise CategoryNotInUse(category=category)
    version = version_in_force(category, on=local_date(at))
    asked = version.documents if version is not None else []
    if set(evidence) - {each.pk for each in asked}:
        raise EvidenceNotAsked(category=category)
    if version is None:
        return None
    if not version.is_accepted:
        raise CategoryNotAccepted(category=category, advice=version.whole_advice)
    missing = [each.name for each in asked if each.is_obligatory and each.pk not in evidence]
    if missing and by is not None and not by.is_zone_staff:
        raise EvidenceMissing(category=category, missing="、".join(missing))
    return version


@transaction.atomic
def withdraw_demand(demand_id: int, *, reason: str, by: User, at: dt.datetime) -> Demand:
    """The enterprise takes its demand back. It counts in no rate any more."""
    demand, target = locked(demand_id, "withdraw", by=by)
    before = contribution(demand)
    demand.status = target
    demand.save(update_fields=["status"])
    demand.transfer_requests.pending().update(
        verdict=TransferVerdict.LAPSED, decided_by=by, decided_at=at
    )
    cancel_items(demand, by=by, at=at)
    release_riders(demand, at=at)
    retally(before, contribution(demand))
    record(
        "demand.withdrawn", demand, by=by, at=at, enterprise_id=demand.enterprise_id, reason=reason
    )
    return demand


def _next_number(year: int) -> str:
    """`SQ` (诉求), the year, a running number that never repeats; gaps mean an aborted filing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('demands_number')")
        return f"SQ{year}{cursor.fetchone()[0]:07d}"
