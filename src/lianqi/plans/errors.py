"""Refusals of service plans: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class PlanMoveNotPossible(Refusal):
    code = "plan_move_not_possible"
    message = _(
        "Service plan %(number)s is now “%(status)s”; this step is no longer possible. Somebody "
        "else may have acted meanwhile: reload the page to see the present state."
    )


class MeasureMoveNotPossible(Refusal):
    code = "plan_measure_move_not_possible"
    message = _(
        "Measure %(position)s of service plan %(number)s is now “%(status)s”; this is no longer "
        "possible. Somebody else may have acted meanwhile: reload the page."
    )


class PlanUnderWay(Refusal):
    code = "plan_under_way"
    message = _(
        "%(enterprise)s has a service plan already: %(number)s, kept by %(unit)s. Go on there, or "
        "ask that unit to take up what is missing."
    )


class EnterpriseHasNoPlan(Refusal):
    code = "plan_enterprise_not_possible"
    message = _(
        "The entry of %(enterprise)s was merged into another one. Open the entry that remains and "
        "begin the plan there."
    )


class PlanTextMissing(Refusal):
    code = "plan_text_missing"
    message = _("A service plan needs a title, an aim and a diagnosis. Write what is missing.")


class UnitKeepsNoPlans(Refusal):
    code = "plan_unit_not_possible"
    message = _(
        "%(unit)s cannot be responsible for a plan or a measure: it is closed, or a task force. "
        "Choose a unit that stays, such as the one that leads the task force."
    )


class OfficerNotPossible(Refusal):
    code = "plan_officer_not_possible"
    message = _(
        "%(person)s neither works for %(unit)s nor looks after the enterprise. Choose somebody of "
        "the unit, or the liaison officer."
    )


class OfficerMissing(Refusal):
    code = "plan_officer_missing"
    message = _(
        "The enterprise needs somebody to turn to. Name the responsible officer before the plan is "
        "proposed."
    )


class MeasuresMissing(Refusal):
    code = "plan_measures_missing"
    message = _("A service plan without a measure promises nothing. Add one at least.")


class MeasureTextMissing(Refusal):
    code = "plan_measure_text_missing"
    message = _("Write what is done: the owner works by it and the enterprise reads it.")


class TooManyMeasures(Refusal):
    code = "plan_too_many_measures"
    message = _("A service plan has %(most)s measures at most. Join what belongs together.")


class OwnerNotPossible(Refusal):
    code = "plan_owner_not_possible"
    message = _(
        "%(person)s does not work for %(unit)s. Choose somebody of the unit, or leave the measure "
        "to its desk."
    )


class DueDayNotPossible(Refusal):
    code = "plan_due_day_not_possible"
    message = _(
        "A measure is due on a working day after today, until %(latest)s at the latest; %(day)s is "
        "none. The next possible day is %(nearest)s."
    )


class DueDayPassed(Refusal):
    code = "plan_due_day_passed"
    message = _(
        "Measure %(position)s would be due on %(day)s, which is not ahead any more. Give it a "
        "later day first."
    )


class LaterDayNeeded(Refusal):
    code = "plan_later_day_needed"
    message = _(
        "The measure is due on %(day)s already. Moving it gives more time: enter a later working "
        "day."
    )


class PostponedTooLate(Refusal):
    code = "plan_postponed_too_late"
    message = _(
        "The time of measure %(position)s ended at %(due_at)s, and more time can only be given "
        "before it ends. Finish it, and say in the result why it took longer."
    )


class ReasonMissing(Refusal):
    code = "plan_reason_missing"
    message = _("Write the reason; the enterprise reads it.")


class ReviewDayNotPossible(Refusal):
    code = "plan_review_day_not_possible"
    message = _("The plan is reviewed on a day after today, until %(latest)s. Enter such a day.")


class ReviewTextMissing(Refusal):
    code = "plan_review_text_missing"
    message = _("Write what the review found; the enterprise reads it.")


class WishesMissing(Refusal):
    code = "plan_wishes_missing"
    message = _("Write what you would like different, so that the unit can change it.")


class AgreementIncomplete(Refusal):
    code = "plan_agreement_incomplete"
    message = _(
        "Write who of the enterprise agreed, how, and on which day, which is not ahead, so that it "
        "can be looked up."
    )


class ProgressMissing(Refusal):
    code = "plan_progress_missing"
    message = _("Write how it stands; the enterprise reads it.")


class ResultTextMissing(Refusal):
    code = "plan_result_text_missing"
    message = _(
        "Write what was achieved, and of what was not done the reason: the enterprise reads it and "
        "says whether it agrees."
    )


class DoubtMissing(Refusal):
    code = "plan_doubt_missing"
    message = _("Write what is not right about the result, so that the unit can look into it.")


class JudgedAlready(Refusal):
    code = "plan_measure_judged"
    message = _("Your enterprise has said of this result: “%(verdict)s”. Reload the page.")


class MeasuresOpen(Refusal):
    code = "plan_measures_open"
    message = _(
        "%(count)s measures have no result yet. State each result first, or end the plan early "
        "with a reason."
    )


class DoubtUnanswered(Refusal):
    code = "plan_doubt_unanswered"
    message = _(
        "The enterprise doubts the result of measure %(position)s, and nobody has answered. State "
        "the result once more or take the measure up again first."
    )


class OutcomeMissing(Refusal):
    code = "plan_outcome_missing"
    message = _("Write what came of the plan as a whole; the enterprise reads it.")


class EndReasonMissing(Refusal):
    code = "plan_end_reason_missing"
    message = _("Write why the plan ends early: the enterprise and all owners are told.")


class DemandOfAnotherEnterprise(Refusal):
    code = "plan_demand_of_another"
    message = _(
        "You see no demand %(number)s of %(enterprise)s. Choose one of the enterprise that you can "
        "open."
    )


class NoteMissing(Refusal):
    code = "plan_note_missing"
    message = _("The note is empty. Write what your colleagues should know.")


class PlaceNotPossible(Refusal):
    code = "plan_place_not_possible"
    message = _("The plan has measures 1 to %(last)s. Choose one of these places.")


class ProposalReplaced(Refusal):
    code = "plan_proposal_replaced"
    message = _(
        "The unit has put a newer version of service plan %(number)s to you. Read it, and agree or "
        "send it back then."
    )
