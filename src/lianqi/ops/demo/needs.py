"""A programme of policy needs in the demo zone: twelve days of collecting, sorting and solving.

One street reports in time, the other one misses its last report; some needs wait for triage, some
reports of progress are late, so that every page of policy needs has something to show.
"""

import datetime as dt
from decimal import Decimal
from random import Random

from lianqi.accounts.models import User
from lianqi.engines.calendar import ZONE
from lianqi.needs import actions
from lianqi.needs.enums import MoneyStage, TriageReason, Verdict
from lianqi.needs.models import Need, NeedBatch
from lianqi.ops.demo.people import People
from lianqi.register.models import Enterprise, Membership
from lianqi.work.actions import escalate_due

SEED = 20260226
DAYS = 12
FIRMS = 7  # of each street, beside those with users
A_BATCH = 4  # needs that a street collects in its two days
TRIAGE = "economy"
# What is needed, by which policy, who solves it, how.
MATTERS = (
    ("希望减免标准厂房三个月房租", "惠企十八条第三条", "finance", "已签订减免协议，减免三个月房租。"),
    ("申请缓缴一季度社会保险费", "稳岗返还办法第二条", "people", "已办理缓缴，期限三个月。"),
    ("想了解稳岗返还的申报条件和时间", "稳岗返还办法第五条", "people", "已上门讲解，企业当日完成申报。"),
    ("技改项目补助资金何时拨付", "惠企十八条第七条", "economy", "补助资金已拨付到账。"),
    ("新购生产设备能否享受设备购置补贴", "技术改造办法第四条", "economy", "已纳入本年度补贴计划。"),
    ("贷款贴息材料多次补正，希望一次告知", "金融支持意见第九条", "finance", "已一次性告知并协助补齐。"),
    ("希望享受研发费用奖补，不清楚归集口径", "科技创新办法第六条", "science", "已发送归集指引并安排辅导。"),
    ("高新技术企业首次认定奖励未收到", "科技创新办法第二条", "science", "奖励名单已公示，资金已拨付。"),
    ("扩产急需新增用地指标", "", "build", "已列入下一批供地计划。"),
    ("希望参加境外展会并享受展位补贴", "外贸支持措施第三条", "invest", "已纳入组团名单并落实补贴。"),
    ("员工公寓租金补贴如何申请", "人才安居办法第八条", "people", "已通过申请，下月起发放。"),
    ("希望减免一次性检测费用", "质量提升措施第五条", "market", "已按政策减免检测费用。"),
    ("环保设施改造能否申请专项资金", "绿色发展措施第四条", "safety", "已列入专项资金支持项目。"),
    ("想对接低息信用贷款产品", "金融支持意见第四条", "finance", "两家银行已授信，额度获批。"),
)  # fmt: skip
PROGRESS = (
    "已电话联系企业，约定上门时间。",
    "已上门核实情况，正在办理审核。",
    "材料已齐，提交审批。",
)


def play_needs(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Play the programme up to now, through the real actions.

    Args:
        people: Who acts.
        firms: Those with users; the first of them, whose account the demo names, has needs too.
        now: When the zone is filled.
    """
    _Campaign(people, firms, now=now).play()


class _Campaign:
    def __init__(self, people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
        self._people, self._now, self._random = people, now, Random(SEED)
        memberships = Membership.objects.filter(enterprise__in=firms).select_related("user")
        self._members = {each.enterprise_id: each.user for each in memberships if each.user}
        self._officers = {each.unit_id: each for each in people.officers if each.unit_id}
        self._firms = {unit: self._guarded(unit, firms) for unit in self._officers}
        self._number = 0

    def _guarded(self, unit: int, firms: list[Enterprise]) -> list[Enterprise]:
        """Some enterprises in the grids of a unit, those with users first."""
        own = [firm for firm in firms if firm.grid and firm.grid.unit_id == unit]
        others = Enterprise.objects.living().filter(grid__unit_id=unit).order_by("pk")
        return [*own[:6], *others.exclude(pk__in=[firm.pk for firm in own])[:FIRMS]]

    def play(self) -> None:
        actions.create_programme(
            name="惠企政策落实专项工作",
            triage_unit=self._people.units[TRIAGE],
            starts_on=self._at(DAYS).date(),
            target_on=(self._now + dt.timedelta(days=25)).date(),
            by=self._people.admin,
            at=self._at(DAYS + 3),
        )
        actions.open_missing_batches(at=self._at(DAYS))
        for days in range(DAYS, 0, -2):
            self._two_days(days)
        for unit in self._officers:
            self._collect(unit, self._now - dt.timedelta(minutes=40), most=2)
        for days in (1, 0):
            actions.push_daily_counts(at=self._at(days, hour=8))
        escalate_due(at=self._now)

    def _two_days(self, days: int) -> None:
        """Collect, report, sort and solve; the second street forgets its last report."""
        for position, unit in enumerate(self._officers):
            self._collect(unit, self._at(days, hour=15), most=A_BATCH)
            is_last = days <= 4
            if position and is_last:
                continue
            self._report(unit, self._at(days - 1, hour=10))
        self._work(self._at(days - 1, hour=11), days)

    def _collect(self, unit: int, at: dt.datetime, *, most: int) -> None:
        for _ in range(most if at < self._now else 0):
            firms = self._firms[unit]
            text, policy, _lead, _result = MATTERS[self._number % len(MATTERS)]
            firm = firms[self._number * 5 % len(firms)]
            actions.collect_need(
                enterprise=firm,
                text=text,
                policy=policy,
                is_other_matter=True,
                idempotency_key=f"demo-need-{self._number}",
                by=self._officers[unit],
                at=at + dt.timedelta(minutes=self._number % 30),
            )
            self._number += 1

    def _report(self, unit: int, at: dt.datetime) -> None:
        batch = NeedBatch.objects.open().get(unit=unit)
        if at < self._now:
            actions.report_batch(
                batch.pk,
                nothing_collected=batch.need_count == 0,
                by=self._officers[unit],
                at=at,
            )

    def _work(self, at: dt.datetime, days: int) -> None:
        """Sort what was reported, but not of the last days; report on and solve what was sorted."""
        if at >= self._now:
            return
        if days > 4:  # what came later waits for whoever tries the triage desk
            for number, need in enumerate(Need.objects.waiting_for_triage().order_by("pk")):
                self._sort(need, at + dt.timedelta(minutes=number))
        for number, need in enumerate(Need.objects.remaining().order_by("pk")):
            self._follow(need, number, at + dt.timedelta(hours=3, minutes=number), days)

    def _sort(self, need: Need, at: dt.datetime) -> None:
        sorter = self._people.handlers[TRIAGE][0]
        lead = next(lead for text, _policy, lead, _result in MATTERS if text == need.text)
        chance = self._random.random()
        if chance < 0.08:
            actions.triage_need(
                need.pk, verdict=Verdict.INVALID, reason=TriageReason.ALREADY_MET,
                note="经核实，企业已享受该项政策。", by=sorter, at=at,
            )  # fmt: skip
        elif chance < 0.14:
            actions.triage_need(
                need.pk, verdict=Verdict.REFERRED, reason=TriageReason.HIGHER_LEVEL,
                note="属市级审批事项，请引导企业向市政务服务中心申请。", by=sorter, at=at,
            )  # fmt: skip
        elif chance < 0.2 and lead != "finance":
            actions.triage_need(
                need.pk, verdict=Verdict.COORDINATED, reason=TriageReason.SEVERAL_UNITS,
                lead=self._people.units[lead], others=[self._people.units["finance"]],
                note="请财政金融局配合资金安排。", by=sorter, at=at,
            )  # fmt: skip
        else:
            reason = TriageReason.POLICY_IN_FORCE if need.policy else TriageReason.POLICY_MISSING
            actions.triage_need(
                need.pk, verdict=Verdict.VALID, reason=reason,
                lead=self._people.units[lead], by=sorter, at=at,
            )  # fmt: skip

    def _follow(self, need: Need, number: int, at: dt.datetime, days: int) -> None:
        if at >= self._now or self._random.random() < 0.15:
            return  # nobody reports: overdue soon
        _text, _policy, lead, result = next(each for each in MATTERS if each[0] == need.text)
        handler = self._people.handlers[lead][number % 2]
        if need.contacted_on is not None and self._random.random() < 0.4:
            self._solve(need, handler, result, at)
            return
        actions.report_progress(
            need.pk, progress=PROGRESS[min((DAYS - days) // 4, 2)], by=handler, at=at
        )

    def _solve(self, need: Need, handler: User, result: str, at: dt.datetime) -> None:
        evidence = f"办理记录 {need.number}"
        actions.solve_need(need.pk, solution=result, evidence=evidence, by=handler, at=at)
        if "授信" in result:
            for stage, amount in ((MoneyStage.ASKED, 500), (MoneyStage.GRANTED, 300)):
                actions.record_money(
                    need.pk, stage=stage, amount_yuan=Decimal(amount * 10_000), on=at.date(),
                    by=handler, at=at,
                )  # fmt: skip
        member, later = self._members.get(need.enterprise_id), at + dt.timedelta(hours=2)
        if member and later < self._now and self._random.random() < 0.6:
            actions.confirm_need(need.pk, note="问题已解决，谢谢。", by=member, at=later)

    def _at(self, days: int, *, hour: int = 9) -> dt.datetime:
        """An hour of the day so many days ago; today, not later than now."""
        day = (self._now - dt.timedelta(days=days)).astimezone(ZONE).date()
        moment = dt.datetime.combine(day, dt.time(hour), tzinfo=ZONE)
        return min(moment, self._now - dt.timedelta(minutes=1)) if days <= 0 else moment
