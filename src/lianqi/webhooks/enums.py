"""What other systems can be told of, and how a message to one of them stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

VERSION = "1"
"""The present form of the payloads. A subscription keeps the one it was made with."""


class HookEvent(TextChoices):
    """Kinds of events, by the verbs of the audit trail; what is not here never leaves the house."""

    FILED = "demand.filed", _("Demand filed")
    DISPATCHED = "demand.dispatched", _("Demand dispatched")
    ROUTED = "demand.routed", _("Demand sent to a task force by itself")
    RECALLED = "demand.recalled", _("Demand taken back from a task force")
    HANDED_OVER = "demand.handed_over", _("Demand handed over by a closed unit")
    ACCEPTED = "demand.accepted", _("Demand accepted")
    OBJECTED = "demand.objected", _("Objection to the dispatch")
    DECIDED = "demand.decided", _("Objection decided")
    TRANSFERRED = "demand.transferred", _("Demand transferred to another unit")
    ASSISTANCE_ASKED = "demand.assistance_asked", _("Unit asked to assist with a demand")
    CONTRIBUTED = "demand.contributed", _("Assisting unit contributed to a demand")
    MERGED = "demand.merged", _("Demand merged into another")
    UNMERGED = "demand.unmerged", _("Merge of a demand undone")
    EXTENDED = "demand.extended", _("More time for a demand")
    URGENCY_CHANGED = "demand.urgency_changed", _("Urgency of a demand changed")
    ASKED = "demand.asked", _("Question to the enterprise")
    REPLIED = "demand.replied", _("Question answered by the enterprise")
    REPORTED = "demand.reported", _("Interim answer or progress of a demand")
    CATEGORY_MOVED = "demand.category_moved", _("Demand moved to another category")
    ANSWERED = "demand.answered", _("Demand answered")
    CONFIRMED = "demand.confirmed", _("Demand confirmed as solved")
    DISPUTED = "demand.disputed", _("Demand not solved")
    REOPENED = "demand.reopened", _("Demand reopened")
    CONFIRMED_BY_PHONE = "demand.confirmed_by_phone", _("Demand confirmed by telephone")
    DISPUTED_BY_PHONE = "demand.disputed_by_phone", _("Demand not solved, says the caller")
    UNSOLVABLE = "demand.unsolvable", _("Demand cannot be solved")
    APPEALED = "demand.appealed", _("Appeal against “cannot be solved”")
    APPEAL_DECIDED = "demand.appeal_decided", _("Appeal decided")
    CLOSED_UNREPLIED = "demand.closed_unreplied", _("Demand closed, no reply to a question")
    CLOSED_SILENT = "demand.closed_silent", _("Demand closed without a word")
    WITHDRAWN = "demand.withdrawn", _("Demand withdrawn")
    RATED = "demand.rated", _("Demand rated after the closing")
    RATED_AGAIN = "demand.rated_again", _("Demand rated after the follow-up")
    REPORT_MADE = "demands.report_made", _("Monthly report made")
    CLASS_OPENED = "demands.class_opened", _("Class of cases opened")
    CLASS_POSTPONED = "demands.class_postponed", _("Day of fixing of a class changed")
    CLASS_FIXED = "demands.class_fixed", _("Cause of a class fixed")
    CLASS_REOPENED = "demands.class_reopened", _("Class of cases reopened")
    CLASS_DROPPED = "demands.class_dropped", _("Class of cases given up")
    ORDER_ISSUED = "supervision.issued", _("Supervision order issued")
    ORDER_ANSWERED = "supervision.answered", _("Supervision order answered")
    ORDER_SENT_BACK = "supervision.sent_back", _("Answer to a supervision order sent back")
    ORDER_SETTLED = "supervision.settled", _("Supervision order settled")
    ORDER_WITHDRAWN = "supervision.withdrawn", _("Supervision order taken back")
    FORCE_FORMED = "taskforces.formed", _("Task force formed")
    FORCE_LEAD_CHANGED = "taskforces.lead_changed", _("Lead unit of a task force changed")
    FORCE_UNITS_CHANGED = "taskforces.units_changed", _("Member units of a task force changed")
    FORCE_TYPES_CHANGED = "taskforces.types_changed", _("Problem types of a task force changed")
    FORCE_CLOSED = "taskforces.closed", _("Task force closed")
    CONVERSION_BEGUN = "conversions.begun", _("Conversion begun")
    CONVERSION_SETTLED = "conversions.settled", _("Step of a conversion done")
    CONVERSION_SKIPPED = "conversions.skipped", _("Step of a conversion left out")
    CONVERSION_WENT_BACK = "conversions.went_back", _("Step of a conversion begun once more")
    CONVERSION_STABLE = "conversions.stable", _("Conversion completed")
    CONVERSION_ENDED = "conversions.ended", _("Conversion ended")
    VISITED = "visit.filed", _("Visit recorded")
    ROUND_PLANNED = "visit.round_planned", _("Video round planned")
    ROUND_CHANGED = "visit.round_changed", _("Video round changed")
    ROUND_HELD = "visit.round_held", _("Video round ended")
    ROUND_CANCELLED = "visit.round_cancelled", _("Video round called off")
    NEED_COLLECTED = "need.collected", _("Policy need collected")
    NEED_VALID = "need.valid", _("Policy need found valid")
    NEED_COORDINATED = "need.coordinated", _("Policy need to be coordinated")
    NEED_INVALID = "need.invalid", _("Policy need found not valid")
    NEED_MERGED = "need.merged", _("Policy need merged into another")
    NEED_REFERRED = "need.referred", _("Policy need out of remit")
    NEED_RECONSIDERED = "need.reconsidered", _("Policy need back to triage")
    NEED_PROGRESSED = "need.progressed", _("Progress of a policy need")
    NEED_SOLVED = "need.solved", _("Policy need solved")
    NEED_CONFIRMED = "need.confirmed", _("Policy need confirmed as solved")
    NEED_DISPUTED = "need.disputed", _("Policy need not solved")
    NEED_GIVEN_UP = "need.given_up", _("Policy need cannot be solved")
    NEED_RESUMED = "need.resumed", _("Policy need taken up again")
    ENTERPRISE_CREATED = "register.created", _("Enterprise added")
    ENTERPRISE_CHANGED = "register.changed", _("Enterprise changed")
    ENTERPRISE_MERGED = "register.merged", _("Enterprises merged")


TEST = "webhook.test"
"""A message that the administrator sends by hand; it carries no record."""


class HookState(TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
