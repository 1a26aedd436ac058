"""What the database itself refuses, whoever writes."""

import pytest
from django.db import IntegrityError, transaction

from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT


@pytest.mark.parametrize(
    ("status", "change", "constraint"),
    [
        ("closed", {"closed_at": None}, "demand_closed_at_a_time"),
        ("answered", {"closed_at": AT}, "demand_closed_at_a_time"),
        ("dispatched", {"unit": None}, "demand_handled_has_a_unit"),
        ("in_progress", {"unit": None}, "demand_handled_has_a_unit"),
        ("closed", {"unit": None}, "demand_handled_has_a_unit"),
        ("answered", {"answer": ""}, "demand_answered_has_an_answer"),
        ("answered", {"answered_at": None}, "demand_answered_has_an_answer"),
        ("answered", {"rating": "5"}, "demand_rated_when_closed"),
        ("withdrawn", {"rating": "1"}, "demand_rated_when_closed"),
    ],
)
def test_contradiction_is_refused(
    scene: Scene, status: str, change: dict[str, object], constraint: str
) -> None:
    demand = scene.demand_in(DemandStatus(status))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Demand.objects.filter(pk=demand.pk).update(**change)


def test_second_filing_under_one_key_is_refused(scene: Scene) -> None:
    first, second = scene.file(key="one"), scene.file(key="two")

    with pytest.raises(IntegrityError, match="demand_filed_once"), transaction.atomic():
        Demand.objects.filter(pk=second.pk).update(idempotency_key=first.idempotency_key)


def test_one_number_for_two_demands_is_refused(scene: Scene) -> None:
    first, second = scene.file(), scene.file()

    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        Demand.objects.filter(pk=second.pk).update(number=first.number)


def test_two_open_leads_of_one_step_are_refused(scene: Scene) -> None:
    item = WorkItem.objects.about(scene.file()).get()
    item.pk = None

    with pytest.raises(IntegrityError, match="work_item_one_open_lead"), transaction.atomic():
        item.save(force_insert=True)


def test_enterprise_with_demands_cannot_be_deleted(scene: Scene) -> None:
    scene.file()

    with pytest.raises(IntegrityError), transaction.atomic():
        type(scene.enterprise).objects.filter(pk=scene.enterprise.pk).delete()
