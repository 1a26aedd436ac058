"""Service points over JSON."""

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.register.models import ServicePoint

router = Router(tags=["service points"])


class PointOut(Schema):
    """A counter; coordinates in degrees (WGS 84). Any of them serves any enterprise."""

    id: int
    name: str
    district: str
    address: str
    latitude: float
    longitude: float
    hours: str
    phone: str


class Place(Schema):
    """Where somebody is: both, or the points come in the order in which they were entered."""

    latitude: Annotated[float, Field(ge=-85, le=85)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: list[PointOut], **PROBLEMS}, operation_id="list_service_points")
def list_service_points(request: ApiRequest, place: Query[Place]) -> Any:  # noqa: ARG001  # open
    """The service points in use, the nearest to a place first."""
    found = ServicePoint.objects.in_use()
    if place.latitude is None or place.longitude is None:
        return found.order_by("pk")[: place.limit]
    return found.nearest_first(place.latitude, place.longitude)[: place.limit]
