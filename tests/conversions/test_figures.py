"""The figures of the source (S21, S22): lines bought, capacity added, computed from the steps."""

import datetime as dt

import pytest

from lianqi.conversions.actions import end_conversion
from lianqi.conversions.models import Conversion
from lianqi.conversions.queries import conversion_figures
from tests.conversions.scene import begin, make_force, member, settle, settle_until
from tests.factories import AT, make_enterprise
from tests.web.zone import Zone, make_zone

DAY = dt.timedelta(days=1)


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


def test_no_conversions_are_no_data(zone: Zone) -> None:
    figures = conversion_figures(Conversion.objects.all())

    assert (figures.begun, figures.lines, figures.capacity, figures.days) == (0, None, (), None)


def test_four_lines_and_the_capacity_they_add(zone: Zone) -> None:
    force = make_force(zone)
    first = begin(zone, force)
    settle_until(zone, first, "production", at=AT + DAY)
    before = conversion_figures(Conversion.objects.all())
    settle(zone, first, at=AT + 20 * DAY)

    figures = conversion_figures(Conversion.objects.all())

    assert (before.lines, before.capacity, before.producing) == (4, (), 0)
    assert (figures.lines, figures.capacity) == (4, (("只", 200_000),))
    assert (figures.producing, figures.stable, figures.under_way) == (1, 0, 1)
    assert figures.days == 20


def test_capacities_of_different_units_are_not_added(zone: Zone) -> None:
    force = make_force(zone)
    for position, unit in enumerate(("只", "只", "升")):
        conversion = begin(zone, force, enterprise=make_enterprise(), product=f"产品{position}")
        settle_until(zone, conversion, "production", at=AT)
        settle(zone, conversion, at=AT + (10 + position) * DAY, figure=100, figure_unit=unit)

    figures = conversion_figures(Conversion.objects.all())

    assert set(figures.capacity) == {("升", 100), ("只", 200)}
    assert figures.days == 11  # the median of 10, 11 and 12
    assert figures.lines == 12


def test_one_that_ended_counts_as_ended(zone: Zone) -> None:
    conversion = begin(zone, make_force(zone))
    end_conversion(conversion.pk, reason="原料不足", by=member(zone), at=AT)

    figures = conversion_figures(Conversion.objects.all())

    assert (figures.begun, figures.ended, figures.under_way) == (1, 1, 0)
