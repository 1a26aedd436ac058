"""Words of visits."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitKind(TextChoices):
    """How somebody of the zone met an enterprise."""

    ON_SITE = "on_site", _("On site")
    CALL = "call", _("By telephone")
    VIDEO = "video", _("By video")
    ROUND = "round", _("Video round of a leader")
    RECEIVED = "received", _("The enterprise came to us")


class VisitStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    AGENDA = "agenda", _("On the agenda")
    FILED = "filed", _("Recorded")
    MISSED = "missed", _("Did not take place")


# What somebody can record on their own; a round is planned.
BY_ONESELF = (VisitKind.ON_SITE, VisitKind.CALL, VisitKind.VIDEO, VisitKind.RECEIVED)


class RoundStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Called off")


class PromiseState(TextChoices):
    """What became of a promise; only one with a day can be kept or broken."""

    AT_ONCE = "at_once", _("Answered on the spot")
    KEPT = "kept", _("Kept")
    LATE = "late", _("Kept late")
    RUNNING = "running", _("Still time")
    BROKEN = "broken", _("Day is over")
    OPEN = "open", _("No day promised")
    WITHDRAWN = "withdrawn", _("Withdrawn")
