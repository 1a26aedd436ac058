"""Where the service points are, the nearest first. Any of them serves any enterprise."""

import math
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lianqi.engines.places import distance_m
from lianqi.engines.text import bigrams, compact
from lianqi.register.models import ServicePoint
from lianqi.web.http import AnyRequest

MOST_SHOWN = 100
MOST_NORTH, MOST_EAST = 85, 180


@dataclass(frozen=True, slots=True)
class Row:
    point: ServicePoint
    distance_km: float | None


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def points(request: AnyRequest) -> HttpResponse:
    """All points in use. A position is sent in a form's body, so that no log keeps where one is."""
    given = request.POST if request.method == "POST" else request.GET
    place = _place(given.get("latitude", ""), given.get("longitude", ""))
    near = given.get("near", "")[:100]
    found = ServicePoint.objects.in_use()
    if place:
        rows = [
            Row(point, distance_m(*place, (point.latitude, point.longitude)) / 1000)
            for point in found.nearest_first(*place)[:MOST_SHOWN]
        ]
    else:
        ordered = by_address(list(found.order_by("pk")[:MOST_SHOWN]), near)
        rows = [Row(point, None) for point in ordered]
    context = {"rows": rows, "near": near, "by_place": place is not None}
    template = "points/list.html#points" if request.htmx else "points/list.html"
    return render(request, template, context)


def by_address(found: list[ServicePoint], near: str) -> list[ServicePoint]:
    """Those whose name, street and address have most pairs of characters in common with `near`."""
    wanted = set(bigrams(compact(near)))

    def common(point: ServicePoint) -> int:
        words = compact(f"{point.district} {point.address} {point.name}")
        return len(wanted & set(bigrams(words)))

    return sorted(found, key=lambda point: (-common(point), point.pk)) if wanted else found


def _place(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Degrees, or None if that is no place on a map."""
    try:
        place = float(latitude), float(longitude)
    except ValueError:
        return None
    if not all(map(math.isfinite, place)):
        return None
    return place if abs(place[0]) <= MOST_NORTH and abs(place[1]) <= MOST_EAST else None
