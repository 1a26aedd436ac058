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
