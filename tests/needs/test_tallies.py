"""Running totals equal what the needs themselves say, whatever happened in whatever order."""

import datetime as dt
import random

import pytest
from django.db.models import Sum

from lianqi.needs.actions import compact_need_tallies, rebuild_need_tallies, report_progress
from lianqi.needs.enums import NeedStatus
from lianqi.needs.errors import HasMergedNeeds, NeedMoveNotPossible
from lianqi.needs.models import NeedTally
from lianqi.needs.queries import daily
from tests.needs.scene import AT, Scene, days_later
from tests.needs.test_moves import MOVES, do

pytestmark = pytest.mark.django_db
NAMES = ("collected", "valid", "solved", "confirmed")
Cells = dict[tuple[object, ...], tuple[int, ...]]


def cells() -> Cells:
    keys = ("programme_id", "day", "unit_id", "lead_id")
    rows = NeedTally.objects.values(*keys).annotate(*(Sum(name) for name in NAMES)).order_by()
    found = {
        tuple(row[key] for key in keys): tuple(row[f"{name}__sum"] for name in NAMES)
        for row in rows
    }
    return {key: sums for key, sums in found.items() if any(sums)}


def some_history(scene: Scene, seed: int) -> None:
    """A few needs moved at random through whatever the table allows."""
    chance = random.Random(seed)
    needs = [scene.need_in(chance.choice(list(NeedStatus))) for _ in range(4)]
    for _ in range(30):
        try:
            do(chance.choice(MOVES), chance.choice(needs), scene)
        except (NeedMoveNotPossible, HasMergedNeeds):
            continue


@pytest.mark.parametrize("seed", range(4))
def test_totals_equal_the_rebuilt_ones(scene: Scene, seed: int) -> None:
    some_history(scene, seed)

    kept = cells()
    rebuild_need_tallies()

    assert kept == cells()


def test_adding_up_changes_no_total(scene: Scene) -> None:
    some_history(scene, 7)
    before, rows = cells(), NeedTally.objects.count()

    remaining = compact_need_tallies()

    assert cells() == before
    assert remaining == NeedTally.objects.count() == len(before) < rows


def test_a_need_counts_on_the_days_on_which_it_was_collected_sorted_and_solved(
    scene: Scene,
) -> None:
    need = scene.collect(at=AT)
    scene.report(at=days_later(1))
    scene.triage(need, at=days_later(2))
    report_progress(need.pk, progress="已联系。", by=scene.handler, at=days_later(3))
    do("solve", need, scene)  # at AT: a solved need counts on the day of its solution

    def counts(day: int) -> tuple[int, int, int]:
        found = daily(scene.programme, on=dt.date(2020, 2, day), at=days_later(9)).total
        return found.collected_today, found.valid_today, found.solved_today

    assert [counts(day) for day in (20, 21, 22, 23)] == [
        (0, 0, 0), (1, 0, 1), (0, 0, 0), (0, 1, 0),
    ]  # fmt: skip


def test_what_the_enterprise_disputes_is_not_solved_any_more(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.SOLVED)

    do("dispute", need, scene)

    found = daily(scene.programme, on=AT.date(), at=AT).total
    assert (found.valid, found.solved, found.unsolved) == (1, 0, 1)


def test_the_guarding_and_the_responsible_unit_each_have_a_line(scene: Scene) -> None:
    scene.need_in(NeedStatus.CONFIRMED)
    scene.need_in(NeedStatus.INVALID)

    found = daily(scene.programme, on=AT.date(), at=AT)

    [guard], [lead] = found.by_unit, found.by_lead
    assert (guard.unit, guard.counts.collected, guard.counts.valid) == (scene.guard, 2, 1)
    assert (lead.unit, lead.counts.valid, lead.counts.solved) == (scene.lead, 1, 1)
    assert (lead.counts.collected, lead.counts.confirmed) == (0, 1)
    assert (guard.firms.collected, guard.firms_in_charge) == (1, 1)


def test_a_day_before_everything_counts_nothing(scene: Scene) -> None:
    scene.need_in(NeedStatus.SOLVED)

    found = daily(scene.programme, on=dt.date(2020, 2, 20), at=AT)

    assert (found.total.collected, found.firms.collected) == (0, 0)
    assert [line.counts.collected for line in found.by_unit] == [0]
    assert found.by_lead == ()
