"""What was found in a pack before its publication, kept by its text so that pages stay quick."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _


def review_digest(text: str, cases_text: str) -> str:
    """By which a pack and its cases are known together: SHA-256."""
    return hashlib.sha256(f"{text}\0{cases_text}".encode()).hexdigest()


class PackReview(models.Model):
    """The remarks about one text, as they were on a day.

    Each has fault, problem, measure, where, severity, and example: lines as a case would hold them.
    """

    digest = models.CharField(max_length=64, unique=True)
    on = models.DateField(_("looked at on"))
    remarks = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("review of a rule pack")

    def __str__(self) -> str:
        return self.digest[:12]

    @property
    def stops(self) -> bool:
        """Whether something in it keeps the pack from being published."""
        return any(each["severity"] == "stops" for each in self.remarks)
