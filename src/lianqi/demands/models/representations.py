"""Filing for another enterprise (代为提交): who acts, who consented, how far, and how it ended."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import User
from lianqi.demands.enums import ConsentWay, Covers
from lianqi.demands.models.demands import EVERYTHING_READERS, Demand
from lianqi.files.models import StoredFile
from lianqi.register.models import Enterprise


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def visible_to(self, user: User) -> Self:
        """The desk, the enterprise it concerns, and whoever filed: also after it ended."""
        if user.holds(*EVERYTHING_READERS):
            return self
        return self.filter(_filed_by(user) | Q(demand__enterprise_id__in=_own(user)))

    def filed_by(self, user: User) -> Self:
        """What the person, or the person's enterprise, filed for others."""
        return self.filter(_filed_by(user))

    def followed_by(self, user: User) -> Self:
        """Those whose demand the filer may read: the consent covers it, and nobody objected."""
        return self.filter(_filed_by(user), covers=Covers.FOLLOW, ended_at__isnull=True)

    def silencing(self, demand: Demand) -> Self:
        """The representation of a demand whose filer is told nothing about it."""
        silent = ~Q(covers=Covers.FOLLOW) | Q(ended_at__isnull=False)
        return self.filter(silent, demand=demand)

    def for_list(self) -> Self:
        return self.select_related("demand__enterprise", "agent").order_by("-pk")


class Representation(models.Model):
    """Somebody filed a demand for an enterprise that consented.

    `agent` is the enterprise that acted; empty where somebody of the zone did. The demand belongs
    to the represented enterprise from the beginning; it may object until the day named here.
    """

    demand = models.OneToOneField(Demand, models.PROTECT, related_name="representation")
    agent = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="+", verbose_name=_("filed by")
    )
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    consent_by = models.CharField(_("who consented"), max_length=50)
    consent_position = models.CharField(_("position"), max_length=50)
    consent_way = models.CharField(_("how"), max_length=10, choices=ConsentWay)
    consent_on = models.DateField(_("when"))
    letter = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("letter of consent")
    )
    covers = models.CharField(_("what the consent covers"), max_length=6, choices=Covers)
    object_until = models.DateField(_("may object until"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    end_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        verbose_name = _("filing for another enterprise")
        constraints = [
            models.CheckConstraint(
                name="representation_with_consent",
                condition=~Q(consent_by="") & ~Q(consent_position=""),
            ),
            models.CheckConstraint(
                name="representation_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["filed_by", "-id"], name="representation_by_filer")]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.agent or self.filed_by}"

    @property
    def acting(self) -> str:
        """Who acted: the enterprise, or the zone's own person."""
        return str(self.agent or self.filed_by.name)

    def can_be_objected_to(self, on: dt.date) -> bool:
        return self.ended_at is None and on <= self.object_until


def _own(user: User) -> list[int]:
    return list(user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES))


def _filed_by(user: User) -> Q:
    own = Q(agent_id__in=_own(user))
    if user.holds(Role.LIAISON_OFFICER, Role.OPERATOR, Role.DISPATCHER):
        own |= Q(agent__isnull=True, filed_by=user)
    return own
