"""From one case to a class of cases (类案): clusters found by night, and classes somebody fixes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import ClassStatus, LinkedBy
from lianqi.demands.models.categories import DemandCategory
from lianqi.demands.models.demands import EVERYTHING_READERS, Demand


class DemandCluster(models.Model):
    """Open demands of similar wording, as the last night found them; the next night replaces it."""

    label = models.CharField(_("label"), max_length=100)
    size = models.PositiveIntegerField(_("demands"))
    enterprises = models.PositiveIntegerField(_("enterprises"))
    category = models.ForeignKey(DemandCategory, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(_("found"))

    class Meta:
        verbose_name = _("cluster")

    def __str__(self) -> str:
        return self.label


class ClusterMember(models.Model):
    """A demand of a cluster; a demand is in one at most."""

    cluster = models.ForeignKey(DemandCluster, models.CASCADE, related_name="members")
    demand = models.OneToOneField(Demand, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.demand_id}"


class CaseClassQuerySet(models.QuerySet["CaseClass"]):
    def open(self) -> Self:
        return self.filter(status=ClassStatus.OPEN)

    def visible_to(self, user: User) -> Self:
        """The list form of `demands.view_class`: whoever reads everything, and its unit."""
        if user.holds(*EVERYTHING_READERS):
            return self
        reach = Q(pk__in=())
        if units := user.scope_ids(Scope.UNIT, Role.HANDLER):
            reach |= Q(unit_id__in=units)
        for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
            reach |= Q(unit_id__in=Unit.objects.within(unit.path).values("pk"))
        return self.filter(reach)


class CaseClass(models.Model):
    """Many demands with one cause: a unit owns it and fixes the cause until a promised day.

    `centre` and `limit` tell which later demands belong to it (`engines.learning.belonging`);
    `scanned_to` is the last demand that was compared.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=100)
    note = models.TextField(_("what has to change"), max_length=2000)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="owned_classes", verbose_name=_("responsible unit")
    )
    fix_on = models.DateField(_("to be fixed by"))
    status = models.CharField(
        _("status"), max_length=8, choices=ClassStatus, default=ClassStatus.OPEN
    )
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(_("fixed"), null=True)
    fixed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    fix_note = models.TextField(_("what was changed"), blank=True, max_length=2000)
    centre: "models.JSONField[dict[str, float], dict[str, float]]" = models.JSONField(default=dict)
    limit = models.FloatField()
    scanned_to = models.BigIntegerField(default=0)

    objects = CaseClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("class of cases")
        constraints = [
            models.CheckConstraint(
                name="case_class_fixed_by_somebody_at_a_time",
                condition=Q(
                    status=ClassStatus.FIXED, fixed_at__isnull=False, fixed_by__isnull=False
                )
                | (~Q(status=ClassStatus.FIXED) & Q(fixed_at__isnull=True, fixed_by__isnull=True)),
            )
        ]
        indexes = [models.Index(fields=["status", "-id"], name="case_class_by_status")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/demands/classes/{self.pk}/"


class CaseLink(models.Model):
    """A demand of a class; of one at most. `by` is empty where the nightly comparison found it."""

    case_class = models.ForeignKey(CaseClass, models.CASCADE, related_name="links")
    demand = models.OneToOneField(Demand, models.CASCADE, related_name="class_link")
    how = models.CharField(max_length=8, choices=LinkedBy)
    linked_on = models.DateField()

    class Meta:
        verbose_name = _("demand of a class")
        indexes = [models.Index(fields=["case_class", "-demand"], name="case_link_newest")]

    def __str__(self) -> str:
        return f"{self.case_class_id} {self.demand_id}"
