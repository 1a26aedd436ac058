"""Scores from call-backs: the published example, and which version of a formula holds when."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.actions import (
    confirm_demand,
    create_formula_version,
    draw_callbacks,
    load_formulas,
    record_call,
    take_next_call,
)
from lianqi.demands.enums import (
    CallOutcome,
    DemandStatus,
    Rating,
    ScoreCount,
    ScoreName,
    Solved,
)
from lianqi.demands.errors import FormulaInThePast, FormulaNotWhole, FormulaOfThatDay
from lianqi.demands.models import Callback, ScoreFormula
from lianqi.demands.queries import three_rates
from lianqi.engines.rates import THREE_RATES, Rate, points_interval
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(AT)
DAY = dt.timedelta(days=1)
EVEN = {"response": Decimal("0.2"), "satisfaction": Decimal("0.3"), "resolution": Decimal("0.5")}


@pytest.fixture
def admin(db: None) -> User:
    load_formulas(at=AT)
    return grant(make_user(), Role.PLATFORM_ADMIN)


def called(scene: Scene, answers: list[tuple[bool, Solved, Rating]]) -> None:
    """As many demands closed as partly solved, which are all called back, with these answers."""
    for _each in answers:
        demand = scene.demand_in(DemandStatus.ANSWERED)
        confirm_demand(
            demand.pk, rating=Rating.SATISFIED, solved=Solved.PARTLY, note="说明",
            by=scene.member, at=AT,
        )  # fmt: skip
    draw_callbacks(TODAY, seed="s", at=AT)
    for contacted, solved, rating in answers:
        callback = take_next_call(by=scene.dispatcher, at=AT)
        record_call(
            callback.pk, outcome=CallOutcome.REACHED, contacted=contacted, solved=solved,
            rating=rating, remarks="说明", by=scene.dispatcher, at=AT,
        )  # fmt: skip


@pytest.mark.slow
def test_the_published_example_at_half_its_size(scene: Scene, admin: User) -> None:
    """98 contacted, 80 solved, 70 satisfied and 10 basically satisfied of 100 make 81.4."""
    ratings = [Rating.SATISFIED] * 35 + [Rating.BASICALLY_SATISFIED] * 5
    ratings += [Rating.DISSATISFIED] * 10
    solved = [Solved.YES] * 40 + [Solved.NO] * 10
    contacted = [True] * 49 + [False]
    called(scene, list(zip(contacted, solved, ratings, strict=True)))

    found = three_rates(closed_from=TODAY, closed_before=TODAY + DAY)

    assert found is not None
    assert found.total.score.value == Decimal("81.4")
    assert found.total.score.terms == {"response": 98, "satisfaction": 79, "resolution": 80}
    assert found.by_unit == {scene.unit.pk: replace(found.total, rank=1)}
    assert not found.total.is_small


def test_without_calls_there_is_no_score(admin: User) -> None:
    found = three_rates(closed_from=TODAY, closed_before=TODAY + DAY)

    assert found is not None
    assert (found.total.score.value, found.by_unit) == (None, {})


def test_without_a_formula_there_is_no_score() -> None:
    assert three_rates(closed_from=TODAY, closed_before=TODAY + DAY) is None


@pytest.mark.parametrize(("ends", "version"), [(4, 0), (5, 1)])
def test_the_last_day_of_a_period_says_which_version_holds(
    admin: User, ends: int, version: int
) -> None:
    create_formula_version(
        ScoreName.THREE_RATES,
        weights=EVEN,
        counts={},
        valid_from=TODAY + 5 * DAY,
        source="",
        by=admin,
        at=AT,
    )
    versions = list(ScoreFormula.objects.order_by("valid_from"))

    found = three_rates(closed_from=TODAY, closed_before=TODAY + (ends + 1) * DAY)

    assert found is not None
    assert found.version == versions[version]


def test_weights_that_are_not_named_stay(admin: User) -> None:
    changed = {"response": Decimal("0.2"), "satisfaction": Decimal("0.3")}

    made = create_formula_version(
        ScoreName.THREE_RATES,
        weights=changed,
        counts={},
        valid_from=TODAY,
        source="",
        by=admin,
        at=AT,
    )

    assert {term.name: term.weight for term in made.formula.terms} == EVEN
    assert {term.name: term.counts for term in made.formula.terms} == {
        term.name: term.counts for term in THREE_RATES.terms
    }


def test_a_version_may_count_the_basically_satisfied_otherwise(admin: User) -> None:
    made = create_formula_version(
        ScoreName.THREE_RATES, weights={}, counts={"basic": Decimal("0.8")}, valid_from=TODAY,
        source="", by=admin, at=AT,
    )  # fmt: skip

    calls = {"called": 100, "contacted": 98, "solved": 80, "satisfied": 70, "basic": 10}
    assert made.formula.score(calls).value == Decimal("81.0")


def test_every_count_of_a_score_equals_its_list(scene: Scene, admin: User) -> None:
    called(scene, [
        (True, Solved.YES, Rating.VERY_SATISFIED),
        (True, Solved.PARTLY, Rating.BASICALLY_SATISFIED),
        (False, Solved.NO, Rating.DISSATISFIED),
    ])  # fmt: skip

    found = three_rates(closed_from=TODAY, closed_before=TODAY + DAY)

    assert found is not None
    rows = Callback.objects.closed_within(TODAY, TODAY + DAY)
    assert found.total.counted == {name: rows.counted_as(name).count() for name in ScoreCount}
    assert tuple(found.total.counted.values()) == (3, 2, 1, 1, 1)
    assert found.total.rank is None


def test_the_interval_of_a_score_is_that_of_the_same_rate() -> None:
    assert points_interval(Decimal(50), 10) == pytest.approx(
        tuple(100 * end for end in Rate(5, 10).interval or ())
    )


@pytest.mark.parametrize(
    ("weights", "counts", "days", "refusal"),
    [
        (EVEN, {}, -1, FormulaInThePast),
        ({"response": Decimal("0.2")}, {}, 1, FormulaNotWhole),
        ({"response": Decimal("-0.4"), "satisfaction": Decimal("0.9")}, {}, 1, FormulaNotWhole),
        (EVEN, {"basic": Decimal("1.01")}, 1, FormulaNotWhole),
        (EVEN, {}, 5, FormulaOfThatDay),
    ],
)
def test_what_a_version_may_not_be(
    admin: User,
    weights: dict[str, Decimal],
    counts: dict[str, Decimal],
    days: int,
    refusal: type[Exception],
) -> None:
    create_formula_version(
        ScoreName.THREE_RATES,
        weights=EVEN,
        counts={},
        valid_from=TODAY + 5 * DAY,
        source="",
        by=admin,
        at=AT,
    )

    with pytest.raises(refusal):
        create_formula_version(
            ScoreName.THREE_RATES, weights=weights, counts=counts, valid_from=TODAY + days * DAY, source="",
            by=admin, at=AT,
        )  # fmt: skip

    assert ScoreFormula.objects.count() == 2


def test_others_do_not_change_formulas(scene: Scene, admin: User) -> None:
    with pytest.raises(PermissionDenied):
        create_formula_version(
            ScoreName.THREE_RATES,
            weights=EVEN,
            counts={},
            valid_from=TODAY,
            source="",
            by=scene.leader,
            at=AT,
        )


def test_a_first_version_is_loaded_once(admin: User) -> None:
    assert load_formulas(at=AT) == 0
