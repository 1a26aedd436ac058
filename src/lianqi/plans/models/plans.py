"""Service plans (一企一策): what the zone does for one enterprise, agreed with it."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.demands.models import EVERYTHING_READERS, Demand
from lianqi.plans.enums import AgreedBy, PlanStatus, Reply
from lianqi.plans.flow import CURRENT, PLAN_FLOW
from lianqi.register.models import Enterprise


class ServicePlanQuerySet(models.QuerySet["ServicePlan"]):
    def current(self) -> Self:
        """Neither completed nor ended."""
        return self.filter(status__in=CURRENT)

    def under_way(self) -> Self:
        return self.filter(status=PlanStatus.UNDER_WAY)

    def visible_to(self, user: User) -> Self:
        """The list form of `plans.view`."""
        if user.holds(*EVERYTHING_READERS):
            return self
        reach = Q(pk__in=())
        if user.is_zone_staff:
            reach |= Q(officer=user)
        if units := user.scope_ids(Scope.UNIT, Role.HANDLER):
            reach |= Q(units__overlap=list(units))
        for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
            below = Unit.objects.within(unit.path).values_list("pk", flat=True)
            reach |= Q(units__overlap=list(below))
        if user.holds(Role.LIAISON_OFFICER):
            # Named one by one, so that the index of the plans finds them.
            firms = Enterprise.objects.looked_after_by(user).values_list("pk", flat=True)
            reach |= Q(enterprise_id__in=list(firms))
        if own := user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES):
            # What nobody has proposed yet is the zone's own paper.
            reach |= Q(enterprise_id__in=own, proposed_at__isnull=False)
        return self.filter(reach)

    def concerning(self, unit_id: int) -> Self:
        """Of which the unit is responsible or owns a measure."""
        return self.filter(units__contains=[unit_id])

    def for_list(self) -> Self:
        return self.select_related("enterprise", "unit", "officer").order_by("-pk")


class ServicePlan(models.Model):
    """The plan of one enterprise. What the enterprise may not read stands in `PlanNote` only."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="plans", verbose_name=_("enterprise")
    )
    title = models.CharField(_("title"), max_length=100)
    aim = models.TextField(_("aim"), max_length=1000)
    diagnosis = models.TextField(
        _("diagnosis"), max_length=5000, help_text=_("situation and difficulties; shared")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="plans", verbose_name=_("responsible unit")
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="plans",
        verbose_name=_("responsible officer"),
    )
    # Ids of the responsible unit and of all owners. Here, as lists are found by it.
    units = ArrayField(models.BigIntegerField(), default=list)
    demands = models.ManyToManyField(Demand, related_name="plans", verbose_name=_("demands"))
    status = models.CharField(
        _("status"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    begun_at = models.DateTimeField(_("begun"))
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(
        _("proposed"),
        null=True,
        help_text=_("for the first time: from then the enterprise sees it"),
    )
    agreed_on = models.DateField(_("agreed on"), null=True)
    started_at = models.DateTimeField(_("started"), null=True)
    review_on = models.DateField(_("review on"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    outcome = models.TextField(_("what came of it"), max_length=2000, blank=True)
    end_reason = models.TextField(_("why it ended early"), max_length=1000, blank=True)

    objects = ServicePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("service plan")
        constraints = [
            models.UniqueConstraint(
                name="plan_one_at_a_time",
                fields=["enterprise"],
                condition=Q(status__in=["draft", "proposed", "agreed", "under_way"]),
            ),
            models.CheckConstraint(
                name="plan_ended_by_somebody",
                condition=Q(
                    status__in=["draft", "proposed", "agreed", "under_way"],
                    ended_at__isnull=True,
                    ended_by__isnull=True,
                )
                | Q(
                    status__in=["completed", "ended"],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="plan_ends_with_words",
                condition=~Q(status="ended", end_reason="") & ~Q(status="completed", outcome=""),
            ),
            models.CheckConstraint(
                name="plan_agreed_on_a_day",
                condition=Q(status__in=["draft", "proposed", "ended"])
                | Q(agreed_on__isnull=False, proposed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_under_way_was_started",
                condition=~Q(status__in=["under_way", "completed"]) | Q(started_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="plan_by_status"),
            models.Index(fields=["enterprise", "-id"], name="plan_by_enterprise"),
            GinIndex(fields=["units"], name="plan_by_units"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/plans/{self.pk}/"

    @property
    def is_current(self) -> bool:
        """Neither completed nor ended."""
        return self.status in CURRENT

    @property
    def is_put_forward(self) -> bool:
        """What it holds now lies before the enterprise, or was agreed with it."""
        return self.status == PlanStatus.PROPOSED or self.agreed_on is not None

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return PLAN_FLOW.allowed(PlanStatus(self.status))


class Proposal(models.Model):
    """The plan as it was put to the enterprise, word for word, and what the enterprise said."""

    plan = models.ForeignKey(ServicePlan, models.CASCADE, related_name="proposals")
    round = models.PositiveSmallIntegerField(_("round"))
    content = models.JSONField(help_text=_("title, aim, diagnosis, officer and measures"))
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reply = models.CharField(_("reply"), max_length=10, choices=Reply, blank=True)
    words = models.TextField(_("what was said"), max_length=2000, blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    agreed_by = models.CharField(_("agreed by"), max_length=60, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True)
    way = models.CharField(_("how"), max_length=10, choices=AgreedBy, blank=True)

    class Meta:
        verbose_name = _("proposal of a service plan")
        constraints = [
            models.UniqueConstraint(fields=["plan", "round"], name="plan_proposal_in_order"),
            models.UniqueConstraint(
                name="plan_one_open_proposal",
                fields=["plan"],
                condition=Q(replied_at__isnull=True),
            ),
            models.CheckConstraint(
                name="plan_proposal_replied_by_somebody",
                condition=Q(replied_at__isnull=True, replied_by__isnull=True, reply="")
                | (Q(replied_at__isnull=False, replied_by__isnull=False) & ~Q(reply="")),
            ),
            models.CheckConstraint(
                name="plan_agreed_by_a_person_in_a_way",
                condition=~Q(reply="agreed")
                | (Q(agreed_on__isnull=False) & ~Q(agreed_by="") & ~Q(way="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.round}"


class PlanNoteQuerySet(models.QuerySet["PlanNote"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `plans.view_notes`: never those about a firm of one's own."""
        if not user.is_zone_staff:
            return self.none()
        own = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        seen = ServicePlan.objects.visible_to(user).exclude(enterprise_id__in=own)
        return self.filter(plan__in=seen.values("pk"))


class PlanNote(models.Model):
    """A note the enterprise never sees. Its text stands here only, in no event and no notice."""

    plan = models.ForeignKey(ServicePlan, models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=2000)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PlanNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note on a service plan")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.written_at:%Y-%m-%d %H:%M}"
