"""Orders to institutes: each takes items of one test, and free places of the institute."""

import datetime as dt
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import User
from lianqi.freetests.enums import HOLDS_PLACES, UNDER_WAY, LabOrderStatus, Verdict
from lianqi.freetests.flow import ORDER_FLOW
from lianqi.freetests.models.free_tests import FreeTest
from lianqi.freetests.models.institutes import Institute, LabOffer


def _together(name: str) -> models.CheckConstraint:
    """Who did it is known if and only if it was done."""
    at, by = f"{name}_at__isnull", f"{name}_by__isnull"
    return models.CheckConstraint(
        name=f"lab_order_{name}_by_somebody",
        condition=Q(**{at: True, by: True}) | Q(**{at: False, by: False}),
    )


class LabOrderQuerySet(models.QuerySet["LabOrder"]):
    def under_way(self) -> Self:
        return self.filter(status__in=UNDER_WAY)

    def holding_places(self) -> Self:
        return self.filter(status__in=HOLDS_PLACES)

    def done(self) -> Self:
        return self.filter(status=LabOrderStatus.DONE)

    def placed_between(self, first: dt.date | None, last: dt.date | None) -> Self:
        """Placed on one of these days of the zone's calendar, both included; None is no limit."""
        given = {"placed_on__gte": first, "placed_on__lte": last}
        return self.filter(**{name: day for name, day in given.items() if day is not None})

    def visible_to(self, user: User) -> Self:
        """The list form of `freetests.view_order`: of tests in reach, and of the own institute."""
        tests = FreeTest.objects.in_reach_of(user)
        firms = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        return self.filter(Q(test__in=tests.values("pk")) | Q(institute__enterprise_id__in=firms))

    def for_list(self) -> Self:
        return (
            self.select_related("institute", "test__enterprise", "test__force__unit")
            .prefetch_related("items")
            .order_by("-pk")
        )


class LabOrder(models.Model):
    """An order of a task force to an institute, and what came of it."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    test = models.ForeignKey(FreeTest, models.PROTECT, related_name="orders")
    institute = models.ForeignKey(
        Institute, models.PROTECT, related_name="orders", verbose_name=_("institute")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=LabOrderStatus, default=LabOrderStatus.PLACED
    )
    reasons = models.TextField(_("why this institute"), max_length=1000, blank=True)
    days = models.PositiveSmallIntegerField(_("working days until the result"))
    placed_on = models.DateField(help_text=_("in whose month its places count"))
    placed_at = models.DateTimeField(_("ordered"))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    received_at = models.DateTimeField(_("samples received"), null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    samples = models.CharField(_("samples received"), max_length=120, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    report_number = models.CharField(_("number of the report"), max_length=60, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)

    objects = LabOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("test order")
        constraints = [
            _together("answered"),
            _together("received"),
            _together("ended"),
            models.CheckConstraint(
                name="lab_order_ended_at_a_time",
                condition=Q(status__in=UNDER_WAY, ended_at__isnull=True)
                | (~Q(status__in=UNDER_WAY) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="lab_order_done_by_a_report",
                condition=~Q(status=LabOrderStatus.DONE) | ~Q(report_number=""),
            ),
        ]
        indexes = [
            models.Index(fields=["institute", "placed_on"], name="lab_order_by_institute"),
            models.Index(fields=["institute", "-id"], name="lab_order_of_institute"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.institute}"

    def get_absolute_url(self) -> str:
        return f"{self.test.get_absolute_url()}#order-{self.pk}"

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return ORDER_FLOW.allowed(LabOrderStatus(self.status))

    @property
    def enterprise_id(self) -> int:
        """Whose test it is: events about its files are told to this enterprise."""
        return self.test.enterprise_id

    @property
    def holds_places(self) -> bool:
        return self.status in HOLDS_PLACES

    @property
    def has_passed(self) -> bool:
        """Whether every item passed; only of an order whose result is filed."""
        return all(item.verdict == Verdict.PASSED for item in self.items.all())

    @property
    def saved(self) -> Decimal:
        """What its items would have cost, in yuan."""
        return sum((item.price for item in self.items.all()), Decimal("0.00"))


class LabItem(models.Model):
    """One item of an order, with the price it would have had on the day of the order."""

    order = models.ForeignKey(LabOrder, models.CASCADE, related_name="items")
    offer = models.ForeignKey(LabOffer, models.PROTECT, related_name="+")
    item = models.CharField(_("test item"), max_length=40)
    standard = models.CharField(_("standard"), max_length=80)
    price = models.DecimalField(_("normal price in yuan"), max_digits=10, decimal_places=2)
    verdict = models.CharField(_("result"), max_length=8, choices=Verdict, blank=True)
    value = models.CharField(_("value"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("item of a test order")
        constraints = [
            models.UniqueConstraint(fields=["order", "item"], name="lab_item_once"),
        ]

    def __str__(self) -> str:
        return self.item
