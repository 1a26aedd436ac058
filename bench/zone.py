"""An invented zone to load demands into: units, people, categories, clocks, official days."""

import datetime as dt
from dataclasses import dataclass

from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import RoleAssignment, Unit, User
from lianqi.demands.models import DemandCategory, DutyRule
from lianqi.register.enums import SizeClass
from lianqi.work.actions import load_official_days
from lianqi.work.models import ClockRule, EscalationRule

DEPARTMENTS = (
    "经济发展局", "科技创新局", "投资促进局", "企业服务局", "财政局", "人力资源局", "自然资源局", "住房建设局",
    "生态环境局", "应急管理局", "市场监督管理局", "行政审批局", "城市管理局", "交通运输局", "社会事业局",
    "金融服务局", "商务局", "税务局", "公安分局", "消防救援大队",
)  # fmt: skip
STREETS = tuple(f"{name}街道" for name in (
    "云溪", "岭南", "青石", "望江", "东湖", "西塘", "南浦", "北岸", "桃园", "柳林", "金沙", "银杏", "星火", "朝阳",
    "长乐", "永安", "福田", "龙泉", "凤栖", "麒麟",
))  # fmt: skip
CATEGORIES = (
    ("utilities", "水电气保障", "Utilities", 7), ("land", "用地用房", "Land and premises", 6),
    ("labour", "用工招聘", "Staff", 5), ("finance", "融资服务", "Finance", 15),
    ("policy", "政策兑现", "Policy benefits", 0), ("permits", "审批办证", "Permits", 11),
    ("tax", "税费事项", "Taxes and fees", 17), ("traffic", "交通物流", "Traffic", 13),
    ("environment", "环保事项", "Environment", 8), ("safety", "安全生产", "Work safety", 9),
    ("market", "市场开拓", "Markets", 16), ("talent", "人才服务", "Talent", 14),
)  # fmt: skip
HANDLERS_PER_UNIT = 3
FILERS = 200


@dataclass(frozen=True, slots=True)
class Zone:
    """What the generator refers to. `handlers` by the unit's id, `filers` for the portal."""

    units: list[Unit]
    handlers: dict[int, list[User]]
    heads: list[User]
    categories: list[DemandCategory]
    dispatcher: User
    leader: User
    administrator: User
    filers: list[User]


def make_zone(at: dt.datetime) -> Zone:
    """Fill an empty database with units, people, categories and clocks. Not the register."""
    root = Unit.objects.create(name="云岭高新区管委会", kind=UnitKind.ZONE, path="new")
    _settle(root, "/")
    units = [
        *(_unit(name, UnitKind.DEPARTMENT, root) for name in DEPARTMENTS),
        *(_unit(name, UnitKind.STREET, root) for name in STREETS),
    ]
    handlers = {
        unit.pk: [
            _person(f"handler-{unit.pk}-{n}", f"经办{n}", Role.HANDLER, unit)
            for n in range(HANDLERS_PER_UNIT)
        ]
        for unit in units
    }
    administrator = _person("administrator", "管理员", Role.PLATFORM_ADMIN)
    _clocks(administrator, at)
    categories = [
        DemandCategory.objects.create(
            code=code, name_zh=chinese, name_en=english, lead_unit=units[unit], position=n
        )
        for n, (code, chinese, english, unit) in enumerate(CATEGORIES)
    ]
    _duties(categories, units, administrator, at)
    return Zone(
        units=units,
        handlers=handlers,
        heads=[_person(f"head-{unit.pk}", "局长", Role.DEPARTMENT_HEAD, unit) for unit in units],
        categories=categories,
        dispatcher=_person("dispatcher", "派单员", Role.DISPATCHER),
        leader=_person("leader", "分管领导", Role.LEADER),
        administrator=administrator,
        filers=[_user(f"filer-{n}", f"联系人{n}") for n in range(FILERS)],
    )


def _unit(name: str, kind: UnitKind, root: Unit) -> Unit:
    unit = Unit.objects.create(name=name, kind=kind, parent=root, path=f"new-{name}")
    return _settle(unit, root.path)


def _settle(unit: Unit, above: str) -> Unit:
    unit.path = f"{above}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def _user(username: str, name: str, unit: Unit | None = None) -> User:
    return User.objects.create(username=username, name=name, unit=unit, password="!")  # noqa: S106  # no password


def _person(username: str, name: str, role: Role, unit: Unit | None = None) -> User:
    user = _user(username, name, unit)
    scope = {"scope": Scope.UNIT, "scope_id": unit.pk} if unit else {"scope": Scope.ZONE}
    RoleAssignment.objects.create(user=user, role=role, **scope)
    return user


def _duties(categories: list[DemandCategory], units: list[Unit], by: User, at: dt.datetime) -> None:
    """For every category another lead in each street, and for each size another one."""
    rules = [
        DutyRule(
            category=category,
            unit=units[(n + number) % len(units)],
            valid_from=at.date() - dt.timedelta(days=730),
            created_at=at,
            created_by=by,
            **{field: value},
        )
        for n, category in enumerate(categories)
        for number, (field, value) in enumerate(
            [*(("district", street) for street in STREETS), *(("size_class", s) for s in SizeClass)]
        )
    ]
    DutyRule.objects.bulk_create(rules)


def _clocks(by: User, at: dt.datetime) -> None:
    load_official_days(by=by, at=at)
    for step, amount in (("dispatch", 1), ("accept", 1), ("answer", 5)):
        ClockRule.objects.create(
            subject_kind="demands.demand",
            step=step,
            kind="working_days",
            amount=amount,
            outside_hours="next_working_time",
        )
    for share, level in (("0.80", 0), ("1.00", 1), ("1.50", 2)):
        EscalationRule.objects.create(subject_kind="demands.demand", share=share, level=level)
