"""Refusals of conversions: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class ConversionMoveNotPossible(Refusal):
    code = "conversion_move_not_possible"
    message = _(
        "Conversion %(number)s is now “%(status)s”; this step is no longer possible. Somebody else "
        "may have acted meanwhile: reload the page to see the present state."
    )


class ForceTakesNoConversions(Refusal):
    code = "conversion_force_closed"
    message = _("%(force)s is closed and begins nothing new. Choose a task force that is at work.")


class ProductMissing(Refusal):
    code = "conversion_product_missing"
    message = _("Name the product that shall be made and what it is needed for.")


class ConversionUnderWay(Refusal):
    code = "conversion_under_way"
    message = _(
        "%(enterprise)s converts to “%(product)s” already: %(number)s. Go on there, or name "
        "another product."
    )


class TemplateNotInUse(Refusal):
    code = "conversion_template_not_in_use"
    message = _("The checklist “%(template)s” is no longer in use. Choose another one.")


class NotTheCurrentStep(Refusal):
    code = "conversion_step_not_current"
    message = _(
        "“%(step)s” is not the step under way: now it is “%(current)s”. Somebody else may have "
        "acted meanwhile: reload the page."
    )


class EvidenceMissing(Refusal):
    code = "conversion_evidence_missing"
    message = _("Write by what one can tell that “%(step)s” is done, such as %(evidence)s.")


class FilesMissing(Refusal):
    code = "conversion_files_missing"
    message = _("Choose at least one file that belongs to “%(step)s”.")


class StepNotBegun(Refusal):
    code = "conversion_step_not_begun"
    message = _("“%(step)s” has not begun, so nothing belongs to it yet. Choose another step.")


class SkipReasonMissing(Refusal):
    code = "conversion_skip_reason_missing"
    message = _("Write why “%(step)s” does not apply: whoever looks later has to understand it.")


class FigureMissing(Refusal):
    code = "conversion_figure_missing"
    message = _("“%(step)s” asks for a figure above zero: %(measure)s. Enter it.")


class GoBackReasonMissing(Refusal):
    code = "conversion_go_back_reason_missing"
    message = _("Write why one goes back to “%(step)s”; the enterprise reads it.")


class NothingToGoBackTo(Refusal):
    code = "conversion_nothing_to_go_back_to"
    message = _("“%(step)s” was not done yet, so one cannot go back to it. Choose an earlier step.")


class NoMemberOfTheForce(Refusal):
    code = "conversion_owner_not_possible"
    message = _("%(person)s is no member of %(force)s. Choose somebody who is.")


class ReportMissing(Refusal):
    code = "conversion_report_missing"
    message = _("Write what you report; the task force reads it.")


class EndReasonMissing(Refusal):
    code = "conversion_end_reason_missing"
    message = _("Write why the conversion ends: the enterprise and the task force are told.")


class DemandOfAnotherEnterprise(Refusal):
    code = "conversion_demand_of_another"
    message = _(
        "You see no demand %(number)s of %(enterprise)s. Enter the number of one that you can open."
    )
