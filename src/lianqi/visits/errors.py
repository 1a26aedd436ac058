"""Refusals of visits: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class VisitFiledAlready(Refusal):
    code = "visit_filed_already"
    message = _(
        "Visit %(number)s was recorded already and the enterprise has been told; it cannot be "
        "changed. Record a new visit if something is missing."
    )


class VisitInFuture(Refusal):
    code = "visit_in_future"
    message = _(
        "A visit is recorded when it has taken place. Choose %(today)s or an earlier day, or save "
        "the note as a draft."
    )


class VisitTextMissing(Refusal):
    code = "visit_text_missing"
    message = _("Write down what was said; without it nobody can use the note.")


class NextVisitTooEarly(Refusal):
    code = "visit_next_too_early"
    message = _("The next visit has to come after this one. Choose a day after %(on)s.")


class VisitEnterpriseMerged(Refusal):
    code = "visit_enterprise_merged"
    message = _("This entry of the register was merged into %(name)s. Choose that one.")


class TooManyMatters(Refusal):
    code = "visit_too_many_matters"
    message = _(
        "One note holds at most %(most)s matters. Record the others as a second visit of the day."
    )


class RoundMoveNotPossible(Refusal):
    code = "visit_round_move_not_possible"
    message = _(
        "Round %(number)s is now “%(status)s”; this step is no longer possible. Somebody else may "
        "have acted meanwhile: reload the page to see the present state."
    )


class AgendaEmpty(Refusal):
    code = "visit_agenda_empty"
    message = _("A round needs at least one enterprise. Put one on the agenda.")


class RoundTooLong(Refusal):
    code = "visit_round_too_long"
    message = _("One round holds at most %(most)s enterprises. Plan the others as a second round.")


class AgendaItemBegun(Refusal):
    code = "visit_agenda_item_begun"
    message = _(
        "Something was written down about %(enterprise)s already; it stays on the agenda. Change "
        "the rest without leaving it out."
    )


class RoundBegun(Refusal):
    code = "visit_round_begun"
    message = _(
        "Matters were raised in round %(number)s already; it cannot be called off. End it instead."
    )


class RoundReasonMissing(Refusal):
    code = "visit_round_reason_missing"
    message = _("Say why the round is called off; everybody invited reads it.")


class PromiseWithoutUnit(Refusal):
    code = "visit_promise_without_unit"
    message = _("Somebody has to stand for a promise. Choose the unit that made it.")


class RoundIsPlanned(Refusal):
    code = "visit_round_is_planned"
    message = _(
        "A video round of a leader is not recorded by itself: plan it, and its visits are recorded "
        "when it ends. Choose another kind."
    )
