"""Conversions (转产): an enterprise begins to make what is short, step by step, with a force."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.conversions.enums import ConversionStatus, StepStatus
from lianqi.conversions.flow import CONVERSION_FLOW
from lianqi.conversions.models.templates import ConversionTemplate, TemplateStep
from lianqi.demands.models import EVERYTHING_READERS, Demand
from lianqi.files.models import StoredFile
from lianqi.register.models import Enterprise
from lianqi.taskforces.enums import ForceStatus
from lianqi.taskforces.models import TaskForce


class ConversionQuerySet(models.QuerySet["Conversion"]):
    def open(self) -> Self:
        return self.filter(status=ConversionStatus.OPEN)

    def visible_to(self, user: User) -> Self:
        """The list form of `conversions.view`."""
        if user.holds(*EVERYTHING_READERS):
            return self
        units = user.scope_ids(Scope.UNIT, Role.HANDLER)
        reach = Q(force__unit_id__in=units)
        reach |= Q(force__lead_unit_id__in=units, force__status=ForceStatus.CLOSED)
        for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
            reach |= Q(force__unit__in=Unit.objects.within(unit.path).values("pk"))
        if user.holds(*ENTERPRISE_ROLES, Role.LIAISON_OFFICER):
            circle = Enterprise.objects.of_own_circle(user)
            reach |= Q(enterprise_id__in=circle.values("pk"))
        return self.filter(reach)

    def for_list(self) -> Self:
        return self.select_related(
            "enterprise", "force__unit", "step__template_step", "step__owner"
        ).order_by("-pk")


class Conversion(models.Model):
    """One enterprise on its way to one product. `step` is the one under way, empty at the end."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="conversions", verbose_name=_("enterprise")
    )
    force = models.ForeignKey(
        TaskForce, models.PROTECT, related_name="conversions", verbose_name=_("task force")
    )
    template = models.ForeignKey(ConversionTemplate, models.PROTECT, related_name="+")
    product = models.CharField(_("product"), max_length=60)
    need = models.TextField(_("what is short, and for whom"), max_length=1000)
    capability = models.TextField(_("why this enterprise can make it"), max_length=1000, blank=True)
    demands = models.ManyToManyField(Demand, related_name="conversions", verbose_name=_("demands"))
    status = models.CharField(
        _("status"), max_length=8, choices=ConversionStatus, default=ConversionStatus.OPEN
    )
    step = models.OneToOneField(
        "ChainStep", models.PROTECT, null=True, related_name="+", verbose_name=_("step")
    )
    lines = models.PositiveIntegerField(_("production lines bought"), null=True)
    capacity = models.PositiveIntegerField(_("capacity a day"), null=True)
    capacity_unit = models.CharField(_("unit of the capacity"), max_length=20, blank=True)
    opened_at = models.DateTimeField(_("begun"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.TextField(_("why it ended"), max_length=1000, blank=True)

    objects = ConversionQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversion")
        constraints = [
            models.UniqueConstraint(
                name="conversion_once_at_a_time",
                fields=["enterprise", "product"],
                condition=Q(status=ConversionStatus.OPEN),
            ),
            models.CheckConstraint(
                name="conversion_ended_at_a_time",
                condition=Q(status=ConversionStatus.OPEN, ended_at__isnull=True)
                | (~Q(status=ConversionStatus.OPEN) & Q(ended_at__isnull=False, step=None)),
            ),
            models.CheckConstraint(
                name="conversion_ends_for_a_reason",
                condition=~Q(status=ConversionStatus.ENDED) | ~Q(end_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["force", "status", "-id"], name="conversion_by_force"),
            models.Index(fields=["enterprise", "-id"], name="conversion_by_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.product}"

    def get_absolute_url(self) -> str:
        return f"/conversions/{self.pk}/"

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return CONVERSION_FLOW.allowed(ConversionStatus(self.status))

    @property
    def unit(self) -> Unit:
        """Whose work it is: the force's, and the lead unit's once the force is closed."""
        force = self.force
        return force.unit if force.status == ForceStatus.OPEN else force.lead_unit


class ChainStep(models.Model):
    """One step of one conversion: whose, since when, done by what evidence, or why not."""

    conversion = models.ForeignKey(Conversion, models.CASCADE, related_name="steps")
    template_step = models.ForeignKey(TemplateStep, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    status = models.CharField(
        _("status"), max_length=16, choices=StepStatus, default=StepStatus.WAITING
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    attempt = models.PositiveSmallIntegerField(
        default=1, help_text=_("more than one where the chain went back to it")
    )
    begun_at = models.DateTimeField(_("begun"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    was_late = models.BooleanField(null=True)
    evidence = models.TextField(_("evidence"), max_length=2000, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a conversion")
        constraints = [
            models.UniqueConstraint(fields=["conversion", "position"], name="chain_step_in_order"),
            models.UniqueConstraint(
                name="chain_step_one_under_way",
                fields=["conversion"],
                condition=Q(status=StepStatus.CURRENT),
            ),
            models.CheckConstraint(
                name="chain_step_settled_by_somebody",
                condition=Q(
                    status__in=[StepStatus.WAITING, StepStatus.CURRENT],
                    settled_at__isnull=True,
                    settled_by__isnull=True,
                )
                | Q(
                    status__in=[StepStatus.DONE, StepStatus.NOT_APPLICABLE],
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="chain_step_done_by_evidence",
                condition=~Q(status=StepStatus.DONE) | ~Q(evidence=""),
            ),
            models.CheckConstraint(
                name="chain_step_left_out_for_a_reason",
                condition=~Q(status=StepStatus.NOT_APPLICABLE) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.template_step)

    @property
    def enterprise_id(self) -> int:
        """Whose step it is: events about its files are told to this enterprise."""
        return self.conversion.enterprise_id

    def is_of_this_attempt(self, stored: StoredFile) -> bool:
        """Whether a file was brought since the step began, the last time the chain came to it."""
        return self.begun_at is not None and stored.uploaded_at >= self.begun_at


class EnterpriseReport(models.Model):
    """What the enterprise says about the step under way."""

    step = models.ForeignKey(ChainStep, models.CASCADE, related_name="reports")
    text = models.TextField(_("report"), max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("report of an enterprise")

    def __str__(self) -> str:
        return f"{self.step_id} {self.at:%Y-%m-%d %H:%M}"
