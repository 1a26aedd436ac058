"""Figures of the library: what it holds, and how often it is read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from lianqi.policies.enums import PolicyStatus, Reader
from lianqi.policies.models import (
    PolicyArticle,
    PolicyAspect,
    PolicyDocument,
    PolicyMeasure,
    PolicyReadBy,
    PolicyReads,
)

MOST_READ = 100


@dataclass(frozen=True, slots=True)
class PartCounts:
    """Aspects, articles as the source counts them, and measures of one document."""

    aspects: int = 0
    articles: int = 0
    measures: int = 0


def part_counts(documents: Sequence[PolicyDocument]) -> dict[int, PartCounts]:
    """The counts of each document, by its id; three queries."""
    ids = [each.pk for each in documents]
    rows = (
        PolicyAspect.objects.filter(document__in=ids),
        PolicyArticle.objects.counted().filter(document__in=ids),
        PolicyMeasure.objects.filter(document__in=ids),
    )
    aspects, articles, measures = (
        dict(
            found.values_list("document_id")
            .annotate(n=Count("pk"))
            .order_by("document_id")
            .values_list("document_id", "n")
        )
        for found in rows
    )
    return {
        pk: PartCounts(aspects.get(pk, 0), articles.get(pk, 0), measures.get(pk, 0)) for pk in ids
    }


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """Documents of the present and their parts; replaced and abolished ones count nowhere."""

    documents: int
    articles: int
    measures: int


def library_counts() -> LibraryCounts:
    """What the library publishes now; three queries."""
    published = PolicyDocument.objects.filter(status=PolicyStatus.PUBLISHED)
    inside = {"document__status": PolicyStatus.PUBLISHED}
    return LibraryCounts(
        published.count(),
        PolicyArticle.objects.counted().filter(**inside).count(),
        PolicyMeasure.objects.filter(**inside).count(),
    )


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """Reads of one document in a period, by kind of reader; `firms` are distinct enterprises."""

    document: PolicyDocument
    public: int
    enterprise: int
    staff: int
    firms: int

    @property
    def total(self) -> int:
        return self.public + self.enterprise + self.staff


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """Reads in the months from `first` to `last`; `firms` read at least one document."""

    first: dt.date
    last: dt.date
    reads: int
    firms: int
    rows: tuple[ReadingRow, ...]


def reading_figures(*, first: dt.date, last: dt.date) -> ReadingFigures:
    """The most read documents of a period, given by the first days of its months."""
    reads = PolicyReads.objects.filter(month__gte=first, month__lte=last)
    firms = PolicyReadBy.objects.filter(month__gte=first, month__lte=last)
    top = list(
        reads.values("document_id")
        .annotate(total=Sum("count"))
        .order_by("-total", "document_id")
        .values_list("document_id", flat=True)[:MOST_READ]
    )
    documents = PolicyDocument.objects.defer("source_text", "search_text", "search_tokens")
    known = documents.in_bulk(top)
    by_kind = {
        (row["document_id"], row["reader"]): row["total"]
        for row in reads.filter(document__in=top)
        .values("document_id", "reader")
        .annotate(total=Sum("count"))
        .order_by("document_id", "reader")
    }
    distinct = dict(
        firms.filter(document__in=top)
        .values("document_id")
        .annotate(n=Count("enterprise", distinct=True))
        .order_by("document_id")
        .values_list("document_id", "n")
    )
    rows = tuple(
        ReadingRow(
            document=known[pk],
            public=by_kind.get((pk, Reader.PUBLIC), 0),
            enterprise=by_kind.get((pk, Reader.ENTERPRISE), 0),
            staff=by_kind.get((pk, Reader.STAFF), 0),
            firms=distinct.get(pk, 0),
        )
        for pk in top
    )
    totals = reads.aggregate(total=Sum("count"))
    readers = firms.aggregate(n=Count("enterprise", distinct=True))
    return ReadingFigures(first, last, totals["total"] or 0, readers["n"], rows)


def reads_of(document: PolicyDocument, *, first: dt.date, last: dt.date) -> ReadingRow:
    """The reads of one document in a period; two queries."""
    reads = dict(
        PolicyReads.objects.filter(document=document, month__gte=first, month__lte=last)
        .values("reader")
        .annotate(total=Sum("count"))
        .order_by("reader")
        .values_list("reader", "total")
    )
    firms = PolicyReadBy.objects.filter(document=document, month__gte=first, month__lte=last)
    return ReadingRow(
        document=document,
        public=reads.get(Reader.PUBLIC, 0),
        enterprise=reads.get(Reader.ENTERPRISE, 0),
        staff=reads.get(Reader.STAFF, 0),
        firms=firms.values("enterprise").distinct().count(),
    )
