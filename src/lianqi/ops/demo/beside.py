"""What units of the demo zone do beside answering: first contact, interim answer, reports."""

import datetime as dt
from collections.abc import Callable
from random import Random

from lianqi.accounts.models import User
from lianqi.demands.actions import log_contact, write_report
from lianqi.demands.enums import ContactOutcome, ContactWay, ReportKind, Step
from lianqi.demands.models import Demand
from lianqi.demands.queries import asked_beside, first_contact
from lianqi.work.enums import Urgency

Later = Callable[[dt.datetime, int, int], dt.datetime | None]
FORGOTTEN = 0.1
CONTACTS = (
    (ContactWay.TELEPHONE, "已核实诉求内容，企业希望本周内有初步意见。"),
    (ContactWay.TELEPHONE, "企业补充说明了影响范围，已约定上门时间。"),
    (ContactWay.VISIT, "已到现场查看，与企业负责人确认了处理思路。"),
    (ContactWay.WECOM, "已告知企业需准备的材料清单。"),
)
INTERIM = "已受理贵司诉求并与相关单位会商，正式答复将在时限内送达。"
PROGRESS = ("已召集相关单位到现场会商，明确分工和时间。", "各项措施正在落实，预计按期完成。")


class Beside:
    """Keeps the clocks that a category asks for beside the answer; now and then one is forgotten."""

    def __init__(self, random: Random, later: Later) -> None:
        self._random, self._later = random, later

    def begin(self, demand: Demand, handler: User, at: dt.datetime) -> None:
        """Call the enterprise, and tell it how things stand, soon after acceptance."""
        asked = asked_beside(demand)
        if not asked or self._random.random() < FORGOTTEN:
            return
        called = self._later(at, 0, 1)
        if Step.CONTACT in asked and called is not None:
            way, note = self._random.choice(CONTACTS)
            log_contact(
                demand.pk,
                way=way,
                outcome=ContactOutcome.REACHED,
                spoke_with=contact.name if (contact := first_contact(demand)) else "企业负责人",
                note=note,
                made_at=called,
                by=handler,
                at=called,
            )
        told = self._later(called or at, 1, 2)
        is_soon_answered = demand.urgency != Urgency.NORMAL
        if Step.INTERIM in asked and told is not None and not is_soon_answered:
            self._report(demand, ReportKind.INTERIM, INTERIM, handler, told)

    def go_on(self, demand: Demand, handler: User, at: dt.datetime, until: dt.datetime) -> None:
        """Report progress every day or two until the answer."""
        if Step.PROGRESS not in asked_beside(demand):
            return
        for text in PROGRESS:
            reported = self._later(at, 9, 13)
            if reported is None or reported >= until:
                return
            self._report(demand, ReportKind.PROGRESS, text, handler, reported)
            at = reported

    def _report(
        self, demand: Demand, kind: ReportKind, text: str, handler: User, at: dt.datetime
    ) -> None:
        write_report(demand.pk, kind=kind, text=text, is_shared=True, by=handler, at=at)
