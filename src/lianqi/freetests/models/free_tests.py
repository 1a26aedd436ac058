"""What an enterprise wants tested, and the task force that finds it an institute."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.conversions.models import Conversion
from lianqi.demands.models import EVERYTHING_READERS, Demand
from lianqi.freetests.enums import HOLDS_PLACES, UNDER_WAY, FreeTestStatus, Verdict
from lianqi.freetests.flow import FREE_TEST_FLOW
from lianqi.register.models import Enterprise
from lianqi.taskforces.enums import ForceStatus
from lianqi.taskforces.models import TaskForce


class FreeTestQuerySet(models.QuerySet["FreeTest"]):
    def in_reach_of(self, user: User) -> Self:
        """Seen whole: by who reads everything, the force, and the circle of the enterprise."""
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

    def visible_to(self, user: User) -> Self:
        """The list form of `freetests.view`: also those that an institute has an order of."""
        firms = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        seen = self.in_reach_of(user)
        if not firms or user.holds(*EVERYTHING_READERS):
            return seen
        ordered = self.filter(orders__institute__enterprise_id__in=firms).values("pk")
        return self.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=ordered))

    def for_list(self) -> Self:
        return self.select_related("enterprise", "force__unit").order_by("-pk")


class FreeTest(models.Model):
    """A test that an enterprise needs. `items` are names; each order takes some of them."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="free_tests", verbose_name=_("enterprise")
    )
    force = models.ForeignKey(
        TaskForce, models.PROTECT, related_name="free_tests", verbose_name=_("task force")
    )
    conversion = models.ForeignKey(
        Conversion, models.PROTECT, null=True, related_name="free_tests",
        verbose_name=_("conversion"),
    )  # fmt: skip
    demand = models.ForeignKey(
        Demand, models.PROTECT, null=True, related_name="free_tests", verbose_name=_("demand")
    )
    product = models.CharField(_("product"), max_length=60)
    question = models.TextField(_("what is to be found out"), max_length=1000, blank=True)
    standard = models.CharField(_("standard"), max_length=80, blank=True)
    items = ArrayField(models.CharField(max_length=40), verbose_name=_("test items"), default=list)
    samples = models.CharField(_("samples at hand"), max_length=120, blank=True)
    wanted_by = models.DateField(_("result wanted by"), null=True)
    status = models.CharField(
        _("status"), max_length=10, choices=FreeTestStatus, default=FreeTestStatus.OPEN
    )
    stated_at = models.DateTimeField(_("stated"))
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    end_reason = models.TextField(_("why it was withdrawn"), max_length=1000, blank=True)

    objects = FreeTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("free test")
        constraints = [
            models.CheckConstraint(
                name="free_test_withdrawn_for_a_reason",
                condition=~Q(status=FreeTestStatus.WITHDRAWN) | ~Q(end_reason=""),
            )
        ]
        indexes = [
            models.Index(fields=["force", "status", "-id"], name="free_test_by_force"),
            models.Index(fields=["enterprise", "-id"], name="free_test_by_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.product}"

    def get_absolute_url(self) -> str:
        return f"/free-tests/{self.pk}/"

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return FREE_TEST_FLOW.allowed(FreeTestStatus(self.status))

    @property
    def unit(self) -> Unit:
        """Whose work it is: the force's, and the lead unit's once the force is closed."""
        force = self.force
        return force.unit if force.status == ForceStatus.OPEN else force.lead_unit

    def items_never_sought(self) -> list[str]:
        """What was neither tested nor is ordered: an institute has to be found for it."""
        sought = self.orders.filter(status__in=HOLDS_PLACES).values_list("items__item", flat=True)
        known = set(sought)
        return [item for item in self.items if item not in known]

    def items_without_order(self) -> list[str]:
        """What may be ordered: no order covers it, or it failed and may be tested again."""
        covered = set(
            self.orders.filter(
                Q(status__in=UNDER_WAY) | Q(items__verdict=Verdict.PASSED)
            ).values_list("items__item", "status", "items__verdict")
        )
        settled = {
            item
            for item, status, verdict in covered
            if status in UNDER_WAY or verdict == Verdict.PASSED
        }
        return [item for item in self.items if item not in settled]
