"""Size classes of enterprises by 工信部联企业〔2011〕300号."""

from lianqi.engines.sizes.bounds import GROUPS, Group, Indicator, Size
from lianqi.engines.sizes.industries import Coverage, Placement, placement_of
from lianqi.engines.sizes.readings import Reading
from lianqi.engines.sizes.verdict import Outcome, SizeVerdict, size_class

__all__ = [
    "GROUPS",
    "Coverage",
    "Group",
    "Indicator",
    "Outcome",
    "Placement",
    "Reading",
    "Size",
    "SizeVerdict",
    "placement_of",
    "size_class",
]
