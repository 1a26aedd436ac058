"""Tables of conversions: the checklist as data, and what becomes of it."""

from lianqi.conversions.models.conversions import (
    ChainStep,
    Conversion,
    ConversionQuerySet,
    EnterpriseReport,
)
from lianqi.conversions.models.templates import ConversionTemplate, TemplateStep

__all__ = [
    "ChainStep",
    "Conversion",
    "ConversionQuerySet",
    "ConversionTemplate",
    "EnterpriseReport",
    "TemplateStep",
]
