"""Rules of the zone."""

from lianqi.matching.models.packs import MOST_TEXT, RulePack, RulePackQuerySet, digest_of

__all__ = ["MOST_TEXT", "RulePack", "RulePackQuerySet", "digest_of"]
