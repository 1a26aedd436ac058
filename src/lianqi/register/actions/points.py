"""Service points: entered and changed by whoever keeps the zone's own data."""

import datetime as dt
from typing import Any

from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.engines.places import plane_m
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import require
from lianqi.register.actions.fields import plain
from lianqi.register.errors import NameTaken, PlaceNotOnTheMap, ThingNameMissing
from lianqi.register.models import ServicePoint

MOST_NORTH, MOST_EAST = 85, 180


@transaction.atomic
def create_service_point(
    *,
    name: str,
    address: str,
    latitude: float,
    longitude: float,
    by: User,
    at: dt.datetime,
    district: str = "",
    hours: str = "",
    phone: str = "",
    unit: Unit | None = None,
) -> ServicePoint:
    """Add a counter; enterprises find it by where they are.

    Raises:
        PlaceNotOnTheMap: The coordinates are none.
        ThingNameMissing, NameTaken: The name is missing or belongs to another point.
    """
    require(by, "register.manage_zone_data")
    values = _tidied(name, address, latitude, longitude, district, hours, phone, unit)
    point = ServicePoint(**values)
    _check(point)
    point.save(force_insert=True)
    record("register.point_created", point, by=by, at=at, name=point.name)
    return point


@transaction.atomic
def change_service_point(
    point_id: int,
    *,
    name: str,
    address: str,
    latitude: float,
    longitude: float,
    district: str,
    hours: str,
    phone: str,
    unit: Unit | None,
    is_active: bool,
    by: User,
    at: dt.datetime,
) -> ServicePoint:
    """Write what a point is called, where and when it is open. Raises as `create_service_point`."""
    require(by, "register.manage_zone_data")
    point = ServicePoint.objects.select_for_update(of=("self",)).get(pk=point_id)
    values = _tidied(name, address, latitude, longitude, district, hours, phone, unit)
    values["is_active"] = is_active
    changed = {
        key: [plain(getattr(point, key)), plain(value)]
        for key, value in values.items()
        if getattr(point, key) != value
    }
    if not changed:
        return point
    for key, value in values.items():
        setattr(point, key, value)
    _check(point)
    point.save(update_fields=list(values))
    record("register.point_changed", point, by=by, at=at, name=point.name, changed=changed)
    return point


def _tidied(
    name: str,
    address: str,
    latitude: float,
    longitude: float,
    district: str,
    hours: str,
    phone: str,
    unit: Unit | None,
) -> dict[str, Any]:
    if not (abs(latitude) <= MOST_NORTH and abs(longitude) <= MOST_EAST):
        raise PlaceNotOnTheMap
    east_m, north_m = plane_m(latitude, longitude)
    return {
        "name": tidy(name),
        "address": tidy(address),
        "latitude": latitude,
        "longitude": longitude,
        "east_m": east_m,
        "north_m": north_m,
        "district": tidy(district),
        "hours": tidy(hours),
        "phone": tidy(phone),
        "unit": unit,
    }


def _check(point: ServicePoint) -> None:
    if not point.name:
        raise ThingNameMissing
    if ServicePoint.objects.filter(name=point.name).exclude(pk=point.pk).exists():
        raise NameTaken(name=point.name)
