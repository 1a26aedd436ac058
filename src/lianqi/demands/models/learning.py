"""What was learned from closed demands: one row per training, with its examination."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.demands.enums import Learned


class ClassifierQuerySet(models.QuerySet["Classifier"]):
    def latest_of(self, kind: Learned) -> "Classifier | None":
        """The one in use, without its numbers."""
        return self.of(kind).defer("numbers").first()

    def of(self, kind: Learned) -> Self:
        """All of a kind, the newest first."""
        return self.filter(kind=kind).order_by("-version")


class Classifier(models.Model):
    """A model fitted to closed demands; the newest of its kind suggests.

    `numbers` and `description` are what `engines.learning.LinearModel` reads; older ones keep their
    examination and lose their numbers. Labels are codes of categories or ids of units.
    """

    kind = models.CharField(max_length=10, choices=Learned)
    version = models.PositiveIntegerField(_("version"))
    trained_at = models.DateTimeField(_("trained"))
    trained_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("who asked for it; empty: the weekly job"),
    )
    learned = models.PositiveIntegerField(_("demands learned from"))
    held_out = models.PositiveIntegerField(_("demands kept for the examination"))
    description: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    numbers = models.BinaryField()
    judgements: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    confusion: "models.JSONField[list[list[Any]], list[list[Any]]]" = models.JSONField(
        help_text=_("right label, named label, how often")
    )

    objects = ClassifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("classifier")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="classifier_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"
