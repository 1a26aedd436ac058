"""Everything that writes conversions."""

from lianqi.conversions.actions.beginning import begin_conversion, link_demand
from lianqi.conversions.actions.evidence import (
    Papers,
    attach_evidence,
    record_evidence_download,
)
from lianqi.conversions.actions.steps import (
    end_conversion,
    go_back,
    own_step,
    report_step,
    settle_step,
    skip_step,
)
from lianqi.conversions.actions.templates import load_conversion_templates

__all__ = [
    "Papers",
    "attach_evidence",
    "begin_conversion",
    "end_conversion",
    "go_back",
    "link_demand",
    "load_conversion_templates",
    "own_step",
    "record_evidence_download",
    "report_step",
    "settle_step",
    "skip_step",
]
