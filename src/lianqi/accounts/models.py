"""People, units, roles with scopes, absences, API tokens."""

import datetime as dt
import hashlib
from functools import cached_property
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import (
    STAFF_ROLES,
    WORKING_ROLES,
    Language,
    Role,
    Scope,
    UnitKind,
)


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def within(self, path: str) -> Self:
        """The unit with this path and everything below it."""
        return self.filter(path__startswith=path)

    def for_choice(self) -> Self:
        """Units one may dispatch to, in tree order."""
        return self.active().exclude(kind=UnitKind.ZONE).order_by("path", "pk")


class Unit(models.Model):
    """An organisational unit of the zone. Units form a tree; `path` spells it from the root."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("under"),
    )
    path = models.CharField(max_length=200, unique=True, help_text=_("ids from the root: /1/7/"))
    leader = models.ForeignKey(
        "User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="units_led",
        verbose_name=_("leader in charge"),
    )
    industries = ArrayField(
        models.CharField(max_length=5),
        default=list,
        blank=True,
        verbose_name=_("industries supervised"),
        help_text=_("GB/T 4754-2017 codes, sections or deeper"),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        constraints = [
            models.CheckConstraint(name="unit_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    def holding(self, role: Role, *, on: dt.date) -> Self:
        """People who hold `role` on that day."""
        held = RoleAssignment.objects.in_force(on).filter(role=role)
        return self.filter(is_active=True, pk__in=held.values("user_id"))

    def staff(self) -> Self:
        """People who work for the zone today, in whatever role."""
        held = RoleAssignment.objects.current().filter(role__in=STAFF_ROLES)
        return self.filter(is_active=True, pk__in=held.values("user_id"))

    def absences_set_by(self, user: "User") -> Self:
        """The list form of `accounts.set_absence`: oneself, the people one heads, or all staff."""
        if user.holds(Role.PLATFORM_ADMIN):
            return self.staff()
        reach = Q(unit_id__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD))
        if user.holds(*WORKING_ROLES):
            reach |= Q(pk=user.pk)
        return self.filter(reach, is_active=True)

    def search(self, query: str) -> Self:
        """People whose name contains, or whose sign-in name, mobile or mail begins with, it."""
        return self.filter(
            Q(name__icontains=query)
            | Q(username__istartswith=query)
            | Q(mobile__startswith=query)
            | Q(email__istartswith=query)
        )

    def for_list(self) -> Self:
        return self.select_related("unit").prefetch_related("role_assignments").order_by("pk")


class User(AbstractUser):
    """A person with a sign-in. What the person may do stands in `RoleAssignment`."""

    name = models.CharField(_("name"), max_length=50, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    wecom_id = models.CharField(_("WeCom account"), max_length=64, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("unit")
    )
    # What the platform writes to this person on its own: notices, mail, text messages.
    language = models.CharField(_("language"), max_length=7, choices=Language, default=Language.ZH)

    people = UserQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        base_manager_name = "objects"
        default_manager_name = "objects"

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.name or self.username

    @cached_property
    def assignments(self) -> "list[RoleAssignment]":
        """The roles this person holds now, read once per request.

        Validity is a whole day in the database's own date, which is the zone's (TIME_ZONE).
        """
        return list(RoleAssignment.objects.filter(user_id=self.pk).current())

    def holds(self, *roles: Role) -> bool:
        return any(held.role in roles for held in self.assignments)

    def scope_ids(self, scope: Scope, *roles: Role) -> list[int]:
        """Ids of the units, grids, chains or firms that these roles of the person reach."""
        return [
            held.scope_id
            for held in self.assignments
            if held.scope == scope and held.role in roles and held.scope_id is not None
        ]

    @property
    def is_zone_staff(self) -> bool:
        """Whether the person works for the zone, in whatever role."""
        return self.holds(*STAFF_ROLES)


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, on: dt.date) -> Self:
        """Assignments valid on that day; the last day is included."""
        return self.filter(Q(from_on__isnull=True) | Q(from_on__lte=on)).filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on)
        )

    def current(self) -> Self:
        """Assignments valid today, by the database's clock."""
        today = TruncDate(Now())
        return self.filter(Q(from_on__isnull=True) | Q(from_on__lte=today)).filter(
            Q(until_on__isnull=True) | Q(until_on__gte=today)
        )


class RoleAssignment(models.Model):
    """One role of one person, with what it reaches and from when until when.

    `scope_id` is a plain number: grids, chains and enterprises live on a higher floor.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    scope = models.CharField(_("scope"), max_length=12, choices=Scope, default=Scope.ZONE)
    scope_id = models.BigIntegerField(null=True, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until and including"), null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        constraints = [
            models.CheckConstraint(
                name="role_scope_names_its_object",
                condition=Q(scope=Scope.ZONE, scope_id__isnull=True)
                | (~Q(scope=Scope.ZONE) & Q(scope_id__isnull=False)),
            ),
            models.UniqueConstraint(
                name="role_held_once",
                fields=["user", "role", "scope", "scope_id"],
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["scope", "scope_id", "role"], name="role_by_scope")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.scope}:{self.scope_id or ''}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def not_over(self, *, on: dt.date) -> Self:
        """Absences whose last day is not before that day, the nearest first."""
        return self.filter(until_on__gte=on).order_by("from_on", "pk")

    def visible_to(self, user: User) -> Self:
        """Oneself, one's unit and those one stands in for; for the desk, everybody."""
        if user.holds(Role.PLATFORM_ADMIN, Role.DISPATCHER, Role.LEADER, Role.AUDITOR):
            return self
        units = user.scope_ids(Scope.UNIT, Role.HANDLER, Role.DEPARTMENT_HEAD)
        if user.unit_id is not None:
            units.append(user.unit_id)
        return self.filter(Q(user=user) | Q(stand_in=user) | Q(user__unit_id__in=units))

    def for_list(self) -> Self:
        return self.select_related("user__unit", "stand_in")


class Absence(models.Model):
    """Somebody is away, and who stands in. Both days are included."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="standing_in_for")
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))
            ),
            models.CheckConstraint(
                name="absence_needs_another_person", condition=~Q(stand_in=F("user"))
            ),
        ]
        indexes = [models.Index(fields=["user", "from_on", "until_on"], name="absence_by_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.from_on}–{self.until_on}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self) -> Self:
        """Tokens that were not revoked."""
        return self.filter(revoked_at__isnull=True)

    def carrying(self, token: str) -> Self:
        """The row of a token as a program sends it."""
        return self.filter(digest=token_digest(token))


def token_digest(token: str) -> str:
    """The form in which a token is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


class ApiToken(models.Model):
    """A key with which a program acts as a person. Only its SHA-256 is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("used by"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.label
