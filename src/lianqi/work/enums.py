"""Words of work items."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Part(TextChoices):
    LEAD = "lead", _("Lead")
    ASSIST = "assist", _("Assisting")


class Urgency(TextChoices):
    """How pressing a matter is; decides which clocks its steps get (`ClockRule.priority`).

    From the least to the most pressing: the order is that of the members.
    """

    NORMAL = "normal", pgettext_lazy("urgency", "Normal")
    URGENT = "urgent", pgettext_lazy("urgency", "Urgent")
    CRITICAL = "critical", pgettext_lazy("urgency", "Critical")


class Level(IntegerChoices):
    """A place in the reporting line: who is told when a share of the time has run."""

    RESPONSIBLE = 0, _("Whoever has the work")
    HEAD = 1, _("Head of the unit")
    LEADER = 2, _("Leader in charge")
    DISPATCH_DESK = 3, _("Service centre")


class PauseReason(TextChoices):
    """The listed reasons for which a clock may stand still."""

    ENTERPRISE_MATERIAL = "enterprise_material", _("Waiting for material from the enterprise")
    ENTERPRISE_REQUEST = "enterprise_request", _("At the enterprise's request")
    HIGHER_LEVEL = "higher_level", _("Waiting for a higher-level authority")
    EXPERT_REVIEW = "expert_review", _("Expert review, test or public notice")
    OBJECTION = "objection", _("The responsibility is being decided")


# Not chosen by anybody: an objection stops the clock, its decision sets it going.
CHOSEN_PAUSES = [(each.value, each.label) for each in PauseReason if each != "objection"]


class Outcome(TextChoices):
    """How a work item ended."""

    DONE = "done", _("Done")
    HANDED_BACK = "handed_back", _("Handed back")
    CANCELLED = "cancelled", _("No longer needed")
