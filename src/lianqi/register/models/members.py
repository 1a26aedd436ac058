"""Who acts for an enterprise, and how it came to that."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.register.enums import MembershipState
from lianqi.register.models.enterprises import Enterprise

# Who reads all memberships: those who decide on them, and the auditor.
MEMBER_READERS = (Role.DISPATCHER, Role.PLATFORM_ADMIN, Role.AUDITOR)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `register.view_member`: all, those of the firms one administers, own."""
        if user.holds(*MEMBER_READERS):
            return self
        firms = user.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN)
        return self.filter(Q(user=user) | Q(enterprise_id__in=firms))

    def confirmed(self) -> Self:
        return self.filter(state=MembershipState.CONFIRMED)

    def current(self) -> Self:
        """Confirmed, or asked for and not yet decided."""
        return self.filter(state__in=[MembershipState.WAITING, MembershipState.CONFIRMED])

    def invited(self, *, after: dt.datetime) -> Self:
        """Invitations that nobody used or ended yet, made after that moment."""
        return self.filter(state=MembershipState.INVITED, asked_at__gt=after)

    def waiting(self) -> Self:
        """Requests to decide, the oldest first."""
        return self.filter(state=MembershipState.WAITING).order_by("pk")


class Membership(models.Model):
    """Somebody acts for an enterprise, wants to, or is invited to.

    The confirmed ones also hold a role with the enterprise as scope; this row is the paperwork.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    state = models.CharField(_("state"), max_length=10, choices=MembershipState)
    email = models.EmailField(_("invited address"), blank=True)
    token = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("why it was refused"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user"],
                name="membership_once",
                condition=Q(state__in=["waiting", "confirmed"]),
            ),
            models.UniqueConstraint(
                fields=["token"], name="invitation_token", condition=~Q(token="")
            ),
            models.CheckConstraint(
                name="membership_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="membership_by_state")]

    def __str__(self) -> str:
        return f"{self.enterprise_id}/{self.user_id} {self.state}"
