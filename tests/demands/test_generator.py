"""The generator of measurements leaves the rows that the actions would have left."""

import datetime as dt

import pytest

from bench.generate import load_demands, load_enterprises
from bench.stories import natural_stories
from bench.zone import make_zone
from lianqi.audit.queries import verify_chain
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from lianqi.demands.models import search_columns as demand_columns
from lianqi.register.models import Enterprise
from lianqi.register.models import search_columns as enterprise_columns
from lianqi.work.models import WorkItem

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)

# Units that disagree are too few to be generated.
RARE = {
    DemandStatus.OBJECTED,
    DemandStatus.ARBITRATION,
    DemandStatus.APPEALED,
    DemandStatus.MERGED,
}


def test_loaded_rows_are_searchable_consistent_and_chained() -> None:
    zone = make_zone(NOW)
    firms = load_enterprises(300, at=NOW, seed=3)
    load_demands(zone, firms, natural_stories(600, days=30, now=NOW, seed=3), seed=3)

    demands = list(Demand.objects.all())
    assert len(demands) == 600
    assert {demand.status for demand in demands} == set(DemandStatus) - RARE
    assert all(demand.filed_at <= NOW for demand in demands)
    for demand in demands[:100]:
        assert (demand.search_text, demand.search_tokens) == demand_columns(demand.title)
    for firm in Enterprise.objects.order_by("pk")[:100]:
        text, tokens = enterprise_columns(firm.code, firm.name)
        assert (firm.search_text, sorted(firm.search_tokens)) == (text, sorted(tokens))
    waiting = Demand.objects.filter(status__in=["submitted", "dispatched", "in_progress"])
    assert WorkItem.objects.open().count() == waiting.count()
    assert verify_chain().broken is None
