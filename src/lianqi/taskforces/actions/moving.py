"""What every move of a task force has in common: lock, table, permission; then notices."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import User
from lianqi.engines.flow import IllegalMove
from lianqi.notices.actions import notify
from lianqi.taskforces.enums import ForceStatus
from lianqi.taskforces.errors import ForceMoveNotPossible
from lianqi.taskforces.flow import FORCE_FLOW
from lianqi.taskforces.models import TaskForce


def locked(force_id: int, verb: str, *, by: User) -> tuple[TaskForce, ForceStatus]:
    """Lock the force and return it with the status that `verb` leads to; the table comes first.

    Raises:
        ForceMoveNotPossible: Somebody closed it meanwhile.
        PermissionDenied: `by` may not do this.
    """
    # Nothing is joined: which unit leads may have changed while this waited for the lock.
    force = TaskForce.objects.select_for_update().get(pk=force_id)
    try:
        target = FORCE_FLOW.target(verb, status=ForceStatus(force.status))
    except IllegalMove as error:
        raise ForceMoveNotPossible(
            number=force.number, status=force.get_status_display()
        ) from error
    if not by.has_perm(f"taskforces.{verb}", force):
        raise PermissionDenied
    return force, target


def tell(
    people: Iterable[User], force: TaskForce, event: str, *, at: dt.datetime, **names: object
) -> None:
    """Notify people once per event and moment; the text goes out after the commit."""
    notify(
        people,
        event=event,
        names={"number": force.number, "name": force.unit, "lead": force.lead_unit, **names},
        url=force.get_absolute_url(),
        at=at,
        dedupe_key=f"{event}:{force.pk}:{at.isoformat()}",
    )
