"""What every act about a policy has in common: lock, table, permission; then index and event."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import heads_of
from lianqi.audit.actions import record
from lianqi.engines.flow import IllegalMove
from lianqi.notices.actions import notify
from lianqi.policies.enums import PolicyStatus
from lianqi.policies.errors import PolicyMoveNotPossible
from lianqi.policies.flow import BESIDE, POLICY_FLOW
from lianqi.policies.models import PolicyArticle, PolicyDocument, search_columns
from lianqi.work.queries import local_date, people_on_the_desk

MOST_ROWS = 1000
"""Articles of one document, and likewise its measures: pages show all of them."""


def locked(
    document_id: int, verb: str, *, by: User, permission: str = "policies.edit"
) -> tuple[PolicyDocument, PolicyStatus]:
    """Lock the document and return it with the status that `verb` leads to; the table comes first.

    Raises:
        PolicyMoveNotPossible: Somebody moved it meanwhile.
        PermissionDenied: `by` may not do this.
    """
    document = PolicyDocument.objects.select_for_update().get(pk=document_id)
    try:
        target = POLICY_FLOW.target(verb, status=PolicyStatus(document.status))
    except IllegalMove as error:
        raise moved(document) from error
    if not by.has_perm(permission, document):
        raise PermissionDenied
    return document, target


def locked_beside(
    document_id: int, act: str, *, by: User, permission: str = "policies.edit"
) -> PolicyDocument:
    """Lock the document for something beside its moves, which leaves the status as it is."""
    document = PolicyDocument.objects.select_for_update().get(pk=document_id)
    if document.status not in BESIDE[act]:
        raise moved(document)
    if not by.has_perm(permission, document):
        raise PermissionDenied
    return document


def locked_article(article_id: int, act: str, *, by: User, permission: str) -> PolicyArticle:
    """Lock the document of an article; the permission is asked about the article.

    Raises:
        PolicyMoveNotPossible: The document stands otherwise by now.
        PermissionDenied: `by` may not do this.
    """
    document_id = PolicyArticle.objects.values_list("document_id", flat=True).get(pk=article_id)
    document = PolicyDocument.objects.select_for_update().get(pk=document_id)
    article = PolicyArticle.objects.select_related("lead").get(pk=article_id)
    article.document = document
    if document.status not in BESIDE[act]:
        raise moved(document)
    if not by.has_perm(permission, article):
        raise PermissionDenied
    return article


def moved(document: PolicyDocument) -> PolicyMoveNotPossible:
    return PolicyMoveNotPossible(title=document.title, status=document.get_status_display())


def refile(document: PolicyDocument) -> None:
    """Write anew the words by which a locked document is found, and its lead departments."""
    articles = document.articles.order_by("position").values_list("title", "wording", "lead")
    texts = [document.number, document.issuer, document.source_text]
    texts += document.aspects.order_by("position").values_list("title", flat=True)
    texts += [text for title, wording, _lead in articles for text in (title, wording)]
    measures = document.measures.order_by("position").values_list("title", "description")
    texts += [text for pair in measures for text in pair]
    notes = document.notes.made_known().order_by("pk").values_list("title", "text")
    texts += [text for pair in notes for text in pair]
    questions = document.questions.made_known().order_by("pk").values_list("text", "answer")
    texts += [text for pair in questions for text in pair]
    document.search_text, document.search_tokens = search_columns(document.title, *texts)
    document.leads = sorted({lead for _title, _wording, lead in articles if lead is not None})
    document.save(update_fields=["search_text", "search_tokens", "leads"])


def set_leads(document: PolicyDocument) -> None:
    """Write anew which departments lead an article of a locked document."""
    named = document.articles.filter(lead__isnull=False).order_by("lead")
    document.leads = list(named.values_list("lead", flat=True).distinct())
    document.save(update_fields=["leads"])


def note(verb: str, document: PolicyDocument, *, by: User, at: dt.datetime, **detail: Any) -> None:
    record(verb, document, by=by, at=at, title=document.title, version=document.version, **detail)


def workers_of(unit: Unit, *, at: dt.datetime) -> list[User]:
    """The desk of a unit and its heads."""
    on = local_date(at)
    return [*people_on_the_desk(unit, on=on), *heads_of(unit, on=on)]


def tell(
    people: Iterable[User],
    document: PolicyDocument,
    event: str,
    *,
    at: dt.datetime,
    url: str = "",
    **names: object,
) -> None:
    """Notify people once per event, place and moment; the text goes out after the commit."""
    url = url or document.get_absolute_url()
    notify(
        people,
        event=event,
        names={"title": document.title, "version": document.version, **names},
        url=url,
        at=at,
        dedupe_key=f"{event}:{url}:{at.isoformat()}",
    )
