"""Coverage and pace of the daily table at their edges."""

import datetime as dt

import pytest

from lianqi.needs.enums import NeedStatus
from lianqi.needs.queries import daily
from tests.factories import make_enterprise
from tests.needs.scene import AT, Scene

pytestmark = pytest.mark.django_db


def test_an_exact_number_of_enterprises_gives_an_exact_coverage(scene: Scene) -> None:
    scene.collect(at=AT)
    make_enterprise(grid=scene.grid)

    coverage = daily(scene.programme, on=AT.date(), at=AT).coverage

    assert (coverage.contacted, coverage.firms, coverage.is_upper_bound) == (1, 2, False)


@pytest.mark.parametrize(("as_of", "left"), [((2020, 3, 31), 0), ((2020, 4, 1), -1)])
def test_where_no_day_is_left_no_pace_is_promised(
    scene: Scene, as_of: tuple[int, int, int], left: int
) -> None:
    scene.need_in(NeedStatus.ASSIGNED)

    found = daily(scene.programme, on=dt.date(*as_of), at=AT)

    assert (found.days_left, found.needs_per_day) == (left, None)
