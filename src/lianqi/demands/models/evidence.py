"""Which attachment of a demand is which of the documents that its category asks for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.demands.models.categories import EvidenceKind
from lianqi.demands.models.demands import Demand
from lianqi.files.models import StoredFile


class DemandEvidence(models.Model):
    """One attachment, handed in as a document of one kind."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="evidence")
    kind = models.ForeignKey(EvidenceKind, models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("evidence")

    def __str__(self) -> str:
        return f"{self.demand_id} {self.kind}"
