"""The daily counts, pushed to the heads of the units and to the leaders each morning (S58)."""

import datetime as dt

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import heads_of
from lianqi.needs.models import Programme
from lianqi.needs.queries import Daily, LeadLine, UnitLine, daily
from lianqi.notices.actions import notify
from lianqi.work.queries import local_date

Line = UnitLine | LeadLine


def push_daily_counts(*, at: dt.datetime) -> int:
    """Tell yesterday's counts; return how many units were told of. Nobody is told twice.

    Each head reads the lines of the own unit and the total, leaders read every unit, in order of
    needs collected. A run that died halfway is simply repeated.
    """
    on = local_date(at) - dt.timedelta(days=1)
    programme = Programme.objects.of_day(on)
    if programme is None:
        return 0
    found = daily(programme, on=on, at=at)
    lines: list[Line] = [*found.by_unit, *found.by_lead]
    leaders = User.people.holding(Role.LEADER, on=local_date(at)).order_by("pk")
    _tell(list(leaders), found, lines, "all", at=at)
    units: dict[Unit, list[Line]] = {}
    for line in lines:
        units.setdefault(line.unit, []).append(line)
    for unit, own in units.items():
        _tell(heads_of(unit, on=local_date(at)), found, own, str(unit.pk), at=at)
    return len(units)


def _tell(
    people: list[User], found: Daily, lines: list[Line], key: str, *, at: dt.datetime
) -> None:
    def told() -> str:  # called in the language of each reader
        return "\n".join([_total(found), *map(_said, lines)])

    notify(
        people,
        event="needs.daily",
        names={
            "programme": found.programme.name,
            "day": found.on,
            "counts": lazy(told, str)(),
        },
        url=f"/needs/daily/?day={found.on}",
        at=at,
        dedupe_key=f"needs.daily:{found.programme.pk}:{found.on}:{key}",
    )


def _said(line: Line) -> str:
    return _unit_line(line) if isinstance(line, UnitLine) else _lead_line(line)


def _total(found: Daily) -> str:
    total = found.total
    words = _(
        "In all: %(collected)d collected, %(valid)d valid, %(solved)d solved, %(unsolved)d still "
        "to be solved."
    ) % {
        "collected": total.collected,
        "valid": total.valid,
        "solved": total.solved,
        "unsolved": total.unsolved,
    }
    if found.days_left is None or found.days_left < 0:
        return words
    days = _("%(days)d days are left until %(target)s.") % {
        "days": found.days_left,
        "target": found.programme.target_on,
    }
    return f"{words} {days}"


def _unit_line(line: UnitLine) -> str:
    words = _(
        "%(unit)s: %(collected_today)d collected and %(solved_today)d solved on the day; in all "
        "%(collected)d collected, %(valid)d valid, %(solved)d solved."
    ) % {
        "unit": line.unit,
        "collected_today": line.counts.collected_today,
        "solved_today": line.counts.solved_today,
        "collected": line.counts.collected,
        "valid": line.counts.valid,
        "solved": line.counts.solved,
    }
    return f"{words} {_('Its report is overdue.')}" if line.late_since else words


def _lead_line(line: LeadLine) -> str:
    return _(
        "%(unit)s as the responsible unit: %(solved)d of %(assigned)d solved, %(late)d reports of "
        "progress overdue."
    ) % {
        "unit": line.unit,
        "solved": line.counts.solved,
        "assigned": line.counts.valid,
        "late": line.late,
    }
