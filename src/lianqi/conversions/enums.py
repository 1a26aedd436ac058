"""Words of conversions (转产)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ConversionStatus(TextChoices):
    OPEN = "open", pgettext_lazy("conversion", "Under way")
    STABLE = "stable", pgettext_lazy("conversion", "Stable production")
    ENDED = "ended", pgettext_lazy("conversion", "Ended")


class StepStatus(TextChoices):
    WAITING = "waiting", pgettext_lazy("step of a conversion", "Not begun")
    CURRENT = "current", pgettext_lazy("step of a conversion", "Under way")
    DONE = "done", pgettext_lazy("step of a conversion", "Done")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("step of a conversion", "Not applicable")


class Party(TextChoices):
    """Who has to act in a step; the force keeps every one of them."""

    FORCE = "force", _("Task force")
    ENTERPRISE = "enterprise", _("Enterprise")
    INSTITUTE = "institute", _("Institute")


class Measure(TextChoices):
    """What a step asks to be counted."""

    LINES = "lines", _("Production lines bought")
    CAPACITY = "capacity", _("Capacity a day")


class ConversionStep(TextChoices):
    """What a conversion makes somebody owe; which step of the chain it is stands in the label."""

    CARRY = "carry_conversion", _("Step of a conversion")
