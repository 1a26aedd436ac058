"""Answers about the policy library."""

from lianqi.policies.queries.comparing import ArticlePair, compared
from lianqi.policies.queries.counts import (
    LibraryCounts,
    PartCounts,
    ReadingFigures,
    ReadingRow,
    library_counts,
    part_counts,
    reading_figures,
    reads_of,
)
from lianqi.policies.queries.ordering import placed
from lianqi.policies.queries.reading import (
    AspectShown,
    DocumentShown,
    document_shown,
    found_where,
    versions_of,
)

__all__ = [
    "ArticlePair",
    "AspectShown",
    "DocumentShown",
    "LibraryCounts",
    "PartCounts",
    "ReadingFigures",
    "ReadingRow",
    "compared",
    "document_shown",
    "found_where",
    "library_counts",
    "part_counts",
    "placed",
    "reading_figures",
    "reads_of",
    "versions_of",
]
