"""The moves of a document (W08): broken down, duties complete, published, replaced, abolished."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Q

from lianqi.accounts.models import Unit, User
from lianqi.policies.actions.duties import tell_lead
from lianqi.policies.actions.moving import locked, note
from lianqi.policies.enums import PolicyStatus
from lianqi.policies.errors import (
    AbolitionIncomplete,
    ArticlesDifferFromSource,
    ArticlesMissing,
    DutiesMissing,
    OverlapsOpen,
    UnitTakesNoDuty,
)
from lianqi.policies.flow import POLICY_FLOW
from lianqi.policies.models import Overlap, PolicyArticle, PolicyDocument
from lianqi.work.actions import cancel_items
from lianqi.work.queries import local_date

SHOWN_NUMBERS = 10


@transaction.atomic
def break_down(document_id: int, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Say that all articles are entered.

    Raises:
        PolicyMoveNotPossible: Somebody acted meanwhile.
        ArticlesMissing: There is none.
        ArticlesDifferFromSource: The source states another number.
    """
    document, target = locked(document_id, "break_down", by=by)
    if not document.articles.exists():
        raise ArticlesMissing
    entered = document.articles.counted().count()
    if document.stated_articles not in {None, entered}:
        raise ArticlesDifferFromSource(stated=document.stated_articles, entered=entered)
    return _moved_to(document, target, "policies.broken_down", by=by, at=at, articles=entered)


@transaction.atomic
def reopen(document_id: int, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Take the document back to be divided otherwise; duties stay where they were given."""
    document, target = locked(document_id, "reopen", by=by)
    return _moved_to(document, target, "policies.reopened", by=by, at=at)


@transaction.atomic
def complete_duties(document_id: int, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Say that every article has its lead department and responsible units.

    Raises:
        PolicyMoveNotPossible: Somebody acted meanwhile.
        DutiesMissing, OverlapsOpen: It is not so.
    """
    document, target = locked(document_id, "complete_duties", by=by, permission="policies.assign")
    _require_duties(document)
    return _moved_to(document, target, "policies.duties_completed", by=by, at=at)


@transaction.atomic
def publish(document_id: int, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Make the document and its duties known; it replaces its earlier version from its first day.

    Until that day the earlier version holds, so that both can be asked about. Lead departments
    are told how many articles are theirs.

    Raises:
        PolicyMoveNotPossible: Somebody acted meanwhile.
        DutiesMissing, OverlapsOpen, UnitTakesNoDuty: A duty was lost meanwhile.
    """
    document, target = locked(document_id, "publish", by=by)
    _require_duties(document)
    shared = PolicyArticle.responsible.through.objects.filter(policyarticle__document=document)
    named = Unit.objects.filter(Q(pk__in=document.leads) | Q(pk__in=shared.values("unit_id")))
    if (closed := named.filter(is_active=False).order_by("path").first()) is not None:
        raise UnitTakesNoDuty(unit=closed)
    document.status, document.made_known_at = target, at
    document.save(update_fields=["status", "made_known_at"])
    note("policies.published", document, by=by, at=at)
    if document.replaces_id is not None:
        _replace(document.replaces_id, document, by=by, at=at)
    counts = document.articles.values("lead").annotate(count=Count("pk")).order_by("lead")
    leads = Unit.objects.in_bulk([row["lead"] for row in counts])
    for row in counts:
        tell_lead(document, leads[row["lead"]], row["count"], at=at)
    return document


@transaction.atomic
def abolish(
    document_id: int, *, ended_on: dt.date, reason: str, by: User, at: dt.datetime
) -> PolicyDocument:
    """Note that the issuer abolished the document; it stays readable for the cases of its time.

    Args:
        ended_on: The first day on which it does not hold any more.
        reason: By which document, and why.

    Raises:
        PolicyMoveNotPossible: Somebody acted meanwhile.
        AbolitionIncomplete: There is no reason, or the day lies before the first.
    """
    document, target = locked(document_id, "abolish", by=by)
    is_before = document.valid_from is not None and ended_on < document.valid_from
    if not reason.strip() or is_before:
        raise AbolitionIncomplete
    document.ended_on, document.end_reason = ended_on, reason.strip()
    document.status = target
    document.save(update_fields=["status", "ended_on", "end_reason"])
    _drop_overlaps(document, by=by, at=at)
    note(
        "policies.abolished", document, by=by, at=at,
        ended_on=ended_on.isoformat(), reason=document.end_reason,
    )  # fmt: skip
    return document


def _replace(earlier_id: int, later: PolicyDocument, *, by: User, at: dt.datetime) -> None:
    """End the earlier version on the first day of the later one; an abolished one stays so."""
    earlier = PolicyDocument.objects.select_for_update().get(pk=earlier_id)
    if "replace" not in earlier.moves:
        return
    earlier.status = POLICY_FLOW.target("replace", status=PolicyStatus(earlier.status))
    earlier.ended_on = later.valid_from or local_date(at)
    earlier.save(update_fields=["status", "ended_on"])
    _drop_overlaps(earlier, by=by, at=at)
    note(
        "policies.replaced", earlier, by=by, at=at,
        later=later.pk, ended_on=earlier.ended_on.isoformat(),
    )  # fmt: skip


def _drop_overlaps(document: PolicyDocument, *, by: User, at: dt.datetime) -> None:
    """Nobody owes a settlement about a document that is over."""
    for overlap in Overlap.objects.open().filter(article__document=document).order_by("pk"):
        cancel_items(overlap, by=by, at=at)


def _require_duties(document: PolicyDocument) -> None:
    missing = list(document.articles.without_duty().in_order().values_list("number", flat=True))
    if missing:
        raise DutiesMissing(count=len(missing), numbers=_listed(missing))
    flagged = Overlap.objects.open().filter(article__document=document)
    if waiting := list(flagged.order_by("pk").values_list("article__number", flat=True)):
        raise OverlapsOpen(numbers=_listed(waiting))


def _listed(numbers: list[str]) -> str:
    more = " …" if len(numbers) > SHOWN_NUMBERS else ""
    return "、".join(numbers[:SHOWN_NUMBERS]) + more


def _moved_to(
    document: PolicyDocument,
    target: PolicyStatus,
    verb: str,
    *,
    by: User,
    at: dt.datetime,
    **detail: object,
) -> PolicyDocument:
    document.status = target
    document.save(update_fields=["status"])
    note(verb, document, by=by, at=at, **detail)
    return document
