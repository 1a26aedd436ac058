"""A measure for many who apply: ranks among them, and what a limited sum leaves to each.

Nothing of it is kept: it shows what a round would come to before anybody decides on it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q

from lianqi.accounts.models import User
from lianqi.engines.packs.applicants import Applicant, Settled, Sum, sum_of
from lianqi.engines.packs.library import Found
from lianqi.engines.packs.runs import settle
from lianqi.matching.models import Match, RulePack
from lianqi.matching.queries.checking import packs_of
from lianqi.matching.queries.snapshots import snapshots
from lianqi.matching.queries.verdicts import ENTERPRISE, Missing, missing_of
from lianqi.register.models import Enterprise

MOST_APPLICANTS = 1000
MOST_MISSING = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One applicant.

    Attributes:
        turn: The place in the order of applications, from 1.
        missing: What is not known of it, at most `MOST_MISSING`.
        waits_for: Names of others whose missing facts decide as well.
    """

    turn: int
    enterprise: Enterprise
    settled: Settled
    missing: tuple[Missing, ...]
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a round would come to.

    Attributes:
        lines: By rank where there is one, else in the order of applications.
    """

    lines: tuple[Line, ...]
    sum: Sum


@dataclass(frozen=True, slots=True)
class Applying:
    """Who applies.

    Attributes:
        ids: Enterprises in the order of applications.
        unknown: What was written and is no enterprise that the person may see.
        more: Whether there are more than a round takes.
    """

    ids: tuple[int, ...]
    unknown: tuple[str, ...] = ()
    more: bool = False


def found_in(row: RulePack, measure_key: str, *, on: dt.date) -> Found | None:
    """A measure that pays enterprises, by rank as well; None if the pack has none of this key."""
    pack = packs_of([row]).get(row.digest)
    if pack is None:
        return None
    for measure in pack.reading(on).measures:
        if measure.key == measure_key and measure.applicant == ENTERPRISE and measure.pays:
            return Found(pack, measure)
    return None


def named(user: User, written: Sequence[str]) -> Applying:
    """Enterprises by credit code or full name, in the order in which they are written."""
    lines = list(dict.fromkeys(each.strip() for each in written if each.strip()))
    seen = Enterprise.objects.in_the_zone().visible_to(user)
    rows = seen.filter(Q(code__in=lines) | Q(name__in=lines)).order_by("pk")
    called: dict[str, int] = {}
    for pk, code, name in rows.values_list("pk", "code", "name"):
        called.setdefault(name, pk)
        called[code] = pk
    ids = dict.fromkeys(called[each] for each in lines if each in called)
    unknown = tuple(each for each in lines if each not in called)
    return Applying(tuple(ids)[:MOST_APPLICANTS], unknown, len(ids) > MOST_APPLICANTS)


def who_meets(user: User, row: RulePack, measure_key: str) -> Applying:
    """Whoever the last matching found to meet a measure, the greatest amounts first."""
    matches = Match.objects.visible_to(user).of_measure(row.pk, measure_key).met()
    first = matches.order_by("-worth", "-pk").values_list("enterprise_id", flat=True)
    ids = tuple(first[: MOST_APPLICANTS + 1])
    return Applying(ids[:MOST_APPLICANTS], more=len(ids) > MOST_APPLICANTS)


def settled_for(
    found: Found,
    ids: Sequence[int],
    *,
    on: dt.date,
    budget: Fraction | None = None,
    when_short: str = "",
) -> Settlement:
    """What a measure gives these enterprises together.

    Args:
        budget: Yuan; what the pack says if None.
        when_short: How a short sum is shared; as the pack says if "".

    Raises:
        BudgetMissingError: The pack limits the money without a sum, and none is given.
    """
    catalogue = found.pack.catalogue
    known = snapshots(ids, catalogue, on=on)
    firms = Enterprise.objects.in_bulk(list(known))
    applicants = [
        Applicant(str(pk), known[pk].values, turn)
        for turn, pk in enumerate(pk for pk in ids if pk in known)
    ]
    settled = settle(found, applicants, on, budget=budget, when_short=when_short)
    names = {str(pk): firm.name for pk, firm in firms.items()}
    lines = [
        Line(
            each.turn + 1, firms[int(each.key)], settled[each.key],
            missing_of(sorted(settled[each.key].asks)[:MOST_MISSING], found.measure, catalogue),
            _waits(settled[each.key], names),
        )
        for each in applicants
    ]  # fmt: skip
    if found.measure.rank is not None:
        last = len(lines) + 1, 0
        lines.sort(key=lambda line: line.settled.places or last)
    return Settlement(tuple(lines), sum_of(settled.values()))


def _waits(settled: Settled, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names[key] for key, _ask in sorted(settled.waits_for)))
