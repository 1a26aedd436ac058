"""Task forces (专班): a unit formed for one obstacle, by order, with a lead unit and members."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.demands.models import EVERYTHING_READERS, DemandCategory, DutyRule
from lianqi.taskforces.enums import ForceStatus, UnitPart
from lianqi.taskforces.flow import FORCE_FLOW


class TaskForceQuerySet(models.QuerySet["TaskForce"]):
    def open(self) -> Self:
        return self.filter(status=ForceStatus.OPEN)

    def visible_to(self, user: User) -> Self:
        """The list form of `taskforces.view`: who reads everything, members, heads of the lead."""
        if user.holds(*EVERYTHING_READERS):
            return self
        reach = Q(unit_id__in=user.scope_ids(Scope.UNIT, Role.HANDLER))
        for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
            reach |= Q(unit_id__in=Unit.objects.within(unit.path).values("pk"))
        return self.filter(reach)

    def for_list(self) -> Self:
        return self.select_related("unit", "lead_unit").order_by("-pk")


class TaskForce(models.Model):
    """The record of a task force. To everything else it is `unit`, which lies below `lead_unit`.

    So demands, work items, reporting lines and figures treat it like any other unit, and the head
    of the lead unit is the head of the force.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="task_force")
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="forces_led", verbose_name=_("lead unit")
    )
    purpose = models.TextField(_("what it is for"), max_length=2000)
    order = models.CharField(
        _("formed by order"), max_length=120, help_text=_("letter or minutes, with its number")
    )
    status = models.CharField(
        _("status"), max_length=8, choices=ForceStatus, default=ForceStatus.OPEN
    )
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    close_reason = models.TextField(_("why it was closed"), max_length=2000, blank=True)
    handed_over = models.PositiveIntegerField(
        default=0, help_text=_("open demands that the lead unit took over at the end")
    )

    objects = TaskForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("task force")
        constraints = [
            models.CheckConstraint(
                name="task_force_closed_by_somebody_for_a_reason",
                condition=Q(
                    status=ForceStatus.OPEN,
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                    close_reason="",
                )
                | (
                    Q(
                        status=ForceStatus.CLOSED,
                        closed_at__isnull=False,
                        closed_by__isnull=False,
                    )
                    & ~Q(close_reason="")
                ),
            )
        ]
        indexes = [models.Index(fields=["status", "-id"], name="task_force_by_status")]

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"

    def get_absolute_url(self) -> str:
        return f"/task-forces/{self.pk}/"

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return FORCE_FLOW.allowed(ForceStatus(self.status))

    @property
    def member_units(self) -> models.QuerySet[Unit]:
        """Those that belong to it now; to a closed force, those that belonged to it last."""
        rows = self.units.filter(part=UnitPart.MEMBER, until=self.closed_at)
        return Unit.objects.filter(pk__in=rows.values("unit")).order_by("path", "pk")

    @property
    def duties(self) -> models.QuerySet[DutyRule]:
        """The lines by which it leads or led, in the order in which it got them."""
        rules = DutyRule.objects.of_task_force(self.unit)
        return rules.select_related("category").order_by("valid_from", "pk")

    @property
    def categories(self) -> models.QuerySet[DemandCategory]:
        """The problem types it takes now; of a closed force, all that it ever took."""
        lines = DutyRule.objects.of_task_force(self.unit)
        if self.status == ForceStatus.OPEN:
            lines = lines.filter(valid_to__isnull=True)
        rows = DemandCategory.objects.filter(pk__in=lines.values("category"))
        return rows.order_by("position", "pk")


class ForceUnit(models.Model):
    """A unit that leads a force or belongs to it, from when until when, and by which order."""

    force = models.ForeignKey(TaskForce, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    part = models.CharField(_("part"), max_length=8, choices=UnitPart)
    since = models.DateTimeField(_("since"))
    order = models.CharField(_("by order"), max_length=120)
    until = models.DateTimeField(_("until"), null=True)
    end_order = models.CharField(_("ended by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("unit of a task force")
        constraints = [
            models.UniqueConstraint(
                name="force_unit_once_at_a_time",
                fields=["force", "unit"],
                condition=Q(until__isnull=True),
            ),
            models.UniqueConstraint(
                name="force_led_by_one_unit",
                fields=["force"],
                condition=Q(until__isnull=True, part=UnitPart.LEAD),
            ),
            models.CheckConstraint(
                name="force_unit_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force_id} {self.unit} {self.part}"


class ForceMemberQuerySet(models.QuerySet["ForceMember"]):
    def present(self) -> Self:
        return self.filter(left_at__isnull=True)

    def with_people(self) -> Self:
        return self.select_related("person", "unit").order_by("pk")


class ForceMember(models.Model):
    """A person of a lead or member unit who works for a force, from when until when.

    What the person may do comes from the role of a handler on the unit of the force, which is
    given and taken with the membership; this row keeps the history.
    """

    force = models.ForeignKey(TaskForce, models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="force_memberships",
        verbose_name=_("person"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("sent by"),
        help_text=_("where the person worked when joining"),
    )  # fmt: skip
    joined_at = models.DateTimeField(_("joined"))
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    left_at = models.DateTimeField(_("left"), null=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ForceMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a task force")
        constraints = [
            models.UniqueConstraint(
                name="force_member_once_at_a_time",
                fields=["force", "person"],
                condition=Q(left_at__isnull=True),
            ),
            models.CheckConstraint(
                name="force_member_left_by_somebody",
                condition=Q(left_at__isnull=True, left_by__isnull=True)
                | Q(left_at__isnull=False, left_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force_id} {self.person}"
