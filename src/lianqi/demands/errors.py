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


class UnitNotInUse(Refusal):
    code = "demand_unit_not_in_use"
    message = _("%(unit)s no longer takes demands. Choose another unit.")


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
