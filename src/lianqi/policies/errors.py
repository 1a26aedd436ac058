"""Refusals of the policy library: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class PolicyMoveNotPossible(Refusal):
    code = "policy_move_not_possible"
    message = _(
        "“%(title)s” is now “%(status)s”; this step is no longer possible. Somebody else may have "
        "acted meanwhile: reload the page to see the present state."
    )


class PolicyIncomplete(Refusal):
    code = "policy_incomplete"
    message = _("A policy needs a title and the body that issued it. Write what is missing.")


class PolicyPeriodWrong(Refusal):
    code = "policy_period_wrong"
    message = _("The policy would end on %(until)s, before it begins on %(first)s. Mend the dates.")


class SourceAddressWrong(Refusal):
    code = "policy_source_address_wrong"
    message = _("The address of the source begins with http:// or https://. Correct it.")


class IndustryUnknown(Refusal):
    code = "policy_industry_unknown"
    message = _(
        "GB/T 4754-2017 has no industry %(codes)s. Enter sections as C, or numbers as 39 or 3911."
    )


class PublishedPolicyStays(Refusal):
    code = "policy_published_stays"
    message = _(
        "“%(title)s” is published: its wording, number and dates stay as people read them. Only "
        "what it is filed under may change. For anything else begin a new version."
    )


class VersionBegun(Refusal):
    code = "policy_version_begun"
    message = _(
        "Version %(version)s of “%(title)s” was begun already. Go on there, or discard it first."
    )


class AspectTitleMissing(Refusal):
    code = "policy_aspect_title_missing"
    message = _("An aspect needs a heading. Where the source prints none, say so in its place.")


class AspectInUse(Refusal):
    code = "policy_aspect_in_use"
    message = _("“%(aspect)s” still holds %(count)s articles. Move or remove them first.")


class AspectOfAnother(Refusal):
    code = "policy_aspect_of_another"
    message = _("This aspect belongs to another document. Choose one of this document.")


class ArticleIncomplete(Refusal):
    code = "policy_article_incomplete"
    message = _(
        "Article “%(number)s” has neither a wording nor a note why there is none. Enter the "
        "wording, or write that the source does not print it."
    )


class ArticleTooLong(Refusal):
    code = "policy_article_too_long"
    message = _(
        "Article “%(number)s” has more than %(most)s characters. Look whether several articles "
        "were taken for one, and divide them."
    )


class ArticleNumberMissing(Refusal):
    code = "policy_article_number_missing"
    message = _("Every article needs a number, as it is cited.")


class ArticleKnown(Refusal):
    code = "policy_article_known"
    message = _("The document has article %(numbers)s already. Change it, or use another number.")


class NoArticleFound(Refusal):
    code = "policy_no_article_found"
    message = _("Nothing was entered. Paste the text, or one article a line.")


class TooManyArticles(Refusal):
    code = "policy_too_many_articles"
    message = _("A document has %(most)s articles and measures at most. Divide it into several.")


class ArticlesMissing(Refusal):
    code = "policy_articles_missing"
    message = _(
        "The document is not broken down yet: it has no article. Enter the articles, or one line "
        "for each aspect if the source divides it no further."
    )


class ArticlesDifferFromSource(Refusal):
    code = "policy_articles_differ"
    message = _(
        "The source states %(stated)s articles, %(entered)s are entered. Enter what is missing, or "
        "correct the number that the source states."
    )


class DutiesMissing(Refusal):
    code = "policy_duties_missing"
    message = _(
        "%(count)s articles have no complete duty: %(numbers)s. Every article needs exactly one "
        "lead department and at least one responsible unit before anything is published. Assign "
        "them first."
    )


class OverlapsOpen(Refusal):
    code = "policy_overlaps_open"
    message = _(
        "Overlapping duties are not settled yet at %(numbers)s. The coordinator decides who leads, "
        "with a reason; then this can go on."
    )


class UnitTakesNoDuty(Refusal):
    code = "policy_unit_not_possible"
    message = _(
        "%(unit)s cannot take a duty: it is closed, or a task force that will be closed one day. "
        "Choose a unit that stays."
    )


class DutyIncomplete(Refusal):
    code = "policy_duty_incomplete"
    message = _(
        "A duty has one lead department and at least one responsible unit. “%(title)s” is "
        "published, so neither may be left empty."
    )


class NoArticleChosen(Refusal):
    code = "policy_no_article_chosen"
    message = _("No article of this document was chosen. Tick those the duty is for.")


class OverlapNoteMissing(Refusal):
    code = "policy_overlap_note_missing"
    message = _("Write which duties overlap, so that the coordinator can settle it.")


class OverlapKnown(Refusal):
    code = "policy_overlap_known"
    message = _("An overlap at article %(number)s waits for the coordinator already.")


class OverlapSettled(Refusal):
    code = "policy_overlap_settled"
    message = _("This overlap was settled meanwhile: %(lead)s leads. Reload the page.")


class SettlementIncomplete(Refusal):
    code = "policy_settlement_incomplete"
    message = _(
        "A settlement names the lead department, at least one responsible unit and the reason, "
        "which all units concerned read."
    )


class MeasureIncomplete(Refusal):
    code = "policy_measure_incomplete"
    message = _("A policy measure needs a key and a title. Write what is missing.")


class MeasureKnown(Refusal):
    code = "policy_measure_known"
    message = _("The document has a policy measure with the key %(keys)s already.")


class LimitNegative(Refusal):
    code = "policy_limit_negative"
    message = _("The limit of “%(measure)s” is below zero. Leave it empty if there is none.")


class PlannedButGiven(Refusal):
    code = "policy_planned_but_given"
    message = _(
        "“%(measure)s” cannot be only planned: what it came to was told. Withdraw that first if it "
        "was told by mistake."
    )


class MeasureHasOutcomes(Refusal):
    code = "policy_measure_has_outcomes"
    message = _(
        "“%(measure)s” cannot be removed: what it came to was told, and that stays. Change its "
        "title or description instead."
    )


class ArticleOfAnother(Refusal):
    code = "policy_article_of_another"
    message = _("This article belongs to another document. Choose one of this document.")


class AbolitionIncomplete(Refusal):
    code = "policy_abolition_incomplete"
    message = _(
        "Write by what and why the policy is abolished, and from which day: that day may not lie "
        "before the one on which it began."
    )


class NoteIncomplete(Refusal):
    code = "policy_note_incomplete"
    message = _("An interpretation has a title and a text. Write what is missing.")


class NotePublished(Refusal):
    code = "policy_note_published"
    message = _("The interpretation is published. Take it back first, then change it.")


class QuestionMissing(Refusal):
    code = "policy_question_missing"
    message = _("Write your question, so that the lead department can answer it.")


class AnswerMissing(Refusal):
    code = "policy_answer_missing"
    message = _("Write the answer; the enterprise reads it.")


class QuestionAnswered(Refusal):
    code = "policy_question_answered"
    message = _("The question was answered meanwhile by %(person)s. Reload the page.")


class MeasureOnlyPlanned(Refusal):
    code = "policy_measure_only_planned"
    message = _(
        "“%(measure)s” is only planned, so nobody got anything of it. Once it exists, change the "
        "measure first."
    )


class MeasureOfAnother(Refusal):
    code = "policy_measure_of_another"
    message = _("This policy measure belongs to another document. Choose one of this document.")


class OutcomeEmpty(Refusal):
    code = "policy_outcome_empty"
    message = _("No figure was given. Enter the money, how many applied, or how many were reached.")


class OutcomeNegative(Refusal):
    code = "policy_outcome_negative"
    message = _("A figure is below zero. Enter what was given, and leave empty what is not known.")


class OutcomePeriodWrong(Refusal):
    code = "policy_outcome_period_wrong"
    message = _("The time would end on %(until)s, before it begins on %(first)s. Mend the days.")


class OutcomeSourceMissing(Refusal):
    code = "policy_outcome_source_missing"
    message = _("Write who told these figures and where, as a report or a yearly statement.")


class MoreReachedThanApplied(Refusal):
    code = "policy_more_reached_than_applied"
    message = _(
        "%(reached)s were reached, and only %(applied)s applied. Correct one of them, or leave the "
        "applications empty where nobody has to apply."
    )


class NoLimitToDrawOn(Refusal):
    code = "policy_no_limit_to_draw_on"
    message = _(
        "Nothing can be drawn on a limit: no measure was chosen, or it has no limit. Choose the "
        "measure, enter its limit, or leave the tick away."
    )


class OutcomeWithdrawn(Refusal):
    code = "policy_outcome_withdrawn"
    message = _("These figures were withdrawn meanwhile. Reload the page.")
