"""Two people of the represented enterprise who object at the same moment."""

import pytest

from lianqi.audit.models import Event
from lianqi.demands.actions import end_representation
from tests.demands.scene import make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.demands.test_representing import represented
from tests.factories import AT, make_enterprise, make_member


@pytest.mark.django_db(transaction=True)
def test_two_who_object_at_once_end_it_once() -> None:
    scene = make_scene()
    park = make_enterprise("云岭园区运营有限公司")
    demand = represented(scene, park, make_member(park))
    second = make_member(scene.enterprise)

    results = at_once(
        lambda: end_representation(demand.pk, goes_on=True, reason="", by=scene.member, at=AT),
        lambda: end_representation(demand.pk, goes_on=False, reason="", by=second, at=AT),
    )

    assert len(refusals(results)) == 1
    assert Event.objects.filter(verb="demand.representation_ended").count() == 1
