"""Loading the official days that decide which days are worked."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.engines import calendar as engine
from lianqi.work.models import OfficialDay, OfficialYear


@transaction.atomic
def load_official_days(
    *,
    at: dt.datetime,
    by: User | None = None,
    days: Iterable[engine.OfficialDay] | None = None,
) -> int:
    """Write official days, by default those that come with the program; return how many changed.

    Days of a notice that the list no longer names are removed, so that a corrected notice replaces
    the first one. Loading the same again changes nothing. When the answer is above zero, call
    `recompute_open_clocks`: open work may be due on another day now.

    Args:
        by: Who loads; None is the platform itself.

    Raises:
        ValueError: The list is not a year's notice.
    """
    days = tuple(engine.packaged_official_days() if days is None else days)
    if not engine.announced_years(days):
        raise ValueError("the list names no 1 January: it is not the notice of a year")
    wanted = {day.date: _row(day) for day in days}
    present = OfficialDay.objects.select_for_update().in_bulk()
    written = [row for row in wanted.values() if _values(row) != _values(present.get(row.date))]
    notices = {day.source for day in days}
    gone = [row for row in present.values() if row.source in notices and row.date not in wanted]
    if not written and not gone:
        return 0
    OfficialDay.objects.filter(pk__in=[row.pk for row in gone]).delete()
    OfficialDay.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_working", "name", "source"],
    )
    years = _write_years(days, at=at)
    record(
        "work.official_days_loaded",
        years[-1],
        by=by or Automat(),
        at=at,
        years=[year.year for year in years],
        written=len(written),
        removed=len(gone),
    )
    return len(written) + len(gone)


def _row(day: engine.OfficialDay) -> OfficialDay:
    return OfficialDay(date=day.date, is_working=day.is_working, name=day.name, source=day.source)


def _values(row: OfficialDay | None) -> tuple[bool, str, str] | None:
    return None if row is None else (row.is_working, row.name, row.source)


def _write_years(days: Iterable[engine.OfficialDay], *, at: dt.datetime) -> list[OfficialYear]:
    """Note the announced years with the notice of their 1 January; `at` is the calendar's stamp."""
    notices = {day.date: day.source for day in days}
    years = [
        OfficialYear(year=year, source=notices[dt.date(year, 1, 1)], loaded_at=at)
        for year in sorted(engine.announced_years(days))
    ]
    return OfficialYear.objects.bulk_create(
        years,
        update_conflicts=True,
        unique_fields=["year"],
        update_fields=["source", "loaded_at"],
    )
