"""Two of a desk who go on with one parked call at the same moment."""

import pytest

from lianqi.accounts.enums import Role
from lianqi.demands.actions import file_parked
from lianqi.demands.models import Demand, ParkedCall
from tests.demands.scene import make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.demands.test_parking import filing, park
from tests.factories import AT, grant, make_unit, make_user


@pytest.mark.django_db(transaction=True)
def test_one_files_it_and_the_other_is_told() -> None:
    scene, desk = make_scene(), make_unit("企业服务中心")
    first, second = (grant(make_user(unit=desk), Role.OPERATOR) for _ in range(2))
    call = park(first)

    results = at_once(
        lambda: file_parked(
            call.pk, filing(scene, first), idempotency_key="call-1", by=first, at=AT
        ),
        lambda: file_parked(
            call.pk, filing(scene, second), idempotency_key="call-1", by=second, at=AT
        ),
    )

    assert len(refusals(results)) == 1
    assert (Demand.objects.count(), ParkedCall.objects.count()) == (1, 0)
