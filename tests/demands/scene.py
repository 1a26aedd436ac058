"""The people around one demand, and the steps that bring it to a status."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

from lianqi.accounts.models import Unit, User
from lianqi.demands.actions import (
    accept_demand,
    answer_demand,
    confirm_demand,
    dispatch_demand,
    file_demand,
    withdraw_demand,
)
from lianqi.demands.enums import Channel, DemandStatus, Rating
from lianqi.demands.models import Demand, DemandCategory
from lianqi.register.models import Enterprise
from tests.factories import (
    AT,
    make_category,
    make_clocks,
    make_dispatcher,
    make_enterprise,
    make_handler,
    make_member,
    make_unit,
)

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A firm with its administrator, a dispatcher, a unit with a handler, a category with clocks."""

    enterprise: Enterprise
    member: User
    dispatcher: User
    unit: Unit
    handler: User
    category: DemandCategory

    def file(self, *, key: str = "", at: dt.datetime = AT, by: User | None = None) -> Demand:
        return file_demand(
            enterprise=self.enterprise, category=self.category, title="厂区频繁停电",
            text="本周已停电三次，请协调。", channel=Channel.PORTAL,
            idempotency_key=key or f"key-{next(_keys)}", by=by or self.member, at=at,
        )  # fmt: skip

    def demand_in(self, status: DemandStatus, *, at: dt.datetime = AT) -> Demand:
        """A demand brought to `status` by real actions, all at the same moment."""
        demand = self.file(at=at)
        if status == DemandStatus.WITHDRAWN:
            return withdraw_demand(demand.pk, reason="已解决", by=self.member, at=at)
        for reached, step in (
            (DemandStatus.DISPATCHED, self.dispatch), (DemandStatus.IN_PROGRESS, self.accept),
            (DemandStatus.ANSWERED, self.answer), (DemandStatus.CLOSED, self.confirm),
        ):  # fmt: skip
            if demand.status == status:
                break
            demand = step(demand, at=at)
            assert demand.status == reached
        return demand

    def dispatch(self, demand: Demand, *, at: dt.datetime = AT) -> Demand:
        return dispatch_demand(demand.pk, unit=self.unit, by=self.dispatcher, at=at)

    def accept(self, demand: Demand, *, at: dt.datetime = AT) -> Demand:
        return accept_demand(demand.pk, by=self.handler, at=at)

    def answer(self, demand: Demand, *, at: dt.datetime = AT) -> Demand:
        return answer_demand(demand.pk, answer="已更换变压器。", by=self.handler, at=at)

    def confirm(self, demand: Demand, *, at: dt.datetime = AT) -> Demand:
        return confirm_demand(
            demand.pk, rating=Rating.SATISFIED, note="谢谢", by=self.member, at=at
        )


def make_scene() -> Scene:
    make_clocks()
    enterprise, unit = make_enterprise(), make_unit()
    return Scene(
        enterprise=enterprise,
        member=make_member(enterprise),
        dispatcher=make_dispatcher(),
        unit=unit,
        handler=make_handler(unit),
        category=make_category(lead_unit=unit),
    )
