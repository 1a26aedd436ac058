"""Words of policy needs (政策需求)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NeedStatus(TextChoices):
    COLLECTED = "collected", _("Collected, not reported yet")
    REPORTED = "reported", _("Waiting for triage")
    ASSIGNED = "assigned", _("Assigned, contact owed")
    IN_PROGRESS = "in_progress", _("Being worked on")
    SOLVED = "solved", _("Solved, to be confirmed")
    CONFIRMED = "confirmed", _("Solved and confirmed")
    CLAIMED = "claimed", _("Payment claimed")
    PAID = "paid", _("Paid out")
    UNSOLVED = "unsolved", _("Cannot be solved")
    INVALID = "invalid", _("Not valid")
    MERGED = "merged", _("Merged into another need")
    REFERRED = "referred", _("Out of remit")


class Verdict(TextChoices):
    """What triage makes of a need. The first two are valid and get one responsible unit."""

    VALID = "valid", _("Valid")
    COORDINATED = "coordinated", _("Valid, to be coordinated")
    INVALID = "invalid", _("Not valid")
    MERGED = "merged", _("Same as another need")
    REFERRED = "referred", _("Out of remit")


class TriageReason(TextChoices):
    POLICY_IN_FORCE = "policy_in_force", _("A policy in force covers it")
    POLICY_MISSING = "policy_missing", _("No policy covers it yet")
    SEVERAL_UNITS = "several_units", _("Several units have a part in it")
    NO_POLICY_MATTER = "no_policy_matter", _("Not a matter of policy")
    NOT_CONFIRMED = "not_confirmed", _("The enterprise does not confirm it")
    ALREADY_MET = "already_met", _("Already met")
    SAME_MATTER = "same_matter", _("The same matter of the same enterprise")
    HIGHER_LEVEL = "higher_level", _("A higher level decides it")
    OTHER_AUTHORITY = "other_authority", _("An authority outside the zone decides it")


REASONS: dict[Verdict, tuple[TriageReason, ...]] = {
    Verdict.VALID: (TriageReason.POLICY_IN_FORCE, TriageReason.POLICY_MISSING),
    Verdict.COORDINATED: (TriageReason.SEVERAL_UNITS,),
    Verdict.INVALID: (
        TriageReason.NO_POLICY_MATTER,
        TriageReason.NOT_CONFIRMED,
        TriageReason.ALREADY_MET,
    ),
    Verdict.MERGED: (TriageReason.SAME_MATTER,),
    Verdict.REFERRED: (TriageReason.HIGHER_LEVEL, TriageReason.OTHER_AUTHORITY),
}


class BatchStatus(TextChoices):
    OPEN = "open", _("Being collected")
    REPORTED = "reported", _("Reported")


class NeedStep(TextChoices):
    """The steps somebody owes; each is a work item with its own clock."""

    REPORT = "report_needs", _("Report the needs collected")
    TRIAGE = "triage_needs", _("Sort the needs reported")
    PROGRESS = "report_progress", _("Report the progress of a need")


class MoneyStage(TextChoices):
    """Where money of a need stands. Support paid out is no later stage of a loan."""

    ASKED = "asked", _("Loan asked for")
    GRANTED = "granted", _("Credit granted by the bank")
    APPROVED = "approved", _("Loan approved")
    PAID = "paid", _("Support paid out")
