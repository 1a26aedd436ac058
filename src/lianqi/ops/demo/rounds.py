"""A leader's video rounds: one held three weeks ago with its promises, one planned for next week."""

import datetime as dt

from lianqi.demands.actions import accept_demand, answer_demand
from lianqi.demands.models import Demand, DemandCategory
from lianqi.ops.demo.people import People
from lianqi.register.models import Enterprise
from lianqi.visits.actions import hold_round, note_agenda_item, plan_round, raise_matter
from lianqi.visits.models import Matter, Promise, Round
from lianqi.work.queries import current_calendar

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
ROOM = "管委会三楼视频会议室"
UNITS = ("economy", "people", "build", "finance")
# Which item of the agenda, category, title, unit, promise, working days promised, and after how
# many days it was answered; with an answer on the spot there is no promise.
MATTERS = (
    (0, "utilities", "二号变电站增容进度", "build", "五个工作日内完成现场踏勘并答复工期", 5, 3),
    (0, "labour", "缺少数控操作工三十名", "people", "三个工作日内组织专场招聘", 3, 6),
    (1, "finance", "应收账款质押融资", "finance", "十个工作日内对接两家银行", 10, 0),
    (1, "policy", "技改补贴申报口径", "economy", "", 0, 0),
    (2, "logistics", "早高峰货车限行", "economy", "七个工作日内会商交警部门", 7, 5),
)
SAID = ("介绍订单与产能，重点谈用电和用工。", "谈融资成本与技改计划。", "谈原料运输与早高峰限行。")
ANSWERED_AT_ONCE = "以设备购置发票日期为准，跨年度的按比例认定，口径已书面发送企业。"


def play_rounds(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Three enterprises met the leader; three others will."""
    calendar = current_calendar()
    today = calendar.local(now).date()
    held_on = calendar.subtract_working_days(today, 15)
    _hold(people, firms[:3], at=calendar.at(held_on, dt.time(9, 30)))
    coming = calendar.at(calendar.add_working_days(today, 5), dt.time(14, 30))
    _plan(people, firms[3:6], "光电产业链用地用能连线", starts_at=coming, at=now - HOUR)


def _plan(
    people: People, firms: list[Enterprise], title: str, *, starts_at: dt.datetime, at: dt.datetime
) -> Round:
    return plan_round(
        title=title,
        leader=people.leader,
        starts_at=starts_at,
        place=ROOM,
        enterprises=firms,
        units=[people.units[key] for key in UNITS],
        idempotency_key=f"demo-{title}",
        by=people.dispatcher,
        at=at,
    )


def _hold(people: People, firms: list[Enterprise], *, at: dt.datetime) -> None:
    held = _plan(people, firms, "制造业稳增长连线", starts_at=at, at=at - 3 * DAY)
    agenda = list(held.agenda.order_by("position"))
    categories = {each.code: each for each in DemandCategory.objects.in_use()}
    calendar = current_calendar()
    for number, (item, code, title, unit, said, days, answered) in enumerate(MATTERS):
        until = calendar.add_working_days(calendar.local(at).date(), days) if said else None
        demand = raise_matter(
            agenda[item].pk,
            Matter(categories[code], title, answer="" if said else ANSWERED_AT_ONCE),
            promise=Promise(people.units[unit], said, until),
            idempotency_key=f"demo-round-{number}",
            by=people.dispatcher,
            at=at + number * HOUR / 6,
        )
        if said:
            _work_on(demand, people, unit, answered, at=at + HOUR)
    for visit, said in zip(agenda, SAID, strict=True):
        theirs = f"{visit.enterprise.legal_representative or '企业负责人'}等2人"
        note_agenda_item(
            visit.pk, theirs=theirs, said=said, internal="", by=people.dispatcher, at=at + HOUR
        )
    hold_round(held.pk, by=people.dispatcher, at=at + 2 * HOUR)


def _work_on(demand: Demand, people: People, unit: str, answered: int, *, at: dt.datetime) -> None:
    handler = people.handlers[unit][0]
    accept_demand(demand.pk, by=handler, at=at)
    if answered:
        answer = "已按连线承诺办结，联系人后续跟踪。"
        answer_demand(demand.pk, answer=answer, by=handler, at=at + answered * DAY)
