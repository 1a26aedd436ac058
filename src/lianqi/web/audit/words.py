"""What the verbs of the trail are called, and the kinds of record they are about.

The timelines of demands and enterprises tell the same events with what was said in them; here an
event has the name by which it is filtered.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lianqi.web.register.telling import READS, SENTENCES

Words = str | Promise

DEMANDS: Mapping[str, Words] = {
    "demand.filed": _("Filed"),
    "demand.enterprise_attached": _("Enterprise found in the register"),
    "demand.mail_set_aside": _("Mail set aside"),
    "demand.answered_at_once": _("Answered at once"),
    "demand.tip_replied": _("The tipster wrote"),
    "demand.tipster_told": _("Message to the tipster"),
    "demands.tips_allowed": _("Anonymous tips allowed or not"),
    "demand.dispatched": _("Dispatched"),
    "demand.routed": _("Went to a task force by itself"),
    "demand.recalled": _("Taken back by the service centre"),
    "demands.routing_agreed": _("Agreed: demands go to the task force by themselves"),
    "demands.routing_ended": _("Ended: demands go to the task force by themselves"),
    "demand.handed_over": _("Handed over by a closed unit"),
    "demand.merged": _("Merged into another one"),
    "demand.absorbed": _("Another one merged into it"),
    "demand.unmerged": _("Merge undone"),
    "demand.accepted": _("Accepted"),
    "demand.objected": _("Objected to the dispatch"),
    "demand.decided": _("Objection decided"),
    "demand.assistance_asked": _("Asked a unit to assist"),
    "demand.assistance_removed": _("Took a request to assist back"),
    "demand.contributed": _("Contributed as an assisting unit"),
    "demand.transfer_asked": _("Asked for a transfer"),
    "demand.transferred": _("Transferred"),
    "demand.transfer_refused": _("Transfer refused"),
    "demand.answered": _("Answer given"),
    "demand.confirmed": _("Confirmed as solved"),
    "demand.contacts_changed": _("Contacts changed"),
    "demand.confirmed_by_phone": _("Confirmed by telephone"),
    "demand.disputed_by_phone": _("Not solved, says the caller"),
    "demand.disputed": _("Not solved: back to the unit"),
    "demand.reopened": _("Reopened"),
    "demand.closed_silent": _("Closed without a word from the enterprise"),
    "demand.withdrawn": _("Withdrawn"),
    "demand.rated": _("Rated after the closing"),
    "demand.rated_again": _("Rated after the follow-up"),
    "demand.remedy_contacted": _("Spoke to the enterprise about the rating"),
    "demand.remedy_done": _("Followed up a bad rating"),
    "demands.rating_reasons_loaded": _("First rating reasons loaded"),
    "demand.asked": _("The enterprise was asked"),
    "demand.replied": _("The enterprise replied"),
    "demand.reminded": _("The enterprise was reminded"),
    "demand.closed_unreplied": _("Closed: the enterprise did not reply"),
    "demand.contacted": _("Contact with the enterprise logged"),
    "demand.noted": _("Internal note written"),
    "demand.reported": _("Interim answer or progress reported"),
    "files.stored": _("Attachment added"),
    "demand.extension_asked": _("More time asked for"),
    "demand.extended": _("More time given"),
    "demand.extension_refused": _("More time refused"),
    "demand.urgency_changed": _("Urgency changed"),
    "demand.reassigned": _("Given to another handler"),
    "demand.unsolvable_proposed": _("“Cannot be solved” proposed"),
    "demand.unsolvable_signed": _("“Cannot be solved” signed by the head"),
    "demand.unsolvable_returned": _("“Cannot be solved” returned"),
    "demand.unsolvable": _("Told that it cannot be solved"),
    "demand.appealed": _("Appealed"),
    "demand.appeal_decided": _("Appeal decided"),
    "demand.category_moved": _("Moved to another category"),
    "demands.report_requested": _("Monthly report asked for"),
    "demands.report_made": _("Monthly report made"),
    "demands.report_downloaded": _("Monthly report downloaded"),
    "demands.callbacks_drawn": _("Call-backs drawn"),
    "demand.called_back": _("Called back"),
    "demands.rating_reason_created": _("Rating reason added"),
    "demands.rating_reason_changed": _("Rating reason changed"),
    "demands.closing_rule_created": _("Rule after an answer added"),
    "demands.handling_rule_created": _("Rule of handling added"),
    "demands.handling_rule_changed": _("Rule of handling changed"),
    "demands.grounds_loaded": _("Grounds for not solving loaded"),
    "demands.ground_created": _("Ground for not solving added"),
    "demands.ground_changed": _("Ground for not solving changed"),
    "demands.closing_rule_changed": _("Rule after an answer changed"),
    "demands.formula_created": _("Formula of a score added"),
    "demands.category_created": _("Demand category added"),
    "demands.category_changed": _("Demand category changed"),
    "demands.duty_added": _("Line of the duty catalogue added"),
    "demands.duty_ended": _("Line of the duty catalogue ended"),
    "demands.precedent_recorded": _("Precedent recorded"),
    "demands.version_added": _("Version of a category added"),
    "demands.version_changed": _("Version of a category changed"),
    "demands.version_dropped": _("Version of a category taken back"),
    "demands.training_requested": _("Training of the classifier requested"),
    "demands.classifier_trained": _("Classifier trained"),
    "demands.class_opened": _("Class of cases opened"),
    "demands.class_linked": _("Demand added to a class"),
    "demands.class_unlinked": _("Demand taken out of a class"),
    "demands.class_found": _("Demands found for a class"),
    "demands.class_postponed": _("Day of fixing changed"),
    "demands.class_fixed": _("Cause fixed"),
    "demands.class_reopened": _("Class of cases reopened"),
    "demands.class_dropped": _("Class of cases given up"),
}
VISITS: Mapping[str, Words] = {
    "visit.draft_saved": _("Draft of a visit saved"),
    "visit.draft_dropped": _("Draft of a visit thrown away"),
    "visit.filed": _("Visit recorded"),
    "visit.round_planned": _("Video round planned"),
    "visit.round_changed": _("Video round changed"),
    "visit.round_held": _("Video round ended"),
    "visit.round_cancelled": _("Video round called off"),
    "visit.agenda_noted": _("Written down in a video round"),
    "visit.matter_raised": _("Matter taken down in a video round"),
}
NEEDS: Mapping[str, Words] = {
    "need.collected": _("Need collected"),
    "need.batch_reported": _("Needs reported"),
    "need.valid": _("Need found valid"),
    "need.coordinated": _("Need found valid, to be coordinated"),
    "need.invalid": _("Need found not valid"),
    "need.merged": _("Need merged into another"),
    "need.referred": _("Need found out of remit"),
    "need.reconsidered": _("Need back to triage"),
    "need.handed_back": _("Need handed back"),
    "need.contacted": _("Enterprise contacted about a need"),
    "need.progressed": _("Progress of a need reported"),
    "need.solved": _("Need solved"),
    "need.given_up": _("Need cannot be solved"),
    "need.resumed": _("Need taken up again"),
    "need.confirmed": _("Need confirmed as solved"),
    "need.disputed": _("Need not solved, says the enterprise"),
    "need.claimed": _("Payment of a need claimed"),
    "need.paid": _("Payment of a need made"),
    "need.money_recorded": _("Money of a need recorded"),
    "needs.programme_created": _("Programme added"),
    "needs.programme_changed": _("Programme changed"),
    "needs.clock_rules_loaded": _("Clock rules of needs loaded"),
}
LOOKS: Mapping[str, Words] = {
    **READS,
    "conversions.file_downloaded": _("Took a file of a conversion"),
    "needs.exported": _("Exported a list of policy needs"),
    "demands.exported": _("Exported a list of demands"),
    "plans.exported": _("Exported a list of service plans"),
    "register.exported": _("Exported a list of enterprises"),
    "register.import_refused_taken": _("Exported the refused rows of an import"),
    "accounts.trail_exported": _("Exported the audit trail"),
}
REGISTER: Mapping[str, Words] = {
    **{verb: sentence for verb, (sentence, _icon) in SENTENCES.items()},
    "register.grid_created": _("Grid added"),
    "register.grid_changed": _("Grid changed"),
    "register.point_created": _("Service point added"),
    "register.point_changed": _("Service point changed"),
    "register.park_created": _("Park added"),
    "register.park_changed": _("Park changed"),
    "register.chain_created": _("Industry chain added"),
    "register.chain_changed": _("Industry chain changed"),
    "register.list_created": _("Key-enterprise list added"),
    "register.list_changed": _("Key-enterprise list changed"),
    "register.keylist_created": _("Key-enterprise list added by an import"),
    "register.import_uploaded": _("Import: file uploaded"),
    "register.import_mapped": _("Import: columns mapped"),
    "register.import_previewed": _("Import: preview ready"),
    "register.import_decided": _("Import: near-duplicates decided"),
    "register.import_apply_requested": _("Import: started"),
    "register.import_ended": _("Import: ended"),
    "register.import_cancelled": _("Import: cancelled"),
    "register.import_failed": _("Import: failed"),
    "register.import_file_removed": _("Import: file removed"),
    "register.membership_requested": _("Membership requested"),
    "register.membership_confirmed": _("Membership confirmed"),
    "register.membership_refused": _("Membership refused"),
    "register.membership_ended": _("Membership ended"),
    "register.member_invited": _("Member invited"),
    "register.invitation_accepted": _("Invitation accepted"),
}
PEOPLE: Mapping[str, Words] = {
    "accounts.person_created": _("Person added"),
    "accounts.person_changed": _("Person changed"),
    "accounts.role_granted": _("Role given"),
    "accounts.role_revoked": _("Role taken away"),
    "accounts.absence_set": _("Absence entered"),
    "accounts.absence_cancelled": _("Absence taken back"),
    "accounts.token_issued": _("API token issued"),
    "accounts.token_revoked": _("API token revoked"),
    "accounts.unit_created": _("Unit added"),
    "accounts.unit_changed": _("Unit changed"),
    "accounts.unit_moved": _("Unit moved"),
}
WORK: Mapping[str, Words] = {
    "work.paused": _("Clock paused"),
    "work.resumed": _("Clock resumed"),
    "work.extended": _("Time limit extended"),
    "work.priority_changed": _("Priority changed"),
    "work.recomputed": _("Time limit computed anew"),
    "work.reassigned": _("Work item reassigned"),
    "work.escalated": _("Reminder or escalation sent"),
    "work.official_days_loaded": _("Official days loaded"),
    "work.clock_rule_changed": _("Time limit of a step changed"),
    "work.escalation_rule_created": _("Escalation ladder: entry added"),
    "work.escalation_rule_changed": _("Escalation ladder: entry changed"),
    "work.escalation_rule_removed": _("Escalation ladder: entry removed"),
    "demands.clock_rules_loaded": _("Clock rules loaded"),
}
NOTICES: Mapping[str, Words] = {
    "notices.chosen": _("Message settings changed"),
    "notices.wording_changed": _("Wording of a message changed"),
    "notices.wording_reset": _("Wording of a message back to the default"),
    "notices.sent_again": _("Message sent again"),
    "webhooks.created": _("Webhook connected"),
    "webhooks.changed": _("Webhook changed"),
    "webhooks.secret_renewed": _("Secret of a webhook renewed"),
    "webhooks.tested": _("Test of a webhook sent"),
    "webhooks.sent_again": _("Message of a webhook sent again"),
    "webhooks.given_up": _("Webhook given up after days of failure"),
}
SUPERVISION: Mapping[str, Words] = {
    "supervision.issued": _("Supervision order issued"),
    "supervision.answered": _("Supervision order answered"),
    "supervision.settled": _("Supervision order settled"),
    "supervision.sent_back": _("Answer to a supervision order sent back"),
    "supervision.withdrawn": _("Supervision order taken back"),
    "supervision.clock_rules_loaded": _("Clock rules of supervision loaded"),
}
TASK_FORCES: Mapping[str, Words] = {
    "taskforces.formed": _("Task force formed"),
    "taskforces.joined": _("Person named to a task force"),
    "taskforces.left": _("Person released from a task force"),
    "taskforces.lead_changed": _("Lead unit of a task force changed"),
    "taskforces.units_changed": _("Member units of a task force changed"),
    "taskforces.types_changed": _("Problem types of a task force changed"),
    "taskforces.closed": _("Task force closed"),
}
CONVERSIONS: Mapping[str, Words] = {
    "conversions.begun": _("Conversion begun"),
    "conversions.attached": _("Files attached to a step of a conversion"),
    "conversions.linked": _("Demand linked to a conversion"),
    "conversions.reported": _("Enterprise reported on a step"),
    "conversions.settled": _("Step of a conversion done"),
    "conversions.skipped": _("Step of a conversion left out"),
    "conversions.went_back": _("Step of a conversion begun once more"),
    "conversions.owned": _("Step of a conversion assigned"),
    "conversions.stable": _("Conversion completed"),
    "conversions.ended": _("Conversion ended"),
    "conversions.templates_loaded": _("Checklists of conversions loaded"),
}
PLANS: Mapping[str, Words] = {
    "plans.begun": _("Service plan begun"),
    "plans.written": _("Draft of a service plan changed"),
    "plans.entrusted": _("Service plan entrusted"),
    "plans.linked": _("Demand linked to a service plan"),
    "plans.unlinked": _("Demand taken out of a service plan"),
    "plans.noted": _("Internal note on a service plan"),
    "plans.proposed": _("Service plan proposed"),
    "plans.taken_back": _("Service plan taken back to be changed"),
    "plans.sent_back": _("Service plan sent back by the enterprise"),
    "plans.agreed": _("Service plan agreed"),
    "plans.started": _("Service plan started"),
    "plans.reviewed": _("Service plan reviewed"),
    "plans.completed": _("Service plan completed"),
    "plans.ended": _("Service plan ended early"),
    "plans.measure_added": _("Measure added"),
    "plans.measure_changed": _("Measure changed"),
    "plans.measure_placed": _("Measure put in another place"),
    "plans.measure_dropped": _("Measure taken out of the draft"),
    "plans.measure_postponed": _("Measure moved to a later day"),
    "plans.measure_progressed": _("Progress of a measure"),
    "plans.measure_settled": _("Result of a measure"),
    "plans.measure_restated": _("Result of a measure stated once more"),
    "plans.measure_resumed": _("Measure taken up again"),
    "plans.measure_confirmed": _("Result of a measure confirmed"),
    "plans.measure_doubted": _("Result of a measure doubted"),
    "plans.clock_rules_loaded": _("Clock rules of service plans loaded"),
}
GROUPS: tuple[tuple[Words, Mapping[str, Words]], ...] = (
    (_("Looks at data"), LOOKS),
    (_("Demands"), DEMANDS),
    (_("Policy needs"), NEEDS),
    (_("Visits"), VISITS),
    (_("Register"), REGISTER),
    (_("People and units"), PEOPLE),
    (_("Work and clocks"), WORK),
    (_("Messages"), NOTICES),
    (_("Supervision"), SUPERVISION),
    (_("Task forces"), TASK_FORCES),
    (_("Conversions"), CONVERSIONS),
    (_("Service plans"), PLANS),
)
VERBS: Mapping[str, Words] = {
    verb: words for _group, each in GROUPS for verb, words in each.items()
}

KINDS = (
    "demands.demand",
    "visits.visit",
    "visits.round",
    "needs.need",
    "needs.needbatch",
    "needs.programme",
    "register.enterprise",
    "register.contact",
    "register.membership",
    "register.importrun",
    "register.grid",
    "register.park",
    "register.servicepoint",
    "register.chain",
    "register.keylist",
    "accounts.user",
    "accounts.unit",
    "accounts.apitoken",
    "demands.demandcategory",
    "demands.classifier",
    "demands.ratingreason",
    "demands.callbackdraw",
    "demands.closingrule",
    "demands.handlingrule",
    "demands.ground",
    "demands.caseclass",
    "work.clockrule",
    "work.escalationrule",
    "supervision.supervisionorder",
    "taskforces.taskforce",
    "conversions.conversion",
    "conversions.chainstep",
    "conversions.conversiontemplate",
    "plans.serviceplan",
    "work.officialyear",
    "notices.delivery",
    "notices.ownwording",
    "webhooks.webhook",
)


def verb_in_words(verb: str) -> str:
    """A verb that a later release no longer knows stands for itself."""
    return str(VERBS.get(verb, verb))


def verb_choices() -> list[Any]:
    """All verbs by subject, for a select."""
    return [(group, list(verbs.items())) for group, verbs in GROUPS]


def kind_in_words(kind: str) -> str:
    """What the program calls such a record, as a heading of its own."""
    try:
        return str(capfirst(apps.get_model(kind)._meta.verbose_name))
    except (LookupError, ValueError):
        return kind


def kind_choices() -> list[tuple[str, str]]:
    return [(kind, kind_in_words(kind)) for kind in KINDS]
