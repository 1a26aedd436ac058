"""Money that was asked for, granted, approved or paid for a need (S59)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.needs.enums import MoneyStage
from lianqi.needs.models.needs import Need
from lianqi.needs.models.programmes import Programme


class NeedMoney(models.Model):
    """One amount of one stage, in yuan. A wrong one is put right by an entry below zero."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="money")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    stage = models.CharField(_("stage"), max_length=10, choices=MoneyStage)
    amount_yuan = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    on = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("money of a need")
        constraints = [
            models.CheckConstraint(name="need_money_is_some", condition=~Q(amount_yuan=0)),
            models.CheckConstraint(
                name="need_money_correction_says_why",
                condition=Q(amount_yuan__gt=0) | ~Q(note=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["programme", "on"],
                include=["stage", "amount_yuan"],
                name="need_money_by_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.stage} {self.amount_yuan}"
