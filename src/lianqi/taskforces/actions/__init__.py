"""Everything that writes task forces."""

from lianqi.taskforces.actions.changing import change_lead, change_types, change_units
from lianqi.taskforces.actions.forces import close_force, form_force
from lianqi.taskforces.actions.members import join_force, leave_force

__all__ = [
    "change_lead",
    "change_types",
    "change_units",
    "close_force",
    "form_force",
    "join_force",
    "leave_force",
]
