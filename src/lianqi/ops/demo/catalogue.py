"""What the demo zone made of the first catalogue: other terms in the course of the year, duties."""

import datetime as dt
from dataclasses import dataclass, replace

from lianqi.demands.actions import (
    DutyConditions,
    VersionTerms,
    add_duty,
    add_version,
    end_duty,
    terms_of,
)
from lianqi.demands.enums import Step
from lianqi.demands.models import DemandCategory, DutyRule
from lianqi.demands.queries import rules_for, version_in_force
from lianqi.engines.calendar import ClockKind
from lianqi.ops.demo.people import HANDLING, People
from lianqi.register.models import Chain, Enterprise, Grid, KeyList, Park
from lianqi.work.enums import Urgency
from lianqi.work.queries import local_date

DAY = dt.timedelta(days=1)
NOTICE = 10
"""So many days before its first one a version is entered."""


@dataclass(frozen=True, slots=True)
class Change:
    """A version that begins so many days before today (after, where negative)."""

    code: str
    days_ago: int
    reason: str
    evidence: tuple[tuple[str, bool], ...] = ()
    clocks: tuple[tuple[Step, Urgency, ClockKind, int], ...] = ()
    source: str = ""


CHANGES = (
    Change(
        "policy", 160, "兑现类诉求实行清单化办理，增加所需材料。",
        (("项目名称和申报年度", False),),
        ((Step.ANSWER, Urgency.NORMAL, ClockKind.WORKING_DAYS, 4),),
        "云高管办〔2026〕9号，第六条",
    ),
    Change(
        "logistics", 6, "货运通行类诉求先行联系，两个工作小时内与企业取得联系。",
        (("车辆行驶证", False), ("运输线路说明", False)),
        ((Step.CONTACT, Urgency.NORMAL, ClockKind.WORKING_HOURS, 2),),
        "云高管办〔2026〕31号，第三条",
    ),
    Change(
        "finance", -20, "与合作银行约定授信反馈时限，自下月起执行。",
        (("近两年财务报表", False), ("征信授权书", False)),
        ((Step.INTERIM, Urgency.NORMAL, ClockKind.WORKING_DAYS, 2),),
        "云高管办〔2026〕33号，第二条",
    ),
)  # fmt: skip


def write_catalogue(people: People, *, began: dt.datetime, now: dt.datetime) -> None:
    """Lines of the duty catalogue, and versions that began or will begin."""
    _duties(people, began=began, now=now)
    for change in CHANGES:
        category = DemandCategory.objects.get(code=change.code)
        day = local_date(now) - change.days_ago * DAY
        before = terms_of(version_in_force(category, on=day))
        add_version(
            category.pk,
            valid_from=day,
            terms=_changed(before, change),
            reason=change.reason,
            by=people.admin,
            at=min(now, now - (change.days_ago + NOTICE) * DAY),
        )


def unit_by_rule(
    people: People, category: DemandCategory, firm: Enterprise, usual: str, *, on: dt.date
) -> str:
    """The key of the unit that the duty catalogue names for this firm; `usual` where it does not."""
    rules = rules_for(category, firm, on=on)
    by_unit = {people.units[key].pk: key for key in HANDLING}
    return by_unit.get(rules[0].unit_id, usual) if rules else usual


def _changed(before: VersionTerms, change: Change) -> VersionTerms:
    clocks = {(step, urgency): (kind, amount) for step, urgency, kind, amount in change.clocks}
    return replace(
        before,
        evidence=change.evidence,
        clocks={**before.clocks, **clocks},
        source=change.source,
    )


def _duties(people: People, *, began: dt.datetime, now: dt.datetime) -> None:
    """By industry, chain, list, park, grid and street; one that ended, followed by another."""
    medicine = Chain.objects.get(name="生物医药")
    lines = (
        ("approval", "build", DutyConditions(industry="E"), "建筑业企业资质事项由规划建设局办理。"),
        ("testing", "science", DutyConditions(chain=medicine), "药械检测由科技创新局统筹。"),
        (
            "finance", "economy",
            DutyConditions(key_list=KeyList.objects.earliest("pk")),
            "重点企业融资由经济发展局牵头协调。",
        ),
        (
            "land", "invest",
            DutyConditions(park=Park.objects.get(name="云岭科技园")),
            "云岭科技园的厂房由投资促进局统一调配。",
        ),
        (
            "environment", "build",
            DutyConditions(grid=Grid.objects.get(code="YL05")),
            "该网格正在集中改造，扬尘和噪声由规划建设局一并处理。",
        ),
    )  # fmt: skip
    for code, key, conditions, reason in lines:
        _add(people, code, key, conditions, reason, at=began)
    west = DutyConditions(district="云西街道")
    early = _add(people, "transport", "economy", west, "道路管理移交前由经济发展局代管。", at=began)
    turn = now - 120 * DAY
    end_duty(early.pk, last_day=local_date(turn), by=people.admin, at=turn)
    _add(
        people, "transport", "safety", west, "道路管理移交后由应急和生态环境局值守。",
        at=turn + DAY,
    )  # fmt: skip


def _add(
    people: People,
    code: str,
    key: str,
    conditions: DutyConditions,
    reason: str,
    *,
    at: dt.datetime,
) -> DutyRule:
    return add_duty(
        DemandCategory.objects.get(code=code).pk,
        unit=people.units[key],
        conditions=conditions,
        valid_from=local_date(at),
        valid_to=None,
        reason=reason,
        by=people.admin,
        at=at,
    )
