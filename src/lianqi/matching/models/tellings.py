"""Who was told of which measure: once, whatever becomes of it later."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.matching.enums import Group
from lianqi.matching.models.packs import RulePack
from lianqi.matching.models.runs import KEY_LENGTH
from lianqi.register.models import REGISTER_READERS, Enterprise


class TellingQuerySet(models.QuerySet["Telling"]):
    def visible_to(self, user: User) -> Self:
        """Whoever reads the register reads all; others those of their own circle."""
        if user.holds(*REGISTER_READERS):
            return self
        return self.filter(enterprise__in=Enterprise.objects.of_own_circle(user))

    def of_version(self, key: str, version: str) -> Self:
        """Of all revisions of a version: what was told is not told again for a mended comma."""
        return self.filter(key=key, version=version)


class Telling(models.Model):
    """An enterprise was told that a measure fits it.

    Attributes:
        low, high: Fen, as it was told; None where no sum was.
        told_by: None if the platform did so by itself.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="policies_told")
    key = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    measure = models.CharField(max_length=KEY_LENGTH)
    pack = models.ForeignKey(RulePack, models.SET_NULL, null=True, related_name="+")
    group = models.CharField(max_length=14, choices=Group)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    people = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(_("told"))
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = TellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise told of a measure")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version", "measure", "enterprise"], name="told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.key}/{self.measure}"
