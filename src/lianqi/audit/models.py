"""Append-only business events and the hash chain over them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
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
