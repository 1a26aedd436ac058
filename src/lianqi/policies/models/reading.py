"""How often a document is read: counts by month and kind of reader. No person is stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.policies.enums import Reader
from lianqi.policies.models.documents import PolicyDocument
from lianqi.register.models import Enterprise


class PolicyReads(models.Model):
    """Reads of a document in a month by one kind of reader; `month` is its first day."""

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="reads")
    month = models.DateField(_("month"))
    reader = models.CharField(_("reader"), max_length=10, choices=Reader)
    count = models.PositiveIntegerField(_("reads"))

    class Meta:
        verbose_name = _("reads of a policy")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "month", "reader"], name="policy_reads_once_a_month"
            )
        ]
        indexes = [models.Index(fields=["month", "document"], name="policy_reads_by_month")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.month:%Y-%m} {self.reader}"


class PolicyReadBy(models.Model):
    """That somebody of an enterprise read a document in a month; who it was is not kept."""

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="+")
    month = models.DateField(_("month"))
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("enterprise that read a policy")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "month", "enterprise"], name="policy_read_by_once_a_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.month:%Y-%m} {self.enterprise_id}"
