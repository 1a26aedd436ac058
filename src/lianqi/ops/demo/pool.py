"""What fills the pool by itself: mails of unknown senders, and a list that another hotline sent."""

import datetime as dt
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile

from lianqi.demands.actions import (
    apply_demands,
    preview_demands,
    start_demand_import,
    take_mail,
)
from lianqi.demands.columns import TEMPLATE
from lianqi.engines.mails import Mail
from lianqi.engines.tables import write_table
from lianqi.ops.demo.people import People
from lianqi.register.actions import request_apply
from lianqi.register.models import Enterprise

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MAILS = (
    (
        "陆先生",
        "lu@example.com",
        "咨询入驻创业孵化园",
        "我们是一家十人左右的检测设备公司，计划年底前入驻孵化园，请问租金标准和装修补贴如何申请？",
    ),
    (
        "办公室",
        "office@example.net",
        "关于路灯损坏的反映",
        "云岭路与学府路交叉口两盏路灯已熄灭一周，晚班员工出行不便，请协调修复。",
    ),
)
BOOK = "市12345转办清单.xlsx"
# Category, title and text; the last row lacks its category and is refused.
ROWS = (
    ("物流运输", "园区北门早高峰拥堵", "早八点至九点货车排队超过四十分钟。"),
    ("用工招聘", "急需焊工二十名", "旺季订单增加，希望参加专场招聘会。"),
    ("政策兑现", "研发费用加计扣除口径", "咨询委托外部研发的扣除比例。"),
    ("", "周末班车停运", "周末加班员工无法返程。"),
)


def fill_the_pool(people: People, *, now: dt.datetime) -> None:
    """Two mails wait for somebody to say whose they are; a list of last week was imported."""
    for number, (name, sender, subject, text) in enumerate(MAILS):
        mail = Mail(
            message_id=f"demo-{number}@example.com",
            sender=sender,
            sender_name=name,
            subject=subject,
            text=text,
            attachments=(),
            automatic="",
        )
        take_mail(
            mail,
            category=None,
            own_address="service@example.org",
            max_bytes=0,
            daemon="",
            at=now - (number + 1) * 3 * HOUR,
        )
    firms = list(Enterprise.objects.living().order_by("-pk")[: len(ROWS)])
    rows = [
        [f"12345-{number:05}", firm.code, firm.name, category, title, text, "", "", ""]
        for number, (firm, (category, title, text)) in enumerate(
            zip(firms, ROWS, strict=True), start=1
        )
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / BOOK
        write_table(path, TEMPLATE, rows)
        upload = ContentFile(path.read_bytes(), name=BOOK)
    at = now - HOUR
    run = start_demand_import(upload, name=BOOK, max_bytes=1_000_000, by=people.dispatcher, at=at)
    preview_demands(run.pk, at=at)
    request_apply(run.pk, by=people.dispatcher, at=at)
    apply_demands(run.pk, at=at)
