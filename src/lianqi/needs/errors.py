"""Refusals of policy needs: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class NeedMoveNotPossible(Refusal):
    code = "need_move_not_possible"
    message = _(
        "Need %(number)s is now “%(status)s”; this step is no longer possible. Somebody else may "
        "have acted meanwhile: reload the page to see the present state."
    )


class BatchMoveNotPossible(Refusal):
    code = "need_batch_move_not_possible"
    message = _(
        "The report of %(unit)s is already “%(status)s”. Somebody else may have sent it meanwhile: "
        "reload the page to see the present state."
    )


class NoProgramme(Refusal):
    code = "need_no_programme"
    message = _(
        "No programme of policy needs is under way, so there is nothing to collect for. Ask the "
        "platform administrator to enter one."
    )


class NeedEnterpriseMerged(Refusal):
    code = "need_enterprise_merged"
    message = _("This entry was merged into %(name)s. Collect the need for that enterprise.")


class NeedTextMissing(Refusal):
    code = "need_text_missing"
    message = _("A need without text cannot be sorted. Write what the enterprise needs.")


class NearSameNeed(Refusal):
    code = "need_near_same"
    message = _(
        "%(numbers)s of the same enterprise says nearly the same. Open it; if this is another "
        "matter, say so and save again."
    )


class ZeroReportNotSaid(Refusal):
    code = "need_zero_report_not_said"
    message = _(
        "Nothing was collected since %(since)s. If that is so, say “nothing was collected” and "
        "send the report again; a report is never empty by oversight."
    )


class NotAZeroReport(Refusal):
    code = "need_not_a_zero_report"
    message = _(
        "%(count)s needs were collected since %(since)s, so this is no zero report. Take “nothing "
        "was collected” back and send the report again."
    )


class ReasonDoesNotFit(Refusal):
    code = "need_reason_does_not_fit"
    message = _("The reason does not go with “%(verdict)s”. Choose one of: %(reasons)s.")


class TriageNoteMissing(Refusal):
    code = "need_triage_note_missing"
    message = _(
        "“%(verdict)s” needs a note that the guarding unit can tell the enterprise. Write why, and "
        "where to turn instead."
    )


class LeadUnitMissing(Refusal):
    code = "need_lead_unit_missing"
    message = _("A valid need has exactly one responsible unit. Choose it.")


class UnitTakesNoNeeds(Refusal):
    code = "need_unit_not_in_use"
    message = _("%(unit)s is no longer in use. Choose another unit.")


class OtherUnitsMissing(Refusal):
    code = "need_other_units_missing"
    message = _(
        "A need to be coordinated has other units beside the responsible one. Choose at least one, "
        "or choose “valid”."
    )


class MergeNotPossible(Refusal):
    code = "need_merge_not_possible"
    message = _(
        "%(number)s cannot be merged into the chosen need: that must be another need of the same "
        "enterprise which was not dismissed itself. Choose another one."
    )


class HasMergedNeeds(Refusal):
    code = "need_has_merged_needs"
    message = _(
        "%(count)s other needs were merged into %(number)s and depend on it. Reconsider those "
        "first."
    )


class NoteMissing(Refusal):
    code = "need_note_missing"
    message = _("Write the reason: the next person acts on it.")


class ReportTextMissing(Refusal):
    code = "need_report_text_missing"
    message = _("Write what was done: the guarding unit and the enterprise read it.")


class EvidenceMissing(Refusal):
    code = "need_evidence_missing"
    message = _(
        "“Solved” needs evidence that can be checked later. Name the letter, the payment or the "
        "record."
    )


class MoneyNotPossible(Refusal):
    code = "need_money_not_possible"
    message = _(
        "An amount is not zero, and one below zero corrects an earlier one and says why. Enter "
        "the amount, or write the reason."
    )


class ProgrammeNameMissing(Refusal):
    code = "need_programme_name_missing"
    message = _("A programme needs a name. Enter it.")


class ProgrammeDaysWrong(Refusal):
    code = "need_programme_days_wrong"
    message = _(
        "The target day or the last day lies before the first day %(starts_on)s. Enter a later one."
    )


class SortingUnitMissing(Refusal):
    code = "need_sorting_unit_missing"
    message = _("%(unit)s is no longer in use and cannot sort needs. Choose another unit.")
