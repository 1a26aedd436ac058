"""Which unit should have a demand, and why."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianqi.accounts.models import Unit
from lianqi.demands.models import DemandCategory
from lianqi.register.models import Enterprise


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit proposed for a demand, and why, in the reader's language."""

    unit: Unit
    reason: str


def suggest_unit(category: DemandCategory, enterprise: Enterprise | None) -> Suggestion | None:
    """Propose the lead unit of the category; else the unit that supervises the industry.

    Of several supervising units the one named for the most specific industry code wins, then the
    lower id, so that the same question always has the same answer.
    """
    if category.lead_unit is not None and category.lead_unit.is_active:
        return Suggestion(
            category.lead_unit,
            _("The duty catalogue names %(unit)s for “%(category)s”.")
            % {"unit": category.lead_unit, "category": category},
        )
    if enterprise is None or enterprise.industry is None:
        return None
    industry = enterprise.industry
    codes = [industry.section, *(industry.code[:n] for n in range(2, len(industry.code) + 1))]
    units = Unit.objects.active().filter(industries__overlap=codes)
    ranked = sorted(
        units, key=lambda unit: (-max(len(c) for c in unit.industries if c in codes), unit.pk)
    )
    if not ranked:
        return None
    return Suggestion(
        ranked[0],
        _("%(unit)s supervises the industry %(industry)s of this enterprise.")
        % {"unit": ranked[0], "industry": industry},
    )
