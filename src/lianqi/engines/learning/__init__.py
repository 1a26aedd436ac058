"""Learning from wording: which label a text has, how sure that is, and how often it was right.

Reading a model is plain Python and loads nothing; only `fit` needs scikit-learn and numpy.
"""

from lianqi.engines.learning.clustering import Group, belonging, centre_of, group
from lianqi.engines.learning.features import FEATURES, features
from lianqi.engines.learning.fitting import fit
from lianqi.engines.learning.judging import Judgement, Report, held_out, interval, judge
from lianqi.engines.learning.likeness import MARKS, RULES, likeness, marks, pairs
from lianqi.engines.learning.linear import BadModel, Guess, LinearModel

__all__ = [
    "FEATURES",
    "MARKS",
    "RULES",
    "BadModel",
    "Group",
    "Guess",
    "Judgement",
    "LinearModel",
    "Report",
    "belonging",
    "centre_of",
    "features",
    "fit",
    "group",
    "held_out",
    "interval",
    "judge",
    "likeness",
    "marks",
    "pairs",
]
