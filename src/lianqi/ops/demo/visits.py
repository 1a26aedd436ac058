"""Liaison officers on their rounds: notes, demands raised on the spot, visits announced, a draft."""

import datetime as dt

from lianqi.demands.actions import accept_demand, answer_demand, confirm_demand, dispatch_demand
from lianqi.demands.enums import Rating
from lianqi.demands.models import Demand, DemandCategory
from lianqi.ops.demo.people import People
from lianqi.register.models import Enterprise
from lianqi.visits.actions import file_visit, save_draft
from lianqi.visits.enums import VisitKind
from lianqi.visits.models import Matter, Note
from lianqi.work.queries import current_calendar, local_date

HOUR = dt.timedelta(hours=1)
OFFICERS = 2
FIRMS_VISITED = 4  # of each officer

# How many days ago, in what way, what was said, and the matters: category, title, answer at once.
STORIES: tuple[tuple[int, VisitKind, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        52,
        VisitKind.ON_SITE,
        "参观二期车间。订单同比增长两成，计划下半年新增一条产线，主要顾虑是用电容量和熟练工招聘。",
        (("utilities", "二期车间用电增容", ""), ("labour", "春季集中招工协助", "")),
    ),
    (
        33,
        VisitKind.RECEIVED,
        "企业负责人来访，介绍上市辅导进展，希望了解奖补政策衔接。",
        (
            (
                "policy",
                "上市辅导奖补申报时间",
                "本年度申报窗口为九月一日至三十日，所需材料清单已当面提供。",
            ),
        ),
    ),
    (
        16,
        VisitKind.CALL,
        "电话了解复工情况，生产正常，物流恢复至平时九成。",
        (),
    ),
    (
        2,
        VisitKind.ON_SITE,
        "走访研发中心，新产品进入中试，提出中试场地手续和贷款贴息两项诉求。",
        (("approval", "中试场地环评手续", ""), ("finance", "研发贷款贴息", "")),
    ),
)
DRAFT = "到门岗，约见行政负责人；待补充用能情况。"


def play_visits(people: People, *, now: dt.datetime) -> None:
    """Two officers went to four enterprises of the own grid; one began another note."""
    categories = {each.code: each for each in DemandCategory.objects.in_use()}
    calendar = current_calendar()
    today = calendar.local(now).date()
    for number, officer in enumerate(people.officers[:OFFICERS]):
        firms = list(
            Enterprise.objects.living().looked_after_by(officer).order_by("pk")[: FIRMS_VISITED + 1]
        )
        for firm, (days, kind, said, matters) in zip(firms, STORIES, strict=False):
            day = calendar.subtract_working_days(today, days * 5 // 7 + number % 3)
            at = min(calendar.at(day, dt.time(15, 30)), now)
            note = Note(
                enterprise=firm,
                kind=kind,
                on=day,
                theirs=f"{firm.legal_representative or '企业负责人'}等3人",
                ours=officer.name,
                said=said,
                next_on=day + dt.timedelta(days=60),
                matters=tuple(
                    Matter(categories[code], title, answer=answer)
                    for code, title, answer in matters
                    if code in categories
                ),
            )
            visit = file_visit(note, idempotency_key=f"demo-{days}", by=officer, at=at)
            if days > 7:
                for demand in Demand.objects.filter(visit_matter__visit=visit).open():
                    _solve(demand, people, at=at)
        if firms and number == 0:
            begun = Note(
                enterprise=firms[-1], kind=VisitKind.ON_SITE, on=local_date(now), said=DRAFT
            )
            save_draft(begun, idempotency_key="demo-draft", by=officer, at=now)


def _solve(demand: Demand, people: People, *, at: dt.datetime) -> None:
    """The unit of the category has it, answers, and the enterprise is content where it has users."""
    lead = demand.category.lead_unit
    if lead is None:
        return
    key = next(name for name, unit in people.units.items() if unit.pk == lead.pk)
    if key not in people.handlers:
        return
    handler, calendar = people.handlers[key][0], current_calendar()
    dispatch_demand(demand.pk, unit=lead, by=people.dispatcher, at=at + HOUR / 2)
    next_day = calendar.add_working_days(calendar.local(at).date(), 1)
    accepted = calendar.at(next_day, dt.time(9, 20))
    accept_demand(demand.pk, by=handler, at=accepted)
    answered = accepted + dt.timedelta(days=1, hours=2)
    answer_demand(
        demand.pk, answer="已上门对接并办结，联系人每周回访一次。", by=handler, at=answered
    )
    members = demand.enterprise.memberships.confirmed() if demand.enterprise else ()
    for member in members[:1]:
        if member.user:
            confirm_demand(
                demand.pk, rating=Rating.VERY_SATISFIED, note="", by=member.user, at=answered + HOUR
            )
