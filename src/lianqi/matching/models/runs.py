"""Matching runs, and what they found: who meets which measure, or nearly does."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.matching.enums import Group, RunFailure, RunKind, RunStatus
from lianqi.matching.flow import RUN_FLOW, UNDER_WAY
from lianqi.matching.models.packs import RulePack
from lianqi.register.models import REGISTER_READERS, Enterprise

# Whoever writes rules has to know how many they are for, and what they cost; not who they are.
COUNTERS = (*REGISTER_READERS, Role.RULE_EDITOR)
KEY_LENGTH = 200
SLOT_LENGTH = 200


class MatchRunQuerySet(models.QuerySet["MatchRun"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `matching.view_results`."""
        return self if user.is_zone_staff else self.none()

    def under_way(self) -> Self:
        return self.filter(status__in=UNDER_WAY)

    def done(self) -> Self:
        return self.filter(status=RunStatus.DONE)

    def of_everything(self) -> Self:
        return self.filter(kind=RunKind.ALL)

    def ended_before(self, moment: dt.datetime) -> Self:
        return self.filter(finished_at__lt=moment)

    def of_pack(self, pack: RulePack) -> Self:
        return self.filter(pack=pack)

    def for_list(self) -> Self:
        return self.select_related("pack", "started_by").defer("pack__text", "pack__cases_text")


class MatchRun(models.Model):
    """All enterprises against all measures in force, or against those of one pack.

    Attributes:
        day: For which it is asked; the rules fold it in.
        digests: Pack row → digest of the text that is matched.
        cursor: The last enterprise that is done: after a crash the run goes on behind it.
        gained, lost: How many began, and ceased, to meet a measure.
        changes: The same by pack row and measure, where there were any.
    """

    kind = models.CharField(_("what"), max_length=8, choices=RunKind)
    pack = models.ForeignKey(RulePack, models.CASCADE, null=True, related_name="runs")
    day = models.DateField(_("as of"))
    status = models.CharField(
        _("status"), max_length=10, choices=RunStatus, default=RunStatus.WAITING
    )
    digests = models.JSONField(default=dict)
    cursor = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    gained = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=dict, db_default={})
    failure = models.CharField(max_length=16, choices=RunFailure, blank=True)
    # Nobody: the platform by itself.
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("ended"), null=True)

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching run")
        constraints = [
            models.CheckConstraint(
                name="match_run_of_one_pack_or_all",
                condition=Q(kind="all", pack__isnull=True)
                | (~Q(kind="all") & Q(pack__isnull=False)),
            ),
            models.CheckConstraint(
                name="match_run_ended_at_a_moment",
                condition=Q(status__in=["waiting", "running"], finished_at__isnull=True)
                | Q(status__in=["done", "cancelled", "failed"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="match_run_failed_for_a_reason",
                condition=Q(status="failed") & ~Q(failure="") | ~Q(status="failed") & Q(failure=""),
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="all", status__in=["waiting", "running"]),
                name="match_run_one_of_all_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["pack"],
                condition=Q(status__in=["waiting", "running"]),
                name="match_run_one_of_a_pack_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="match_run_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"

    def get_absolute_url(self) -> str:
        return f"/matching/runs/{self.pk}/"

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return RUN_FLOW.allowed(RunStatus(self.status))


class MatchQuerySet(models.QuerySet["Match"]):
    def visible_to(self, user: User) -> Self:
        """Whoever reads the register reads all; others those of their own circle."""
        if user.holds(*REGISTER_READERS):
            return self
        return self.filter(enterprise__in=Enterprise.objects.of_own_circle(user))

    def counted_for(self, user: User) -> Self:
        """What is summed up for a person: more than what is listed for whoever writes rules."""
        return self if user.holds(*COUNTERS) else self.visible_to(user)

    def of_measure(self, pack_id: int, measure: str) -> Self:
        return self.filter(pack=pack_id, measure=measure)

    def met(self) -> Self:
        return self.filter(group=Group.MET)

    def of_group(self, group: Group) -> Self:
        return self.filter(group=group)

    def of_packs(self, packs: list[int]) -> Self:
        return self.filter(pack__in=packs)


class Match(models.Model):
    """How an enterprise stands to a measure: it meets it, or one thing is missing.

    Who is in no such group has no row. Rows are written set by set (`actions.standing`); `since`
    stays as long as the group does. The database does not look up enterprise and pack of every
    row: both are read in the transaction that writes, and enterprises stay.

    Attributes:
        low, high: Fen, at least and at most; None where it gives no money or has no end.
        paid: Fen at least that are left of it where measures that exclude each other are not paid
            side by side: nothing if another is paid instead; None where there is no money of the
            zone, or the measure is not met.
        worth: By which lists are sorted: the most it can come to, -1 without money.
        slot: What is asked for; "" unless one answer is missing.
        clause: Which condition fails; "" unless exactly one does.
    """

    # The constraint and the indexes below begin with both, and serve as their indexes.
    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, related_name="matches", db_constraint=False, db_index=False
    )
    pack = models.ForeignKey(
        RulePack, models.CASCADE, related_name="matches", db_constraint=False, db_index=False
    )
    measure = models.CharField(max_length=KEY_LENGTH)
    group = models.CharField(max_length=14, choices=Group)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    paid = models.BigIntegerField(null=True)
    worth = models.BigIntegerField()
    slot = models.CharField(max_length=SLOT_LENGTH, blank=True)
    clause = models.CharField(max_length=KEY_LENGTH, blank=True)
    since = models.DateTimeField(_("since"))

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "pack", "measure"], name="match_once"),
            models.CheckConstraint(
                name="match_is_near", condition=Q(group__in=["met", "one_missing", "nearly"])
            ),
        ]
        indexes = [
            models.Index(
                fields=["pack", "measure", "group", "-worth", "-id"],
                include=["low", "high"],
                name="match_by_amount",
            ),
            models.Index(
                fields=["pack", "measure", "group", "-since", "-id"], name="match_by_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.measure} {self.group}"


class Followed(models.Model):
    """Up to which link of the audit chain changes were matched anew; there is one row."""

    position = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_followed", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.position)
