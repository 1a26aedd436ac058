"""The checklist of a conversion as data: which steps, whose, until when, with what evidence."""

from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianqi.conversions.enums import Measure, Party


def _in_language(chinese: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else chinese


class ConversionTemplateQuerySet(models.QuerySet["ConversionTemplate"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True).order_by("pk")


class ConversionTemplate(models.Model):
    """A chain of steps. A conversion keeps the steps it began with."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ConversionTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist of conversions")

    def __str__(self) -> str:
        return _in_language(self.name_zh, self.name_en)


class TemplateStep(models.Model):
    """One step of a chain. Its clock is the `ClockRule` whose set is this row's id."""

    template = models.ForeignKey(ConversionTemplate, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=30)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    party = models.CharField(_("who acts"), max_length=12, choices=Party)
    asks_zh = models.CharField(_("what is asked, in Chinese"), max_length=200)
    asks_en = models.CharField(_("what is asked, in English"), max_length=200)
    evidence_zh = models.CharField(_("evidence, in Chinese"), max_length=100)
    evidence_en = models.CharField(_("evidence, in English"), max_length=100)
    measure = models.CharField(_("figure"), max_length=12, choices=Measure, blank=True)

    class Meta:
        verbose_name = _("step of a checklist")
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="template_step_once"),
            models.UniqueConstraint(fields=["template", "position"], name="template_step_in_order"),
        ]

    def __str__(self) -> str:
        return _in_language(self.name_zh, self.name_en)

    @property
    def asks(self) -> str:
        return _in_language(self.asks_zh, self.asks_en)

    @property
    def evidence(self) -> str:
        return _in_language(self.evidence_zh, self.evidence_en)
