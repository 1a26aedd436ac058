"""Interpretations of a document (政策解读), questions of enterprises and their answers."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import Unit, User
from lianqi.policies.actions.moving import locked_beside, moved, note, refile, tell, workers_of
from lianqi.policies.enums import QuestionStep
from lianqi.policies.errors import (
    AnswerMissing,
    ArticleOfAnother,
    NoteIncomplete,
    NotePublished,
    QuestionAnswered,
    QuestionMissing,
)
from lianqi.policies.flow import BESIDE
from lianqi.policies.models import PolicyArticle, PolicyDocument, PolicyNote, PolicyQuestion
from lianqi.register.models import Enterprise
from lianqi.register.queries import people_of
from lianqi.work.actions import finish_items, open_item


@transaction.atomic
def write_note(document_id: int, *, title: str, text: str, by: User, at: dt.datetime) -> PolicyNote:
    """Write an interpretation; nobody outside reads it before it is published.

    Raises:
        PolicyMoveNotPossible: The document is not published.
        NoteIncomplete: Title or text is missing.
    """
    document = locked_beside(document_id, "explain", by=by, permission="policies.explain")
    _require_note(title, text)
    written = PolicyNote.objects.create(
        document=document, title=title.strip(), text=text.strip(), written_at=at, written_by=by
    )
    note("policies.note_written", document, by=by, at=at, note=written.title)
    return written


@transaction.atomic
def change_note(note_id: int, *, title: str, text: str, by: User, at: dt.datetime) -> PolicyNote:
    """Change an interpretation that nobody outside reads yet.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished.
        NotePublished: It is read already.
        NoteIncomplete: Title or text is missing.
    """
    written, document = _locked_note(note_id, by=by)
    if written.published_at is not None:
        raise NotePublished
    _require_note(title, text)
    written.title, written.text = title.strip(), text.strip()
    written.save(update_fields=["title", "text"])
    note("policies.note_changed", document, by=by, at=at, note=written.title)
    return written


@transaction.atomic
def publish_note(note_id: int, *, by: User, at: dt.datetime) -> PolicyNote:
    """Let everybody read an interpretation; twice changes nothing."""
    written, document = _locked_note(note_id, by=by)
    if written.published_at is None:
        written.published_at, written.published_by = at, by
        written.save(update_fields=["published_at", "published_by"])
        refile(document)
        note("policies.note_published", document, by=by, at=at, note=written.title)
    return written


@transaction.atomic
def take_back_note(note_id: int, *, by: User, at: dt.datetime) -> PolicyNote:
    """Take an interpretation back, to change it; twice changes nothing."""
    written, document = _locked_note(note_id, by=by)
    if written.published_at is not None:
        written.published_at = written.published_by = None
        written.save(update_fields=["published_at", "published_by"])
        refile(document)
        note("policies.note_taken_back", document, by=by, at=at, note=written.title)
    return written


@transaction.atomic
def ask_question(
    document_id: int,
    *,
    enterprise: Enterprise,
    text: str,
    by: User,
    at: dt.datetime,
    article: PolicyArticle | None = None,
) -> PolicyQuestion:
    """Ask about a published document; the lead department owes the answer within a clock.

    Without an article the department that leads most of the document is asked.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished: ask about the newer one.
        QuestionMissing: There is nothing to answer.
        ArticleOfAnother: The article belongs to another document.
        PermissionDenied: `by` does not act for the enterprise.
    """
    document = PolicyDocument.objects.get(pk=document_id)
    if document.status not in BESIDE["ask"]:
        raise moved(document)
    own = by.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
    if not by.has_perm("policies.ask", document) or enterprise.pk not in own:
        raise PermissionDenied
    if not text.strip():
        raise QuestionMissing
    if article is not None and article.document_id != document.pk:
        raise ArticleOfAnother
    unit = article.lead if article is not None else None
    question = PolicyQuestion.objects.create(
        document=document,
        article=article,
        enterprise=enterprise,
        text=text.strip(),
        asked_at=at,
        asked_by=by,
        unit=unit or _main_lead(document),
    )
    open_item(
        question,
        step=QuestionStep.ANSWER,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        label=f"{document.title} · {question.text}"[:200],
        url=question.get_absolute_url(),
        unit=question.unit,
    )
    note(
        "policies.question_asked", document, by=by, at=at, enterprise_id=enterprise.pk,
        question=question.pk, unit=question.unit.name,
    )  # fmt: skip
    tell(
        workers_of(question.unit, at=at), document, "policies.question_asked", at=at,
        url=question.get_absolute_url(), enterprise=enterprise,
    )  # fmt: skip
    return question


@transaction.atomic
def answer_question(
    question_id: int, *, answer: str, is_published: bool, by: User, at: dt.datetime
) -> PolicyQuestion:
    """Answer a question; the enterprise is told, and everybody may read it if that is wished.

    Raises:
        QuestionAnswered: A colleague was faster.
        AnswerMissing: There is nothing to read.
    """
    # The document first, as everywhere; its index takes up what everybody may read.
    document_id = PolicyQuestion.objects.values_list("document_id", flat=True).get(pk=question_id)
    document = PolicyDocument.objects.select_for_update().get(pk=document_id)
    question = PolicyQuestion.objects.select_related("unit", "enterprise", "answered_by").get(
        pk=question_id
    )
    if question.answered_by is not None:
        raise QuestionAnswered(person=question.answered_by)
    if not by.has_perm("policies.answer", question):
        raise PermissionDenied
    if not answer.strip():
        raise AnswerMissing
    question.answer, question.is_published = answer.strip(), is_published
    question.answered_at, question.answered_by = at, by
    question.save(update_fields=["answer", "is_published", "answered_at", "answered_by"])
    if is_published:
        refile(document)
    finish_items(question, step=QuestionStep.ANSWER, by=by, at=at)
    note(
        "policies.question_answered", document, by=by, at=at,
        enterprise_id=question.enterprise_id, question=question.pk, is_published=is_published,
    )  # fmt: skip
    tell(
        people_of(question.enterprise), document, "policies.question_answered", at=at,
        url=question.get_absolute_url(), unit=question.unit,
    )  # fmt: skip
    return question


def _main_lead(document: PolicyDocument) -> Unit:
    """The department that leads most articles; the first of them among equals."""
    counts = document.articles.filter(lead__isnull=False).values("lead").annotate(n=Count("pk"))
    most = counts.order_by("-n", "lead").values_list("lead", flat=True)
    return Unit.objects.get(pk=most[0])


def _locked_note(note_id: int, *, by: User) -> tuple[PolicyNote, PolicyDocument]:
    document_id = PolicyNote.objects.values_list("document_id", flat=True).get(pk=note_id)
    document = locked_beside(document_id, "explain", by=by, permission="policies.explain")
    return PolicyNote.objects.get(pk=note_id), document


def _require_note(title: str, text: str) -> None:
    if not title.strip() or not text.strip():
        raise NoteIncomplete
