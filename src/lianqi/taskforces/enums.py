"""Words of task forces (专班)."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ForceStatus(TextChoices):
    OPEN = "open", pgettext_lazy("task force", "At work")
    CLOSED = "closed", pgettext_lazy("task force", "Closed")


class UnitPart(TextChoices):
    """What a unit is to a force."""

    LEAD = "lead", pgettext_lazy("task force", "Leads")
    MEMBER = "member", pgettext_lazy("task force", "Member")
