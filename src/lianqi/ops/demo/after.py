"""What comes after an answer in the demo zone: ratings with reasons, follow-ups of bad ones."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from lianqi.accounts.models import User
from lianqi.demands import actions
from lianqi.demands.enums import Rating, RemedyCause, RemedyResult, Solved
from lianqi.demands.models import Demand, Periods, RatingReason
from lianqi.ops.demo.people import People

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
