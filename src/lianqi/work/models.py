"""Work items and their clocks: what somebody must do about a record, and until when."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.work.enums import Level, Outcome, Part, PauseReason, Urgency


class OfficialDay(models.Model):
    """A day on which the official notice departs from Monday to Friday."""

    date = models.DateField(primary_key=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=40)
    source = models.CharField(_("notice"), max_length=120)

    class Meta:
        verbose_name = _("official day")

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class OfficialYear(models.Model):
    """A year whose official notice is loaded. Dates in any other year are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(_("notice"), max_length=120)
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("official year")

    def __str__(self) -> str:
        return str(self.year)


class ClockRule(models.Model):
    """How long a step may take: kind and length of the clock, and when amber begins.

    Rules without a set are the general ones. A set holds what differs from them, for instance for
    one category of demands; its number means something to the floor above that gave it.
    """

    subject_kind = models.CharField(max_length=40)
    step = models.CharField(max_length=30)
    priority = models.CharField(max_length=20, default=Urgency.NORMAL)
    rule_set = models.BigIntegerField(null=True, blank=True, help_text=_("empty: general"))
    kind = models.CharField(max_length=20)
    amount = models.PositiveSmallIntegerField()
    outside_hours = models.CharField(max_length=20)
    cutoff = models.TimeField(null=True, blank=True)
    amber_share = models.DecimalField(max_digits=3, decimal_places=2, default="0.80")
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("who promised this, and where")
    )

    class Meta:
        verbose_name = _("clock rule")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "step", "priority", "rule_set"],
                name="clock_rule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="amber_share_is_a_share",
                condition=Q(amber_share__gt=0, amber_share__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.step} {self.priority}: {self.amount} {self.kind}"


class EscalationRule(models.Model):
    """Who is told when a share of the time of a step has run: one rung of the ladder."""

    subject_kind = models.CharField(max_length=40)
    step = models.CharField(max_length=30, blank=True, help_text=_("empty: every step"))
    share = models.DecimalField(max_digits=4, decimal_places=2)
    level = models.PositiveSmallIntegerField(choices=Level)

    class Meta:
        verbose_name = _("escalation rule")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "step", "share", "level"], name="escalation_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.share * 100:.0f}% → {self.get_level_display()}"


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def overdue(self, *, at: dt.datetime) -> Self:
        """Open items whose clock runs and whose due time lies strictly before `at`."""
        return self.open().filter(paused_since__isnull=True, due_at__lt=at)

    def late(self, *, at: dt.datetime) -> Self:
        """Done after the due time, or overdue now; what was called off is neither."""
        by_now = Q(done_at__isnull=True, paused_since__isnull=True, due_at__lt=at)
        return self.filter(Q(was_late=True) | by_now).exclude(outcome=Outcome.CANCELLED)

    def inbox_of(self, user: User) -> Self:
        """Open items that wait for this person, or for a unit whose desk the person is on.

        An item meant for a named person is in that person's inbox only.
        """
        units = user.scope_ids(Scope.UNIT, Role.HANDLER, Role.DEPARTMENT_HEAD)
        mine = Q(person=user)
        if units:
            mine |= Q(person__isnull=True, unit_id__in=units)
        if desks := [role for role in (Role.DISPATCHER, Role.LEADER) if user.holds(role)]:
            mine |= Q(person__isnull=True, desk__in=desks)
        return self.open().filter(mine)

    def visible_to(self, user: User) -> Self:
        """The list form of `work.view`: one's own and the own units'; heads see those below."""
        if user.holds(Role.DISPATCHER, Role.LEADER, Role.AUDITOR):
            return self
        reach = Q(person=user) | Q(unit_id__in=user.scope_ids(Scope.UNIT, Role.HANDLER))
        for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
            reach |= Q(unit_id__in=Unit.objects.within(unit.path).values("pk"))
        return self.filter(reach)

    def about(self, subject: models.Model) -> Self:
        """The items of one record, in the order in which they were opened."""
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk).order_by(
            "pk"
        )

    def for_list(self) -> Self:
        return self.select_related("unit", "person").order_by(
            F("due_at").asc(nulls_last=True), "pk"
        )


class WorkItem(models.Model):
    """One step that one unit or person owes a record, with its own clock.

    A record may have several open items; at most one of a step is the lead. A second visit to a
    step is a new item with a new clock (`visit` counts them).
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    enterprise_id = models.BigIntegerField(null=True)
    label = models.CharField(max_length=200, help_text=_("number and title of the record"))
    url = models.CharField(max_length=200)
    step = models.CharField(_("step"), max_length=30)
    visit = models.PositiveSmallIntegerField(default=1)
    part = models.CharField(max_length=8, choices=Part, default=Part.LEAD)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="work_items")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="work_items"
    )
    desk = models.CharField(max_length=20, choices=Role, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    # The clock as it was promised; a change of priority replaces it, the history stays.
    clock_kind = models.CharField(max_length=20)
    clock_amount = models.PositiveSmallIntegerField()
    outside_hours = models.CharField(max_length=20)
    cutoff = models.TimeField(null=True)
    amber_share = models.DecimalField(max_digits=3, decimal_places=2)
    priority = models.CharField(max_length=20, default=Urgency.NORMAL)
    rule_set = models.BigIntegerField(null=True, help_text=_("where its clocks are looked up"))
    # Computed from clock, pauses and extensions; null while the clock stands.
    due_at = models.DateTimeField(_("due"), null=True)
    amber_at = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    paused_since = models.DateTimeField(null=True)
    next_escalation_at = models.DateTimeField(null=True)
    escalated_share = models.DecimalField(max_digits=4, decimal_places=2, default=0)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    was_late = models.BooleanField(null=True, help_text=_("done after the due time"))

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("work item")
        constraints = [
            models.CheckConstraint(
                name="work_item_waits_for_somebody",
                condition=Q(unit__isnull=False) | Q(person__isnull=False) | ~Q(desk=""),
            ),
            models.CheckConstraint(
                name="work_item_done_by_somebody",
                condition=Q(done_at__isnull=True, done_by__isnull=True, outcome="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="work_item_stands_or_is_due",
                condition=Q(paused_since__isnull=False) | Q(due_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="work_item_one_open_lead",
                fields=["subject_kind", "subject_id", "step"],
                condition=Q(done_at__isnull=True, part="lead"),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="work_item_subject"),
            models.Index(
                fields=["unit", "due_at", "id"],
                name="work_item_unit_inbox",
                condition=Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["person", "due_at", "id"],
                name="work_item_person_inbox",
                condition=Q(done_at__isnull=True, person__isnull=False),
            ),
            models.Index(
                fields=["desk", "due_at", "id"],
                name="work_item_desk_inbox",
                condition=Q(done_at__isnull=True) & ~Q(desk=""),
            ),
            models.Index(
                fields=["next_escalation_at"],
                name="work_item_escalation",
                condition=Q(done_at__isnull=True, paused_since__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.step}"


class Pause(models.Model):
    """A time in which the clock of an item stood still, with reason and evidence."""

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=24, choices=PauseReason)
    evidence = models.TextField(_("evidence"))
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pause")
        constraints = [
            models.UniqueConstraint(
                name="pause_one_at_a_time", fields=["item"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="pause_ends_after_it_begins",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="pause_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.started_at:%Y-%m-%d %H:%M}"


class Extension(models.Model):
    """More time, asked for before the clock ran out, with a reason the enterprise sees."""

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="extensions")
    amount = models.PositiveSmallIntegerField(help_text=_("in the unit of the item's clock"))
    reason = models.TextField(_("reason"))
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("extension")
        constraints = [
            models.CheckConstraint(name="extension_gives_time", condition=Q(amount__gt=0))
        ]

    def __str__(self) -> str:
        return f"{self.item_id} +{self.amount}"
