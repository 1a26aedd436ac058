"""What others filed for enterprises of the demo zone; one of these enterprises objected."""

import datetime as dt
from collections.abc import Mapping

from lianqi.accounts.models import User
from lianqi.demands.actions import Consent, end_representation, file_for_another
from lianqi.demands.enums import Channel, ConsentWay, Covers
from lianqi.demands.models import ContactGiven, DemandCategory
from lianqi.register.models import Enterprise
from lianqi.work.queries import local_date

DAY = dt.timedelta(days=1)
# Category, title, text, how far the consent goes, whether the enterprise objects.
MATTERS = (
    ("utilities", "三号楼用电增容", "新增两条产线，现有容量不足，请协调增容。", Covers.FOLLOW, False),
    ("policy", "咨询技改补贴申报", "拟申报技改补贴，请告知受理时间和材料。", Covers.FILE, False),
    ("logistics", "货车临时停放", "上下货高峰车辆排队，请协调临时停车位。", Covers.FOLLOW, True),
)  # fmt: skip


def file_for_others(members: Mapping[int, User], *, now: dt.datetime) -> None:
    """The first enterprise with an account files for the ones that follow it."""
    (acting, clerk), *others = sorted(members.items())[: len(MATTERS) + 1]
    agent = Enterprise.objects.get(pk=acting)
    for number, (matter, (firm, member)) in enumerate(zip(MATTERS, others, strict=True)):
        code, title, text, covers, objects = matter
        at = now - (2 * number + 2) * DAY
        demand = file_for_another(
            enterprise=Enterprise.objects.get(pk=firm),
            agent=agent,
            consent=Consent(
                by=member.name,
                position="行政负责人",
                way=ConsentWay.PHONE if number else ConsentWay.MAIL,
                on=local_date(at),
                covers=covers,
            ),
            category=DemandCategory.objects.get(code=code),
            title=title,
            text=text,
            channel=Channel.PORTAL,
            contacts=[ContactGiven(name=member.name, role="行政负责人", reach="工作日上午")],
            idempotency_key=f"demo-zone-for-others-{number}",
            max_bytes=0,
            daemon="",
            by=clerk,
            at=at,
        )
        if objects:
            end_representation(
                demand.pk, goes_on=True, reason="本企业自行跟进。", by=member, at=at + DAY
            )
