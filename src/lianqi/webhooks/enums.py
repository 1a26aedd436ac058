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
    OBJECTED = "demand.objected", _("Objection to the dispatch")
    DECIDED = "demand.decided", _("Objection decided")
    CATEGORY_MOVED = "demand.category_moved", _("Demand moved to another category")
    ANSWERED = "demand.answered", _("Demand answered")
    CONFIRMED = "demand.confirmed", _("Demand confirmed as solved")
    DISPUTED = "demand.disputed", _("Demand not solved")
    REOPENED = "demand.reopened", _("Demand reopened")
    CLOSED_SILENT = "demand.closed_silent", _("Demand closed without a word")
    WITHDRAWN = "demand.withdrawn", _("Demand withdrawn")
    RATED = "demand.rated", _("Demand rated after the closing")
    RATED_AGAIN = "demand.rated_again", _("Demand rated after the follow-up")
    NEED_COLLECTED = "need.collected", _("Policy need collected")
    NEED_VALID = "need.valid", _("Policy need found valid")
    NEED_COORDINATED = "need.coordinated", _("Policy need to be coordinated")
    NEED_INVALID = "need.invalid", _("Policy need found not valid")
    NEED_MERGED = "need.merged", _("Policy need merged into another")
    NEED_REFERRED = "need.referred", _("Policy need out of remit")
    NEED_PROGRESSED = "need.progressed", _("Progress of a policy need")
    NEED_SOLVED = "need.solved", _("Policy need solved")
    NEED_CONFIRMED = "need.confirmed", _("Policy need confirmed as solved")
    NEED_DISPUTED = "need.disputed", _("Policy need not solved")
    NEED_GIVEN_UP = "need.given_up", _("Policy need cannot be solved")
    ENTERPRISE_CREATED = "register.created", _("Enterprise added")
    ENTERPRISE_CHANGED = "register.changed", _("Enterprise changed")
    ENTERPRISE_MERGED = "register.merged", _("Enterprises merged")


TEST = "webhook.test"
"""A message that the administrator sends by hand; it carries no record."""


class HookState(TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
