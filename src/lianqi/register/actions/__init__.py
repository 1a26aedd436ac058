"""Everything that writes to the register."""

from lianqi.register.actions.details import (
    add_contact,
    add_fact,
    add_title,
    place_in_chain,
    put_on_list,
    reveal_contact,
)
from lianqi.register.actions.enterprises import (
    change_enterprise,
    create_enterprise,
    record_export,
    record_view,
)
from lianqi.register.actions.importing.applying import apply_import
from lianqi.register.actions.importing.clearing import remove_import_files
from lianqi.register.actions.importing.previewing import preview_import
from lianqi.register.actions.importing.runs import (
    cancel_import,
    decide_near_duplicates,
    request_apply,
    set_mapping,
    start_import,
)
from lianqi.register.actions.members import (
    accept_invitation,
    confirm_membership,
    end_membership,
    invite_member,
    refuse_membership,
    request_membership,
)
from lianqi.register.actions.merging import merge_enterprises
from lianqi.register.actions.reference import (
    create_chain,
    create_grid,
    create_key_list,
    create_park,
    load_industries,
)

__all__ = [
    "accept_invitation",
    "add_contact",
    "add_fact",
    "add_title",
    "apply_import",
    "cancel_import",
    "change_enterprise",
    "confirm_membership",
    "create_chain",
    "create_enterprise",
    "create_grid",
    "create_key_list",
    "create_park",
    "decide_near_duplicates",
    "end_membership",
    "invite_member",
    "load_industries",
    "merge_enterprises",
    "place_in_chain",
    "preview_import",
    "put_on_list",
    "record_export",
    "record_view",
    "refuse_membership",
    "remove_import_files",
    "request_apply",
    "request_membership",
    "reveal_contact",
    "set_mapping",
    "start_import",
]
