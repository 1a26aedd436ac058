"""What merged demands were merged into, as far as the reader may see it."""

from collections.abc import Iterable

from lianqi.api.http import ApiRequest
from lianqi.demands.models import Demand


def survivor_of(demand: Demand, request: ApiRequest) -> Demand | None:
    """None where nothing was merged, and where it was merged into what the reader may not see."""
    if demand.merged_into_id is None:
        return None
    find_survivors([demand], request)
    return request.survivors[demand.merged_into_id]


def find_survivors(demands: Iterable[Demand], request: ApiRequest) -> None:
    """Ask for the survivors of a whole page at once, before each of its demands is told."""
    if not hasattr(request, "survivors"):
        request.survivors = {}
    wanted = {each.merged_into_id for each in demands if each.merged_into_id is not None}
    if unknown := wanted - request.survivors.keys():
        seen = Demand.objects.visible_to(request.user).in_bulk(unknown)
        request.survivors |= {pk: seen.get(pk) for pk in unknown}
