"""Free tests that came from a demand, and whether somebody may state another one from it."""

from dataclasses import dataclass

from lianqi.accounts.models import User
from lianqi.demands.models import Demand
from lianqi.freetests.models import FreeTest
from lianqi.taskforces.models import TaskForce


@dataclass(frozen=True, slots=True)
class TestsOfDemand:
    """What may be seen of them; `may_state`: another one may be stated from this demand."""

    rows: list[FreeTest]
    may_state: bool


def tests_of(demand: Demand, user: User) -> TestsOfDemand:
    """At most two queries; of a demand without an enterprise there are none."""
    if demand.enterprise is None:
        return TestsOfDemand([], may_state=False)
    seen = FreeTest.objects.visible_to(user).filter(demand=demand)
    force = TaskForce.objects.open().filter(unit=demand.unit_id).select_related("unit").first()
    return TestsOfDemand(
        list(seen.order_by("-pk")),
        may_state=force is not None and user.has_perm("freetests.state_for", force),
    )
