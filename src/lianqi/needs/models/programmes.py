"""The programme for which needs are collected, and for which units a person acts in it."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def of_day(self, on: dt.date) -> "Programme | None":
        """The programme under way on that day: of several, the one that began last."""
        begun = self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), starts_on__lte=on)
        return begun.select_related("triage_unit").order_by("-starts_on", "-pk").first()

    def sorted_by(self, user: User) -> Self:
        """The programmes whose needs this person sorts."""
        return self.filter(triage_unit_id__in=desk_units(user))


class Programme(models.Model):
    """A campaign of collecting needs: who sorts them, from when, and by when it shall be done.

    `enterprises_over` is for a zone that knows its enterprises only as “more than so many”
    (1000余家): coverage is then an upper bound and shown as one.
    """

    name = models.CharField(_("name"), max_length=80)
    triage_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("sorting unit")
    )
    starts_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day of collecting"), null=True, blank=True)
    target_on = models.DateField(_("target day"), null=True, blank=True)
    enterprises_over = models.PositiveIntegerField(
        _("enterprises, more than"), null=True, blank=True
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        constraints = [
            models.CheckConstraint(
                name="programme_ends_after_it_begins",
                condition=(Q(target_on__isnull=True) | Q(target_on__gte=F("starts_on")))
                & (Q(until_on__isnull=True) | Q(until_on__gte=F("starts_on"))),
            )
        ]

    def __str__(self) -> str:
        return self.name


def desk_units(user: User) -> list[int]:
    """The units for which a person works: as handler or as head."""
    return user.scope_ids(Scope.UNIT, Role.HANDLER, Role.DEPARTMENT_HEAD)


def collecting_units(user: User) -> list[int]:
    """The units for which a person collects needs: those worked for, and as its liaison officer.

    A unit guards the enterprises of the grids that the register names it responsible for.
    """
    units = set(desk_units(user))
    if user.unit_id is not None and user.holds(Role.LIAISON_OFFICER):
        units.add(user.unit_id)
    return sorted(units)


def units_below(user: User) -> set[int]:
    """The units that a person heads, with all below them."""
    headed = Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD))
    found: set[int] = set()
    for path in headed.values_list("path", flat=True):
        found |= set(Unit.objects.within(path).values_list("pk", flat=True))
    return found
