"""Orders about what was late: one settled, one to be reviewed, one the unit has to answer."""

import datetime as dt

from lianqi.demands.enums import Step
from lianqi.demands.models import Demand
from lianqi.ops.demo.people import People
from lianqi.supervision.actions import answer_order, issue_order, settle_order
from lianqi.supervision.models import SupervisionOrder
from lianqi.work.enums import Urgency
from lianqi.work.models import WorkItem
from lianqi.work.queries import current_calendar

# How many working days ago it was issued, what is asked, what the unit answered, and the remark
# of the review.
ORDERS = (
    (
        2,
        "该诉求已超期，请立即联系企业说明办理进度，两个工作日内正式答复，并报送超期原因。",
        "已与企业当面沟通，原因是涉及两个科室、职责未及时明确；现由一名科长负责，正式答复明日送达。",
        "原因清楚、措施具体，同意办结；请在例会上通报。",
    ),
    (
        1,
        "请说明超期原因，并明确办结时间。",
        "需与供电公司会商，已约定本周内现场踏勘，踏勘后三个工作日内答复企业。",
        "",
    ),
    (0, "企业两次来电催问，请于时限内答复并反馈。", "", ""),
)


def issue_orders(people: People, *, now: dt.datetime) -> None:
    """The leader goes through the answers that are longest overdue."""
    calendar = current_calendar()
    today = calendar.local(now).date()
    late = WorkItem.objects.overdue(at=now).filter(
        subject_kind=Demand._meta.label_lower, step=Step.ANSWER, unit__isnull=False
    )
    for item, (days, asked, answer, remark) in zip(late.for_list(), ORDERS, strict=False):
        assert item.unit is not None  # filtered
        issued = now - dt.timedelta(minutes=50)
        if days:
            issued = calendar.at(calendar.subtract_working_days(today, days), dt.time(9, 10))
        order = issue_order(
            item,
            unit=item.unit,
            text=asked,
            urgency=Urgency.URGENT,
            by=people.leader,
            at=max(issued, item.opened_at),
        )
        if answer:
            _answer(order, people, answer, remark)


def _answer(order: SupervisionOrder, people: People, answer: str, remark: str) -> None:
    by_unit = {unit.pk: key for key, unit in people.units.items()}
    head = people.heads[by_unit[order.unit_id]]
    answered = order.issued_at + dt.timedelta(minutes=25)
    answer_order(order.pk, answer=answer, by=head, at=answered)
    if remark:
        reviewed = answered + dt.timedelta(minutes=15)
        settle_order(order.pk, remark=remark, by=people.leader, at=reviewed)
