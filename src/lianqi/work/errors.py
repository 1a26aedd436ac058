"""Refusals of work items: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class ItemDone(Refusal):
    code = "item_done"
    message = _(
        "“%(label)s” was already finished; its clock can no longer be changed. Somebody else "
        "may have acted meanwhile: reload the page to see the present state."
    )


class ClockAlreadyPaused(Refusal):
    code = "clock_already_paused"
    message = _(
        "The clock of “%(label)s” already stands still since %(since)s. Let it run again before "
        "you pause it for another reason."
    )


class ClockNotPaused(Refusal):
    code = "clock_not_paused"
    message = _(
        "The clock of “%(label)s” is running; there is nothing to resume. Reload the page to "
        "see the present state."
    )


class PauseTooLate(Refusal):
    code = "pause_too_late"
    message = _(
        "The time for “%(label)s” ended at %(due_at)s. A clock that has run out cannot be "
        "paused any more: finish the work, and say in the answer why it took longer."
    )


class PauseEvidenceMissing(Refusal):
    code = "pause_evidence_missing"
    message = _(
        "A pause needs evidence that can be checked later. Write what you are waiting for and "
        "since when, with the number of the letter if there is one."
    )


class ExtensionTooLate(Refusal):
    code = "extension_too_late"
    message = _(
        "The time for “%(label)s” ended at %(due_at)s, and more time can only be given before "
        "it ends. Finish the work, and say in the answer why it took longer."
    )


class ExtensionReasonMissing(Refusal):
    code = "extension_reason_missing"
    message = _(
        "More time needs a reason; the enterprise will read it. Write why the time is too short."
    )


class PriorityTooLate(Refusal):
    code = "priority_too_late"
    message = _(
        "The time for “%(label)s” ended at %(due_at)s; another priority can no longer change "
        "that. Finish the work first."
    )


class ExtendedClockKeepsItsUnit(Refusal):
    code = "extended_clock_keeps_unit"
    message = _(
        "“%(label)s” was given more time in the unit of its present clock; the chosen priority "
        "counts in another unit. Choose a priority that counts in the same unit."
    )


class ClockAmountOutOfRange(Refusal):
    code = "clock_amount_out_of_range"
    message = _("A time limit is 1 to %(longest)s days or hours long. Enter another one.")


class AmberShareOutOfRange(Refusal):
    code = "amber_share_out_of_range"
    message = _("“Due soon” begins after more than 0 and at most 100 per cent of the time.")


class RungOutOfRange(Refusal):
    code = "escalation_share_out_of_range"
    message = _(
        "People can be told after 1 to %(most)s per cent of the time; 100 is the due time itself. "
        "Enter another share."
    )


class RungTaken(Refusal):
    code = "escalation_rule_taken"
    message = _("“%(rung)s” is in the ladder already. Change that entry or choose another share.")


class PersonNotOfUnit(Refusal):
    code = "person_not_of_unit"
    message = _(
        "%(person)s does not handle work of %(unit)s. Choose somebody of the unit, or have the "
        "person entered there first."
    )
