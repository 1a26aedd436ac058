"""Words of visits."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitKind(TextChoices):
    """How somebody of the zone met an enterprise."""

    ON_SITE = "on_site", _("On site")
    CALL = "call", _("By telephone")
    VIDEO = "video", _("By video")
    RECEIVED = "received", _("The enterprise came to us")


class VisitStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    FILED = "filed", _("Recorded")
