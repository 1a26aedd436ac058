"""Service plans of some enterprises: one in every state, a measure overdue, a result doubted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lianqi.accounts.models import User
from lianqi.demands.models import Demand
from lianqi.ops.demo.people import People
from lianqi.plans.actions import (
    add_measure,
    agree_to_plan,
    begin_plan,
    complete_plan,
    end_plan,
    judge_measure,
    link_demand,
    note_plan,
    postpone_measure,
    propose_plan,
    record_agreement,
    report_progress,
    restate_measure,
    send_back_plan,
    settle_measure,
    start_plan,
)
from lianqi.plans.enums import AgreedBy, MeasureKind, MeasureStatus, Verdict
from lianqi.plans.models import Measure, ServicePlan
from lianqi.register.models import Enterprise, Membership
from lianqi.work.queries import current_calendar, local_date

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A measure of a story: what, of which kind, whose, due so many days after today."""

    what: str
    kind: MeasureKind
    unit: str
    due: int


@dataclass(frozen=True, slots=True)
class Story:
    """A plan: begun so many days ago, kept by a unit."""

    title: str
    aim: str
    diagnosis: str
    unit: str
    begun: int
    steps: tuple[Step, ...]


GROWTH = Story(
    "二期智能产线扩产一企一策服务方案",
    "年底前二期智能产线达产，新增年产值不低于三亿元，新增就业不少于一百二十人。",
    "企业订单饱满，二期产线设备已到厂。主要困难：一是厂区变压器容量不足，夜间限产；二是熟练数控技工缺口四十人；"
    "三是设备贷款到期集中，流动资金偏紧。",
    "economy",
    64,
    (
        Step(
            "协调供电公司为二期厂房增容八百千伏安，并完成验收送电", MeasureKind.SPACE, "build", -12
        ),
        Step(
            "组织两场数控技工专场招聘会，并与职业学院签订定向培养协议",
            MeasureKind.TALENT,
            "people",
            -6,
        ),
        Step("对接三家银行，落实设备更新贷款贴息和续贷安排", MeasureKind.FUNDING, "finance", 24),
        Step("指导申报省级智能制造示范工厂，逐项核对申报条件", MeasureKind.POLICY, "science", 45),
    ),
)
MOVE = Story(
    "新厂区搬迁与资质延续一企一策服务方案",
    "三季度完成搬迁并恢复生产，各项许可不断档。",
    "企业由老城区搬入园区，洁净车间需重新验收，医疗器械生产许可证将于年内到期。",
    "market",
    210,
    (
        Step("提前介入洁净车间改造，组织预验收一次", MeasureKind.APPROVAL, "market", -150),
        Step("办理生产地址变更和许可证延续", MeasureKind.APPROVAL, "market", -120),
        Step("协调搬迁期间临时仓储一千平方米", MeasureKind.SPACE, "invest", -140),
    ),
)
MARKET = Story(
    "海外市场开拓与知识产权一企一策服务方案",
    "一年内取得两项海外认证，出口额翻一番。",
    "产品已通过国内检测，缺少海外认证经验；核心部件尚未布局国际专利。",
    "invest",
    26,
    (
        Step("组织海外认证辅导，并分担首次认证费用", MeasureKind.MARKET, "invest", 60),
        Step("提供专利导航分析，协助提交两件国际申请", MeasureKind.TECHNOLOGY, "science", 90),
    ),
)
DRAFT = Story(
    "研发中心建设一企一策服务方案",
    "建成市级工程研究中心。",
    "研发投入强度高，缺少中试场地。",
    "science",
    4,
    (Step("在科技园协调中试场地六百平方米", MeasureKind.SPACE, "science", 40),),
)
READY = Story(
    "上市培育一企一策服务方案",
    "两年内完成上市辅导备案。",
    "历史沿革文件不全，用地手续待补。",
    "finance",
    18,
    (
        Step("牵头召开历史问题协调会，出具合规证明清单", MeasureKind.APPROVAL, "finance", 30),
        Step("落实上市培育奖补政策", MeasureKind.POLICY, "finance", 75),
    ),
)
STOPPED = Story(
    "纾困帮扶一企一策服务方案",
    "稳住现有岗位，盘活闲置厂房。",
    "主要客户流失，开工率不足四成。",
    "economy",
    120,
    (Step("对接两家整机企业，组织产销见面会", MeasureKind.MARKET, "economy", -60),),
)


def play_plans(people: People, firms: Sequence[Enterprise], *, now: dt.datetime) -> None:
    """Give six enterprises a plan and leave each where its story ends."""
    memberships = Membership.objects.filter(enterprise__in=firms).select_related(
        "user", "enterprise"
    )
    found = [(each.enterprise, each.user) for each in memberships.order_by("pk") if each.user]
    players = [_Player(people, *pair, now=now) for pair in found[:6]]
    for player, play in zip(players, (_grow, _propose, _move, _stop, _ready, _draft), strict=False):
        play(player)


class _Player:
    """One enterprise with its user, and the people who keep its plan."""

    def __init__(self, people: People, firm: Enterprise, boss: User, *, now: dt.datetime) -> None:
        self.people, self.firm, self.boss, self.now = people, firm, boss, now
        self.handlers = {
            key: User.objects.get(pk=handlers[0].pk) for key, handlers in people.handlers.items()
        }

    def ago(self, days: int) -> dt.datetime:
        """A morning at work so many days ago, or the working day before."""
        calendar = current_calendar()
        next_day = local_date(self.now) - (days - 1) * DAY
        return calendar.at(calendar.subtract_working_days(next_day, 1), dt.time(9, 40))

    def working_day(self, days: int) -> dt.date:
        """The working day so many days after today, or the next one."""
        day = local_date(self.now) + days * DAY
        return current_calendar().working_day_on_or_after(day)

    def draw_up(self, story: Story) -> ServicePlan:
        by, at = self.handlers[story.unit], self.ago(story.begun)
        plan = begin_plan(
            enterprise=self.firm,
            title=story.title,
            aim=story.aim,
            diagnosis=story.diagnosis,
            unit=self.people.units[story.unit],
            officer=by,
            review_on=self.working_day(20) if story.begun < 100 else None,
            by=by,
            at=at,
        )
        for step in story.steps:
            add_measure(
                plan.pk,
                what=step.what,
                kind=step.kind,
                unit=self.people.units[step.unit],
                due_on=self.working_day(step.due),
                by=by,
                at=at + DAY / 24,
            )
        return plan

    def start(self, story: Story, *, after: int) -> tuple[ServicePlan, list[Measure], User]:
        """Proposed, agreed on the platform and started within so many days."""
        plan, by = self.draw_up(story), self.handlers[story.unit]
        propose_plan(plan.pk, by=by, at=self.ago(story.begun - 2))
        agreed_at = self.ago(story.begun - after)
        agree_to_plan(plan.pk, round_number=1, by=self.boss, at=agreed_at)
        start_plan(plan.pk, by=by, at=agreed_at + DAY / 12)
        return plan, list(plan.measures.order_by("position")), by


def _grow(player: _Player) -> None:
    """Under way: one measure done and confirmed, one overdue, one moved to a later day."""
    plan, (power, skills, loan, factory), by = player.start(GROWTH, after=6)
    linked_at = player.ago(50)
    filed = Demand.objects.filter(enterprise=player.firm, filed_at__lt=linked_at)
    for demand in filed.order_by("-pk")[:2]:
        link_demand(plan.pk, demand=demand, by=player.people.dispatcher, at=linked_at)
    owner = player.handlers["build"]
    report_progress(power.pk, text="供电方案已批复，设备进场。", by=owner, at=player.ago(30))
    note_plan(plan.pk, text="企业二期用地抵押情况请财政金融局一并关注。", by=by, at=player.ago(20))
    settle_measure(
        power.pk, result=MeasureStatus.DONE, text="增容工程已验收送电，夜间限产解除。", by=owner,
        at=player.ago(15),
    )  # fmt: skip
    judge_measure(power.pk, verdict=Verdict.CONFIRMED, text="", by=player.boss, at=player.ago(14))
    report_progress(
        skills.pk, text="第一场招聘会已举办，达成意向二十三人；第二场场地待定。",
        by=player.handlers["people"], at=player.ago(10),
    )  # fmt: skip
    postpone_measure(
        loan.pk, due_on=player.working_day(38), reason="一家银行的授信审批尚需总行批复。", by=by,
        at=player.ago(5),
    )  # fmt: skip
    report_progress(
        factory.pk, text="已完成自评，差距项三项。", by=player.handlers["science"], at=player.ago(3)
    )


def _propose(player: _Player) -> None:
    """Sent back once with wishes, proposed again, and waiting for the enterprise."""
    plan, by = player.draw_up(MARKET), player.handlers[MARKET.unit]
    propose_plan(plan.pk, by=by, at=player.ago(20))
    send_back_plan(
        plan.pk, round_number=1, wishes="海外认证请覆盖东南亚，参展补贴能否一并列入？",
        by=player.boss, at=player.ago(15),
    )  # fmt: skip
    add_measure(
        plan.pk, what="对参加东南亚专业展会给予展位费补贴", kind=MeasureKind.MARKET,
        unit=player.people.units["invest"], due_on=player.working_day(80), by=by,
        at=player.ago(4),
    )  # fmt: skip
    propose_plan(plan.pk, by=by, at=player.ago(3))


def _move(player: _Player) -> None:
    """Completed; one result was doubted and answered."""
    plan, (check, licence, store), by = player.start(MOVE, after=5)
    settle_measure(
        check.pk, result=MeasureStatus.DONE, text="预验收已完成，整改意见五条。", by=by,
        at=player.ago(160),
    )  # fmt: skip
    settle_measure(
        store.pk, result=MeasureStatus.PARTLY, text="协调到临时仓储六百平方米。",
        by=player.handlers["invest"], at=player.ago(138),
    )  # fmt: skip
    judge_measure(
        store.pk, verdict=Verdict.DOUBTED, text="面积不足，部分物料露天存放。", by=player.boss,
        at=player.ago(137),
    )  # fmt: skip
    restate_measure(
        store.pk, result=MeasureStatus.PARTLY, text="另协调相邻企业雨棚四百平方米，使用至搬迁结束。",
        by=player.handlers["invest"], at=player.ago(130),
    )  # fmt: skip
    settle_measure(
        licence.pk, result=MeasureStatus.DONE, text="地址变更和许可证延续均已办结。", by=by,
        at=player.ago(118),
    )  # fmt: skip
    for measure in (check, store, licence):
        judge_measure(
            measure.pk, verdict=Verdict.CONFIRMED, text="", by=player.boss, at=player.ago(110)
        )
    complete_plan(plan.pk, outcome="企业按期搬迁复产，许可未断档。", by=by, at=player.ago(100))


def _stop(player: _Player) -> None:
    plan, _measures, by = player.start(STOPPED, after=8)
    end_plan(plan.pk, reason="企业被并购重组，迁出本区。", by=by, at=player.ago(70))


def _ready(player: _Player) -> None:
    """Agreed by telephone and about to start."""
    plan, by = player.draw_up(READY), player.handlers[READY.unit]
    propose_plan(plan.pk, by=by, at=player.ago(9))
    record_agreement(
        plan.pk, person=str(player.boss), way=AgreedBy.TELEPHONE,
        agreed_on=local_date(player.ago(1)), by=by, at=player.ago(1),
    )  # fmt: skip


def _draft(player: _Player) -> None:
    player.draw_up(DRAFT)
