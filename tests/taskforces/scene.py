"""A zone with a force that the economy bureau leads and the housing bureau belongs to."""

import datetime as dt
from typing import Any

from lianqi.taskforces.actions import form_force
from lianqi.taskforces.models import TaskForce
from tests.factories import AT
from tests.web.zone import Zone


def form(zone: Zone, *, at: dt.datetime = AT, **given: Any) -> TaskForce:
    known = {
        "name": "口罩生产专班",
        "purpose": "协调转产企业，解决生产中的困难。",
        "order": "云高管〔2026〕3号",
        "lead_unit": zone.economy,
        "member_units": [zone.housing],
        "categories": [zone.category],
        "people": [zone.other_handler],
        "by": zone.leader,
        "at": at,
    }
    return form_force(**known | given)  # type: ignore[arg-type]  # test data
