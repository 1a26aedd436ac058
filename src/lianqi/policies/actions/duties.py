"""Whose an article is: lead department, responsible units, overlaps and their settlement."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.enums import Role, UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.policies.actions.moving import (
    locked_article,
    locked_beside,
    moved,
    note,
    set_leads,
    tell,
    workers_of,
)
from lianqi.policies.enums import OverlapStep, PolicyStatus
from lianqi.policies.errors import (
    DutyIncomplete,
    NoArticleChosen,
    OverlapKnown,
    OverlapNoteMissing,
    OverlapSettled,
    SettlementIncomplete,
    UnitTakesNoDuty,
)
from lianqi.policies.flow import BESIDE
from lianqi.policies.models import Overlap, PolicyArticle, PolicyDocument
from lianqi.work.actions import finish_items, open_item
from lianqi.work.queries import local_date


@transaction.atomic
def assign_duties(
    document_id: int,
    articles: Collection[int],
    *,
    lead: Unit | None,
    responsible: Sequence[Unit],
    by: User,
    at: dt.datetime,
) -> PolicyDocument:
    """Give articles of a document their lead department and responsible units, all the same.

    Before publication either may be left empty, to be filled later. New lead departments of a
    published document are told.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished.
        NoArticleChosen: None of them is an article of this document.
        UnitTakesNoDuty, DutyIncomplete: Nobody could be held to it.
    """
    document = locked_beside(document_id, "assign", by=by, permission="policies.assign")
    chosen = list(document.articles.filter(pk__in=articles).in_order())
    if not chosen:
        raise NoArticleChosen
    _require_duty(document, lead, responsible)
    before = {each.lead_id for each in chosen}
    _write(chosen, lead=lead, responsible=responsible)
    set_leads(document)
    note(
        "policies.duties_assigned", document, by=by, at=at,
        articles=[each.number for each in chosen], lead=lead.name if lead else "",
        responsible=[each.name for each in responsible],
    )  # fmt: skip
    if document.status == PolicyStatus.PUBLISHED and lead and before != {lead.pk}:
        tell_lead(document, lead, len(chosen), at=at)
    return document


@transaction.atomic
def set_responsible(
    article_id: int, *, responsible: Sequence[Unit], by: User, at: dt.datetime
) -> PolicyArticle:
    """Say which units carry an article out; the head of its lead department may.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished.
        UnitTakesNoDuty, DutyIncomplete: Nobody could be held to it.
    """
    article = locked_article(article_id, "assign", by=by, permission="policies.assign_responsible")
    _require_duty(article.document, article.lead, responsible)
    article.responsible.set(responsible)
    note(
        "policies.responsible_set", article.document, by=by, at=at,
        article=article.number, responsible=[each.name for each in responsible],
    )  # fmt: skip
    return article


@transaction.atomic
def flag_overlap(article_id: int, *, text: str, by: User, at: dt.datetime) -> Overlap:
    """Say that duties overlap at an article; the coordinator owes a settlement.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished.
        OverlapNoteMissing: Nobody could settle it.
        OverlapKnown: One is open already.
    """
    article = locked_article(article_id, "flag", by=by, permission="policies.flag_overlap")
    if not text.strip():
        raise OverlapNoteMissing
    overlap = Overlap(article=article, note=text.strip(), flagged_at=at, flagged_by=by)
    try:
        with transaction.atomic():
            overlap.save(force_insert=True)
    except IntegrityError:
        raise OverlapKnown(number=article.number) from None
    document = article.document
    open_item(
        overlap,
        step=OverlapStep.SETTLE,
        by=by,
        at=at,
        enterprise_id=None,
        label=f"{article.number} {document.title}"[:200],
        url=f"{document.get_absolute_url()}articles/#article-{article.pk}",
        desk=Role.DISPATCHER,
    )
    note(
        "policies.overlap_flagged", document, by=by, at=at,
        article=article.number, note=overlap.note,
    )  # fmt: skip
    coordinators = User.people.holding(Role.DISPATCHER, on=local_date(at)).order_by("pk")
    tell(
        [each for each in coordinators if each.pk != by.pk], document, "policies.overlap_flagged",
        at=at, url=f"{document.get_absolute_url()}articles/#article-{article.pk}",
        article=article.number, reason=overlap.note,
    )  # fmt: skip
    return overlap


@transaction.atomic
def settle_overlap(
    overlap_id: int,
    *,
    lead: Unit,
    responsible: Sequence[Unit],
    reason: str,
    by: User,
    at: dt.datetime,
) -> Overlap:
    """Decide who leads an article, with the reason; the units concerned are told.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished.
        OverlapSettled: Somebody settled it meanwhile.
        SettlementIncomplete, UnitTakesNoDuty: Nobody could be held to it.
    """
    document_id = PolicyArticle.objects.values_list("document_id", flat=True).get(
        overlaps=overlap_id
    )
    document = PolicyDocument.objects.select_for_update().get(pk=document_id)
    overlap = Overlap.objects.select_related("article", "lead").get(pk=overlap_id)
    if document.status not in BESIDE["flag"]:
        raise moved(document)
    if overlap.lead is not None:
        raise OverlapSettled(lead=overlap.lead)
    if not by.has_perm("policies.settle_overlap"):
        raise PermissionDenied
    if not reason.strip() or not responsible:
        raise SettlementIncomplete
    _require_duty(document, lead, responsible)
    article = overlap.article
    _write([article], lead=lead, responsible=responsible)
    overlap.lead, overlap.reason = lead, reason.strip()
    overlap.settled_at, overlap.settled_by = at, by
    overlap.save(update_fields=["lead", "reason", "settled_at", "settled_by"])
    set_leads(document)
    finish_items(overlap, step=OverlapStep.SETTLE, by=by, at=at)
    note(
        "policies.overlap_settled", document, by=by, at=at,
        article=article.number, lead=lead.name,
        responsible=[each.name for each in responsible], reason=overlap.reason,
    )  # fmt: skip
    told = {each.pk: each for unit in (lead, *responsible) for each in workers_of(unit, at=at)}
    told[overlap.flagged_by_id] = overlap.flagged_by
    tell(
        [each for each in told.values() if each.pk != by.pk], document,
        "policies.overlap_settled", at=at,
        url=f"{document.get_absolute_url()}articles/#article-{article.pk}",
        article=article.number, unit=lead, reason=overlap.reason,
    )  # fmt: skip
    return overlap


def tell_lead(document: PolicyDocument, lead: Unit, count: int, *, at: dt.datetime) -> None:
    """Tell a lead department that articles of a published document are its own."""
    tell(
        workers_of(lead, at=at), document, "policies.duty_given", at=at,
        url=f"{document.get_absolute_url()}?lead={lead.pk}", unit=lead, count=count,
    )  # fmt: skip


def _require_duty(document: PolicyDocument, lead: Unit | None, responsible: Sequence[Unit]) -> None:
    for unit in (*([lead] if lead else ()), *responsible):
        if not unit.is_active or unit.kind == UnitKind.TASK_FORCE:
            raise UnitTakesNoDuty(unit=unit)
    if document.status == PolicyStatus.PUBLISHED and not (lead and responsible):
        raise DutyIncomplete(title=document.title)


def _write(
    articles: Sequence[PolicyArticle], *, lead: Unit | None, responsible: Sequence[Unit]
) -> None:
    """Three writes, however many articles."""
    ids = [each.pk for each in articles]
    PolicyArticle.objects.filter(pk__in=ids).update(lead=lead)
    shared = PolicyArticle.responsible.through
    shared.objects.filter(policyarticle__in=ids).delete()
    units = list(dict.fromkeys(each.pk for each in responsible))
    shared.objects.bulk_create(
        [shared(policyarticle_id=pk, unit_id=unit) for pk in ids for unit in units]
    )
