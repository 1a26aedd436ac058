"""The people around one demand, and the steps that bring it to a status."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.demands.actions import (
    accept_demand,
    answer_demand,
    appeal_unsolvable,
    confirm_demand,
    dispatch_demand,
    file_demand,
    merge_demand,
    object_to_dispatch,
    propose_unsolvable,
    sign_unsolvable,
    uphold_objection,
    withdraw_demand,
)
from lianqi.demands.enums import Channel, Decision, DemandStatus, ObjectionReason, Rating
from lianqi.demands.models import Demand, DemandCategory
from lianqi.register.models import Enterprise
from tests.factories import (
    AT,
    grant,
    make_category,
    make_clocks,
    make_dispatcher,
    make_enterprise,
    make_ground,
    make_handler,
    make_member,
    make_unit,
    make_user,
)

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A firm with its administrator, a dispatcher, a unit with a handler, a category with clocks.

    Beside them another unit with a handler, and the leader in charge of both.
    """

    enterprise: Enterprise
    member: User
    dispatcher: User
    unit: Unit
    handler: User
    category: DemandCategory
    other: Unit
    other_handler: User
    leader: User

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
        if status == DemandStatus.MERGED:
            return self.merge(demand, self.demand_in(DemandStatus.IN_PROGRESS, at=at), at=at)
        if status in {DemandStatus.OBJECTED, DemandStatus.ARBITRATION}:
            return self.objected(demand, twice=status == DemandStatus.ARBITRATION, at=at)
        if status == DemandStatus.APPEALED:
            return self.appealed(self.demand_in(DemandStatus.IN_PROGRESS, at=at), at=at)
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

    def object(self, demand: Demand, *, at: dt.datetime = AT, by: User | None = None) -> Demand:
        return object_to_dispatch(
            demand.pk, reason=ObjectionReason.WRONG_UNIT, note="属住建局职责", by=by or self.handler,
            at=at,
        )  # fmt: skip

    def objected(self, demand: Demand, *, twice: bool, at: dt.datetime = AT) -> Demand:
        """Objected to by the scene's unit; before that by another one, if `twice`."""
        if twice:
            dispatch_demand(demand.pk, unit=self.other, by=self.dispatcher, at=at)
            self.object(demand, by=self.other_handler, at=at)
            uphold_objection(
                demand.pk, unit=self.unit, decision="依职责目录", by=self.dispatcher, at=at
            )
        else:
            self.dispatch(demand, at=at)
        return self.object(demand, at=at)

    def accept(self, demand: Demand, *, at: dt.datetime = AT, by: User | None = None) -> Demand:
        return accept_demand(demand.pk, by=by or self.handler, at=at)

    def declare(self, demand: Demand, *, at: dt.datetime = AT) -> Demand:
        """The unit proposes that it cannot be solved; without a head, the leader signs."""
        propose_unsolvable(
            demand.pk, ground=make_ground(), basis="某条例第八条", text="现行政策不予支持。",
            by=self.handler, at=at,
        )  # fmt: skip
        return sign_unsolvable(
            demand.pk, decision=Decision.GRANTED, note="", by=self.leader, at=at
        ).demand

    def appealed(self, demand: Demand, *, at: dt.datetime = AT) -> Demand:
        self.declare(demand, at=at)
        appeal_unsolvable(demand.pk, text="依据有误", by=self.member, at=at)
        return Demand.objects.get(pk=demand.pk)

    def answer(self, demand: Demand, *, at: dt.datetime = AT) -> Demand:
        return answer_demand(demand.pk, answer="已更换变压器。", by=self.handler, at=at)

    def merge(self, demand: Demand, into: Demand, *, at: dt.datetime = AT) -> Demand:
        return merge_demand(demand.pk, into=into, reason="同一事项", by=self.dispatcher, at=at)

    def confirm(self, demand: Demand, *, at: dt.datetime = AT) -> Demand:
        return confirm_demand(
            demand.pk, rating=Rating.SATISFIED, note="谢谢", by=self.member, at=at
        )


def make_scene() -> Scene:
    make_clocks()
    enterprise, leader = make_enterprise(), grant(make_user(), Role.LEADER)
    unit, other = make_unit(leader=leader), make_unit("规划建设局", leader=leader)
    return Scene(
        enterprise=enterprise,
        member=make_member(enterprise),
        dispatcher=make_dispatcher(),
        unit=unit,
        handler=make_handler(unit),
        category=make_category(lead_unit=unit),
        other=other,
        other_handler=make_handler(other),
        leader=leader,
    )
