"""Assessments that were saved, to be told again years later, byte for byte."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.matching.models.packs import RulePack
from lianqi.register.models import Enterprise


class SavedAssessmentQuerySet(models.QuerySet["SavedAssessment"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `matching.view_verdicts`."""
        return self.filter(enterprise__in=Enterprise.objects.visible_to(user))

    def for_list(self) -> Self:
        return self.defer("kept").select_related("saved_by", "pack").order_by("-pk")


class SavedAssessment(models.Model):
    """What a measure was for an enterprise on a day, with all that it rests on; it never changes.

    `kept` is canonical JSON of the rule itself, the facts as they were and the result, exactly as
    `engines.packs.saving` wrote it. `origins` says where each fact came from.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="saved_assessments")
    pack = models.ForeignKey(
        RulePack, models.PROTECT, related_name="saved_assessments", verbose_name=_("rule pack")
    )
    measure_key = models.CharField(max_length=60)
    title = models.CharField(_("title"), max_length=300)
    on = models.DateField(_("as of"))
    status = models.CharField(_("status"), max_length=20)
    rule_digest = models.CharField(max_length=64)
    kept = models.TextField()
    origins = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saved by")
    )

    objects = SavedAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved assessment")
        indexes = [models.Index(fields=["enterprise", "-id"], name="saved_by_enterprise")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/matching/saved/{self.pk}/"
