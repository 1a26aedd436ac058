"""Refusals of the register: what, why, what now. Reasons of single rows stand in `reasons`."""

from django.utils.translation import gettext_lazy as _

from lianqi.engines.tables import TableError
from lianqi.engines.text import CreditCodeError
from lianqi.register.reasons import SENTENCES, code_reason, file_reason, reason_text
from lianqi.shared.errors import Refusal


class WrongCreditCode(Refusal):
    """The code breaks GB 32100-2015; the text says which character and what was expected."""

    code = "register_wrong_code"
    message = _("This is not a unified social credit code.")

    def __init__(self, error: CreditCodeError) -> None:
        self.reason = code_reason(error)
        super().__init__(problem=error.problem.value)

    def __str__(self) -> str:
        return reason_text(self.reason)


class UnreadableFile(Refusal):
    """The spreadsheet cannot be read; the text says why and what to do."""

    code = "register_unreadable_file"
    message = _("The file cannot be read as a table.")

    def __init__(self, error: TableError) -> None:
        self.reason = file_reason(error)
        super().__init__(problem=error.code.value)

    def __str__(self) -> str:
        return reason_text(self.reason)


class FileChanged(Refusal):
    code = "register_file_changed"
    message = SENTENCES["file_changed"]


class CodeTaken(Refusal):
    code = "register_code_taken"
    message = _(
        "The code %(code)s belongs to %(name)s already. Open that entry and change it instead."
    )


class NameMissing(Refusal):
    code = "register_name_missing"
    message = _("An enterprise needs a name of two characters or more. Enter the registered name.")


class EntryMerged(Refusal):
    code = "register_entry_merged"
    message = _("This entry was merged into %(name)s. Make the change there.")


class MergeWithItself(Refusal):
    code = "register_merge_with_itself"
    message = _("An entry cannot be merged with itself. Choose another entry.")


class TitleRecorded(Refusal):
    code = "register_title_recorded"
    message = _("The title “%(label)s” of this level and batch is recorded already.")


class ContactRecorded(Refusal):
    code = "register_contact_recorded"
    message = _("%(name)s with this number is recorded already.")


class NameTaken(Refusal):
    code = "register_name_taken"
    message = _("“%(name)s” exists already. Choose another name or code, or change that entry.")


class PlaceNotOnTheMap(Refusal):
    code = "register_place_not_on_the_map"
    message = _(
        "These coordinates are no place on the map. Enter degrees: latitude between −85 and 85, "
        "longitude between −180 and 180."
    )


class ThingNameMissing(Refusal):
    code = "register_thing_name_missing"
    message = _("The name or the code is missing. Enter both as the zone uses them.")


class NoLongerInUse(Refusal):
    code = "register_no_longer_in_use"
    message = _("“%(name)s” is no longer in use. Choose another entry.")


class RemovedMeanwhile(Refusal):
    code = "register_removed_meanwhile"
    message = _("Somebody removed this meanwhile. Go back to the enterprise to see what is left.")


class ContactNameMissing(Refusal):
    code = "register_contact_name_missing"
    message = _("A contact needs a name. Enter the name of the person.")


class TitleNameMissing(Refusal):
    code = "register_title_name_missing"
    message = _("A title needs a name. Enter it as it stands in the notice of the award.")


class TitleEndsBeforeItBegins(Refusal):
    code = "register_title_ends_before_it_begins"
    message = _(
        "The last day of validity lies before the first. Check both days against the certificate."
    )


class WrongUnit(Refusal):
    code = "register_wrong_unit"
    message = _(
        "“%(fact)s” is kept in %(expected)s, not in %(unit)s. Convert the value and enter the "
        "unit %(expected)s."
    )


class FactNegative(Refusal):
    code = "register_fact_negative"
    message = _("“%(fact)s” cannot be negative. Check the value.")


class FactNotWhole(Refusal):
    code = "register_fact_not_whole"
    message = _("“%(fact)s” is a whole number. Enter it without decimals.")


class UnknownPeriod(Refusal):
    code = "register_unknown_period"
    message = _(
        "“%(period)s” is no period. Write a year, a half, a quarter or a month: 2025, 2025-H1, "
        "2025-Q1, 2025-06."
    )


class ObservedInFuture(Refusal):
    code = "register_observed_in_future"
    message = _("The day of observation lies in the future. Enter today or an earlier day.")


class SourceMissing(Refusal):
    code = "register_source_missing"
    message = _("Say where the figure comes from, as “annual report 2025”.")


class StatedByOthers(Refusal):
    code = "register_stated_by_others"
    message = _(
        "“%(fact)s” is stated by %(supplier)s, so an enterprise cannot state it for itself. "
        "Ask your liaison officer or the service centre to have it taken over from there."
    )


class FactWithdrawn(Refusal):
    code = "register_fact_withdrawn"
    message = _("This observation was withdrawn already. Reload the page to see what counts now.")


class StatementNameMissing(Refusal):
    code = "register_statement_name_missing"
    message = _("Say what is stated: the name of the fact, at most 60 characters.")


class StatementNotReadable(Refusal):
    code = "register_statement_not_readable"
    message = _(
        "The value of “%(fact)s” cannot be read. State a yes or a no, a word, a number with its "
        "unit, a day, or a list."
    )


class StatementEndsBeforeItBegins(Refusal):
    code = "register_statement_ends_before_it_begins"
    message = _("The last day of “%(fact)s” lies before the first. Check both days.")


class StatementWithdrawn(Refusal):
    code = "register_statement_withdrawn"
    message = _("This statement was withdrawn already. Reload the page to see what counts now.")


class PurposeMissing(Refusal):
    code = "register_purpose_missing"
    message = _(
        "Say what you need the contact for, in a few words. The enterprise can read the purpose."
    )


class NotInRegister(Refusal):
    code = "register_not_in_register"
    message = _(
        "No enterprise with the code %(code)s is in the register. Check the code, or ask the "
        "service centre to enter the enterprise first."
    )


class AlreadyMember(Refusal):
    code = "register_already_member"
    message = _("There is a membership or a request for %(name)s already. Wait for the decision.")


class MembershipDecided(Refusal):
    code = "register_membership_decided"
    message = _("This membership is now “%(state)s”. Reload the page to see the present state.")


class AlreadyInvited(Refusal):
    code = "register_already_invited"
    message = _(
        "%(email)s was invited on %(day)s already, and the link still works. End that invitation "
        "first if a new link is needed."
    )


class RefusalReasonMissing(Refusal):
    code = "register_refusal_reason_missing"
    message = _("Say why the request is refused, in a few words. The person reads the reason.")


class NotARoleOfEnterprises(Refusal):
    code = "register_not_a_role_of_enterprises"
    message = _("Choose enterprise administrator or enterprise staff as the role.")


class InvitationNotValid(Refusal):
    code = "register_invitation_not_valid"
    message = _(
        "This invitation was used, withdrawn or is older than %(days)s days. Ask your enterprise "
        "administrator for a new one."
    )


class ImportMoveNotPossible(Refusal):
    code = "register_import_move_not_possible"
    message = _(
        "The import of %(file)s is now “%(state)s”; this step is not possible. Reload the page."
    )


class MappingIncomplete(Refusal):
    code = "register_mapping_incomplete"
    message = _("Say which column holds the %(field)s; without it no row can be read.")


class MappingTwice(Refusal):
    code = "register_mapping_twice"
    message = _("Two columns are mapped to %(field)s. Keep one and leave the other out.")


class PeriodMissing(Refusal):
    code = "register_period_missing"
    message = _("Say to which year the figures in the column “%(heading)s” belong, as 2025.")


class ExportTooLarge(Refusal):
    code = "register_export_too_large"
    message = _(
        "More than %(limit)s enterprises match. Narrow the filters and export in several parts."
    )
