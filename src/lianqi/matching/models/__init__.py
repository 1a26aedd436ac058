"""Rules of the zone."""

from lianqi.matching.models.packs import MOST_TEXT, RulePack, RulePackQuerySet, digest_of
from lianqi.matching.models.reviews import ReviewAnswer, ReviewAnswerQuerySet

__all__ = [
    "MOST_TEXT",
    "ReviewAnswer",
    "ReviewAnswerQuerySet",
    "RulePack",
    "RulePackQuerySet",
    "digest_of",
]
