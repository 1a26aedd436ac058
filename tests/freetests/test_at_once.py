"""Two people, the last free place, the same moment: on a real PostgreSQL, with threads."""

import pytest

from lianqi.audit.queries import verify_chain
from lianqi.freetests.actions import accept_order, cancel_order
from lianqi.freetests.errors import FreeTestMoveNotPossible, ItemNotWanted, NoFreePlaces
from lianqi.freetests.models import FreeTest, LabOrder
from lianqi.freetests.queries import places_of
from lianqi.work.models import WorkItem
from tests.conversions.scene import member
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT
from tests.freetests.scene import make_institute, make_lab_force, place, state
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def test_the_last_free_places_are_taken_once(zone: Zone) -> None:
    force = make_lab_force(zone)
    institute = make_institute(zone, free_items=2, free_an_enterprise=None)
    one = state(zone, force)
    other = state(zone, force, enterprise=zone.other_firm, by=member(zone))

    results = at_once(
        lambda: place(zone, one, institute),
        lambda: place(zone, other, institute, by=zone.head),
    )

    assert refusals(results) == [NoFreePlaces]
    assert LabOrder.objects.holding_places().count() == 1
    assert places_of([institute], on=AT.date())[institute.pk].left == 0
    assert verify_chain().broken is None


def test_one_item_is_ordered_once_of_two_institutes(zone: Zone) -> None:
    force = make_lab_force(zone)
    one, other = make_institute(zone), make_institute(zone, name="云岭产品质量检验中心")
    test = state(zone, force)

    results = at_once(
        lambda: place(zone, test, one), lambda: place(zone, test, other, by=zone.head)
    )

    assert refusals(results) == [ItemNotWanted]
    assert WorkItem.objects.about(LabOrder.objects.get()).open().count() == 1
    assert verify_chain().broken is None


def test_accepted_or_cancelled_but_not_both(zone: Zone) -> None:
    force, by = make_lab_force(zone), member(zone)
    institute = make_institute(zone)
    order = place(zone, state(zone, force), institute)

    results = at_once(
        lambda: accept_order(order.pk, by=by, at=AT),
        lambda: cancel_order(order.pk, reason="企业撤回", by=zone.head, at=AT),
    )

    order.refresh_from_db()
    # Cancelling after the acceptance is allowed; accepting after the cancelling is not.
    assert set(refusals(results)) <= {FreeTestMoveNotPossible}
    assert (order.status, FreeTest.objects.get().status) == ("cancelled", "open")
    assert not WorkItem.objects.about(order).open().exists()
    assert verify_chain().broken is None
