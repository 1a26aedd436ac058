"""What is known about an enterprise: contacts, key lists, titles, and figures with their source."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.register.enums import Qualifier, TitleLevel
from lianqi.register.models.enterprises import Enterprise
from lianqi.register.models.reference import InUseQuerySet


class Contact(models.Model):
    """A person to speak to. Shown masked; the full number only for a stated purpose."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=50)
    position = models.CharField(_("position"), max_length=50, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_main = models.BooleanField(_("main contact"), default=False)
    source = models.CharField(_("source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("contact")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name", "mobile"], name="contact_once")
        ]
        indexes = [models.Index(fields=["mobile"], name="contact_by_mobile")]

    def __str__(self) -> str:
        return f"{self.enterprise_id}/{self.pk}"


class KeyList(models.Model):
    """A list of key enterprises (重点企业名单) that somebody decided."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    issued_by = models.CharField(_("issued by"), max_length=80, blank=True)
    members = models.ManyToManyField(Enterprise, related_name="key_lists")
    is_active = models.BooleanField(_("in use"), default=True)

    objects = InUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("key-enterprise list")

    def __str__(self) -> str:
        return self.name


class Title(models.Model):
    """A recognition (高企, 专精特新 …) with level, batch and validity."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="titles")
    label = models.CharField(pgettext_lazy("recognition", "title"), max_length=60)
    level = models.CharField(_("level"), max_length=12, choices=TitleLevel)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=160, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("recognition", "title")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "label", "level", "batch"], name="title_once"
            )
        ]

    def __str__(self) -> str:
        return self.label


class FactQuerySet(models.QuerySet["Fact"]):
    def standing(self) -> Self:
        """Observations that nobody withdrew."""
        return self.filter(withdrawn_at__isnull=True)

    def of_year(self, key: str, year: int) -> Self:
        return self.filter(key=key, period=str(year))


class Fact(models.Model):
    """One figure about an enterprise: value, unit, period, source, when observed, how exact.

    A later observation of the same period is a new row; the newest that stands counts, the older
    and the withdrawn stay. Zero is data; a fact that is not known has no row. Money is in yuan.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="facts")
    key = models.CharField(_("fact"), max_length=40)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=12)
    period = models.CharField(_("period"), max_length=10, help_text="2025, 2025-H1, 2025-06")
    source = models.CharField(_("source"), max_length=120)
    observed_at = models.DateTimeField(_("observed at"))
    qualifier = models.CharField(
        _("how exact"), max_length=10, choices=Qualifier, default=Qualifier.EXACT
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        constraints = [
            models.CheckConstraint(
                name="fact_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["enterprise", "key", "-period", "-observed_at"], name="fact_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.key} {self.period}"
