"""Places on the map: how far apart they are, and coordinates in which nearness can be indexed."""

import math

EARTH_RADIUS_M = 6_371_008.8


def distance_m(latitude: float, longitude: float, to: tuple[float, float]) -> float:
    """Metres between two places given in degrees (WGS 84), along the surface of a sphere.

    Example:
        >>> round(distance_m(30.5, 104.0, (30.5, 104.01)))
        958
    """
    first, second = math.radians(latitude), math.radians(to[0])
    north, east = second - first, math.radians(to[1] - longitude)
    chord = math.sin(north / 2) ** 2
    chord += math.cos(first) * math.cos(second) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def plane_m(latitude: float, longitude: float) -> tuple[float, float]:
    """Metres east and north on a map that keeps angles (Mercator).

    Within a zone of some tens of kilometres the order by distance on this map is the order on the
    ground to within a metre or two in a kilometre; the distance shown is computed by `distance_m`.
    """
    north = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return EARTH_RADIUS_M * math.radians(longitude), EARTH_RADIUS_M * north
