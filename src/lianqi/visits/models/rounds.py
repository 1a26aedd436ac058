"""Video rounds of a leader (领导连线): enterprises and departments at one table, on one agenda."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.register.models import Enterprise
from lianqi.visits.enums import RoundStatus
from lianqi.visits.flow import ROUND_FLOW

READERS = (Role.OPERATOR, Role.DISPATCHER, Role.LEADER, Role.AUDITOR)


def units_at_hand(user: User) -> list[int]:
    """The units somebody works for or heads, with those below."""
    units = user.scope_ids(Scope.UNIT, Role.HANDLER)
    for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
        units += Unit.objects.within(unit.path).values_list("pk", flat=True)
    return units


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `visits.view_round`: the desk, who attends, who looks after a firm."""
        if user.holds(*READERS):
            return self
        reach = Q(pk__in=RoundUnit.objects.filter(unit_id__in=units_at_hand(user)).values("round"))
        if user.holds(Role.LIAISON_OFFICER):
            firms = Enterprise.objects.looked_after_by(user)
            reach |= Q(agenda__enterprise_id__in=firms.values("pk"))
        return self.filter(pk__in=Round.objects.filter(reach).values("pk"))

    def for_list(self) -> Self:
        return self.select_related("leader", "planned_by").order_by("-pk")


class Round(models.Model):
    """One video conference of a leader with several enterprises; its agenda are its visits."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=100)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("leader")
    )
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("room or link"), max_length=300, blank=True)
    units = models.ManyToManyField(
        Unit, through="RoundUnit", related_name="+", verbose_name=_("units that attend")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=RoundStatus, default=RoundStatus.PLANNED
    )
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(_("planned"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    reason = models.CharField(_("why it was called off"), max_length=300, blank=True)
    idempotency_key = models.CharField(max_length=64)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("video round")
        constraints = [
            models.UniqueConstraint(
                fields=["planned_by", "idempotency_key"], name="round_planned_once"
            ),
            models.CheckConstraint(
                name="round_ended_at_a_time",
                condition=Q(status="planned", ended_at__isnull=True)
                | (~Q(status="planned") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="round_by_status")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/visits/rounds/{self.pk}/"

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return ROUND_FLOW.allowed(RoundStatus(self.status))


class RoundUnit(models.Model):
    """A department at the table."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="seats")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("unit of a video round")
        constraints = [models.UniqueConstraint(name="round_unit_once", fields=["round", "unit"])]
        indexes = [models.Index(fields=["unit", "round"], name="round_by_unit")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id}"
