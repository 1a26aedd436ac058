"""Policy needs of the small zone of the house tests."""

import datetime as dt

from lianqi.accounts.models import Unit, User
from lianqi.needs.actions import load_need_clocks
from lianqi.needs.enums import BatchStatus, NeedStatus
from lianqi.needs.flow import SOLVED, VALID
from lianqi.needs.models import Need, NeedBatch, NeedShare, Programme
from lianqi.register.models import Enterprise
from tests.factories import AT


def fill_needs(units: list[Unit], firms: list[Enterprise], person: User) -> None:
    """A programme sorted by another unit, needs in every state of every firm, a part in one."""
    load_need_clocks(at=AT)
    near, below, far = units
    for number, (sorting, unit) in enumerate(((far, near), (below, far))):
        programme = Programme.objects.create(
            name=f"第{number + 1}轮走访", triage_unit=sorting, starts_on=dt.date(2026, 1, 1)
        )
        batch = NeedBatch.objects.create(programme=programme, unit=unit, from_on=AT.date())
        sent = NeedBatch.objects.create(
            programme=programme, unit=unit, from_on=AT.date(), status=BatchStatus.REPORTED,
            reported_at=AT, reported_by=person,
        )  # fmt: skip
        for firm in firms:
            for status in NeedStatus:
                held = batch if status == NeedStatus.COLLECTED else sent
                _need(held, firm, status, below if number else far, person)
    NeedShare.objects.create(need=Need.objects.latest("pk"), unit=near)


def _need(batch: NeedBatch, firm: Enterprise, status: NeedStatus, lead: Unit, person: User) -> Need:
    """As the constraints of the table want it in that status."""
    number = Need.objects.count() + 1
    is_sorted = status not in {NeedStatus.COLLECTED, NeedStatus.REPORTED}
    merged = Need.objects.filter(enterprise=firm).first() if status == NeedStatus.MERGED else None
    return Need.objects.create(
        number=f"XQ2026{number:07d}",
        programme=batch.programme,
        batch=batch,
        enterprise=firm,
        unit=batch.unit,
        text=f"第{number}条需求",
        collected_by=person,
        collected_at=AT,
        collected_on=AT.date(),
        idempotency_key=f"need-{number}",
        status=status,
        verdict="valid" if is_sorted else "",
        reason="policy_in_force" if is_sorted else "",
        triaged_at=AT if is_sorted else None,
        triaged_by=person if is_sorted else None,
        triaged_on=AT.date() if is_sorted else None,
        lead=lead if status in VALID else None,
        merged_into=merged,
        solution="已兑现。" if status in SOLVED else "",
        solved_on=AT.date() if status in SOLVED else None,
        confirmed_on=AT.date() if status in SOLVED else None,
        grounds="无依据。" if status == NeedStatus.UNSOLVED else "",
        search_text=f"第{number}条需求",
    )
