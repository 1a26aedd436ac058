"""Append-only business events and the hash chain over them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Protocol, Self

from django.db import models
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext_lazy as _


class Reader(Protocol):
    """Whoever wants to read the trail. People live on a higher floor."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: Reader) -> Self:
        """The list form of `accounts.view_trail`: the whole trail or nothing."""
        return self if user.has_perm("accounts.view_trail") else self.none()

    def reads(self) -> Self:
        """Looks at data: nothing was changed."""
        return self.filter(is_read=True)

    def changes(self) -> Self:
        return self.filter(is_read=False)

    def by_people(self, ids: Iterable[int], *, or_platform: bool = False) -> Self:
        """What these people did, and, if asked, what the platform did by itself."""
        reach = Q(by_id__in=list(ids))
        return self.filter(reach | Q(by_id__isnull=True) if or_platform else reach)

    def concerning(self, enterprise_ids: Iterable[int]) -> Self:
        """What concerns these enterprises; a queryset of their ids is not evaluated."""
        return self.filter(enterprise_id__in=enterprise_ids)

    def within(self, first: dt.datetime | None, before: dt.datetime | None) -> Self:
        """Events of that time, `before` excluded; None leaves that side open.

        Lists go by id. Without the ids of the first and the last event of the time, a page of a
        year long past would be looked for through everything that came after it.
        """
        spell = {"at__gte": first, "at__lt": before}
        spell = {name: moment for name, moment in spell.items() if moment is not None}
        if not spell:
            return self
        # Counting too keeps PostgreSQL from walking the primary key to find the ends.
        ends = Event.objects.filter(**spell).aggregate(Min("pk"), Max("pk"), Count("pk"))
        if not ends["pk__count"]:
            return self.none()
        return self.filter(pk__range=(ends["pk__min"], ends["pk__max"]), **spell)

    def about(self, kind: str, pk: int) -> Self:
        """The events of one record, oldest first: its timeline."""
        return self.filter(subject_kind=kind, subject_id=pk).order_by("pk")

    def reads_of(self, enterprise_id: int) -> Self:
        """Who looked at this enterprise's data, newest first."""
        return self.filter(enterprise_id=enterprise_id, is_read=True).order_by("-pk")


class Event(models.Model):
    """Somebody did something to a record. Never updated, never deleted: a trigger refuses both.

    There are no foreign keys, so that nothing an event mentions is kept alive or deleted by it.
    """

    at = models.DateTimeField(_("at"))
    by_id = models.BigIntegerField(_("by"), null=True)
    by_name = models.CharField(_("name at the time"), max_length=150)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    enterprise_id = models.BigIntegerField(null=True)
    is_read = models.BooleanField(default=False, help_text=_("looked at, nothing changed"))
    detail = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_event_subject"),
            models.Index(
                fields=["enterprise_id", "-id"],
                name="audit_event_reads",
                condition=models.Q(is_read=True),
            ),
            models.Index(fields=["by_id", "-id"], name="audit_event_by"),
            models.Index(fields=["verb", "-id"], name="audit_event_verb"),
            models.Index(
                fields=["enterprise_id", "-id"],
                name="audit_event_enterprise",
                condition=models.Q(enterprise_id__isnull=False),
            ),
            models.Index(fields=["at", "id"], name="audit_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name} {self.verb}"


class Link(models.Model):
    """One link of the chain: written by the database when the event's transaction commits."""

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_link"

    def __str__(self) -> str:
        return f"{self.position}: {self.digest[:12]}"


class ChainCheck(models.Model):
    """What a walk over the whole chain found, so that people see when it was last done."""

    at = models.DateTimeField(_("at"))
    events = models.BigIntegerField(help_text=_("how many events hold, from the first on"))
    head = models.CharField(max_length=64, help_text=_("digest of the last of them"))
    broken_event_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("verification of the chain")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.events}"
