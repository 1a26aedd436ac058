"""Who gains and who loses when one version of a pack takes the place of another."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Value, When

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.engines.packs.pack import Measure, Pack
from lianqi.matching.enums import Impact
from lianqi.matching.models import COUNTERS, MatchRun, RulePack
from lianqi.matching.queries.checking import packs_of
from lianqi.register.models import REGISTER_READERS, Enterprise

SIZE = 30
_MET = """
WITH earlier AS (
    SELECT enterprise_id, measure, low, worth FROM matching_match
    WHERE pack_id = %(earlier)s AND "group" = 'met' AND (%(all)s OR enterprise_id = ANY(%(circle)s))
), later AS (
    SELECT enterprise_id, measure, low, worth FROM matching_match
    WHERE pack_id = %(later)s AND "group" = 'met' AND (%(all)s OR enterprise_id = ANY(%(circle)s))
), compared AS (
    SELECT enterprise_id, measure, earlier.low AS before, later.low AS after,
        CASE WHEN earlier.worth IS NULL THEN 'gains' WHEN later.worth IS NULL THEN 'loses'
            WHEN later.worth > earlier.worth THEN 'more'
            WHEN later.worth < earlier.worth THEN 'less' ELSE 'same' END AS impact
    FROM earlier FULL JOIN later USING (enterprise_id, measure)
)
"""
_COUNTED = """
{met} SELECT measure, impact, count(*), sum(before), sum(after) FROM compared GROUP BY 1, 2
"""
_LISTED = """
{met} SELECT enterprise_id, before, after FROM compared
WHERE measure = %(measure)s AND impact = %(impact)s AND enterprise_id > %(after)s
ORDER BY enterprise_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class RadarLine:
    """One measure before and after.

    Attributes:
        earlier, later: None where the version has no such measure.
        counts: How many enterprises by what happens to them.
        before, after: Fen at least, in all.
        act_by: The last day on which those who lose can still apply; None if it is not known.
        opens_on: When those who gain can apply; None if it is not known.
    """

    key: str
    title: str
    earlier: Measure | None
    later: Measure | None
    counts: Mapping[str, int] = field(default_factory=dict)
    before: int = 0
    after: int = 0
    act_by: dt.date | None = None
    opens_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Radar:
    """Two versions side by side.

    Attributes:
        earlier_run, later_run: When each was matched last; None if never.
    """

    earlier: RulePack
    later: RulePack
    lines: tuple[RadarLine, ...]
    transition: str
    earlier_run: MatchRun | None
    later_run: MatchRun | None

    @property
    def is_stale(self) -> bool:
        """Whether one of them was never matched, or with another text than it has now."""
        return bool(self.to_match)

    @property
    def to_match(self) -> list[RulePack]:
        """Those of the two that have to be matched first."""
        return [
            row
            for row, run in ((self.earlier, self.earlier_run), (self.later, self.later_run))
            if run is None or run.digests.get(str(row.pk)) != row.digest
        ]


@dataclass(frozen=True, slots=True)
class Affected:
    """An enterprise and what it got, and would get: fen at least, None without money."""

    enterprise: Enterprise
    before: int | None
    after: int | None


def comparable(user: User, row: RulePack) -> list[RulePack]:
    """With what a pack can be compared: what holds first, then other versions, the newest first."""
    others = RulePack.objects.visible_to(user).filter(key=row.key).exclude(pk=row.pk)
    nearness = Case(
        When(status="published", version=row.version, then=Value(0)),
        When(status="published", then=Value(1)),
        When(status="withdrawn", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return list(others.defer("text", "cases_text").order_by(nearness, "-pk")[:SIZE])


def radar(user: User, earlier: RulePack, later: RulePack, *, on: dt.date) -> Radar:
    """What changes for whom when the later one holds instead of the earlier one."""
    packs = packs_of([earlier, later])
    old, new = packs.get(earlier.digest), packs.get(later.digest)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(met=_MET), _given(user, earlier, later, roles=COUNTERS))
        rows = cursor.fetchall()
    before, after = _measures(old, earlier, on), _measures(new, later, on)
    lines = tuple(
        _line(key, before.get(key), after.get(key), earlier, later, rows, on=on)
        for key in dict.fromkeys((*after, *before))
    )
    return Radar(
        earlier, later, lines, new.transition if new else "", _run_of(earlier), _run_of(later)
    )  # fmt: skip


def affected(
    user: User,
    earlier: RulePack,
    later: RulePack,
    measure: str,
    impact: Impact,
    *,
    after: int = 0,
    size: int = SIZE,
) -> tuple[list[Affected], int | None]:
    """Some of whom a change concerns, and behind which the next are; None if there are no more."""
    given = _given(user, earlier, later)
    given |= {"measure": measure, "impact": impact.value, "after": after, "limit": size + 1}
    with connection.cursor() as cursor:
        cursor.execute(_LISTED.format(met=_MET), given)
        rows = cursor.fetchall()
    firms = Enterprise.objects.in_bulk([pk for pk, _before, _after in rows[:size]])
    found = [Affected(firms[pk], before, after) for pk, before, after in rows[:size]]
    return found, rows[size - 1][0] if len(rows) > size else None


def _given(
    user: User, earlier: RulePack, later: RulePack, *, roles: Sequence[Role] = REGISTER_READERS
) -> dict[str, Any]:
    sees_all = user.holds(*roles)
    circle = Enterprise.objects.of_own_circle(user).order_by().values_list("pk", flat=True)
    return {
        "earlier": earlier.pk,
        "later": later.pk,
        "all": sees_all,
        "circle": [] if sees_all else list(circle),
    }


def _measures(pack: Pack | None, row: RulePack, on: dt.date) -> dict[str, Measure]:
    if pack is None:
        return {}
    day = max(on, row.valid_from) if row.valid_from else on
    return {each.key: each for each in pack.reading(day).measures}


def _line(
    key: str,
    old: Measure | None,
    new: Measure | None,
    earlier: RulePack,
    later: RulePack,
    rows: list[tuple[str, str, int, Any, Any]],
    *,
    on: dt.date,
) -> RadarLine:
    own = [each for each in rows if each[0] == key]
    named = new or old
    assert named is not None
    return RadarLine(
        key,
        named.title,
        old,
        new,
        {impact: count for _measure, impact, count, _before, _after in own},
        sum(int(before or 0) for *_others, before, _after in own),
        sum(int(after or 0) for *_others, after in own),
        _act_by(old, earlier, later, on=on),
        _opens_on(new, later, on=on),
    )


def _act_by(
    old: Measure | None, earlier: RulePack, later: RulePack, *, on: dt.date
) -> dt.date | None:  # fmt: skip
    """The last day of the earlier rules, or of the window that is open until then."""
    ends = [earlier.valid_until]
    if later.valid_from and later.valid_from > on:
        ends.append(later.valid_from - dt.timedelta(days=1))
    known = [each for each in ends if each is not None]
    last = min(known, default=None)
    if old is None:
        return None
    windows = [each.end for each in old.process.windows if each.end and each.end >= on]
    if last is not None:
        windows = [min(each, last) for each in windows]
    return min(windows, default=last)


def _opens_on(new: Measure | None, later: RulePack, *, on: dt.date) -> dt.date | None:
    if new is None:
        return None
    starts = [each.start for each in new.process.windows if each.start and each.start >= on]
    return min(starts, default=later.valid_from)


def _run_of(row: RulePack) -> MatchRun | None:
    """The last run that matched the pack."""
    done = MatchRun.objects.done().filter(digests__has_key=str(row.pk))
    return done.order_by("-pk").first()
