"""Words that a zone put in place of those that come with the program."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Language
from lianqi.notices.enums import Audience
from lianqi.notices.wordings import ANY


class OwnWording(models.Model):
    """The zone's own words for one event, kind of reader, channel and language."""

    event = models.CharField(max_length=60)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.ANY)
    channel = models.CharField(max_length=10, default=ANY)
    language = models.CharField(max_length=7, choices=Language)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("wording of a message")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "audience", "channel", "language"], name="wording_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.audience} {self.channel} {self.language}"
