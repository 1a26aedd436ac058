"""Everything that writes to the register."""

from lianqi.register.actions.belonging import (
    place_in_chain,
    put_on_list,
    take_off_list,
    take_out_of_chain,
)
from lianqi.register.actions.contacts import (
    add_contact,
    change_contact,
    remove_contact,
    reveal_contact,
)
from lianqi.register.actions.enterprises import (
    change_enterprise,
    create_enterprise,
    record_export,
    record_view,
)
from lianqi.register.actions.facts import add_fact, withdraw_fact
from lianqi.register.actions.importing.applying import apply_import
from lianqi.register.actions.importing.clearing import remove_import_files
from lianqi.register.actions.importing.previewing import preview_import
from lianqi.register.actions.importing.runs import (
    cancel_import,
    decide_near_duplicates,
    record_refused_rows,
    request_apply,
    set_mapping,
    start_import,
)
from lianqi.register.actions.listed import Awarded, Observed, award_list, observe_list
from lianqi.register.actions.members import (
    accept_invitation,
    confirm_membership,
    end_membership,
    invite_member,
    refuse_membership,
    request_membership,
)
from lianqi.register.actions.merging import merge_enterprises
from lianqi.register.actions.points import change_service_point, create_service_point
from lianqi.register.actions.reference import (
    change_chain,
    change_grid,
    change_key_list,
    change_park,
    create_chain,
    create_grid,
    create_key_list,
    create_park,
    load_industries,
)
from lianqi.register.actions.statements import Stated, state, state_list, withdraw_statement
from lianqi.register.actions.titles import add_title, change_title, remove_title

__all__ = [
    "Awarded",
    "Observed",
    "Stated",
    "accept_invitation",
    "add_contact",
    "add_fact",
    "add_title",
    "apply_import",
    "award_list",
    "cancel_import",
    "change_chain",
    "change_contact",
    "change_enterprise",
    "change_grid",
    "change_key_list",
    "change_park",
    "change_service_point",
    "change_title",
    "confirm_membership",
    "create_chain",
    "create_enterprise",
    "create_grid",
    "create_key_list",
    "create_park",
    "create_service_point",
    "decide_near_duplicates",
    "end_membership",
    "invite_member",
    "load_industries",
    "merge_enterprises",
    "observe_list",
    "place_in_chain",
    "preview_import",
    "put_on_list",
    "record_export",
    "record_refused_rows",
    "record_view",
    "refuse_membership",
    "remove_contact",
    "remove_import_files",
    "remove_title",
    "request_apply",
    "request_membership",
    "reveal_contact",
    "set_mapping",
    "start_import",
    "state",
    "state_list",
    "take_off_list",
    "take_out_of_chain",
    "withdraw_fact",
    "withdraw_statement",
]
