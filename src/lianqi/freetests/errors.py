"""Refusals of free tests: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class FreeTestMoveNotPossible(Refusal):
    code = "free_test_move_not_possible"
    message = _(
        "%(number)s is now “%(status)s”; this is no longer possible. Somebody else may have acted "
        "meanwhile: reload the page to see the present state."
    )


class InstituteIncomplete(Refusal):
    code = "free_test_institute_incomplete"
    message = _("Enter the name of the institute, a contact and a telephone number.")


class InstituteKnown(Refusal):
    code = "free_test_institute_known"
    message = _("%(name)s is on the list already. Change its entry instead.")


class QuotaPeriodWrong(Refusal):
    code = "free_test_quota_period_wrong"
    message = _(
        "Free tests need the number of free items and a first and last day, in this order. Enter "
        "all three, or none if the institute offers no free tests."
    )


class AccreditationIncomplete(Refusal):
    code = "free_test_accreditation_incomplete"
    message = _("Enter the number of the certificate and the day until which it is valid.")


class AccreditationExpired(Refusal):
    code = "free_test_accreditation_expired"
    message = _(
        "The accreditation of %(institute)s ended on %(day)s. Enter its new certificate first; "
        "then add what it tests."
    )


class NotAccredited(Refusal):
    code = "free_test_not_accredited"
    message = _(
        "No accreditation of %(institute)s is valid today, so its report would prove nothing. "
        "Enter its new certificate on its page, or choose another institute."
    )


class OfferIncomplete(Refusal):
    code = "free_test_offer_incomplete"
    message = _(
        "Enter standard, test item, amount of samples, working days above zero and the price."
    )


class OfferKnown(Refusal):
    code = "free_test_offer_known"
    message = _(
        "%(institute)s offers “%(item)s” by %(standard)s already. Withdraw that line first, or "
        "name another standard."
    )


class OfferWithdrawn(Refusal):
    code = "free_test_offer_withdrawn"
    message = _(
        "%(institute)s no longer offers “%(item)s”. Reload the page and choose among what is "
        "offered now."
    )


class WishIncomplete(Refusal):
    code = "free_test_incomplete"
    message = _("Name the product, and what is to be found out or which items are to be tested.")


class DayPassed(Refusal):
    code = "free_test_day_passed"
    message = _("The result cannot be wanted by %(day)s, which has passed. Choose a later day.")


class ForceTakesNoTests(Refusal):
    code = "free_test_force_closed"
    message = _("%(force)s is closed and takes nothing new. Choose a task force that is at work.")


class NotOfThisEnterprise(Refusal):
    code = "free_test_of_another_enterprise"
    message = _(
        "%(number)s is not of %(enterprise)s, or you may not open it. Enter the number of a record "
        "of this enterprise."
    )


class ReasonMissing(Refusal):
    code = "free_test_reason_missing"
    message = _("Write the reason: the others who take part read it.")


class NothingChosen(Refusal):
    code = "free_test_nothing_chosen"
    message = _("Choose at least one test item that %(institute)s offers.")


class ItemNotWanted(Refusal):
    code = "free_test_item_not_wanted"
    message = _(
        "“%(item)s” is not among what is to be tested for %(number)s, is ordered elsewhere, or has "
        "passed. Choose among the items that are still without an order."
    )


class InstituteNotInUse(Refusal):
    code = "free_test_institute_not_in_use"
    message = _("%(institute)s takes no orders at the moment. Choose another institute.")


class NoFreePlaces(Refusal):
    code = "free_test_no_places"
    message = _(
        "%(institute)s has %(left)d free test items left here and %(asked)d are asked for. Order "
        "fewer items, wait for the next month, or choose another institute."
    )


class SamplesMissing(Refusal):
    code = "free_test_samples_missing"
    message = _("Write which samples the institute received, and how many.")


class ResultIncomplete(Refusal):
    code = "free_test_result_incomplete"
    message = _(
        "Say of every item whether it passed, enter the number of the report, and attach the "
        "report."
    )


class NoTestStepUnderWay(Refusal):
    code = "free_test_no_step_under_way"
    message = _(
        "Conversion %(number)s is not at its test now, so the result cannot be evidence there yet. "
        "Settle the steps before it first."
    )


class NoConversion(Refusal):
    code = "free_test_no_conversion"
    message = _("%(number)s belongs to no conversion, so there is no checklist to show it in.")
