"""Everything that writes demands."""

from lianqi.demands.actions.answering import (
    answer_demand,
    close_silent_demands,
    confirm_demand,
    dispute_demand,
    reopen_demand,
    reopen_until,
)
from lianqi.demands.actions.appeals import appeal_by_phone, appeal_unsolvable, decide_appeal
from lianqi.demands.actions.asking import (
    ask_enterprise,
    remind_unreplied,
    reply_to_question,
    resume_demand,
)
from lianqi.demands.actions.assisting import add_assistance, contribute, remove_assistance
from lianqi.demands.actions.attaching import file_demand_with_files
from lianqi.demands.actions.bulk import MOST_AT_ONCE, dispatch_many
from lianqi.demands.actions.callbacks import (
    draw_callbacks,
    record_call,
    reopen_after_call,
    reveal_callback_phone,
    take_next_call,
)
from lianqi.demands.actions.calling import answer_at_once
from lianqi.demands.actions.classes import (
    drop_class,
    find_clusters,
    find_recurrences,
    fix_class,
    link_demand,
    move_fix_day,
    open_class,
    reopen_class,
    unlink_demand,
)
from lianqi.demands.actions.closing import (
    change_closing_rule,
    change_rating_reason,
    create_closing_rule,
    create_rating_reason,
    load_closing_rule,
    load_rating_reasons,
)
from lianqi.demands.actions.contact_people import change_contacts
from lianqi.demands.actions.contacts import log_contact, write_note
from lianqi.demands.actions.defaults import (
    default_terms,
    load_default_categories,
    take_over_default,
)
from lianqi.demands.actions.duties import (
    DutyConditions,
    add_duty,
    end_duty,
    give_to_task_force,
    record_precedent,
    take_from_task_force,
)
from lianqi.demands.actions.extending import ask_extension, decide_extension
from lianqi.demands.actions.filing import file_demand, withdraw_demand
from lianqi.demands.actions.formulas import create_formula_version, load_formulas
from lianqi.demands.actions.grounds import change_ground, create_ground, load_grounds
from lianqi.demands.actions.handling import accept_demand, dispatch_demand, hand_over_demands
from lianqi.demands.actions.handling_rules import (
    change_handling_rule,
    create_handling_rule,
    load_handling_rule,
)
from lianqi.demands.actions.importing import (
    apply_demands,
    preview_demands,
    start_demand_import,
)
from lianqi.demands.actions.learning import request_training, train_classifiers, train_if_due
from lianqi.demands.actions.mails import assign_mail, set_mail_aside, take_mail
from lianqi.demands.actions.matching import attach_enterprise
from lianqi.demands.actions.merging import MOST_MERGED, merge_demand, unmerge_demand
from lianqi.demands.actions.monthly import (
    make_due_report,
    make_report,
    record_report_download,
    request_report,
)
from lianqi.demands.actions.objections import (
    arbitrate_objection,
    object_to_dispatch,
    objection_until,
    overrule_objection,
    uphold_objection,
)
from lianqi.demands.actions.parking import (
    discard_parked,
    file_parked,
    forget_parked,
    park_call,
)
from lianqi.demands.actions.phone import confirm_by_phone, dispute_by_phone
from lianqi.demands.actions.ratings import (
    rate_again,
    rate_demand,
    rate_until,
)
from lianqi.demands.actions.reading import record_download, record_export, record_view
from lianqi.demands.actions.recategorising import move_category
from lianqi.demands.actions.remedies import finish_remedy, note_remedy_contact
from lianqi.demands.actions.reporting import write_report
from lianqi.demands.actions.representing import Consent, end_representation, file_for_another
from lianqi.demands.actions.routing import consent_to_routing, end_routing, recall_demand
from lianqi.demands.actions.rules import change_category, create_category, load_clock_rules
from lianqi.demands.actions.similar import backfill_marks, forget_marks
from lianqi.demands.actions.statistics import compile_statistics
from lianqi.demands.actions.steering import change_urgency, reassign_handler
from lianqi.demands.actions.tally import compact_tallies, rebuild_tallies
from lianqi.demands.actions.tip_limits import MOST_TIPS, count_look, count_tip
from lianqi.demands.actions.tips import allow_tips, file_tip, reply_to_tip, write_to_tipster
from lianqi.demands.actions.transferring import ask_transfer, refuse_transfer, transfer_demand
from lianqi.demands.actions.unreplied import close_unreplied, last_day_to_reply
from lianqi.demands.actions.unsolvable import propose_unsolvable, sign_unsolvable
from lianqi.demands.actions.versions import (
    VersionTerms,
    add_version,
    change_version,
    drop_version,
    terms_of,
)

__all__ = [
    "MOST_AT_ONCE",
    "MOST_MERGED",
    "MOST_TIPS",
    "Consent",
    "DutyConditions",
    "VersionTerms",
    "accept_demand",
    "add_assistance",
    "add_duty",
    "add_version",
    "allow_tips",
    "answer_at_once",
    "answer_demand",
    "appeal_by_phone",
    "appeal_unsolvable",
    "apply_demands",
    "arbitrate_objection",
    "ask_enterprise",
    "ask_extension",
    "ask_transfer",
    "assign_mail",
    "attach_enterprise",
    "backfill_marks",
    "change_category",
    "change_closing_rule",
    "change_contacts",
    "change_ground",
    "change_handling_rule",
    "change_rating_reason",
    "change_urgency",
    "change_version",
    "close_silent_demands",
    "close_unreplied",
    "compact_tallies",
    "compile_statistics",
    "confirm_by_phone",
    "confirm_demand",
    "consent_to_routing",
    "contribute",
    "count_look",
    "count_tip",
    "create_category",
    "create_closing_rule",
    "create_formula_version",
    "create_ground",
    "create_handling_rule",
    "create_rating_reason",
    "decide_appeal",
    "decide_extension",
    "default_terms",
    "discard_parked",
    "dispatch_demand",
    "dispatch_many",
    "dispute_by_phone",
    "dispute_demand",
    "draw_callbacks",
    "drop_class",
    "drop_version",
    "end_duty",
    "end_representation",
    "end_routing",
    "file_demand",
    "file_demand_with_files",
    "file_for_another",
    "file_parked",
    "file_tip",
    "find_clusters",
    "find_recurrences",
    "finish_remedy",
    "fix_class",
    "forget_marks",
    "forget_parked",
    "give_to_task_force",
    "hand_over_demands",
    "last_day_to_reply",
    "link_demand",
    "load_clock_rules",
    "load_closing_rule",
    "load_default_categories",
    "load_formulas",
    "load_grounds",
    "load_handling_rule",
    "load_rating_reasons",
    "log_contact",
    "make_due_report",
    "make_report",
    "merge_demand",
    "move_category",
    "move_fix_day",
    "note_remedy_contact",
    "object_to_dispatch",
    "objection_until",
    "open_class",
    "overrule_objection",
    "park_call",
    "preview_demands",
    "propose_unsolvable",
    "rate_again",
    "rate_demand",
    "rate_until",
    "reassign_handler",
    "rebuild_tallies",
    "recall_demand",
    "record_call",
    "record_download",
    "record_export",
    "record_precedent",
    "record_report_download",
    "record_view",
    "refuse_transfer",
    "remind_unreplied",
    "remove_assistance",
    "reopen_after_call",
    "reopen_class",
    "reopen_demand",
    "reopen_until",
    "reply_to_question",
    "reply_to_tip",
    "request_report",
    "request_training",
    "resume_demand",
    "reveal_callback_phone",
    "set_mail_aside",
    "sign_unsolvable",
    "start_demand_import",
    "take_from_task_force",
    "take_mail",
    "take_next_call",
    "take_over_default",
    "terms_of",
    "train_classifiers",
    "train_if_due",
    "transfer_demand",
    "unlink_demand",
    "unmerge_demand",
    "uphold_objection",
    "withdraw_demand",
    "write_note",
    "write_report",
    "write_to_tipster",
]
