"""How each person wants to be told."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.notices.enums import LEAVING, Topic

LEAVING_CHOICES = [(each.value, each.label) for each in LEAVING]
USUAL_QUIET = (dt.time(22), dt.time(7))
USUAL_DIGEST_AT = dt.time(8, 30)


class MessageChoice(models.Model):
    """Quiet hours and the hour of the daily summary of one person, by the zone's clock.

    Somebody without a row has the usual ones; a row without hours has none.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="message_choice"
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_at = models.TimeField(_("daily summary at"), default=USUAL_DIGEST_AT)

    class Meta:
        verbose_name = _("message settings")
        constraints = [
            models.CheckConstraint(
                name="quiet_hours_have_both_ends",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class TopicChoice(models.Model):
    """Over which channels one person is told about one topic, and whether once a day is enough."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="topic_choices"
    )
    topic = models.CharField(max_length=12, choices=Topic)
    channels = ArrayField(
        models.CharField(max_length=10, choices=LEAVING_CHOICES), default=list, blank=True
    )
    is_digest = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("message setting of a topic")
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], name="topic_chosen_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic}"
