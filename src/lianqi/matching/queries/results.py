"""What the last matching found: by measure how many and how much, and who they are."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum

from lianqi.accounts.models import User
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.meaning import meaning
from lianqi.matching.enums import Group
from lianqi.matching.models import (
    COUNTERS,
    Match,
    MatchQuerySet,
    MatchRun,
    MatchTotal,
    RulePack,
)
from lianqi.matching.queries.standings import InBulk, in_bulk
from lianqi.matching.queries.verdicts import Missing, Place, missing_of

SIZE = 30
_WHOLE = re.compile(r"-?[0-9]{1,18}")
COUNT_CAP = 1000


@dataclass(frozen=True, slots=True)
class Totals:
    """One group of a measure.

    Attributes:
        low, high: Fen in all; None where there is no money.
        unbounded: How many of them could get any amount.
        paid: Fen at least that are left where what excludes each other is not paid side by side.
    """

    count: int = 0
    low: int | None = None
    high: int | None = None
    unbounded: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A measure and who stands how to it.

    Attributes:
        budget: Fen; None if the pack states none.
    """

    place: Place
    groups: Mapping[Group, Totals] = field(default_factory=dict)
    budget: int | None = None

    @property
    def met(self) -> Totals:
        return self.groups.get(Group.MET, Totals())

    @property
    def one_missing(self) -> Totals:
        return self.groups.get(Group.ONE_MISSING, Totals())

    @property
    def nearly(self) -> Totals:
        return self.groups.get(Group.NEARLY, Totals())

    @property
    def is_above_budget(self) -> bool:
        return self.budget is not None and (self.met.low or 0) > self.budget


@dataclass(frozen=True, slots=True)
class Results:
    """The measures of a day with who stands how to them.

    Attributes:
        run: The last of all measures that ended well; None if there was none yet.
        paid: By pack the fen that are left of the least amounts when every enterprise gets the best
            of the measures that exclude each other; only packs that have such.
    """

    on: dt.date
    measures: tuple[MeasureResult, ...]
    catalogue: Catalogue
    run: MatchRun | None = None
    paid: Mapping[int, int] = field(default_factory=dict)

    def of(self, pack_id: int, measure: str) -> MeasureResult | None:
        for each in self.measures:
            if each.place.row.pk == pack_id and each.place.measure.key == measure:
                return each
        return None


def results(user: User, *, on: dt.date) -> Results:
    """All measures in force, as far as the person may see enterprises."""
    rows = list(RulePack.objects.in_force(on).for_list().order_by("key", "version"))
    run = MatchRun.objects.of_everything().done().order_by("-pk").first()
    return _results(user, rows, on=on, run=run)


def results_of_pack(user: User, row: RulePack, *, on: dt.date) -> Results:
    """The measures of one pack; a draft as its last preview found it."""
    done = MatchRun.objects.done().filter(digests__has_key=str(row.pk))
    run = done.order_by("-pk").first()
    day = run.day if run else max(on, row.valid_from or on)
    return _results(user, [row], on=day, run=run)


def _results(user: User, rows: Sequence[RulePack], *, on: dt.date, run: MatchRun | None) -> Results:
    force = in_bulk(rows, on)
    told = _totals(user, force.pack_ids)
    measures = tuple(
        MeasureResult(
            place,
            told.get((place.row.pk, place.measure.key), {}),
            budget_of(place, on=on),
        )
        for place in force.places
    )
    return Results(on, measures, force.catalogue, run, _paid(force, measures))


def _totals(user: User, packs: list[int]) -> dict[tuple[int, str], dict[Group, Totals]]:
    """What is kept for those who count everything; others have their own circle counted."""
    found: dict[tuple[int, str], dict[Group, Totals]] = {}
    rows = kept_totals(packs) if user.holds(*COUNTERS) else counted_totals(user, packs)
    for pack, measure, group, totals in rows:
        found.setdefault((pack, measure), {})[group] = totals
    return found


def kept_totals(packs: list[int]) -> Iterator[tuple[int, str, Group, Totals]]:
    """As the database keeps them with every match that is written."""
    for each in MatchTotal.objects.filter(pack__in=packs, count__gt=0).order_by("pk"):
        totals = Totals(
            each.count,
            int(each.low) if each.lows else None,
            int(each.high) if each.highs else None,
            each.unbounded,
            int(each.paid),
        )
        yield each.pack_id, each.measure, Group(each.group), totals


def counted_totals(user: User, packs: list[int]) -> Iterator[tuple[int, str, Group, Totals]]:
    """Counted now, as far as the person may see enterprises."""
    seen = Match.objects.counted_for(user).of_packs(packs)
    rows = seen.order_by().values_list("pack_id", "measure", "group").annotate(
        count=Count("pk"),
        lows=Sum("low"),
        highs=Sum("high"),
        endless=Count("pk", filter=Q(low__isnull=False, high__isnull=True)),
        left=Sum("paid"),
    )  # fmt: skip
    for pack, measure, group, count, low, high, endless, paid in rows:
        totals = Totals(
            count,
            None if low is None else int(low),
            None if high is None else int(high),
            endless,
            int(paid or 0),
        )
        yield pack, measure, Group(group), totals


def budget_of(place: Place, *, on: dt.date) -> int | None:
    """Fen that the pack sets aside."""
    budget = place.measure.budget
    if budget is None or budget.amount is None:
        return None
    value = meaning(bind(budget.amount, on), {}).value
    return int(value.low * 100) if value.is_known else None


def _paid(force: InBulk, measures: Sequence[MeasureResult]) -> dict[int, int]:
    """By pack what is left, of those of which a measure excludes another."""
    knotted = {force.places[place].row.pk for knot in force.knots for place in knot.places}
    left = dict.fromkeys(sorted(knotted), 0)
    for each in measures:
        if each.place.row.pk in knotted:
            left[each.place.row.pk] += each.met.paid
    return {pack: fen for pack, fen in left.items() if fen}


@dataclass(frozen=True, slots=True)
class MatchPage:
    """Some matches, and the cursors of the pages beside them."""

    rows: list[Match]
    after: str
    before: str
    count: int
    capped: bool


SORTS: Mapping[str, tuple[str, ...]] = {"amount": ("worth", "pk"), "since": ("since", "pk")}
"""By what a list of matches is sorted, the greatest and the newest first."""


def page_of(
    matches: MatchQuerySet, sort: str, *, after: str = "", before: str = "", size: int = SIZE
) -> MatchPage:
    """A page by key; a cursor nobody gave out is ignored."""
    counted = matches.order_by()[: COUNT_CAP + 1].count()
    by = SORTS[sort][0]
    first, last = _cursor(sort, after), _cursor(sort, before)
    rows = matches.select_related("enterprise", "enterprise__industry")
    if last is not None and first is None:
        value, pk = last
        later = Q(**{f"{by}__gt": value}) | Q(**{by: value}, pk__gt=pk)
        found = list(rows.filter(later).order_by(by, "pk")[: size + 1])
        has_newer, has_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        if first is not None:
            value, pk = first
            rows = rows.filter(Q(**{f"{by}__lt": value}) | Q(**{by: value}, pk__lt=pk))
        found = list(rows.order_by(f"-{by}", "-pk")[: size + 1])
        has_newer, has_older = first is not None, len(found) > size
        found = found[:size]
    return MatchPage(
        found,
        _written(sort, found[-1]) if found and has_older else "",
        _written(sort, found[0]) if found and has_newer else "",
        min(counted, COUNT_CAP),
        counted > COUNT_CAP,
    )


def _written(sort: str, match: Match) -> str:
    value = match.worth if sort == "amount" else match.since.isoformat()
    return f"{value}_{match.pk}"


def _cursor(sort: str, given: str) -> tuple[object, int] | None:
    value, _stroke, pk = given[:80].rpartition("_")
    number = _whole(pk)
    place = _whole(value) if sort == "amount" else _moment(value)
    return None if number is None or place is None else (place, number)


def _whole(written: str) -> int | None:
    return int(written) if _WHOLE.fullmatch(written) else None


def _moment(written: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def asked_for(slot: str, place: Place, catalogue: Catalogue) -> Missing:
    """What is missing, in words."""
    return missing_of([slot], place.measure, catalogue)[0]
