"""The people around policy needs, and the steps that bring one to a status."""

import datetime as dt
from dataclasses import dataclass
from itertools import count
from typing import Any

from lianqi.accounts.enums import Role, UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.needs.actions import (
    claim_need,
    collect_need,
    confirm_need,
    create_programme,
    give_up_need,
    load_need_clocks,
    open_missing_batches,
    pay_need,
    report_batch,
    report_progress,
    solve_need,
    triage_need,
)
from lianqi.needs.enums import NeedStatus, TriageReason, Verdict
from lianqi.needs.models import Need, NeedBatch, Programme
from lianqi.register.models import Enterprise, Grid
from lianqi.work.actions import load_official_days
from tests.factories import (
    grant,
    make_enterprise,
    make_handler,
    make_head,
    make_member,
    make_unit,
    make_user,
)

AT = dt.datetime(2020, 2, 21, 2, 30, tzinfo=dt.UTC)
"""Friday, 21 February 2020, 10:30 in the zone."""

_keys = count(1)
REASON = {
    Verdict.VALID: TriageReason.POLICY_IN_FORCE,
    Verdict.COORDINATED: TriageReason.SEVERAL_UNITS,
    Verdict.INVALID: TriageReason.ALREADY_MET,
    Verdict.MERGED: TriageReason.SAME_MATTER,
    Verdict.REFERRED: TriageReason.HIGHER_LEVEL,
}


def days_later(days: int, at: dt.datetime = AT) -> dt.datetime:
    return at + dt.timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Scene:
    """A guarding unit with its grid and firm, the desk that sorts, and a responsible unit."""

    admin: User
    leader: User
    guard: Unit
    collector: User
    guard_head: User
    desk: Unit
    sorter: User
    lead: Unit
    handler: User
    grid: Grid
    firm: Enterprise
    member: User
    programme: Programme

    def collect(self, text: str = "", *, at: dt.datetime = AT, **given: Any) -> Need:
        number = next(_keys)
        known: dict[str, Any] = {
            "enterprise": self.firm,
            "text": text or f"希望了解第{number}条政策的申报条件",
            "is_other_matter": not text,
            "idempotency_key": f"key-{number}",
            "by": self.collector,
        }
        return collect_need(at=at, **known | given)

    def open_batch(self) -> NeedBatch:
        return NeedBatch.objects.open().get(unit=self.guard)

    def report(self, *, at: dt.datetime = AT, nothing: bool = False) -> NeedBatch:
        batch = self.open_batch()
        return report_batch(batch.pk, nothing_collected=nothing, by=self.collector, at=at)

    def triage(
        self, need: Need, verdict: Verdict = Verdict.VALID, *, at: dt.datetime = AT, **given: Any
    ) -> Need:
        known: dict[str, Any] = {"reason": REASON[verdict], "note": "说明", "by": self.sorter}
        if verdict in {Verdict.VALID, Verdict.COORDINATED}:
            known["lead"] = self.lead
        return triage_need(need.pk, verdict=verdict, at=at, **known | given)

    def need_in(self, status: NeedStatus, *, at: dt.datetime = AT) -> Need:
        """A need brought to `status` by real actions, all at the same moment."""
        need = self.collect(at=at)
        if status == NeedStatus.COLLECTED:
            return need
        self.report(at=at)
        dismissed = {
            NeedStatus.INVALID: Verdict.INVALID,
            NeedStatus.REFERRED: Verdict.REFERRED,
        }
        if status in dismissed:
            return self.triage(need, dismissed[status], at=at)
        if status == NeedStatus.MERGED:
            return self.triage(need, Verdict.MERGED, into=self.collect(at=at), at=at)
        if status == NeedStatus.REPORTED:
            return Need.objects.get(pk=need.pk)
        need = self.triage(need, at=at)
        by, firm = {"by": self.handler, "at": at}, {"by": self.member, "at": at}
        if status == NeedStatus.UNSOLVED:
            return give_up_need(need.pk, grounds="上级政策未出台。", **by)
        steps = (
            (NeedStatus.IN_PROGRESS, lambda: report_progress(need.pk, progress="已对接。", **by)),
            (NeedStatus.SOLVED, lambda: solve_need(
                need.pk, solution="已兑现。", evidence="拨付单", **by)),
            (NeedStatus.CONFIRMED, lambda: confirm_need(need.pk, note="", **firm)),
            (NeedStatus.CLAIMED, lambda: claim_need(need.pk, note="", **firm)),
            (NeedStatus.PAID, lambda: pay_need(need.pk, note="", **by)),
        )  # fmt: skip
        for reached, step in steps:
            if need.status == status:
                break
            need = step()
            assert need.status == reached
        return need


def make_scene() -> Scene:
    """The programme began two days before AT; the guarding unit owes its first report."""
    load_official_days(at=AT)
    load_need_clocks(at=AT)
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    zone = make_unit("高新区管委会", kind=UnitKind.ZONE)
    guard, desk, lead = (make_unit(name, zone) for name in ("人社局", "发改委", "财政局"))
    grid = Grid.objects.create(code="G1", name="第一网格", unit=guard)
    firm = make_enterprise(grid=grid)
    programme = create_programme(
        name="惠企政策落实",
        triage_unit=desk,
        starts_on=dt.date(2020, 2, 19),
        target_on=dt.date(2020, 3, 31),
        by=admin,
        at=days_later(-3),
    )
    scene = Scene(
        admin=admin,
        leader=grant(make_user(), Role.LEADER),
        guard=guard,
        collector=make_handler(guard),
        guard_head=make_head(guard),
        desk=desk,
        sorter=make_handler(desk),
        lead=lead,
        handler=make_handler(lead),
        grid=grid,
        firm=firm,
        member=make_member(firm),
        programme=programme,
    )
    open_missing_batches(at=days_later(-2))
    return scene
