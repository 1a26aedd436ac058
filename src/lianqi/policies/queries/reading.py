"""A document as it is read: its parts in order, its versions, where a search found it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lianqi.engines.text import compact, query_tokens
from lianqi.policies.models import (
    PolicyArticle,
    PolicyAspect,
    PolicyDocument,
    PolicyMeasure,
)

AROUND = 24
"""Characters of an article shown on either side of what was searched for."""


@dataclass(frozen=True, slots=True)
class AspectShown:
    """An aspect with its articles in order; None stands for articles of which it is not known."""

    aspect: PolicyAspect | None
    articles: tuple[PolicyArticle, ...]


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """All parts of a document. `articles` counts as the source does."""

    aspects: tuple[AspectShown, ...]
    measures: tuple[PolicyMeasure, ...]
    articles: int


def document_shown(document: PolicyDocument) -> DocumentShown:
    """The parts of a document with their duties; four queries."""
    articles = list(document.articles.with_duties().in_order())
    by_aspect: dict[int | None, list[PolicyArticle]] = {}
    for each in articles:
        by_aspect.setdefault(each.aspect_id, []).append(each)
    shown = [
        AspectShown(aspect, tuple(by_aspect.get(aspect.pk, ())))
        for aspect in document.aspects.order_by("position")
    ]
    if loose := by_aspect.get(None):
        shown.append(AspectShown(None, tuple(loose)))
    measures = document.measures.select_related("article").order_by("position", "pk")
    return DocumentShown(
        tuple(shown), tuple(measures), sum(not each.covers_aspect for each in articles)
    )


def versions_of(document: PolicyDocument, *, made_known: bool) -> list[PolicyDocument]:
    """All versions, the newest first; only those everybody may read if `made_known`."""
    family = PolicyDocument.objects.of_family(document)
    if made_known:
        family = family.made_known()
    return list(family.defer("source_text", "search_text", "search_tokens").order_by("-version"))


def found_where(documents: Sequence[PolicyDocument], query: str) -> dict[int, tuple[str, str]]:
    """The first article of each document whose wording holds the first word, with the passage.

    Number and passage, by the id of the document; one query.
    """
    words = query_tokens(query).words
    if not words or not documents:
        return {}
    found: dict[int, tuple[str, str]] = {}
    rows = PolicyArticle.objects.filter(document__in=[each.pk for each in documents])
    for document_id, number, wording in (
        rows.filter(wording__icontains=words[0])
        .order_by("document", "position")
        .values_list("document_id", "number", "wording")
    ):
        if document_id not in found and (passage := _passage(wording, words)):
            found[document_id] = number, passage
    return found


def _passage(wording: str, words: Sequence[str]) -> str:
    """What stands around the first of the words that occurs as it was typed."""
    low = wording.lower()
    for word in words:
        if word in compact(wording) and (place := low.find(word)) >= 0:
            start, end = max(0, place - AROUND), place + len(word) + AROUND
            before, after = "…" if start else "", "…" if end < len(wording) else ""
            return f"{before}{wording[start:end]}{after}"
    return ""
