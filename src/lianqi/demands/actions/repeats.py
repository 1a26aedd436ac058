"""Finding out whether a new demand repeats an earlier one."""

import datetime as dt

from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand, Repeat
from lianqi.engines.learning import likeness, pairs

WITHIN_DAYS = 30
SAME_MATTER = 0.5  # share of common pairs of characters, as for near-duplicates
_COMPARED = 30  # the newest of one enterprise in one category
_LONG = 1000  # signs of the text that are compared


def note_repeat(demand: Demand, *, at: dt.datetime) -> Repeat | None:
    """Note which demand of the same enterprise and category this one repeats, the likest first.

    The 30th day after the earlier filing still counts. A demand that was withdrawn is not repeated:
    its enterprise took it back itself.
    """
    if demand.enterprise_id is None:
        return None
    earlier = (
        Demand.objects.filter(
            enterprise_id=demand.enterprise_id,
            category_id=demand.category_id,
            filed_on__gte=demand.filed_on - dt.timedelta(days=WITHIN_DAYS),
            filed_on__lte=demand.filed_on,
            pk__lt=demand.pk,
        )
        .exclude(status=DemandStatus.WITHDRAWN)
        .order_by("-pk")[:_COMPARED]
    )
    wanted = _pairs(demand)
    compared = [(likeness(wanted, _pairs(each)), each.pk) for each in earlier]
    if not compared or max(compared)[0] < SAME_MATTER:
        return None
    alike, earlier_id = max(compared)
    return Repeat.objects.create(
        demand=demand, earlier_id=earlier_id, percent=round(100 * alike), found_at=at
    )


def _pairs(demand: Demand) -> frozenset[str]:
    return pairs(f"{demand.title}\n{demand.text[:_LONG]}")
