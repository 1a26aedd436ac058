"""Refusals about rule packs and answers to what they ask: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class PackMoveNotPossible(Refusal):
    code = "pack_move_not_possible"
    message = _(
        "“%(title)s” is now “%(status)s”; this step is no longer possible. Somebody else may have "
        "acted meanwhile: reload the page to see the present state."
    )


class PackChangedMeanwhile(Refusal):
    code = "pack_changed_meanwhile"
    message = _(
        "Somebody else saved “%(title)s” at the same moment, and nothing of yours was written. "
        "Save once more."
    )


class PackFaulty(Refusal):
    code = "pack_faulty"
    message = _(
        "The pack cannot be read yet: %(count)s places are wrong, the first in line %(line)s "
        "(%(first)s). Mend them and save again."
    )


class PackTooLong(Refusal):
    code = "pack_too_long"
    message = _(
        "A pack has at most %(most)s characters, and its cases as many. Split the document into "
        "several packs."
    )


class PackRenamed(Refusal):
    code = "pack_renamed"
    message = _(
        "This draft is %(key)s in version %(version)s. For another document or version enter a new "
        "pack."
    )


class PackDraftExists(Refusal):
    code = "pack_draft_exists"
    message = _(
        "There is a draft of %(key)s in version %(version)s already. Go on there, or discard it "
        "first."
    )


class PackUnchanged(Refusal):
    code = "pack_unchanged"
    message = _("%(key)s in version %(version)s is published with exactly this text already.")


class PackWithoutCases(Refusal):
    code = "pack_without_cases"
    message = _(
        "“%(title)s” has no cases. Write at least one worked example with its expected result, "
        "then publish."
    )


class PackCasesFail(Refusal):
    code = "pack_cases_fail"
    message = _(
        "%(count)s results differ from the cases, the first in line %(line)s (%(first)s). Mend the "
        "rule or the case, then publish."
    )


class PackContradicts(Refusal):
    code = "pack_contradicts"
    message = _(
        "Nobody could ever be entitled: %(measure)s, %(where)s (%(first)s). Mend the conditions, "
        "then publish."
    )


class PackNeedsReason(Refusal):
    code = "pack_needs_reason"
    message = _(
        "%(count)s points were found before publication, the first: %(first)s. Look at them on the "
        "page of the pack, and write why it is published all the same."
    )


class PackClashes(Refusal):
    code = "pack_clashes"
    message = _(
        "Two published versions would hold on the same day: %(clash)s. End the earlier version in "
        "its pack, or withdraw it, then publish."
    )


class FactContradicted(Refusal):
    code = "pack_fact_contradicted"
    message = _(
        "The fact %(fact)s is defined in “%(other)s” with another kind, unit or period. Give it "
        "another name here."
    )


class WithdrawalWithoutReason(Refusal):
    code = "pack_withdrawal_without_reason"
    message = _("Write why the pack is withdrawn: whoever was told a verdict may ask.")


class PackNotShipped(Refusal):
    code = "pack_not_shipped"
    message = _("The program brings no pack “%(name)s”. Choose one of the list.")


class AnswerNotAsked(Refusal):
    code = "matching_answer_not_asked"
    message = _(
        "No rule in force asks for “%(slot)s”. Go back to the measure and choose what is missing "
        "there."
    )


class AnswerKeptElsewhere(Refusal):
    code = "matching_answer_kept_elsewhere"
    message = _(
        "The register keeps “%(fact)s” in a place of its own. Change it on the page of the "
        "enterprise."
    )


class AnswerOfAnotherKind(Refusal):
    code = "matching_answer_of_another_kind"
    message = _("“%(fact)s” is answered by %(kind)s.")


class AnswerWithoutUnit(Refusal):
    code = "matching_answer_without_unit"
    message = _("“%(fact)s” is measured in %(expected)s. State the number in this unit.")


class AnswerOutOfBounds(Refusal):
    code = "matching_answer_out_of_bounds"
    message = _(
        "“%(fact)s” lies between %(low)s and %(high)s, with at most %(digits)s digits after the "
        "point. Check the number and its unit."
    )


class AnswerTooExact(Refusal):
    code = "matching_answer_too_exact"
    message = _(
        "The register keeps %(digits)s digits after the point of “%(fact)s”. Round the number."
    )


class AnswerNotPossible(Refusal):
    code = "matching_answer_not_possible"
    message = _("“%(fact)s” cannot have this value. It can be: %(allowed)s.")


class AnswerReasonMissing(Refusal):
    code = "matching_answer_reason_missing"
    message = _("Write why, in a sentence or two: whoever applies may ask how this was judged.")


class AnswerWithdrawn(Refusal):
    code = "matching_answer_withdrawn"
    message = _(
        "This answer was taken back or replaced already. Reload the page to see the present state."
    )


class RunUnderWay(Refusal):
    code = "run_under_way"
    message = _(
        "The same matching is under way already, started %(since)s. Wait until it is done, or "
        "cancel it first."
    )


class RunMoveNotPossible(Refusal):
    code = "run_move_not_possible"
    message = _(
        "The run is now “%(status)s”; this step is no longer possible. Reload the page to see the "
        "present state."
    )


class PackNotMatched(Refusal):
    code = "pack_not_matched"
    message = _(
        "“%(title)s” has no measure for enterprises that holds on %(day)s. Choose another pack, or "
        "change from when it is in force."
    )


class NobodyToTell(Refusal):
    code = "nobody_to_tell"
    message = _(
        "Everybody who matches was told already, or nobody acts for the enterprise here. Whoever "
        "matches later can be told then."
    )


class MatchesTooMany(Refusal):
    code = "matches_too_many"
    message = _(
        "A spreadsheet takes at most %(limit)s enterprises, and the list has more. Narrow it by a "
        "filter."
    )


class FigureNotRead(Refusal):
    code = "figure_not_read"
    message = _(
        "%(slot)s cannot be tried with this value (%(why)s). Name a fact that the measure reads, "
        "with its period, and write the value with its unit."
    )


class MeasureNotInForce(Refusal):
    code = "matching_measure_not_in_force"
    message = _(
        "The measure does not hold on %(day)s, or not for one enterprise alone. Choose another day."
    )


class ListLineWrong(Refusal):
    code = "matching_list_line_wrong"
    message = _("Line %(number)s cannot be taken over, and nothing was written. %(why)s")


class ListColumnsMissing(Refusal):
    code = "matching_list_columns_missing"
    message = _(
        "The file has no column “%(columns)s”. Begin with the template, or rename the heading of "
        "the column."
    )


class ListHeadingWrong(Refusal):
    code = "matching_list_heading_wrong"
    message = _("The column “%(heading)s” cannot be used: %(why)s")


class ListOfAnotherPeriod(Refusal):
    code = "matching_list_of_another_period"
    message = _(
        "The column “%(heading)s” is of another period than %(period)s. Choose its period above, "
        "or upload the right file."
    )


class ListPeriodMissing(Refusal):
    code = "matching_list_period_missing"
    message = _("“%(fact)s” is stated by period. Say of which, as %(example)s.")


class ListFactUnknown(Refusal):
    code = "matching_list_fact_unknown"
    message = _(
        "No rule and no catalogue knows the fact “%(fact)s”. Choose one of the facts offered."
    )
