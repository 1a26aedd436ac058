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
from lianqi.policies.queries.outcomes import (
    Computed,
    OutcomeShown,
    outcomes_of,
    outcomes_shown,
)
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
    "Computed",
    "DocumentShown",
    "LibraryCounts",
    "OutcomeShown",
    "PartCounts",
    "ReadingFigures",
    "ReadingRow",
    "compared",
    "document_shown",
    "found_where",
    "library_counts",
    "outcomes_of",
    "outcomes_shown",
    "part_counts",
    "placed",
    "reading_figures",
    "reads_of",
    "versions_of",
]
