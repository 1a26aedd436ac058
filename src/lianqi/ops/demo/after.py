"""What comes after an answer in the demo zone: ratings with reasons, follow-ups of bad ones."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from lianqi.accounts.models import User
from lianqi.demands import actions
from lianqi.demands.enums import CallOutcome, Rating, RemedyCause, RemedyResult, Solved
from lianqi.demands.errors import NoCallsWaiting
from lianqi.demands.models import Demand, Periods, RatingReason
from lianqi.ops.demo.people import People
from lianqi.work.queries import local_date

Later = Callable[[dt.datetime, int, int], dt.datetime | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a firm says: how often (weight), rating, whether solved, reasons, comment."""

    weight: int
    rating: Rating
    solved: Solved
    reasons: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cure:
    """How a bad rating is followed up, and what the firm says then."""

    cause: RemedyCause
    contact: str
    measures: str
    result: RemedyResult
    second: Rating
    solved: Solved


VERDICTS = (
    Verdict(30, Rating.VERY_SATISFIED, Solved.YES, ("solved", "quick"), "答复及时，问题解决了。"),
    Verdict(26, Rating.VERY_SATISFIED, Solved.YES, ("friendly",), "服务态度很好。"),
    Verdict(16, Rating.SATISFIED, Solved.YES, ("quick",), "办得快，谢谢。"),
    Verdict(10, Rating.SATISFIED, Solved.YES, ("clear",)),
    Verdict(7, Rating.BASICALLY_SATISFIED, Solved.PARTLY, ("partly",), "基本解决，希望后续跟进。"),
    Verdict(4, Rating.BASICALLY_SATISFIED, Solved.YES, ("slow",), "解决了，就是等得久。"),
    Verdict(3, Rating.DISSATISFIED, Solved.PARTLY, ("slow", "asked_twice"), "材料交了两遍。"),
    Verdict(2, Rating.DISSATISFIED, Solved.NO, ("unclear",), "答复没有说明何时能办。"),
    Verdict(2, Rating.VERY_DISSATISFIED, Solved.NO, ("unsolved", "passed_on"), "问题仍然存在。"),
)
CURES = (
    Cure(
        RemedyCause.SLOW,
        "已与企业经办人通话，企业反映同一材料被要求提交两次。",
        "已将材料清单一次性告知纳入办理规范，并为企业补办剩余手续。",
        RemedyResult.DONE,
        Rating.SATISFIED,
        Solved.YES,
    ),
    Cure(
        RemedyCause.UNSOLVED,
        "已上门向企业负责人核实，现场仍有两处未处理。",
        "已制定处理计划，本月底前完成，由专人每周向企业通报进度。",
        RemedyResult.PLANNED,
        Rating.BASICALLY_SATISFIED,
        Solved.PARTLY,
    ),
    Cure(
        RemedyCause.UNCLEAR,
        "已电话听取企业意见，企业希望得到明确的办理时间。",
        "已补充书面答复，写明办理条件、时间和联系人。",
        RemedyResult.DONE,
        Rating.SATISFIED,
        Solved.YES,
    ),
    Cure(
        RemedyCause.NO_GROUND,
        "已与企业沟通，企业希望突破现行补贴标准。",
        "已逐条说明政策依据，并介绍企业可以申报的其他项目。",
        RemedyResult.EXPLAINED,
        Rating.DISSATISFIED,
        Solved.NO,
    ),
)


class After:
    """Plays the firm's verdict and what its bad ratings lead to."""

    def __init__(self, people: People, random: Random, later: Later) -> None:
        self._people, self._random, self._later = people, random, later
        self._reasons = {reason.code: reason for reason in RatingReason.objects.in_use()}

    def confirm(self, demand: Demand, unit: str, member: User, at: dt.datetime) -> None:
        """Accept the answer with a rating; a bad one is followed up by the head of `unit`."""
        verdict = self._random.choices(VERDICTS, [each.weight for each in VERDICTS])[0]
        closed = actions.confirm_demand(
            demand.pk,
            rating=verdict.rating,
            solved=verdict.solved,
            reasons=[self._reasons[code] for code in verdict.reasons if code in self._reasons],
            note=verdict.note,
            by=member,
            at=at,
        )
        if closed.remedies.exists():
            self._follow_up(closed, unit, member, at)

    def _follow_up(self, demand: Demand, unit: str, member: User, at: dt.datetime) -> None:
        cure, head = self._random.choice(CURES), self._people.heads[unit]
        contacted = self._later(at, 3, 14)
        if contacted is None:
            return
        actions.note_remedy_contact(demand.pk, note=cure.contact, by=head, at=contacted)
        finished = self._later(contacted, 6, 26)
        if finished is None:
            return
        actions.finish_remedy(
            demand.pk,
            cause=cure.cause,
            measures=cure.measures,
            result=cure.result,
            by=head,
            at=finished,
        )
        again = self._later(finished, 4, 24)
        if again is None or self._random.random() < 0.25:
            return  # not every firm rates a second time
        actions.rate_again(
            demand.pk,
            rating=cure.second,
            solved=cure.solved,
            note="" if cure.second != Rating.DISSATISFIED else "道理明白了，但困难还在。",
            window_days=Periods().rating_days,
            by=member,
            at=again,
        )


# What enterprises say on the telephone: how often, the unit was in touch, solved, rating, remarks.
SAID: tuple[tuple[int, bool, Solved, Rating, str], ...] = (
    (40, True, Solved.YES, Rating.VERY_SATISFIED, ""),
    (25, True, Solved.YES, Rating.SATISFIED, "工作人员上门看过。"),
    (12, True, Solved.PARTLY, Rating.BASICALLY_SATISFIED, "解决了一半，另一半等下月。"),
    (8, False, Solved.YES, Rating.BASICALLY_SATISFIED, "没有接到过电话，问题自行解决了。"),
    (8, True, Solved.NO, Rating.DISSATISFIED, "只答复了政策，实际没有办。"),
    (4, False, Solved.NO, Rating.VERY_DISSATISFIED, "没有人联系过我们。"),
)
CALLED_DAYS = 60
NOT_CALLED_YET_DAYS = 3


def call_back(people: People, *, seed: int, now: dt.datetime) -> None:
    """Draw the demands closed in the last weeks and call all but those of the last days."""
    random, caller = Random(seed), people.dispatcher
    for days in range(CALLED_DAYS, 0, -1):
        day = now - dt.timedelta(days=days)
        actions.draw_callbacks(
            local_date(day), seed=f"{seed}-{days}", at=day + dt.timedelta(days=1)
        )
        if days <= NOT_CALLED_YET_DAYS:
            continue
        _call_all(caller, random, at=day + dt.timedelta(days=1, hours=5))


def _call_all(caller: User, random: Random, *, at: dt.datetime) -> None:
    """One round of calls: of those who are waiting, some do not answer."""
    for minutes in range(0, 180, 6):
        moment = at + dt.timedelta(minutes=minutes)
        try:
            call = actions.take_next_call(by=caller, at=moment)
        except NoCallsWaiting:
            return
        if random.random() < 0.15:
            actions.record_call(call.pk, outcome=CallOutcome.NO_ANSWER, by=caller, at=moment)
            continue
        _weight, contacted, solved, rating, remarks = random.choices(
            SAID, [each[0] for each in SAID]
        )[0]
        actions.record_call(
            call.pk,
            outcome=CallOutcome.REACHED,
            contacted=contacted,
            solved=solved,
            rating=rating,
            remarks=remarks,
            by=caller,
            at=moment,
        )
