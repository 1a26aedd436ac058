"""States of a stored file."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ScanState(TextChoices):
    CLEAN = "clean", _("Checked, nothing found")
    INFECTED = "infected", _("Refused: malware")
