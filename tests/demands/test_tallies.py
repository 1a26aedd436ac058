"""Running totals equal what the demands themselves say, whatever happened in whatever order."""

import datetime as dt
import random

import pytest
from django.db.models import Sum

from lianqi.demands.actions import compact_tallies, rebuild_tallies
from lianqi.demands.errors import MoveNotPossible
from lianqi.demands.models import DemandTally
from lianqi.demands.queries import Figures, breakdown, figures
from tests.demands.scene import Scene
from tests.demands.test_moves import VERBS, do
from tests.factories import AT

pytestmark = pytest.mark.django_db
Cells = dict[tuple[object, ...], tuple[int, ...]]


def cells() -> Cells:
    rows = (
        DemandTally.objects.values("filed_on", "unit_id", "channel")
        .annotate(*(Sum(name) for name in ("received", "closed", "rated", "satisfied")))
        .order_by()
    )
    found = {
        (row["filed_on"], row["unit_id"], row["channel"]): (
            row["received__sum"], row["closed__sum"], row["rated__sum"], row["satisfied__sum"],
        )
        for row in rows
    }  # fmt: skip
    return {key: sums for key, sums in found.items() if any(sums)}


def some_history(scene: Scene, seed: int) -> None:
    """A few demands moved at random through whatever the table allows."""
    chance = random.Random(seed)
    demands = [scene.file(at=AT + dt.timedelta(days=n % 3)) for n in range(5)]
    for _ in range(40):
        demand = chance.choice(demands)
        try:
            do(chance.choice(VERBS), demand, scene)
        except MoveNotPossible:
            continue


@pytest.mark.parametrize("seed", range(6))
def test_totals_equal_the_rebuilt_ones(scene: Scene, seed: int) -> None:
    some_history(scene, seed)

    kept = cells()
    rebuild_tallies()

    assert kept == cells()


def test_adding_up_changes_no_total(scene: Scene) -> None:
    some_history(scene, 7)
    before, rows = cells(), DemandTally.objects.count()

    remaining = compact_tallies()

    assert cells() == before
    assert remaining == DemandTally.objects.count() == len(before) < rows


def test_last_day_of_a_period_is_excluded_and_its_first_included(scene: Scene) -> None:
    scene.file(at=AT)
    day = dt.date(2026, 3, 4)

    on_it = figures(received_from=day, received_before=day + dt.timedelta(days=1))
    before = figures(received_from=day - dt.timedelta(days=1), received_before=day)

    assert (on_it.received, before.received) == (1, 0)


def test_rates_without_a_base_are_unknown_not_zero(scene: Scene) -> None:
    nothing = figures(received_from=dt.date(1990, 1, 1), received_before=dt.date(1990, 1, 2))

    assert nothing == Figures(0, 0, 0, 0)
    assert (nothing.closing_rate, nothing.satisfaction_rate) == (None, None)


def test_a_demand_counts_for_the_unit_that_has_it(scene: Scene) -> None:
    span = {"received_from": dt.date(2026, 1, 1), "received_before": dt.date(2027, 1, 1)}
    demand = scene.file()
    waiting = breakdown(**span).by_unit

    scene.dispatch(demand)

    assert waiting == {None: Figures(1, 0, 0, 0)}
    assert breakdown(**span).by_unit == {scene.unit.pk: Figures(1, 0, 0, 0)}
