"""The conversions of the demo zone: one in every state, one of them sent back, one of them late."""

import datetime as dt

import pytest

from lianqi.conversions.models import Conversion
from lianqi.conversions.queries import conversion_figures
from lianqi.freetests.models import FreeTest, LabOrder
from lianqi.freetests.queries import figures_by_institute, totals
from lianqi.ops.demo import create_categories
from lianqi.ops.demo.conversions import play_conversions
from lianqi.ops.demo.firms import create_firms, create_members
from lianqi.ops.demo.free_tests import play_free_tests
from lianqi.ops.demo.people import create_people
from lianqi.ops.reference import load_all
from lianqi.work.models import WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = dt.datetime(2026, 6, 3, 2, 30, tzinfo=dt.UTC)


def test_one_is_done_two_are_under_way_and_one_ended() -> None:
    load_all()
    began = NOW - dt.timedelta(days=160)
    people = create_people(at=began)
    create_categories(people, at=began)
    firms = create_firms(people, seed=1, at=began)[::32]
    create_members(people, firms, at=began)

    play_conversions(people, firms, now=NOW)
    play_free_tests(people, now=NOW)

    done, tested, late, given_up = Conversion.objects.order_by("pk").select_related(
        "enterprise__industry"
    )
    industries = [each.enterprise.industry for each in (done, tested, late, given_up)]
    assert [each.section for each in industries if each] == ["C"] * 4
    figures = conversion_figures(Conversion.objects.all())
    assert [each.status for each in (done, tested, late, given_up)] == [
        "stable", "open", "open", "ended",
    ]  # fmt: skip
    assert tested.step is not None
    assert (tested.step.position, tested.step.attempt) == (5, 2)
    assert tested.step.reports.exists()
    assert WorkItem.objects.overdue(at=NOW).filter(subject_id=late.pk).exists()
    free = totals(figures_by_institute(LabOrder.objects.all()), LabOrder.objects.all())
    assert (free.used, free.passed, str(free.saved)) == (4, 3, "2200.00")
    statuses = FreeTest.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["tested", "tested", "ordered", "open"]
    assert (figures.lines, figures.capacity) == (8, (("只", 200_000),))
