"""Two people, one conversion, the same moment: on a real PostgreSQL, with threads that commit."""

import pytest

from lianqi.audit.queries import verify_chain
from lianqi.conversions.actions import skip_step
from lianqi.conversions.errors import (
    ConversionUnderWay,
    ForceTakesNoConversions,
    NotTheCurrentStep,
)
from lianqi.conversions.models import Conversion
from lianqi.taskforces.actions import close_force
from lianqi.work.models import WorkItem
from tests.conversions.scene import begin, make_force, member, settle
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def test_begun_twice_at_once_it_begins_once(zone: Zone) -> None:
    force = make_force(zone)

    results = at_once(lambda: begin(zone, force), lambda: begin(zone, force, by=zone.head))

    assert refusals(results) == [ConversionUnderWay]
    assert (Conversion.objects.count(), WorkItem.objects.open().count()) == (1, 1)
    assert verify_chain().broken is None


def test_a_step_settled_twice_at_once_is_settled_once(zone: Zone) -> None:
    conversion, by = begin(zone, make_force(zone)), member(zone)

    results = at_once(
        lambda: settle(zone, conversion, position=1),
        lambda: skip_step(conversion.pk, position=1, reason="不适用", by=by, at=AT),
    )

    assert refusals(results) == [NotTheCurrentStep]
    conversion.refresh_from_db()
    assert conversion.step is not None
    assert conversion.step.position == 2
    assert verify_chain().broken is None


def test_what_begins_while_the_force_is_closed_is_left_to_the_lead_unit(zone: Zone) -> None:
    force = make_force(zone)

    results = at_once(
        lambda: close_force(force.pk, reason="问题已解除。", by=zone.leader, at=AT),
        lambda: begin(zone, force, by=zone.head),
    )

    assert set(refusals(results)) <= {ForceTakesNoConversions}
    assert not WorkItem.objects.open().exclude(unit=zone.economy).exists()
