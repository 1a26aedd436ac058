"""What happens to invented demands: when each step came, how it ended. No database here."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

HOUR = 3600.0
DAY = 24 * HOUR
ZONE_OFFSET = 8 * 3600
# Filings by hour of the local day: two humps with a midday dip, little at night.
BY_HOUR = (1, 1, 1, 1, 1, 1, 2, 6, 30, 60, 70, 50, 20, 25, 60, 65, 55, 40, 15, 10, 8, 6, 4, 2)
BY_WEEKDAY = (22, 20, 19, 19, 17, 2, 1)
RATINGS = ("5", "4", "3", "2", "1")
BY_RATING = (62, 24, 10, 3, 1)
SILENT_DAYS = 7
WAITING = 10
"""So many, the youngest, wait for dispatch whatever the hour: a page must be there to be measured."""


@dataclass(frozen=True, slots=True)
class Story:
    """A demand's course. Moments are seconds since 1970; None where the step did not come."""

    filed: float
    status: str
    dispatched: float | None = None
    accepted: float | None = None
    answered: float | None = None
    closed: float | None = None
    rating: str = ""


def natural_stories(count: int, *, days: int, now: dt.datetime, seed: int) -> Iterator[Story]:
    """Demands filed over the last `days`, oldest first; the young ones are still under way.

    Half a day to dispatch and accept, three days to answer, one in forty withdrawn, one in a hundred
    forgotten for long; of those answered three in four are confirmed and rated, the others closed
    by silence.
    """
    chance, end = random.Random(seed), now.timestamp()
    filings = sorted(_moment(chance, end, days) for _ in range(count))
    for filed in filings[:-WAITING]:
        yield _natural(chance, filed, end)
    for filed in filings[-WAITING:]:
        yield Story(filed, "submitted")


def counted_stories(
    count: int, *, closed: int, satisfied: int, first: dt.date, last: dt.date, seed: int
) -> Iterator[Story]:
    """Exactly so many demands, closed ones (all rated), satisfied ones; the others in progress."""
    chance = random.Random(seed)
    span = (last - first).days + 1
    midnight = dt.datetime.combine(first, dt.time(), dt.UTC).timestamp() - ZONE_OFFSET
    for number in range(count):
        filed = midnight + (number * span // count) * DAY + chance.uniform(8, 18) * HOUR
        steps = (filed + HOUR, filed + 3 * HOUR)
        if number >= closed:
            yield Story(filed, "in_progress", *steps)
            continue
        rating = chance.choice("543") if number < satisfied else chance.choice("21")
        yield Story(filed, "closed", *steps, filed + 2 * DAY, filed + 3 * DAY, rating)


def _moment(chance: random.Random, end: float, days: int) -> float:
    while True:
        day = end - chance.randrange(days + 1) * DAY
        weekday = dt.datetime.fromtimestamp(day + ZONE_OFFSET, dt.UTC).weekday()
        if chance.random() * BY_WEEKDAY[0] > BY_WEEKDAY[weekday]:
            continue
        midnight = day - (day + ZONE_OFFSET) % DAY
        (hour,) = chance.choices(range(24), BY_HOUR)
        moment = midnight + (hour + chance.random()) * HOUR
        if moment <= end:
            return moment


def _natural(chance: random.Random, filed: float, end: float) -> Story:
    slow = 25.0 if chance.random() < 0.01 else 1.0
    dispatched = filed + chance.expovariate(1 / (3 * HOUR)) * slow
    accepted = dispatched + chance.expovariate(1 / (7 * HOUR)) * slow
    answered = accepted + chance.expovariate(1 / (3 * DAY)) * slow
    if dispatched > end:
        return Story(filed, "submitted")
    if accepted > end:
        return Story(filed, "dispatched", dispatched)
    if chance.random() < 0.025:
        return Story(filed, "withdrawn", dispatched, accepted)
    if answered > end:
        return Story(filed, "in_progress", dispatched, accepted)
    is_silent = chance.random() < 0.25
    closed = answered + (SILENT_DAYS * DAY if is_silent else chance.expovariate(1 / (1.5 * DAY)))
    if closed > end:
        return Story(filed, "answered", dispatched, accepted, answered)
    rating = "" if is_silent else chance.choices(RATINGS, BY_RATING)[0]
    return Story(filed, "closed", dispatched, accepted, answered, closed, rating)
