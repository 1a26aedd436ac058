"""A year of demands, played through the real actions with a clock that moves."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import partial
from random import Random

from lianqi.accounts.models import User
from lianqi.demands import actions
from lianqi.demands.enums import Channel, Rating
from lianqi.demands.models import Demand, DemandCategory, DutyRule, Periods
from lianqi.ops.demo.after import After
from lianqi.ops.demo.beside import Beside
from lianqi.ops.demo.catalogue import unit_by_rule
from lianqi.ops.demo.contacting import contacts_of
from lianqi.ops.demo.dispatching import Desk
from lianqi.ops.demo.handling import Handling
from lianqi.ops.demo.people import People
from lianqi.ops.demo.seasons import is_office_hour, moments, weight
from lianqi.ops.demo.stories import KINDS, Kind
from lianqi.ops.demo.telling import Told, tell
from lianqi.ops.demo.waves import WAVES, Wave, filed
from lianqi.register.models import Enterprise
from lianqi.work.enums import PauseReason, Urgency
from lianqi.work.queries import current_calendar, local_date

DEMANDS = 300
DAYS = 320
RECENT = dt.timedelta(days=25)
STUCK = 0.3
WITHOUT_USERS = 0.2
"""The share of demands from firms that nobody signs in for: they telephone, or are visited."""
CHANNELS = {
    Channel.PORTAL: 60,
    Channel.PHONE: 18,
    Channel.VISIT: 9,
    Channel.COUNTER: 8,
    Channel.API: 5,
}
AT_A_DESK = {Channel.PHONE: 6, Channel.VISIT: 3, Channel.COUNTER: 2, Channel.IMPORT: 1}
OWN = frozenset({Channel.PORTAL, Channel.API})
"""What an enterprise sends itself; the rest somebody of the service centre writes down."""
# Working hours until the answer: at least, at most; and at most where it takes too long.
PACE = {Urgency.NORMAL: (3, 32, 62), Urgency.URGENT: (2, 13, 30), Urgency.CRITICAL: (1, 5, 14)}
SLOW, WITHDRAWN, DISPUTED, REOPENED = 0.09, 0.02, 0.06, 0.04
# What lies on one handler's desk: filed so many working days ago, and how far it has come.
DESK_UNIT, DESK_KIND = "economy", "logistics"
DESK = (
    (9, "in_progress"),
    (6, "in_progress"),
    (5, "appealed"),
    (4, "asks_time"),
    (3, "paused"),
    (2, "in_progress"),
    (1, "in_progress"),
    (0, "dispatched"),
)
Teller = Callable[[str], None]
Step = Callable[[Enterprise, dt.datetime], None]


class Year:
    """Plays one demand after the other, each up to where the present finds it.

    Args:
        people: Who acts.
        firms: Who asks.
        members: The person of each firm that has one, by the firm's id.
        seed: The same gives the same year.
        now: The present.
        demands: How many come by chance; the waves and what lies on one desk come on top.
    """

    def __init__(
        self,
        people: People,
        firms: list[Enterprise],
        members: dict[int, User],
        *,
        seed: int,
        now: dt.datetime,
        demands: int = DEMANDS,
    ) -> None:
        self._people, self._members, self._now = people, members, now
        self._demands = demands
        self._own = [firm for firm in firms if firm.pk in members]
        self._others = [firm for firm in firms if firm.pk not in members]
        self._random = Random(seed)
        self._calendar = current_calendar()
        self._desk = Desk(people, self._random, self._later)
        self._after = After(people, self._random, self._later)
        self._beside = Beside(self._random, self._later)
        self._handling = Handling(people, seed=seed, calendar=self._calendar)
        self._kinds = {kind.code: kind for kind in KINDS}
        rows = DemandCategory.objects.filter(code__in=self._kinds).select_related("lead_unit")
        self._categories = {row.code: row for row in rows}
        self._ruled = set(DutyRule.objects.values_list("category__code", flat=True))

    def play(self, say: Teller) -> None:
        """File what comes by chance, the waves, and what lies on one desk."""
        steps = self._steps()
        for number, (at, _order, step) in enumerate(steps):
            if number % 80 == 0:
                say(f"  demands: {number} of {len(steps)}")
            calls = self._others and self._random.random() < WITHOUT_USERS
            step(self._random.choice(self._others if calls else self._own), at)

    def _steps(self) -> list[tuple[dt.datetime, int, Step]]:
        chance = moments(self._demands, days=DAYS, now=self._now, random=self._random)
        waves = filed(WAVES, now=self._now, random=self._random)
        planned: list[tuple[dt.datetime, Step]] = [
            *((at, self._one) for at in chance),
            *((at, partial(self._of_wave, wave, said)) for at, wave, said in waves),
            *((self._working_days_ago(n), partial(self._lay_on_desk, how)) for n, how in DESK),
        ]
        return sorted((at, order, step) for order, (at, step) in enumerate(planned))

    def _one(self, firm: Enterprise, at: dt.datetime) -> None:
        """Whatever somebody asks at that time of the year."""
        weights = [weight(kind.code, kind.often, at) for kind in KINDS]
        kind = self._random.choices(KINDS, weights)[0]
        told = tell(kind, self._random)
        demand = self._file(kind, told, firm, at)
        member = self._members.get(firm.pk)
        if member is not None and self._random.random() < WITHDRAWN:
            soon = at + dt.timedelta(minutes=20)
            reason = "问题已自行解决，申请撤回。"
            actions.withdraw_demand(demand.pk, reason=reason, by=member, at=soon)
            return
        moment = self._later(at, 1, 6)
        if moment is None:
            return
        unit = self._unit_of(kind, firm, at)
        begun = self._desk.dispatch(demand, unit, moment)
        if begun is not None:
            self._handle(demand, unit, told.answer, begun)

    def _unit_of(self, kind: Kind, firm: Enterprise, at: dt.datetime) -> str:
        """Who leads it: what the duty catalogue says of this firm, where it says anything."""
        if kind.code not in self._ruled:
            return kind.unit
        category = self._categories[kind.code]
        return unit_by_rule(self._people, category, firm, kind.unit, on=local_date(at))

    def _of_wave(
        self, wave: Wave, said: tuple[str, str], firm: Enterprise, at: dt.datetime
    ) -> None:
        """A demand of a wave: answered where those were, otherwise still with the unit."""
        kind = self._kinds[wave.code]
        demand = self._file(kind, Told(*said, wave.answer), firm, at)
        moment = self._later(at, 1, 3)
        if moment is None:
            return
        self._desk.send(demand, kind.unit, moment)
        if wave.settled:
            self._handle(demand, kind.unit, wave.answer, moment)
        elif accepted := self._later(moment, 1, 4):
            handler = self._random.choice(self._people.handlers[kind.unit])
            actions.accept_demand(demand.pk, by=handler, at=accepted)

    def _lay_on_desk(self, state: str, firm: Enterprise, filed_at: dt.datetime) -> None:
        """A matter for the handler whose account the demo names, in a state its inbox can show."""
        kind = self._kinds[DESK_KIND]
        handler = self._people.handlers[DESK_UNIT][0]
        demand = self._file(kind, tell(kind, self._random), firm, filed_at)
        dispatched = filed_at + dt.timedelta(minutes=15)
        unit = self._people.units[DESK_UNIT]
        actions.dispatch_demand(demand.pk, unit=unit, by=self._people.dispatcher, at=dispatched)
        if state == "dispatched":
            return
        accepted = dispatched + dt.timedelta(minutes=25)
        demand = actions.accept_demand(demand.pk, by=handler, at=accepted)
        self._beside.begin(demand, handler, accepted)
        member = self._members.get(firm.pk)
        if state == "appealed":
            self._handling.find_unsolvable(demand, DESK_UNIT, handler, member, accepted, self._now)
        if state == "asks_time":
            self._handling.ask_for_time(demand, handler, self._now - dt.timedelta(minutes=50))
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

    def _handle(self, demand: Demand, unit: str, answer: str, moment: dt.datetime) -> None:
        handler = self._random.choice(self._people.handlers[unit])
        member = self._members.get(demand.enterprise_id or 0)
        accepted = self._later(moment, 1, 6)
        if accepted is None:
            return
        demand = actions.accept_demand(demand.pk, by=handler, at=accepted)
        self._beside.begin(demand, handler, accepted)
        begun = accepted
        self._desk.assist(demand, unit, accepted)
        if self._is_stuck(accepted):
            self._handling.go_on(demand, unit, handler, accepted, self._now)
            return  # accepted and not answered yet: in time, due soon or overdue by now
        if self._random.random() < 0.08:
            paused = self._later(accepted, 2, 6)
            if paused is None:
                return
            actions.ask_enterprise(
                demand.pk,
                reason=PauseReason.ENTERPRISE_MATERIAL,
                text="请补充合同和近三个月的有关材料。",
                evidence="已电话请企业补充合同和有关材料。",
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
                    demand.pk, text="合同和有关材料已备齐，请查收。", by=member, at=resumed
                )
            begun = resumed
        if self._handling.ends_unsolvable(demand, unit, handler, member, begun, self._now):
            return
        least, most, slow = PACE[Urgency(demand.urgency)]
        is_slow = self._random.random() < SLOW
        answered = self._later(begun, most, slow) if is_slow else self._later(begun, least, most)
        if answered is None:
            return
        self._beside.go_on(demand, handler, begun, answered)
        self._handling.go_on(demand, unit, handler, begun, answered)
        actions.answer_demand(demand.pk, answer=answer, by=handler, at=answered)
        if member is not None:
            self._react(demand, unit, member, answered, handler, answer)

    def _react(
        self,
        demand: Demand,
        unit: str,
        member: User,
        answered: dt.datetime,
        handler: User,
        answer: str,
    ) -> None:
        reaction = self._later(answered, 2, 20)
        if reaction is None or self._random.random() < 0.1:
            return  # silence: the nightly work closes it
        if self._random.random() < DISPUTED:
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
        if self._random.random() < REOPENED:
            self._come_back(demand, member, reaction, handler, answer)
        else:
            self._after.confirm(demand, unit, member, reaction)

    def _come_back(
        self, demand: Demand, member: User, reaction: dt.datetime, handler: User, answer: str
    ) -> None:
        """Confirmed too early: reopened some days later, and answered once more."""
        confirm = partial(actions.confirm_demand, demand.pk, rating=Rating.SATISFIED, note="")
        confirm(by=member, at=reaction)
        reopened = self._later(reaction, 8, 20)
        if reopened is None:
            return
        actions.reopen_demand(
            demand.pk,
            note="答复的措施只管用了几天，问题又出现了，请继续办理。",
            window_days=Periods().reopen_days,
            by=member,
            at=reopened,
        )
        again = self._later(reopened, 6, 24)
        if again is None:
            return
        actions.answer_demand(demand.pk, answer=f"已再次处理：{answer}", by=handler, at=again)
        if confirmed := self._later(again, 2, 16):
            confirm(by=member, at=confirmed)

    def _file(self, kind: Kind, told: Told, firm: Enterprise, at: dt.datetime) -> Demand:
        member = self._members.get(firm.pk)
        likely = AT_A_DESK if member is None else CHANNELS
        channel = self._random.choices(list(likely), list(likely.values()))[0]
        if member is not None and not is_office_hour(at):
            channel = Channel.PORTAL
        by = self._people.dispatcher
        if member is not None and channel in OWN:
            by = member
        elif channel in {Channel.PHONE, Channel.COUNTER}:
            by = self._people.operator
        return actions.file_demand(
            enterprise=firm,
            category=self._categories[kind.code],
            title=told.title,
            text=told.text,
            channel=channel,
            idempotency_key=str(uuid.UUID(int=self._random.getrandbits(128))),
            contacts=contacts_of(firm, member),
            by=by,
            at=at,
        )

    def _is_stuck(self, moment: dt.datetime) -> bool:
        """Some of the recent matters wait longer than they should."""
        return self._now - moment < RECENT and self._random.random() < STUCK

    def _later(self, moment: dt.datetime, least: int, most: int) -> dt.datetime | None:
        """Some working hours later, or None if that lies ahead of the present."""
        hours = dt.timedelta(minutes=self._random.randint(least * 60, most * 60))
        later = self._calendar.add_working_time(moment, hours)
        return later if later < self._now else None
