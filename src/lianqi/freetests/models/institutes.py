"""Institutes (检测机构): who vouches for them, what they test, and how much of it is free."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import User
from lianqi.demands.models import EVERYTHING_READERS
from lianqi.freetests.enums import Accreditor
from lianqi.register.models import Enterprise

STAFF = (*EVERYTHING_READERS, Role.HANDLER, Role.DEPARTMENT_HEAD, Role.LIAISON_OFFICER)
"""Who knows every institute: whoever may be asked by an enterprise where to have a test done."""


class InstituteQuerySet(models.QuerySet["Institute"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, user: User) -> Self:
        """The list form of `freetests.view_institute`."""
        if user.holds(*STAFF):
            return self
        return self.filter(enterprise_id__in=user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES))


class Institute(models.Model):
    """An institute that tests. Its people act for it if it is an enterprise of the register.

    The free places are test items; they hold from `free_from` until `free_until`, both included.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    enterprise = models.OneToOneField(
        Enterprise,
        models.PROTECT,
        null=True,
        related_name="institute",
        verbose_name=_("entry in the register"),
        help_text=_("its enterprise users then keep their side themselves"),
    )
    address = models.CharField(_("address for samples"), max_length=120, blank=True)
    contact_name = models.CharField(_("contact"), max_length=30)
    contact_phone = models.CharField(_("telephone"), max_length=30)
    free_items = models.PositiveIntegerField(_("free items in total"), default=0)
    free_a_month = models.PositiveIntegerField(_("free items a month"), null=True)
    free_an_enterprise = models.PositiveIntegerField(_("free items for one enterprise"), null=True)
    free_from = models.DateField(_("free from"), null=True)
    free_until = models.DateField(_("free until"), null=True)
    is_active = models.BooleanField(_("in use"), default=True)
    added_at = models.DateTimeField()

    objects = InstituteQuerySet.as_manager()

    class Meta:
        verbose_name = _("test institute")
        constraints = [
            models.CheckConstraint(
                name="institute_free_for_a_time",
                condition=Q(free_items=0, free_from__isnull=True, free_until__isnull=True)
                | Q(
                    free_items__gt=0,
                    free_from__isnull=False,
                    free_until__isnull=False,
                    free_from__lte=models.F("free_until"),
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/free-tests/institutes/{self.pk}/"

    @property
    def accredited_until(self) -> dt.date | None:
        """The last day on which something vouches for it; None where nothing is entered."""
        return max((each.valid_until for each in self.accreditations.all()), default=None)

    def is_accredited(self, on: dt.date) -> bool:
        return any(each.is_valid(on) for each in self.accreditations.all())


class Accreditation(models.Model):
    """What vouches for an institute, until which day, that day included."""

    institute = models.ForeignKey(Institute, models.CASCADE, related_name="accreditations")
    accreditor = models.CharField(_("accreditation"), max_length=8, choices=Accreditor)
    number = models.CharField(_("number of the certificate"), max_length=40)
    valid_until = models.DateField(_("valid until"))

    class Meta:
        verbose_name = _("accreditation")
        constraints = [
            models.UniqueConstraint(
                fields=["institute", "accreditor", "number"], name="accreditation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_accreditor_display()} {self.number}"

    def is_valid(self, on: dt.date) -> bool:
        return on <= self.valid_until


class LabOfferQuerySet(models.QuerySet["LabOffer"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class LabOffer(models.Model):
    """One item that an institute tests by one standard: what it needs, how long, what it costs."""

    institute = models.ForeignKey(Institute, models.CASCADE, related_name="offers")
    standard = models.CharField(
        _("standard"), max_length=80, help_text=_("number and name, as it is cited")
    )
    item = models.CharField(_("test item"), max_length=40)
    samples = models.CharField(_("amount of samples"), max_length=60)
    days = models.PositiveSmallIntegerField(_("working days until the result"))
    price = models.DecimalField(_("normal price in yuan"), max_digits=10, decimal_places=2)
    withdrawn_at = models.DateTimeField(null=True)

    objects = LabOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("test on offer")
        constraints = [
            models.UniqueConstraint(
                name="lab_offer_once_at_a_time",
                fields=["institute", "standard", "item"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="lab_offer_takes_time_and_costs",
                condition=Q(days__gt=0, price__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}（{self.standard}）"
