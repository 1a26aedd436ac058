"""Free tests of the small zone: in every state, with orders in every state at two institutes."""

import datetime as dt
from decimal import Decimal

from lianqi.accounts.models import User
from lianqi.freetests.actions import load_test_clocks
from lianqi.freetests.enums import UNDER_WAY, FreeTestStatus, LabOrderStatus
from lianqi.freetests.models import (
    Accreditation,
    FreeTest,
    Institute,
    LabItem,
    LabOffer,
    LabOrder,
)
from lianqi.register.models import Enterprise
from lianqi.taskforces.models import TaskForce
from tests.factories import AT


def fill_labs(firms: list[Enterprise], by: User) -> None:
    """A test of each firm with each force in every state; the third firm is an institute itself."""
    load_test_clocks(at=AT)
    offers = [
        _institute("云岭检测研究院", firms[2]),
        _institute("云岭检验中心", None),
    ]
    number = 0
    for firm in firms:
        for force in TaskForce.objects.order_by("pk"):
            for status in FreeTestStatus:
                number += 1
                test = FreeTest.objects.create(
                    number=f"JC2026{number:05d}", enterprise=firm, force=force, product="口罩",
                    items=["过滤效率"], status=status, stated_at=AT, stated_by=by,
                    end_reason="不再生产" if status == FreeTestStatus.WITHDRAWN else "",
                )  # fmt: skip
                if status == FreeTestStatus.ORDERED:
                    for offer in offers:
                        _orders(test, offer, by)


def _institute(name: str, firm: Enterprise | None) -> LabOffer:
    institute = Institute.objects.create(
        name=name, enterprise=firm, contact_name="方敏", contact_phone="0591-87650000",
        free_items=9999, free_from=dt.date(2020, 1, 1), free_until=dt.date(2099, 1, 1),
        added_at=AT,
    )  # fmt: skip
    Accreditation.objects.create(
        institute=institute, accreditor="cma", number="1", valid_until=dt.date(2099, 1, 1)
    )
    return LabOffer.objects.create(
        institute=institute, standard="GB 1", item="过滤效率", samples="30 只", days=5,
        price=Decimal("800.00"),
    )  # fmt: skip


def _orders(test: FreeTest, offer: LabOffer, by: User) -> None:
    for status in LabOrderStatus:
        is_over = status not in UNDER_WAY
        order = LabOrder.objects.create(
            number=f"WT2026{LabOrder.objects.count():05d}", test=test, institute=offer.institute,
            status=status, days=5, placed_on=AT.date(), placed_at=AT, placed_by=by,
            ended_at=AT if is_over else None, ended_by=by if is_over else None,
            report_number="1" if status == LabOrderStatus.DONE else "",
        )  # fmt: skip
        LabItem.objects.create(
            order=order, offer=offer, item=offer.item, standard=offer.standard, price=offer.price,
            verdict="passed" if status == LabOrderStatus.DONE else "",
        )  # fmt: skip
