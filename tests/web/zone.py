"""A small zone for tests of pages: two units, two firms, and somebody in every role."""

import datetime as dt
from dataclasses import dataclass
from uuid import uuid4

from django.utils import timezone

from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.demands.actions import (
    accept_demand,
    answer_demand,
    confirm_demand,
    dispatch_demand,
    file_demand,
)
from lianqi.demands.enums import Channel, Rating
from lianqi.demands.models import ContactGiven, Demand, DemandCategory
from lianqi.register.models import Enterprise
from tests.factories import (
    grant,
    make_category,
    make_clocks,
    make_dispatcher,
    make_enterprise,
    make_handler,
    make_head,
    make_member,
    make_unit,
    make_user,
)

STAGES = ("filed", "dispatched", "accepted", "answered", "closed")


@dataclass(frozen=True)
class Zone:
    """Everything a test of a page needs. `economy` leads the category and has handler and head."""

    root: Unit
    economy: Unit
    housing: Unit
    firm: Enterprise
    other_firm: Enterprise
    category: DemandCategory
    boss: User
    other_boss: User
    dispatcher: User
    handler: User
    other_handler: User
    head: User
    officer: User
    leader: User
    auditor: User
    newcomer: User

    def demand(
        self, stage: str = "filed", *, at: dt.datetime | None = None, **filing: object
    ) -> Demand:
        """A demand of `firm` that went through the real actions up to `stage`."""
        at, reached = at or timezone.now(), STAGES.index(stage)
        given: dict[str, object] = {
            "enterprise": self.firm,
            "category": self.category,
            "title": "园区夜间停电",
            "text": "本月三次停电，生产线停工。",
            "channel": Channel.PORTAL,
            "idempotency_key": str(uuid4()),
            "by": self.boss,
            "contacts": [ContactGiven(name="林晓燕", phone="13800001234")],
        }
        demand = file_demand(at=at, **given | filing)  # type: ignore[arg-type]  # test data
        steps = (
            lambda: dispatch_demand(demand.pk, unit=self.economy, by=self.dispatcher, at=at),
            lambda: accept_demand(demand.pk, by=self.handler, at=at),
            lambda: answer_demand(demand.pk, answer="已增设一路电源。", by=self.handler, at=at),
            lambda: confirm_demand(
                demand.pk, rating=Rating.SATISFIED, note="及时", by=self.boss, at=at
            ),
        )
        for step in steps[:reached]:
            step()
        return Demand.objects.get(pk=demand.pk)


def make_zone() -> Zone:
    make_clocks()
    root = make_unit("云岭高新区管委会", kind=UnitKind.ZONE)
    economy, housing = make_unit("经济发展局", root), make_unit("住房建设局", root)
    firm = make_enterprise("云岭海纳光电科技有限公司")
    other_firm = make_enterprise("云岭远山医药有限公司")
    return Zone(
        root=root,
        economy=economy,
        housing=housing,
        firm=firm,
        other_firm=other_firm,
        category=make_category(lead_unit=economy),
        boss=make_member(firm, name="林晓燕"),
        other_boss=make_member(other_firm, Role.ENTERPRISE_STAFF, name="周远"),
        dispatcher=make_dispatcher(name="陈敏"),
        handler=make_handler(economy, name="王强"),
        other_handler=make_handler(housing, name="赵磊"),
        head=make_head(economy, name="孙丽"),
        officer=grant(make_user(name="吴涛"), Role.LIAISON_OFFICER, Scope.ENTERPRISE, firm.pk),
        leader=grant(make_user(name="郑华"), Role.LEADER),
        auditor=grant(make_user(name="何静"), Role.AUDITOR),
        newcomer=make_user(name="新来者"),
    )
