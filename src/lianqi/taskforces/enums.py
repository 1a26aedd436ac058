"""Words of task forces (专班)."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ForceStatus(TextChoices):
    OPEN = "open", pgettext_lazy("task force", "At work")
    CLOSED = "closed", pgettext_lazy("task force", "Closed")
