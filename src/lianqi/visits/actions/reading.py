"""Noting who looked at a visit: the enterprise concerned can read it."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record_look
from lianqi.visits.enums import VisitStatus
from lianqi.visits.models import Visit


@transaction.atomic
def record_visit_view(visit: Visit, *, by: User, at: dt.datetime) -> None:
    """Note that somebody of the zone looked at a recorded visit: once per person, visit and day."""
    if by.is_zone_staff and visit.status == VisitStatus.FILED:
        record_look(
            "visit.viewed",
            visit,
            by=by,
            at=at,
            enterprise_id=visit.enterprise_id,
            number=visit.number,
        )
