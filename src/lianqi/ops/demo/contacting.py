"""Whom the enterprises of the demo zone name as contacts of their demands."""

from lianqi.accounts.models import User
from lianqi.demands.enums import ToldBy
from lianqi.demands.models import ContactGiven
from lianqi.register.models import Enterprise

FURTHER = (
    ("邓工", "设备部主管", "白班时间，先发微信"),
    ("祝女士", "行政专员", "工作日上午"),
    ("贺经理", "财务负责人", "每月十日以后"),
    ("尹厂长", "生产副厂长", "下午四点以后打电话"),
)
EVERY_THIRD = 3


def contacts_of(firm: Enterprise, member: User | None) -> list[ContactGiven]:
    """The person with an account first; of some enterprises a second one who gets the mails."""
    people = [] if member is None else [ContactGiven(name=member.name, role="企业经办人")]
    if firm.pk % EVERY_THIRD == 0:
        name, role, reach = FURTHER[firm.pk % len(FURTHER)]
        people.append(
            ContactGiven(
                name=name,
                phone=f"139{firm.pk % 10**8:08d}",
                email=f"contact{firm.pk}@example.com",
                role=role,
                reach=reach,
                told_by=ToldBy.MAIL if firm.pk % 2 else "",
            )
        )
    return people
