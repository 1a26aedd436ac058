"""Supervision orders (督办单): somebody in charge asks a unit to act on a late or grave matter."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.supervision.enums import OrderStatus
from lianqi.supervision.flow import OPEN, ORDER_FLOW
from lianqi.work.enums import Urgency

ISSUERS = (Role.LEADER, Role.DISPATCHER)
READERS = (*ISSUERS, Role.AUDITOR)


class SupervisionOrderQuerySet(models.QuerySet["SupervisionOrder"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `supervision.view`: issuers and auditors, and the unit addressed."""
        if user.holds(*READERS):
            return self
        reach = Q(unit_id__in=user.scope_ids(Scope.UNIT, Role.HANDLER))
        for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
            reach |= Q(unit_id__in=Unit.objects.within(unit.path).values("pk"))
        return self.filter(reach)

    def about(self, subject: models.Model) -> Self:
        """The orders about one record, newest first."""
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk).order_by(
            "-pk"
        )

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def for_list(self) -> Self:
        return self.select_related("unit", "issued_by").order_by("-pk")


class SupervisionOrder(models.Model):
    """What a unit has to do about a record, by order of the service centre or a leader.

    The record is named as work items name it, so that an order can be about anything that has
    a clock. Its own clocks are work items about the order.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    enterprise_id = models.BigIntegerField(null=True)
    label = models.CharField(_("matter"), max_length=200)
    url = models.CharField(max_length=200)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="supervision_orders", verbose_name=_("unit")
    )
    text = models.TextField(_("what is asked"), max_length=2000)
    urgency = models.CharField(_("urgency"), max_length=20, choices=Urgency, default=Urgency.NORMAL)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued"))
    status = models.CharField(
        _("status"), max_length=12, choices=OrderStatus, default=OrderStatus.ISSUED
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    remark = models.TextField(_("remark of the review"), max_length=2000, blank=True)
    rounds = models.PositiveSmallIntegerField(_("sent back"), default=0)
    ended_at = models.DateTimeField(null=True)

    objects = SupervisionOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision order")
        constraints = [
            models.UniqueConstraint(
                name="supervision_one_open_order",
                fields=["subject_kind", "subject_id", "unit"],
                condition=Q(status__in=["issued", "answered"]),
            ),
            models.CheckConstraint(
                name="supervision_order_ended_at_a_time",
                condition=Q(status__in=["issued", "answered"], ended_at__isnull=True)
                | Q(status__in=["closed", "withdrawn"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="supervision_order_reviewed_when_answered",
                condition=~Q(status__in=["answered", "closed"])
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="supervision_subject"),
            models.Index(fields=["unit", "status", "-id"], name="supervision_by_unit"),
            models.Index(fields=["status", "-id"], name="supervision_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    def get_absolute_url(self) -> str:
        return f"/supervision/{self.pk}/"

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return ORDER_FLOW.allowed(OrderStatus(self.status))
