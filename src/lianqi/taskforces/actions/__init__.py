"""Everything that writes task forces."""

from lianqi.taskforces.actions.forces import close_force, form_force
from lianqi.taskforces.actions.members import join_force, leave_force

__all__ = ["close_force", "form_force", "join_force", "leave_force"]
