"""Notes, more time and what cannot be solved, between accepting and answering in the demo zone."""

import datetime as dt
from random import Random

from lianqi.accounts.models import User
from lianqi.demands import actions
from lianqi.demands.enums import AppealVerdict, Decision, Step
from lianqi.demands.models import Demand, Ground
from lianqi.engines.calendar import WorkCalendar
from lianqi.ops.demo.people import People
from lianqi.work.models import WorkItem

NOTED, LONGER = 0.06, 0.05
NOTES = ("该企业为链上重点企业，请优先办理。", "上季度有一件类似诉求，可参照办理。")
LONGER_REASONS = (
    "需委托专业机构现场检测，检测周期为三个工作日。",
    "涉及两个街道的管线迁改，需完成会签后实施。",
)


UNSOLVABLE_EVERY = 38  # of the accepted demands
FRESH = dt.timedelta(days=8)  # an appeal of these days still waits for its decision
FINDINGS = (
    (
        "no_basis",
        "《云岭高新区惠企政策汇编（2026 年版）》第三章：所列支持事项不含本项。",
        "经核对，现行政策没有支持该事项的规定。我们已将贵公司的意见作为政策修订建议报送。",
        "同类事项去年曾有企业办成，请核实依据后重新答复。",
    ),
    (
        "beyond_powers",
        "《云岭高新区权责清单（2026 年版）》：该事项不在高新区职权范围内，由市级主管部门决定。",
        "贵公司反映的事项由市级主管部门决定，高新区无权办理。我们已将意见书面转报。",
        "园区其他企业今年已由管委会协调办成，请核实后重新答复。",
    ),
)
DECISIONS = (
    (AppealVerdict.STANDS, "经复核，原认定依据充分、程序合规，维持原认定。其他途径已一并告知。"),
    (AppealVerdict.REOPENED, "经复核，企业补充的事实与原认定不一致，由原承办单位重新办理。"),
)


class Handling:
    """Plays what is written down while a demand is in progress; nothing of it stops a clock."""

    def __init__(self, people: People, *, seed: int, calendar: WorkCalendar) -> None:
        self._people, self._random, self._calendar = people, Random(seed), calendar
        self._accepted, self._appeals = 0, 0
        self._grounds = {ground.code: ground for ground in Ground.objects.in_use()}

    def go_on(
        self, demand: Demand, unit: str, handler: User, since: dt.datetime, before: dt.datetime
    ) -> None:
        """Note something and ask for time between two moments, as far as they fit in."""
        noted = self._next(since, before)
        if noted is not None and self._random.random() < NOTED:
            text = self._random.choice(NOTES)
            actions.write_note(demand.pk, text=text, by=handler, at=noted)
        if self._random.random() < LONGER:
            self._lengthen(demand, unit, handler, noted or since, before)

    def _lengthen(
        self, demand: Demand, unit: str, handler: User, since: dt.datetime, before: dt.datetime
    ) -> None:
        asked = self._next(since, before)
        decided = self._next(asked, before)
        if asked is None or decided is None or not self.ask_for_time(demand, handler, asked):
            return
        refused = self._random.random() < 0.25
        item = _answering(demand)
        if item is None or item.due_at is None or decided > item.due_at:
            return
        actions.decide_extension(
            demand.pk,
            decision=Decision.REFUSED if refused else Decision.GRANTED,
            note="现有时限内可以办结，请抓紧办理。" if refused else "",
            by=self._people.heads[unit],
            at=decided,
        )

    def ends_unsolvable(
        self,
        demand: Demand,
        unit: str,
        handler: User,
        member: User | None,
        since: dt.datetime,
        before: dt.datetime,
    ) -> bool:
        """Whether this one is found unsolvable and signed; most enterprises then appeal."""
        self._accepted += 1
        if self._accepted % UNSOLVABLE_EVERY:
            return False
        return self.find_unsolvable(demand, unit, handler, member, since, before)

    def find_unsolvable(
        self,
        demand: Demand,
        unit: str,
        handler: User,
        member: User | None,
        since: dt.datetime,
        before: dt.datetime,
    ) -> bool:
        """Propose and sign it; an appeal of the last days still waits for its decision."""
        proposed = self._next(since, before)
        signed = self._next(proposed, before)
        if proposed is None or signed is None:
            return False
        finding = self._accepted // UNSOLVABLE_EVERY % len(FINDINGS)
        code, basis, text, complaint = FINDINGS[finding]
        actions.propose_unsolvable(
            demand.pk, ground=self._grounds[code], basis=basis, text=text, by=handler, at=proposed
        )
        head = self._people.heads[unit]
        actions.sign_unsolvable(demand.pk, decision=Decision.GRANTED, note="", by=head, at=signed)
        raised = self._next(signed, before)
        if member is not None and raised is not None:
            actions.appeal_unsolvable(demand.pk, text=complaint, by=member, at=raised)
            self._decide(demand, raised, before)
        return True

    def _decide(self, demand: Demand, raised: dt.datetime, before: dt.datetime) -> None:
        decided = self._next(raised, before)
        if decided is None or before - raised < FRESH:
            return
        verdict, reasons = DECISIONS[self._appeals % len(DECISIONS)]
        self._appeals += 1
        actions.decide_appeal(
            demand.pk, verdict=verdict, reasons=reasons, by=self._people.leader, at=decided
        )

    def ask_for_time(self, demand: Demand, handler: User, at: dt.datetime) -> bool:
        """Ask for one more unit of the clock, if it still runs."""
        item = _answering(demand)
        if item is None or item.due_at is None or at > item.due_at:
            return False
        actions.ask_extension(
            demand.pk, amount=1, reason=self._random.choice(LONGER_REASONS), by=handler, at=at
        )
        return True

    def _next(self, moment: dt.datetime | None, before: dt.datetime) -> dt.datetime | None:
        if moment is None:
            return None
        minutes = dt.timedelta(minutes=self._random.randint(30, 240))
        later = self._calendar.add_working_time(moment, minutes)
        return later if later < before else None


def _answering(demand: Demand) -> WorkItem | None:
    return WorkItem.objects.about(demand).open().filter(step=Step.ANSWER).first()
