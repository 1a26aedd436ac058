"""Answers about free tests: places left, institutes that fit, figures."""

from lianqi.freetests.queries.demands import TestsOfDemand, tests_of
from lianqi.freetests.queries.figures import InstituteFigures, figures_by_institute, totals
from lianqi.freetests.queries.matching import Match, matches_for
from lianqi.freetests.queries.places import Places, places_of

__all__ = [
    "InstituteFigures",
    "Match",
    "Places",
    "TestsOfDemand",
    "figures_by_institute",
    "matches_for",
    "places_of",
    "tests_of",
    "totals",
]
