"""Categories of demands: what they are called, who leads them, which clock they have."""

from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.work.enums import Urgency


class DemandCategoryQuerySet(models.QuerySet["DemandCategory"]):
    def in_use(self) -> Self:
        """The categories one may choose for a new demand, in the zone's own order."""
        return self.filter(is_active=True).order_by("position", "pk")

    def for_tips(self) -> Self:
        """The categories in which somebody may write without giving a name."""
        return self.in_use().filter(allows_anonymous=True)


class DemandCategory(models.Model):
    """A kind of demand, which unit leads it, and how pressing it usually is."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    lead_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_categories",
        verbose_name=_("lead unit"),
    )
    usual_urgency = models.CharField(
        _("usual urgency"), max_length=20, choices=Urgency, default=Urgency.NORMAL
    )
    allows_anonymous = models.BooleanField(_("anonymous tips allowed"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = DemandCategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("demand category")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh
