"""Words of work items."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    LEAD = "lead", _("Lead")
    ASSIST = "assist", _("Assisting")


class PauseReason(TextChoices):
    """The listed reasons for which a clock may stand still."""

    ENTERPRISE_MATERIAL = "enterprise_material", _("Waiting for material from the enterprise")
    ENTERPRISE_REQUEST = "enterprise_request", _("At the enterprise's request")
    HIGHER_LEVEL = "higher_level", _("Waiting for a higher-level authority")
    EXPERT_REVIEW = "expert_review", _("Expert review, test or public notice")


class Outcome(TextChoices):
    """How a work item ended."""

    DONE = "done", _("Done")
    HANDED_BACK = "handed_back", _("Handed back")
    CANCELLED = "cancelled", _("No longer needed")
