"""A year of demands, played through the real actions with a clock that moves."""

import datetime as dt
import uuid
from collections.abc import Callable
from random import Random

from lianqi.accounts.models import User
from lianqi.demands import actions
from lianqi.demands.enums import Channel
from lianqi.demands.models import Demand, DemandCategory
from lianqi.ops.demo.after import After
from lianqi.ops.demo.dispatching import Desk
from lianqi.ops.demo.people import People
from lianqi.ops.demo.stories import KINDS, Kind
from lianqi.register.models import Enterprise
from lianqi.work.enums import PauseReason, Urgency
from lianqi.work.queries import current_calendar

DEMANDS = 320
DAYS = 320
RECENT = dt.timedelta(days=25)
STUCK = 0.3
CHANNELS = (Channel.PORTAL,) * 6 + (Channel.PHONE,) * 2 + (Channel.VISIT, Channel.COUNTER)
# What lies on one handler's desk: filed so many working days ago, and how far it has come.
DESK_UNIT = "economy"
DESK = (
    (9, "in_progress"),
    (6, "in_progress"),
    (5, "in_progress"),
    (4, "in_progress"),
    (3, "paused"),
    (2, "in_progress"),
    (1, "in_progress"),
    (0, "dispatched"),
)
Teller = Callable[[str], None]


class Year:
    """Plays one demand after the other, each up to where the present finds it."""

    def __init__(
        self, people: People, firms: list[Enterprise], *, seed: int, now: dt.datetime
    ) -> None:
        self._people, self._firms, self._now = people, firms, now
        self._random = Random(seed)
        self._calendar = current_calendar()
        self._desk = Desk(people, self._random, self._later)
        self._after = After(people, self._random, self._later)
        self._categories = {
            kind.code: DemandCategory.objects.select_related("lead_unit").get(code=kind.code)
            for kind in KINDS
        }

    def play(self, tell: Teller, members: dict[int, User]) -> None:
        """File `DEMANDS` demands, most of them by the firms that have users (`members`)."""
        chance = [
            (self._now - dt.timedelta(days=DAYS * self._random.random() ** 1.2, minutes=20), "")
            for _ in range(DEMANDS)
        ]
        desk = [(self._working_days_ago(days), state) for days, state in DESK]
        for number, (moment, state) in enumerate(sorted(chance + desk)):
            if number % 80 == 0:
                tell(f"  demands: {number} of {DEMANDS + len(DESK)}")
            firm = self._random.choice(self._firms)
            opening = self._calendar.next_working_instant(moment)
            filed_at = opening if opening < self._now else moment
            if state:
                self._lay_on_desk(firm, members.get(firm.pk), filed_at, state)
            else:
                self._one(firm, members.get(firm.pk), filed_at)

    def _lay_on_desk(
        self, firm: Enterprise, member: User | None, filed_at: dt.datetime, state: str
    ) -> None:
        """A matter for the handler whose account the demo names, in a state its inbox can show."""
        kind = next(kind for kind in KINDS if kind.unit == DESK_UNIT)
        handler = self._people.handlers[DESK_UNIT][0]
        demand = self._file(kind, firm, member, filed_at)
        dispatched = filed_at + dt.timedelta(minutes=15)
        unit = self._people.units[DESK_UNIT]
        actions.dispatch_demand(demand.pk, unit=unit, by=self._people.dispatcher, at=dispatched)
        if state == "dispatched":
            return
        accepted = dispatched + dt.timedelta(minutes=25)
        actions.accept_demand(demand.pk, by=handler, at=accepted)
        if state == "paused":
            actions.ask_enterprise(
                demand.pk,
                reason=PauseReason.ENTERPRISE_MATERIAL,
                text="请补充车辆行驶证复印件。",
                evidence="已电话请企业补充车辆行驶证复印件。",
                by=handler,
                at=accepted + dt.timedelta(minutes=20),
            )

    def _working_days_ago(self, days: int) -> dt.datetime:
        """A morning so many working days ago; today, an hour ago."""
        if days == 0:
            return self._now - dt.timedelta(hours=1)
        today = self._calendar.local(self._now).date()
        return self._calendar.at(self._calendar.subtract_working_days(today, days), dt.time(9, 20))

    def _one(self, firm: Enterprise, member: User | None, filed_at: dt.datetime) -> None:
        kind = self._random.choice(KINDS)
        demand = self._file(kind, firm, member, filed_at)
        moment = self._later(filed_at, 1, 6)
        if moment is None:
            return
        begun = self._desk.dispatch(demand, kind.unit, moment)
        if begun is None:
            return
        handler = self._random.choice(self._people.handlers[kind.unit])
        self._handle(demand, kind, handler, member, begun)

    def _handle(
        self, demand: Demand, kind: Kind, handler: User, member: User | None, moment: dt.datetime
    ) -> None:
        accepted = self._later(moment, 1, 6)
        if accepted is None:
            return
        actions.accept_demand(demand.pk, by=handler, at=accepted)
        begun = accepted
        self._desk.assist(demand, kind.unit, accepted)
        if self._is_stuck(accepted):
            return  # accepted and not answered yet: in time, due soon or overdue by now
        if self._random.random() < 0.08:
            paused = self._later(accepted, 2, 6)
            if paused is None:
                return
            actions.ask_enterprise(
                demand.pk,
                reason=PauseReason.ENTERPRISE_MATERIAL,
                text="请补充合同和近三个月用电记录。",
                evidence="已电话请企业补充合同和用电记录。",
                by=handler,
                at=paused,
            )
            resumed = self._later(paused, 8, 24)
            if resumed is None or self._is_stuck(paused):
                return
            if member is None:
                actions.resume_demand(demand.pk, by=handler, at=resumed)
            else:
                actions.reply_to_question(
                    demand.pk, text="合同和用电记录已备齐，请查收。", by=member, at=resumed
                )
            begun = resumed
        slow = 60 if self._random.random() < 0.08 else 30
        answered = self._later(begun, 3, slow if kind.urgency == Urgency.NORMAL else 14)
        if answered is None:
            return
        answer = self._answer(demand, kind)
        actions.answer_demand(demand.pk, answer=answer, by=handler, at=answered)
        self._react(demand, kind, member, answered, handler, answer)

    def _react(
        self,
        demand: Demand,
        kind: Kind,
        member: User | None,
        answered: dt.datetime,
        handler: User,
        answer: str,
    ) -> None:
        reaction = self._later(answered, 2, 20)
        if reaction is None:
            return
        if member is None or self._random.random() < 0.1:
            return  # silence: the nightly work closes it
        if self._random.random() < 0.06:
            actions.dispute_demand(
                demand.pk, note="措施尚未见效，请继续跟进。", by=member, at=reaction
            )
            again = self._later(reaction, 6, 24)
            if again is None:
                return
            actions.answer_demand(demand.pk, answer=f"再次核实：{answer}", by=handler, at=again)
            reaction = self._later(again, 2, 16)
            if reaction is None:
                return
        self._after.confirm(demand, kind.unit, member, reaction)

    def _file(self, kind: Kind, firm: Enterprise, member: User | None, at: dt.datetime) -> Demand:
        title, text, _answer = self._random.choice(kind.matters)
        self._number = str(self._random.randint(2, 9))
        channel = self._random.choice(CHANNELS) if member else Channel.PHONE
        return actions.file_demand(
            enterprise=firm,
            category=self._categories[kind.code],
            title=title.format(n=self._number),
            text=text.format(n=self._number),
            channel=channel,
            idempotency_key=str(uuid.UUID(int=self._random.getrandbits(128))),
            contact_name=member.name if member else "",
            by=member if member and channel == Channel.PORTAL else self._people.dispatcher,
            at=at,
        )

    def _is_stuck(self, moment: dt.datetime) -> bool:
        """Some of the recent matters wait longer than they should."""
        return self._now - moment < RECENT and self._random.random() < STUCK

    def _answer(self, demand: Demand, kind: Kind) -> str:
        for title, _text, answer in kind.matters:
            if title.format(n=self._number) == demand.title:
                return answer.format(n=self._number)
        raise LookupError(demand.title)

    def _later(self, moment: dt.datetime, least: int, most: int) -> dt.datetime | None:
        """Some working hours later, or None if that lies ahead of the present."""
        hours = dt.timedelta(minutes=self._random.randint(least * 60, most * 60))
        later = self._calendar.add_working_time(moment, hours)
        return later if later < self._now else None
