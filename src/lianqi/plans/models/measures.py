"""Measures of a service plan: what, whose, until when, what came of it, and what is said of it."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import Unit, User
from lianqi.demands.models import EVERYTHING_READERS
from lianqi.plans.enums import EntryKind, MeasureKind, MeasureStatus, PlanStatus, Verdict
from lianqi.plans.flow import SETTLED
from lianqi.plans.models.plans import ServicePlan

MANY_PLANS = 1000


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `plans.view_measure`: of an own firm's, what was put to it."""
        seen = self
        if not user.holds(*EVERYTHING_READERS):
            plans = ServicePlan.objects.visible_to(user).order_by().values_list("pk", flat=True)
            # A few plans are named: the planner would walk all measures to find theirs.
            few = list(plans[: MANY_PLANS + 1])
            seen = self.filter(plan__in=plans if len(few) > MANY_PLANS else few)
        if own := user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES):
            inner = Q(plan__agreed_on__isnull=True) & ~Q(plan__status=PlanStatus.PROPOSED)
            seen = seen.exclude(inner & Q(plan__enterprise_id__in=own))
        return seen

    def open(self) -> Self:
        return self.filter(status=MeasureStatus.OPEN)

    def counted(self) -> Self:
        """The denominator of all rates: whatever was begun and not called off."""
        return self.exclude(status__in=[MeasureStatus.PLANNED, MeasureStatus.CALLED_OFF])

    def settled(self) -> Self:
        """With a result."""
        return self.filter(status__in=SETTLED)

    def overdue(self, *, on: dt.date) -> Self:
        """Without a result after their day. On the day itself the light says more, by the hour."""
        return self.open().filter(due_on__lt=on)

    def in_time(self) -> Self:
        """Done, wholly or in part, before the time ended."""
        return self.filter(status__in=[MeasureStatus.DONE, MeasureStatus.PARTLY], was_late=False)

    def done_late(self) -> Self:
        return self.filter(status__in=[MeasureStatus.DONE, MeasureStatus.PARTLY], was_late=True)

    def not_possible(self) -> Self:
        return self.filter(status=MeasureStatus.NOT_POSSIBLE)

    def doubted(self) -> Self:
        return self.filter(verdict=Verdict.DOUBTED)

    def counted_as(self, name: str, *, on: dt.date) -> Self:
        """Those that a figure counts, by its name; `due` is the denominator of most."""
        counts = {
            "due": self.counted,
            "settled": self.settled,
            "in_time": self.in_time,
            "done_late": self.done_late,
            "overdue": lambda: self.overdue(on=on),
            "not_possible": self.not_possible,
            "doubted": self.doubted,
        }
        return counts[name]()

    def due_within(self, first: dt.date, last: dt.date) -> Self:
        """Due from the first to the last day, both included."""
        return self.filter(due_on__gte=first, due_on__lte=last)

    def in_order(self) -> Self:
        return self.select_related("unit", "person").order_by("position")

    def for_list(self) -> Self:
        return self.select_related("plan__enterprise", "unit", "person").order_by("-pk")


class Measure(models.Model):
    """One measure of a plan. Its clock is the work item about it.

    `due_on` is the day it is due now, `first_due_on` the day that was agreed. `doubts` counts how
    often the enterprise doubted a result; `verdict` is what it says of the present one.
    """

    plan = models.ForeignKey(ServicePlan, models.CASCADE, related_name="measures", db_index=False)
    position = models.PositiveSmallIntegerField()
    what = models.TextField(_("what is done"), max_length=500)
    kind = models.CharField(_("kind"), max_length=10, choices=MeasureKind)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="measures", verbose_name=_("owner"), db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    due_on = models.DateField(_("due on"))
    first_due_on = models.DateField(_("first due on"))
    status = models.CharField(
        _("status"), max_length=12, choices=MeasureStatus, default=MeasureStatus.PLANNED
    )
    result = models.TextField(_("result"), max_length=2000, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    was_late = models.BooleanField(null=True)
    verdict = models.CharField(_("the enterprise says"), max_length=10, choices=Verdict, blank=True)
    doubts = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of a service plan")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"],
                name="plan_measure_in_order",
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="plan_measure_settled_by_somebody",
                condition=Q(
                    status__in=["planned", "open", "called_off"],
                    settled_at__isnull=True,
                    settled_by__isnull=True,
                    result="",
                    verdict="",
                )
                | (
                    Q(
                        status__in=["done", "partly", "not_possible"],
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                        was_late__isnull=False,
                    )
                    & ~Q(result="")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="plan_measure_by_unit"),
            # The figures are counted from this index alone.
            models.Index(
                fields=["due_on"],
                include=["status", "was_late", "verdict", "unit"],
                name="plan_measure_by_due",
            ),
            models.Index(fields=["status", "-id"], name="plan_measure_by_status"),
            models.Index(
                fields=["-id"], name="plan_measure_doubted", condition=Q(verdict="doubted")
            ),
            models.Index(
                fields=["due_on", "plan"],
                name="plan_measure_open_by_due",
                condition=Q(status="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.what}"

    def get_absolute_url(self) -> str:
        return f"/plans/{self.plan_id}/measures/{self.pk}/"

    @property
    def has_result(self) -> bool:
        return self.status in SETTLED


class MeasureEntry(models.Model):
    """A line of the story of a measure; the enterprise reads it as well as the zone."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    text = models.TextField(max_length=2000)
    result = models.CharField(max_length=12, choices=MeasureStatus, blank=True)
    due_on = models.DateField(null=True, help_text=_("the new day"))
    earlier_due_on = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("line of the story of a measure")

    def __str__(self) -> str:
        return f"{self.measure_id} {self.kind}"
