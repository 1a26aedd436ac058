"""Visits (走访): who met which enterprise, what was said, what became of what it asked."""

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role
from lianqi.accounts.models import Unit, User
from lianqi.demands.models import ContactGiven, Demand, DemandCategory
from lianqi.register.models import Enterprise
from lianqi.visits.enums import VisitKind, VisitStatus
from lianqi.visits.models.rounds import READERS, Round, RoundUnit, units_at_hand

RECORDERS = (Role.OPERATOR, Role.DISPATCHER, Role.LIAISON_OFFICER)


class VisitQuerySet(models.QuerySet["Visit"]):
    def recorded(self) -> Self:
        return self.filter(status=VisitStatus.FILED)

    def drafts_of(self, user: User) -> Self:
        return self.filter(status=VisitStatus.DRAFT, written_by=user)

    def visible_to(self, user: User) -> Self:
        """The list form of `visits.view`: what was recorded in reach, and one's own drafts."""
        own = Q(status=VisitStatus.DRAFT, written_by=user)
        if not user.holds(*RECORDERS):
            own = Q(pk__in=())
        if user.holds(*READERS):
            return self.filter(~Q(status=VisitStatus.DRAFT) | own)
        reach = own
        if units := units_at_hand(user):
            rounds = RoundUnit.objects.filter(unit_id__in=units)
            reach |= Q(round_id__in=rounds.values("round_id"))
        if user.holds(*ENTERPRISE_ROLES, Role.LIAISON_OFFICER):
            firms = Enterprise.objects.of_own_circle(user)
            reach |= ~Q(status=VisitStatus.DRAFT) & Q(enterprise_id__in=firms.values("pk"))
        return self.filter(reach)

    def of_firms_like(self, query: str) -> Self:
        """Visits to the enterprises that the register finds for `query`."""
        return self.filter(enterprise_id__in=Enterprise.objects.search(query).values("pk"))

    def held_within(self, first: dt.date | None, last: dt.date | None) -> Self:
        """From the first to the last day, both included; None leaves that side open."""
        rows = self.filter(on__gte=first) if first else self
        return rows.filter(on__lte=last) if last else rows

    def announcing(self, *, until: dt.date) -> Self:
        """Visits whose next one is due by that day and has not taken place."""
        later = Visit.objects.recorded().filter(
            enterprise=models.OuterRef("enterprise"), on__gt=models.OuterRef("on")
        )
        return self.recorded().filter(~models.Exists(later), next_on__lte=until)

    def for_list(self) -> Self:
        """Everything a table row shows, newest first, in a constant number of queries."""
        return self.select_related("enterprise", "written_by").order_by("-pk")


class Visit(models.Model):
    """A note of a meeting with an enterprise.

    Nobody but its writer sees a draft; `draft` and `contacts` hold the matters that were typed and
    not filed yet, and whom to reach about them. The enterprise reads everything that was recorded
    but `internal`. With a round it is an item of that round's agenda, and recorded when the round
    ends.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="visits", verbose_name=_("enterprise")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=VisitKind)
    on = models.DateField(_("day"))
    ours = models.CharField(_("who took part for the zone"), max_length=200, blank=True)
    theirs = models.CharField(_("who took part for the enterprise"), max_length=200, blank=True)
    said = models.TextField(_("what was said"), max_length=5000, blank=True)
    internal = models.TextField(_("internal note"), max_length=2000, blank=True)
    next_on = models.DateField(_("next visit"), null=True)
    status = models.CharField(
        _("status"), max_length=8, choices=VisitStatus, default=VisitStatus.DRAFT
    )
    draft = models.JSONField(default=list)
    contacts = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, related_name="agenda", verbose_name=_("video round")
    )
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits", verbose_name=_("by")
    )
    saved_at = models.DateTimeField(_("saved"))
    filed_at = models.DateTimeField(_("recorded"), null=True)
    idempotency_key = models.CharField(max_length=64)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        constraints = [
            models.UniqueConstraint(
                fields=["written_by", "idempotency_key"], name="visit_noted_once"
            ),
            models.CheckConstraint(
                name="visit_recorded_at_a_time",
                condition=(~Q(status="filed") & Q(filed_at__isnull=True))
                | (Q(status="filed", filed_at__isnull=False) & ~Q(said="")),
            ),
            models.CheckConstraint(
                name="visit_on_an_agenda_of_a_round",
                condition=~Q(status__in=["agenda", "missed"]) | Q(round__isnull=False),
            ),
            models.UniqueConstraint(fields=["round", "enterprise"], name="visit_once_on_an_agenda"),
            models.CheckConstraint(
                name="visit_next_is_later",
                condition=Q(next_on__isnull=True)
                | ~Q(status="filed")
                | Q(next_on__gt=models.F("on")),
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "-id"], name="visit_by_enterprise"),
            models.Index(fields=["status", "-id"], name="visit_by_status"),
            models.Index(fields=["on", "-id"], name="visit_by_day"),
            models.Index(
                fields=["next_on"], name="visit_by_next", condition=Q(next_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.enterprise}"

    def get_absolute_url(self) -> str:
        return f"/visits/{self.pk}/"


class VisitMatter(models.Model):
    """Something the enterprise asked for, which became a demand or was answered on the spot.

    In a round somebody may have promised it for a day of its own, beside the demand's clock.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="matters")
    demand = models.OneToOneField(Demand, models.PROTECT, related_name="visit_matter")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("who promised")
    )
    promise = models.CharField(_("promise"), max_length=300, blank=True, default="")
    until = models.DateField(_("promised for"), null=True)

    class Meta:
        verbose_name = _("matter of a visit")
        constraints = [
            models.CheckConstraint(
                name="visit_promise_of_a_unit",
                condition=Q(unit__isnull=False) | Q(promise="", until__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.demand_id}"


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as it was typed; with an answer it is one that was answered on the spot."""

    category: DemandCategory | None
    title: str
    text: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a unit said it would do about a matter, and until which day."""

    unit: Unit | None = None
    text: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a person writes about a visit."""

    enterprise: Enterprise
    kind: VisitKind
    on: dt.date
    ours: str = ""
    theirs: str = ""
    said: str = ""
    internal: str = ""
    next_on: dt.date | None = None
    matters: tuple[Matter, ...] = ()
    contacts: tuple[ContactGiven, ...] = ()
