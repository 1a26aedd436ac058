"""Answers about rule packs and what they mean for enterprises."""

from lianqi.matching.queries.checking import (
    Checked,
    checked,
    packs_of,
    reader_language,
)
from lianqi.matching.queries.explanations import Explanation, explained, explanation_for
from lianqi.matching.queries.pack_reviews import review_of
from lianqi.matching.queries.snapshots import REGISTER, Known, snapshots
from lianqi.matching.queries.verdicts import (
    Missing,
    Verdict,
    Verdicts,
    in_force,
    verdicts_for,
)

__all__ = [
    "REGISTER",
    "Checked",
    "Explanation",
    "Known",
    "Missing",
    "Verdict",
    "Verdicts",
    "checked",
    "explained",
    "explanation_for",
    "in_force",
    "packs_of",
    "reader_language",
    "review_of",
    "snapshots",
    "verdicts_for",
]
