"""Refusals of demands: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class MoveNotPossible(Refusal):
    code = "demand_move_not_possible"
    message = _(
        "Demand %(number)s is now “%(status)s”; this step is no longer possible. Somebody else may "
        "have acted meanwhile: reload the page to see the present state."
    )


class ReopenWindowOver(Refusal):
    code = "demand_reopen_window_over"
    message = _(
        "Demand %(number)s was answered on %(answered_on)s and could be reopened until "
        "%(until_on)s. File a new demand and mention this number."
    )


class CategoryNotInUse(Refusal):
    code = "demand_category_not_in_use"
    message = _("The category “%(category)s” is no longer in use. Choose another one.")


class CategoryNotAccepted(Refusal):
    code = "demand_category_not_accepted"
    message = _(
        "Matters of “%(category)s” are not handled here. %(advice)s What you typed is kept: take "
        "it from here, or choose another category."
    )


class EvidenceMissing(Refusal):
    code = "demand_evidence_missing"
    message = _(
        "“%(category)s” needs these documents: %(missing)s. Attach them and file the demand again; "
        "what you typed is kept."
    )


class EvidenceNotAsked(Refusal):
    code = "demand_evidence_not_asked"
    message = _(
        "“%(category)s” does not ask for all of these documents. Look up what it asks for today, "
        "and hand anything else in as an attachment; what you typed is kept."
    )


class CategoryUnchanged(Refusal):
    code = "demand_category_unchanged"
    message = _(
        "Demand %(number)s is already filed under “%(category)s” as it holds now. Choose another "
        "category, or leave it where it is."
    )


class MoveReasonMissing(Refusal):
    code = "demand_move_reason_missing"
    message = _("Another category needs a reason; the enterprise will read it. Write it down.")


class CategoryTooDeep(Refusal):
    code = "demand_category_too_deep"
    message = _(
        "The tree of categories has at most %(most)s levels. Choose a heading that stands higher."
    )


class CategoryUnderItself(Refusal):
    code = "demand_category_under_itself"
    message = _("“%(category)s” cannot stand under itself. Choose another heading.")


class VersionTooEarly(Refusal):
    code = "demand_version_too_early"
    message = _(
        "Demands were filed under what holds now; it cannot be changed for days that have begun. "
        "Let the new version begin on %(earliest)s or later."
    )


class VersionStartTaken(Refusal):
    code = "demand_version_start_taken"
    message = _(
        "Another version begins on %(day)s already. Change that one, or choose another day."
    )


class VersionInForce(Refusal):
    code = "demand_version_in_force"
    message = _(
        "This version holds since %(day)s and demands rely on it. Add a new version from a coming "
        "day instead."
    )


class AdviceMissing(Refusal):
    code = "demand_advice_missing"
    message = _(
        "Where matters are not accepted, enterprises must read where to go instead. Write it down."
    )


class PressingTakesLonger(Refusal):
    code = "demand_pressing_takes_longer"
    message = _(
        "“%(step)s” would take longer if “%(urgency)s” than if “%(milder)s”. Shorten the one or "
        "lengthen the other."
    )


class DutyTaken(Refusal):
    code = "demand_duty_taken"
    message = _(
        "%(unit)s has led these matters of exactly these enterprises since %(valid_from)s. End "
        "that rule first, or state another condition."
    )


class DutyOfATaskForce(Refusal):
    code = "demand_duty_of_a_task_force"
    message = _(
        "%(unit)s leads these matters by order. Ask whoever formed the task force to take the "
        "problem type from it; the line ends then."
    )


class NotATaskForceLine(Refusal):
    code = "demand_duty_of_no_task_force"
    message = _(
        "Only what a task force leads today can go to it by itself; this line of %(unit)s is none, "
        "or has ended. Reload the page."
    )


class RoutingAsItIs(Refusal):
    code = "demand_routing_as_it_is"
    message = _(
        "Somebody decided this about “%(category)s” before you. Reload the page to see how it is."
    )


class RecallReasonMissing(Refusal):
    code = "demand_recall_reason_missing"
    message = _("Write why you take the demand back: the task force is told.")


class DutyIndustryUnknown(Refusal):
    code = "demand_duty_industry_unknown"
    message = _(
        "GB/T 4754-2017 has no industry %(code)s. Enter a section (a letter) or two to four digits."
    )


class DutyEndedTooEarly(Refusal):
    code = "demand_duty_ended_too_early"
    message = _("A rule cannot end before %(earliest)s. Choose a later day.")


class DutyReasonMissing(Refusal):
    code = "demand_duty_reason_missing"
    message = _("A precedent needs the reason of the decision. Write it down.")


class UnitNotInUse(Refusal):
    code = "demand_unit_not_in_use"
    message = _("%(unit)s no longer takes demands. Choose another unit.")


class UnitIsFinal(Refusal):
    code = "demand_unit_is_final"
    message = _(
        "The leader in charge decided on %(on)s that %(unit)s handles demand %(number)s. It can "
        "no longer be sent elsewhere or objected to. Turn to that leader if the grounds have "
        "changed."
    )


class ObjectionTooLate(Refusal):
    code = "demand_objection_too_late"
    message = _(
        "Demand %(number)s reached the unit at %(dispatched_at)s; the time to object ended at "
        "%(until)s. Accept it, and ask the dispatcher to transfer it if another unit is "
        "responsible."
    )


class ObjectedAlready(Refusal):
    code = "demand_objected_already"
    message = _(
        "%(unit)s already objected to demand %(number)s at %(raised_at)s; a unit may do so once. "
        "Accept the demand."
    )


class ObjectionNoteMissing(Refusal):
    code = "demand_objection_note_missing"
    message = _("An objection needs an explanation: say why the unit is not responsible.")


class DecisionMissing(Refusal):
    code = "demand_decision_missing"
    message = _("A decision needs grounds: say why this unit is responsible.")


class UpheldForItself(Refusal):
    code = "demand_upheld_for_itself"
    message = _(
        "%(unit)s has objected; an objection that is upheld needs another unit. Choose one, or "
        "do not uphold the objection."
    )


class LeadDoesNotAssist(Refusal):
    code = "demand_lead_does_not_assist"
    message = _("%(unit)s leads demand %(number)s and cannot assist as well. Choose another unit.")


class AlreadyAssists(Refusal):
    code = "demand_already_assists"
    message = _(
        "%(unit)s was already asked to assist with demand %(number)s and has not answered yet. "
        "Wait for the contribution, or take the request back first."
    )


class TooManyAssist(Refusal):
    code = "demand_too_many_assist"
    message = _(
        "%(most)s units already assist with demand %(number)s. Take one back before you ask "
        "another."
    )


class RequestMissing(Refusal):
    code = "demand_request_missing"
    message = _("The unit must know what is asked of it: say what it shall contribute.")


class NotAssisting(Refusal):
    code = "demand_not_assisting"
    message = _(
        "%(unit)s owes no contribution to demand %(number)s. It was given or taken back meanwhile: "
        "reload the page to see the present state."
    )


class ContributionMissing(Refusal):
    code = "demand_contribution_missing"
    message = _("A contribution needs text: say what the leading unit should know.")


class TransferAsked(Refusal):
    code = "demand_transfer_asked"
    message = _(
        "A transfer of demand %(number)s was already asked for. Wait for the dispatcher's "
        "decision; the time for the answer runs on."
    )


class TransferToItself(Refusal):
    code = "demand_transfer_to_itself"
    message = _("%(unit)s has demand %(number)s already. Choose another unit.")


class EnterpriseMerged(Refusal):
    code = "demand_enterprise_merged"
    message = _("This entry was merged into %(name)s. File the demand for that enterprise.")


class EnterpriseNotNamed(Refusal):
    code = "demand_enterprise_not_named"
    message = _(
        "Say whose demand this is: choose the enterprise, or enter its name if it is not in the "
        "register."
    )


class EnterpriseKnown(Refusal):
    code = "demand_enterprise_known"
    message = _(
        "Demand %(number)s belongs to %(name)s already. Reload the page to see the present state."
    )


class TipsNotTaken(Refusal):
    code = "demand_tips_not_taken"
    message = _(
        "In the category “%(category)s” nothing can be written without a name. Choose another "
        "category, or sign in to file a demand."
    )


class TipMessageMissing(Refusal):
    code = "demand_tip_message_missing"
    message = _("The message is empty. Write what you want to ask or to tell.")


class NoUnitToAnswer(Refusal):
    code = "demand_no_unit_to_answer"
    message = _(
        "Nobody answers for this call: your account belongs to no unit. Ask the platform "
        "administrator to enter your unit, or turn the call into a demand."
    )


class MailDecided(Refusal):
    code = "demand_mail_decided"
    message = _(
        "Somebody has decided about this mail meanwhile. Reload the list to see what still waits."
    )


class CategoryCodeTaken(Refusal):
    code = "demand_category_code_taken"
    message = _("There is a category with the code %(code)s already. Choose another code.")


class CategoryNameMissing(Refusal):
    code = "demand_category_name_missing"
    message = _("A category needs a code and a name in both languages. Enter what is missing.")


class AnswerMissing(Refusal):
    code = "demand_answer_missing"
    message = _(
        "An answer needs text: say what was done, or why it cannot be done and what remains."
    )


class TooLittleToLearn(Refusal):
    code = "demand_too_little_to_learn"
    message = _(
        "Only %(closed)s demands are closed; the classifier needs %(fewest)s to learn from. Try "
        "again when more are closed; until then the duty catalogue suggests alone."
    )


class RatingWindowOver(Refusal):
    code = "demand_rating_window_over"
    message = _(
        "Demand %(number)s could be rated until %(until_on)s. If the matter is still open, file a "
        "new demand and mention this number."
    )


class AlreadyRated(Refusal):
    code = "demand_already_rated"
    message = _(
        "Demand %(number)s has its rating already, and a rating stays. Reload the page to see it."
    )


class RatingReasonOfAnotherStep(Refusal):
    code = "demand_rating_reason_of_another_step"
    message = _(
        "The reason “%(reason)s” does not go with the rating “%(rating)s”. Take it out, or choose "
        "another rating."
    )


class RatingReasonMissing(Refusal):
    code = "demand_rating_reason_missing"
    message = _(
        "Please say why you are not satisfied: tick at least one reason or write a comment. The "
        "head of the unit follows it up."
    )


class RatingReasonCodeTaken(Refusal):
    code = "demand_rating_reason_code_taken"
    message = _("There is a reason with the code %(code)s. Choose another code.")


class RatingReasonWithoutSteps(Refusal):
    code = "demand_rating_reason_without_steps"
    message = _("A reason needs both names and at least one rating it goes with.")


class ClosingRuleTaken(Refusal):
    code = "demand_closing_rule_taken"
    message = _("There is a rule for %(category)s. Change that one instead of adding another.")


class ClosingRuleOutOfBounds(Refusal):
    code = "demand_closing_rule_out_of_bounds"
    message = _(
        "Days must lie between 1 and %(days)d and the share between 0 and 100. Correct the number "
        "and save again."
    )


class MonthNotCompiled(Refusal):
    code = "demand_month_not_compiled"
    message = _(
        "No figures of %(month)s have been compiled. They are compiled every night; choose another "
        "month, or come back tomorrow."
    )


class FormulaInThePast(Refusal):
    code = "demand_formula_in_the_past"
    message = _(
        "%(day)s is over, and the figures of a period that has ended do not change. Choose today "
        "or a later day."
    )


class FormulaOfThatDay(Refusal):
    code = "demand_formula_of_that_day"
    message = _("There is a formula valid from %(day)s. Choose another day.")


class FormulaNotWhole(Refusal):
    code = "demand_formula_not_whole"
    message = _(
        "Every weight lies between 0 and 100%%, and the weights of the rates add up to 100%%. "
        "Correct them and save again."
    )


class NoRemedyOpen(Refusal):
    code = "demand_no_remedy_open"
    message = _(
        "There is no follow-up to work on for demand %(number)s: it may have been finished or the "
        "demand reopened meanwhile. Reload the page to see the present state."
    )


class RemedyContactMissing(Refusal):
    code = "demand_remedy_contact_missing"
    message = _(
        "Speak to the enterprise before you finish the follow-up, and note here whom you reached "
        "and what was said."
    )


class RemedyMeasuresMissing(Refusal):
    code = "demand_remedy_measures_missing"
    message = _("Say what was done: the enterprise reads it and rates once more.")


class ClassMoveNotPossible(Refusal):
    code = "demand_class_move_not_possible"
    message = _(
        "Class %(number)s is now “%(status)s”; this step is no longer possible. Somebody else may "
        "have acted meanwhile: reload the page to see the present state."
    )


class FixDayNotPossible(Refusal):
    code = "demand_fix_day_not_possible"
    message = _(
        "The cause cannot be promised to be fixed by %(day)s. Choose a day after today and not "
        "later than %(latest)s."
    )


class NothingToLink(Refusal):
    code = "demand_nothing_to_link"
    message = _(
        "There is no such demand that you may see, or it belongs to a class already. Check the "
        "number, or open the class it belongs to."
    )


class ContactWithoutPerson(Refusal):
    code = "demand_contact_without_person"
    message = _("Somebody was reached, but it is not said who. Enter whom you spoke with.")


class ContactInTheFuture(Refusal):
    code = "demand_contact_in_the_future"
    message = _("A contact cannot lie in the future. Enter when it took place.")


class NoteMissing(Refusal):
    code = "demand_note_missing"
    message = _("The note is empty. Write what the others should know.")


class ReportMissing(Refusal):
    code = "demand_report_missing"
    message = _("A report needs text: say what was done since the last one and what comes next.")


class QuestionMissing(Refusal):
    code = "demand_question_missing"
    message = _("Say to the enterprise what you are waiting for; it reads this text.")


class NoQuestionStands(Refusal):
    code = "demand_no_question_stands"
    message = _(
        "Nothing is asked of you about demand %(number)s any more; the unit has gone on. Send what "
        "you have to the unit, or wait for its answer."
    )


class ReplyMissing(Refusal):
    code = "demand_reply_missing"
    message = _("The reply is empty. Write your reply, and attach what was asked for.")


class NothingUnreplied(Refusal):
    code = "demand_nothing_unreplied"
    message = _(
        "Demand %(number)s does not wait for the enterprise. Answer it, or ask the enterprise "
        "first."
    )


class TooEarlyToCloseUnreplied(Refusal):
    code = "demand_too_early_to_close_unreplied"
    message = _(
        "The enterprise was asked on %(asked_on)s and has until %(until_on)s to reply; it is "
        "reminded before. Close the demand after that day if no reply has come."
    )


class GroundsMissing(Refusal):
    code = "demand_grounds_missing"
    message = _("Closing needs grounds; the enterprise reads them. Write what was asked and when.")


class NoCallsWaiting(Refusal):
    code = "demand_no_calls_waiting"
    message = _(
        "There is nobody to call now: everything drawn was called, is being called by a colleague, "
        "or waits for a later attempt. Look again in an hour."
    )


class CallbackTaken(Refusal):
    code = "demand_callback_taken"
    message = _(
        "You do not hold this call: it went to a colleague or was finished meanwhile. Take the "
        "next one."
    )


class CallbackOver(Refusal):
    code = "demand_callback_over"
    message = _(
        "Demand %(number)s was reopened meanwhile: there is nothing to ask about any more. Take "
        "the next call."
    )


class CallbackAnswersMissing(Refusal):
    code = "demand_callback_answers_missing"
    message = _(
        "Somebody was reached: note whether the unit had been in touch, whether the matter is "
        "solved, and the rating."
    )


class CallbackNotToReopen(Refusal):
    code = "demand_callback_not_to_reopen"
    message = _(
        "Only what the enterprise called not or partly solved can be reopened from a call, once. "
        "Reload the page to see the present state."
    )


class TooManyAtOnce(Refusal):
    code = "demand_too_many_at_once"
    message = _("At most %(most)d demands can be dispatched at once. Choose fewer.")


class DemandsUnknown(Refusal):
    code = "demands_unknown"
    message = _(
        "There are no demands with these ids: %(ids)s. Nothing was dispatched. Leave them out and "
        "try again."
    )


class NotWaiting(Refusal):
    code = "demand_not_waiting"
    message = _(
        "Demand %(number)s did not wait for dispatch any more, it was “%(status)s”. A colleague "
        "may have sent it meanwhile: open it if it shall go elsewhere."
    )


class NoSuggestion(Refusal):
    code = "demand_no_suggestion"
    message = _(
        "No unit can be suggested for demand %(number)s: neither the duty catalogue nor the "
        "industry names one. Open it and choose a unit."
    )


class UnsureSuggestion(Refusal):
    code = "demand_unsure_suggestion"
    message = _(
        "For demand %(number)s the rules suggest %(unit)s, but only with %(percent)d %%. Read it "
        "and choose a unit, or choose one unit for all."
    )


class NotWritten(Refusal):
    code = "demand_not_written"
    message = _(
        "The database refused to write demand %(number)s. Open it and dispatch it by itself; if "
        "that is refused too, tell the platform's administrator."
    )


class SpokenWithMissing(Refusal):
    code = "demand_spoken_with_missing"
    message = _("Say whose word it is: write down with whom you spoke on the telephone.")


class ImportColumnsMissing(Refusal):
    code = "demand_import_columns_missing"
    message = _(
        "The table has no column %(columns)s. Download the template, put your rows below its "
        "headings, and upload it again."
    )


class HandlingRuleTaken(Refusal):
    code = "demand_handling_rule_taken"
    message = _("There is a rule for %(category)s. Change that one instead of adding another.")


class HandlingRuleOutOfBounds(Refusal):
    code = "demand_handling_rule_out_of_bounds"
    message = _(
        "More time can be given 0 to %(times)s times, each of 1 to %(percent)s per cent of the "
        "time limit, and an appeal takes 1 to %(days)s days. Correct the number and save again."
    )


class NoMoreExtensions(Refusal):
    code = "demand_no_more_extensions"
    message = _(
        "This time limit can be extended %(most)s times, and no more. Answer the demand with what "
        "you have, and say what remains."
    )


class ExtensionTooLong(Refusal):
    code = "demand_extension_too_long"
    message = _(
        "An extension of this time limit is at most %(longest)s long, in the unit of the limit. "
        "Ask for less."
    )


class ExtensionAskedAlready(Refusal):
    code = "demand_extension_asked_already"
    message = _("More time was asked for already and is not decided yet. Wait for the decision.")


class ExtensionLapsed(Refusal):
    code = "demand_extension_lapsed"
    message = _(
        "The time ended at %(due_at)s, before the decision; by the rule that held when it was "
        "asked, more time can no longer be given. Refuse the request with a note."
    )


class NothingToDecide(Refusal):
    code = "demand_nothing_to_decide"
    message = _(
        "Nothing is left to decide about demand %(number)s. Somebody else may have acted "
        "meanwhile: reload the page to see the present state."
    )


class OwnRequest(Refusal):
    code = "demand_own_request"
    message = _("You made this request yourself; somebody else has to decide it.")


class DecisionNoteMissing(Refusal):
    code = "demand_decision_note_missing"
    message = _("A refusal needs a reason. Write it for whoever asked.")


class UrgencyUnchanged(Refusal):
    code = "demand_urgency_unchanged"
    message = _("The demand has this urgency already. Choose another one.")


class UrgencyReasonMissing(Refusal):
    code = "demand_urgency_reason_missing"
    message = _("Another urgency needs a reason. Write why it is more or less pressing now.")


class HandlerUnchanged(Refusal):
    code = "demand_handler_unchanged"
    message = _("%(person)s handles this demand already. Choose somebody else of the unit.")


class GroundNotInUse(Refusal):
    code = "demand_ground_not_in_use"
    message = _("The ground “%(ground)s” is no longer in use. Choose another one.")


class GroundCodeTaken(Refusal):
    code = "demand_ground_code_taken"
    message = _("There is a ground with the code %(code)s. Choose another code.")


class GroundIncomplete(Refusal):
    code = "demand_ground_incomplete"
    message = _(
        "A ground needs its name and where the enterprise can turn, both in Chinese and English."
    )


class UnsolvableProposedAlready(Refusal):
    code = "demand_unsolvable_proposed_already"
    message = _(
        "“Cannot be solved” was proposed already and waits to be signed. Wait for the decision, or "
        "answer the demand."
    )


class BasisMissing(Refusal):
    code = "demand_basis_missing"
    message = _(
        "What cannot be solved needs its basis. Name the law or policy, with number and article."
    )


class UnsolvableTextMissing(Refusal):
    code = "demand_unsolvable_text_missing"
    message = _("The text for the enterprise is empty. Explain why the matter cannot be solved.")


class AppealInstead(Refusal):
    code = "demand_appeal_instead"
    message = _(
        "It was decided that demand %(number)s cannot be solved; only an appeal leads back, until "
        "%(until_on)s. If the facts are new, file a new demand and mention this number."
    )


class NothingToAppeal(Refusal):
    code = "demand_nothing_to_appeal"
    message = _(
        "There is nothing to appeal against in demand %(number)s: it was accepted, or an appeal "
        "was raised already. Reload the page to see the present state."
    )


class AppealWindowOver(Refusal):
    code = "demand_appeal_window_over"
    message = _(
        "Demand %(number)s could be appealed until %(until_on)s. If the facts are new, file a new "
        "demand and mention this number."
    )


class AppealTextMissing(Refusal):
    code = "demand_appeal_text_missing"
    message = _("The appeal is empty. Write what should be looked at again, and why.")


class SignedYourself(Refusal):
    code = "demand_signed_yourself"
    message = _(
        "You proposed or signed that this cannot be solved; somebody else has to decide the appeal."
    )


class AppealReasonsMissing(Refusal):
    code = "demand_appeal_reasons_missing"
    message = _("The decision needs reasons; the enterprise reads them. Write them down.")


class MergedIntoItself(Refusal):
    code = "demand_merged_into_itself"
    message = _("Demand %(number)s cannot be merged into itself. Name the one that stays.")


class SurvivorIsMerged(Refusal):
    code = "demand_survivor_is_merged"
    message = _(
        "Demand %(number)s is itself merged into %(survivor)s. Name %(survivor)s as the one that "
        "stays."
    )


class SurvivorNotOpen(Refusal):
    code = "demand_survivor_not_open"
    message = _(
        "Demand %(number)s is “%(status)s” and gives no further answer, so nothing can be merged "
        "into it. Dispatch this demand by itself and mention the number."
    )


class TooManyMerged(Refusal):
    code = "demand_too_many_merged"
    message = _(
        "%(most)d demands at most are merged into one, and %(number)s has as many. So many point "
        "to one cause: open a class of cases."
    )


class MergeReasonMissing(Refusal):
    code = "demand_merge_reason_missing"
    message = _("Say why the two are one matter, or why they are not; colleagues read it.")


class AcceptedAlready(Refusal):
    code = "demand_accepted_already"
    message = _(
        "Demand %(number)s was accepted already and its answering clock runs. Merge the other one "
        "into it instead, or transfer it to the same unit."
    )


class TooManyContacts(Refusal):
    code = "demand_too_many_contacts"
    message = _(
        "A demand has at most %(most)d contacts. Leave out those who need not be reached about it."
    )


class ContactUnnamed(Refusal):
    code = "demand_contact_unnamed"
    message = _(
        "A contact has neither name nor telephone nor e-mail. Enter one of them, or leave the "
        "contact out."
    )


class ContactAddressMissing(Refusal):
    code = "demand_contact_address_missing"
    message = _(
        "%(name)s shall be told “%(way)s”, but no address for that is stated: an e-mail address, "
        "or a mobile number of eleven digits. Enter it, or choose another way."
    )


class SeveralFirstContacts(Refusal):
    code = "demand_several_first_contacts"
    message = _("Only one contact can be the one to call first. Choose one.")


class ContactsChangedMeanwhile(Refusal):
    code = "demand_contacts_changed_meanwhile"
    message = _(
        "Somebody else changed the contacts meanwhile. Reload the page to see them, then make "
        "your change again."
    )


class ConsentMissing(Refusal):
    code = "demand_consent_missing"
    message = _(
        "Nobody files for another enterprise without its consent. Enter who of the enterprise "
        "consented, with name and position; what you typed is kept."
    )


class ConsentInTheFuture(Refusal):
    code = "demand_consent_in_the_future"
    message = _(
        "The consent is dated after today, %(today)s. Enter the day on which it was given, or file "
        "when it has been given."
    )


class ConsentLetterMissing(Refusal):
    code = "demand_consent_letter_missing"
    message = _(
        "A signed letter of consent was named, but it is not attached. Attach it as a file, or "
        "say how else the enterprise consented."
    )


class RepresentsItself(Refusal):
    code = "demand_represents_itself"
    message = _(
        "%(name)s is your own enterprise: its demands need nobody's consent. File the demand "
        "directly."
    )


class NobodyToRepresent(Refusal):
    code = "demand_nobody_to_represent"
    message = _(
        "There is no enterprise with the code %(code)s in the register. Compare the code with the "
        "licence, or ask the service centre to add the enterprise."
    )


class NothingRepresented(Refusal):
    code = "demand_nothing_represented"
    message = _(
        "Demand %(number)s was not filed by others, or somebody of your enterprise objected "
        "already. Reload the page to see how it stands."
    )


class ObjectionWindowOver(Refusal):
    code = "demand_representation_window_over"
    message = _(
        "Your enterprise could object to the filing of demand %(number)s by others until "
        "%(until_on)s. Withdraw the demand if you do not want it, or tell the service centre."
    )


class TipsTooOften(Refusal):
    code = "demand_tips_too_often"
    message = _(
        "This was sent very often from where you are. Try again in an hour; nothing is lost."
    )


class NothingToPark(Refusal):
    code = "demand_nothing_to_park"
    message = _(
        "Nothing of this call was typed. Note at least who calls or what about, then park it."
    )


class TooManyParked(Refusal):
    code = "demand_too_many_parked"
    message = _(
        "Your desk has %(most)d parked calls. Finish some of them, or throw away what is settled; "
        "what you typed is kept in the form."
    )


class ParkedCallGone(Refusal):
    code = "demand_parked_call_gone"
    message = _(
        "A colleague of your desk has filed this parked call or thrown it away. Look for it among "
        "the demands before you file it anew."
    )
