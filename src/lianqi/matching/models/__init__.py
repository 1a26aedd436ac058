"""Rule packs, what reviewers answered to them, and who meets their measures."""

from lianqi.matching.models.lists import LIST_READERS, FactList, FactListQuerySet
from lianqi.matching.models.pack_reviews import PackReview, review_digest
from lianqi.matching.models.packs import MOST_TEXT, RulePack, RulePackQuerySet, digest_of
from lianqi.matching.models.reviews import ReviewAnswer, ReviewAnswerQuerySet
from lianqi.matching.models.runs import (
    COUNTERS,
    Followed,
    Match,
    MatchQuerySet,
    MatchRun,
    MatchRunQuerySet,
)
from lianqi.matching.models.saved import SavedAssessment, SavedAssessmentQuerySet
from lianqi.matching.models.tellings import Telling, TellingQuerySet
from lianqi.matching.models.totals import MatchTotal

__all__ = [
    "COUNTERS",
    "LIST_READERS",
    "MOST_TEXT",
    "FactList",
    "FactListQuerySet",
    "Followed",
    "Match",
    "MatchQuerySet",
    "MatchRun",
    "MatchRunQuerySet",
    "MatchTotal",
    "PackReview",
    "ReviewAnswer",
    "ReviewAnswerQuerySet",
    "RulePack",
    "RulePackQuerySet",
    "SavedAssessment",
    "SavedAssessmentQuerySet",
    "Telling",
    "TellingQuerySet",
    "digest_of",
    "review_digest",
]
