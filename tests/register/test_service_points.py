"""Service points: A22, the nearest of fourteen, with a tie-break that never changes."""

from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.engines.places import distance_m
from lianqi.register.actions import change_service_point, create_service_point
from lianqi.register.errors import NameTaken, PlaceNotOnTheMap, ThingNameMissing
from lianqi.register.models import ServicePoint
from tests.factories import AT, grant, make_dispatcher, make_user

pytestmark = pytest.mark.django_db
NAMED = ("肖家河街道", "天河孵化园", "天府新谷", "天府软件园")


@pytest.fixture
def admin() -> User:
    return grant(make_user(), Role.PLATFORM_ADMIN)


def point(
    admin: User, name: str, latitude: float = 30.55, longitude: float = 104.06
) -> ServicePoint:
    return create_service_point(
        name=name, address="天府大道", latitude=latitude, longitude=longitude, by=admin, at=AT
    )


def fourteen(admin: User) -> list[ServicePoint]:
    chance = Random(22)
    names = [*NAMED, *(f"第{number}工作站" for number in range(5, 15))]
    return [
        point(admin, name, 30.5 + chance.random() / 8, 104.0 + chance.random() / 8)
        for name in names
    ]


def test_a22_the_nearest_point_to_a_firm_is_one_of_fourteen(admin: User) -> None:
    points, chance = fourteen(admin), Random(7)
    for _ in range(50):
        place = 30.5 + chance.random() / 8, 104.0 + chance.random() / 8

        found = list(ServicePoint.objects.in_use().nearest_first(*place))

        def away(each: ServicePoint, place: tuple[float, float] = place) -> float:
            return distance_m(*place, (each.latitude, each.longitude))

        assert len(found) == 14
        assert away(found[0]) <= min(map(away, points)) * 1.001


def test_a22_of_two_equally_near_the_earlier_entered_wins(admin: User) -> None:
    first, second = point(admin, "甲"), point(admin, "乙")

    for _ in range(3):
        assert list(ServicePoint.objects.nearest_first(30.5, 104.0)) == [first, second]


def test_nearness_is_one_query_that_an_index_can_answer(admin: User) -> None:
    fourteen(admin)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = ServicePoint.objects.nearest_first(30.5, 104.0)[:1].explain()

    assert "service_point_place" in plan


def test_only_the_administrator_enters_points(admin: User) -> None:
    with pytest.raises(PermissionDenied):
        point(make_dispatcher(), "甲")
    point(admin, "甲")
    with pytest.raises(NameTaken):
        point(admin, "甲")
    with pytest.raises(ThingNameMissing):
        point(admin, " ")
    with pytest.raises(PlaceNotOnTheMap):
        point(admin, "乙", 90.0)
    assert ServicePoint.objects.count() == 1


def test_moving_a_point_changes_what_is_nearest(admin: User) -> None:
    moved, other = point(admin, "甲", 30.50, 104.0), point(admin, "乙", 30.60, 104.0)
    values = {
        "name": "甲", "address": "天府大道", "latitude": 30.90, "longitude": 104.0,
        "district": "", "hours": "", "phone": "", "unit": None, "is_active": True,
    }  # fmt: skip

    for _ in range(2):
        change_service_point(moved.pk, **values, by=admin, at=AT)  # type: ignore[arg-type]  # data

    assert ServicePoint.objects.nearest_first(30.50, 104.0)[0] == other
    assert Event.objects.filter(verb="register.point_changed").count() == 1
