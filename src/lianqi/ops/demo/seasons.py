"""When demands come to the demo zone: by month, by day of the week, by hour, by category."""

import datetime as dt
from collections.abc import Mapping
from random import Random

from lianqi.engines.calendar import ZONE

# January to December: quiet at the Spring Festival, busy after it and before the books close.
BUSY = (0.9, 0.5, 1.3, 1.1, 1.0, 1.1, 1.2, 1.1, 1.0, 0.8, 1.1, 1.2)
OFF_DAYS = 0.15
"""How often something comes on a Saturday or Sunday, measured by a working day."""
HOURS = {8: 2, 9: 6, 10: 8, 11: 5, 12: 1, 13: 2, 14: 7, 15: 7, 16: 5, 17: 3, 19: 1, 20: 2, 21: 1}
OFFICE = range(9, 17)

# Months in which a kind comes more often than in the others, and how many times as often.
PEAKS: Mapping[str, Mapping[int, float]] = {
    "labour": {2: 3, 3: 3, 7: 1.6},
    "resumption": {1: 2, 2: 8, 3: 4},
    "housing": {3: 1.5, 7: 2.5, 8: 2.5},
    "talent": {6: 2, 7: 2.5, 8: 2},
    "utilities": {1: 1.6, 7: 3, 8: 3},
    "policy": {3: 2, 4: 2, 11: 1.6, 12: 1.6},
    "projects": {3: 2, 4: 2, 9: 2},
    "finance": {6: 1.6, 12: 2.5},
    "tax": {4: 1.6, 5: 2.5},
    "arrears": {1: 4, 12: 3},
    "logistics": {1: 2, 11: 2},
    "customs": {4: 1.6, 10: 2},
    "environment": {5: 1.5, 6: 1.5, 10: 1.5},
    "market": {4: 1.6, 9: 2},
}


def moments(count: int, *, days: int, now: dt.datetime, random: Random) -> list[dt.datetime]:
    """So many instants of the last `days` days, more of them lately: a desk that becomes known."""
    found: list[dt.datetime] = []
    busiest = max(BUSY)
    while len(found) < count:
        day = now.astimezone(ZONE).date() - dt.timedelta(days=int(days * random.random() ** 1.15))
        chance = BUSY[day.month - 1] / busiest * (OFF_DAYS if day.weekday() > 4 else 1)
        if random.random() > chance:
            continue
        hour = random.choices(list(HOURS), list(HOURS.values()))[0]
        at = dt.datetime.combine(day, dt.time(hour, random.randrange(60)), tzinfo=ZONE)
        if at < now - dt.timedelta(minutes=20):
            found.append(at)
    return sorted(found)


def weight(code: str, often: float, at: dt.datetime) -> float:
    """How likely a kind is in that month, measured by the others."""
    return often * PEAKS.get(code, {}).get(at.astimezone(ZONE).month, 1.0)


def is_office_hour(at: dt.datetime) -> bool:
    return at.astimezone(ZONE).hour in OFFICE
