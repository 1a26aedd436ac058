"""What the last matching found: by measure how many and how much, and who they are."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, Sum

from lianqi.accounts.models import User
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.meaning import meaning
from lianqi.matching.enums import Group
from lianqi.matching.models import Match, MatchQuerySet, MatchRun, RulePack
from lianqi.matching.queries.standings import in_bulk
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
    """

    count: int = 0
    low: int | None = None
    high: int | None = None
    unbounded: int = 0


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
        paid: By pack the fen that are left of the least amounts when of measures that exclude each
            other only the higher is paid; only packs that have such.
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
    seen = Match.objects.counted_for(user)
    told = _totals(seen.of_packs(force.pack_ids))
    measures = tuple(
        MeasureResult(
            place,
            told.get((place.row.pk, place.measure.key), {}),
            budget_of(place, on=on),
        )
        for place in force.places
    )
    paid = {
        pack: left
        for pack, excluded in _exclusions(force.places).items()
        if (left := _paid(seen, pack, excluded)) is not None
    }
    return Results(on, measures, force.catalogue, run, paid)


def _totals(matches: MatchQuerySet) -> dict[tuple[int, str], dict[Group, Totals]]:
    found: dict[tuple[int, str], dict[Group, Totals]] = {}
    rows = matches.order_by().values_list("pack_id", "measure", "group").annotate(
        count=Count("pk"),
        lows=Sum("low"),
        highs=Sum("high"),
        endless=Count("pk", filter=Q(low__isnull=False, high__isnull=True)),
    )  # fmt: skip
    for pack, measure, group, count, low, high, endless in rows:
        totals = Totals(
            count,
            None if low is None else int(low),
            None if high is None else int(high),
            endless,
        )
        found.setdefault((pack, measure), {})[Group(group)] = totals
    return found


def budget_of(place: Place, *, on: dt.date) -> int | None:
    """Fen that the pack sets aside."""
    budget = place.measure.budget
    if budget is None or budget.amount is None:
        return None
    value = meaning(bind(budget.amount, on), {}).value
    return int(value.low * 100) if value.is_known else None


def _exclusions(places: Iterable[Place]) -> dict[int, dict[str, set[str]]]:
    """By pack and measure the others of which only one is paid; each both ways."""
    found: dict[int, dict[str, set[str]]] = {}
    for place in places:
        for other in place.measure.excludes:
            of_pack = found.setdefault(place.row.pk, {})
            of_pack.setdefault(place.measure.key, set()).add(other.measure)
            of_pack.setdefault(other.measure, set()).add(place.measure.key)
    return found


def _paid(seen: MatchQuerySet, pack: int, excluded: Mapping[str, set[str]]) -> int | None:
    """Fen at least, when a measure gives way to a higher one that it excludes.

    Where all that exclude something exclude each other, that is what is paid. In a chain, where the
    first excludes the second and the second the third, the third is left out as well.
    """
    higher = Match.objects.of_packs([pack]).met().filter(enterprise=OuterRef("enterprise"))
    higher = higher.filter(
        Q(worth__gt=OuterRef("worth")) | Q(worth=OuterRef("worth"), measure__gt=OuterRef("measure"))
    )
    gives_way = Q(pk=None)
    for measure, others in sorted(excluded.items()):
        gives_way |= Q(Exists(higher.filter(measure__in=sorted(others))), measure=measure)
    left = seen.of_packs([pack]).met().exclude(gives_way).aggregate(sum=Sum("low"))["sum"]
    return None if left is None else int(left)


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
