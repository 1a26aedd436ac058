"""What other systems can be told of, and how a message to one of them stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

VERSION = "1"
"""The present form of the payloads. A subscription keeps the one it was made with."""


class HookEvent(TextChoices):
    """Kinds of events, by the verbs of the audit trail; what is not here never leaves the house."""

    FILED = "demand.filed", _("Demand filed")
    DISPATCHED = "demand.dispatched", _("Demand dispatched")
    ACCEPTED = "demand.accepted", _("Demand accepted")
    RETURNED = "demand.returned", _("Demand handed back")
    ANSWERED = "demand.answered", _("Demand answered")
    CONFIRMED = "demand.confirmed", _("Demand confirmed as solved")
    DISPUTED = "demand.disputed", _("Demand not solved")
    REOPENED = "demand.reopened", _("Demand reopened")
    CLOSED_SILENT = "demand.closed_silent", _("Demand closed without a word")
    WITHDRAWN = "demand.withdrawn", _("Demand withdrawn")
    ENTERPRISE_CREATED = "register.created", _("Enterprise added")
    ENTERPRISE_CHANGED = "register.changed", _("Enterprise changed")
    ENTERPRISE_MERGED = "register.merged", _("Enterprises merged")


TEST = "webhook.test"
"""A message that the administrator sends by hand; it carries no record."""


class HookState(TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
