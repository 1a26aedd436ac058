"""Tables of the policy library."""

from lianqi.policies.models.articles import (
    Overlap,
    PolicyArticle,
    PolicyArticleQuerySet,
    PolicyAspect,
    PolicyMeasure,
)
from lianqi.policies.models.documents import PolicyDocument, PolicyDocumentQuerySet, search_columns
from lianqi.policies.models.outcomes import PolicyOutcome, PolicyOutcomeQuerySet
from lianqi.policies.models.reading import PolicyReadBy, PolicyReads
from lianqi.policies.models.voices import PolicyNote, PolicyQuestion, PolicyQuestionQuerySet

__all__ = [
    "Overlap",
    "PolicyArticle",
    "PolicyArticleQuerySet",
    "PolicyAspect",
    "PolicyDocument",
    "PolicyDocumentQuerySet",
    "PolicyMeasure",
    "PolicyNote",
    "PolicyOutcome",
    "PolicyOutcomeQuerySet",
    "PolicyQuestion",
    "PolicyQuestionQuerySet",
    "PolicyReadBy",
    "PolicyReads",
    "search_columns",
]
