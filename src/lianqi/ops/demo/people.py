"""Units and people of the demo zone. All names are invented."""

import datetime as dt
from dataclasses import dataclass, field

from lianqi.accounts.actions import (
    create_first_administrator,
    create_person,
    create_unit,
    grant_role,
)
from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import Unit, User

PASSWORD = "Lianqi-2026"  # noqa: S105  # printed by `make run`; the demo zone holds nothing real

# key, name, kind, parent, industries supervised, telephone
UNITS: tuple[tuple[str, str, UnitKind, str, tuple[str, ...], str], ...] = (
    ("zone", "云岭高新区管委会", UnitKind.ZONE, "", (), "010-0000 8000"),
    ("service", "企业服务中心", UnitKind.DEPARTMENT, "zone", (), "010-0000 8100"),
    ("economy", "经济发展局", UnitKind.DEPARTMENT, "zone", ("B", "C", "D"), "010-0000 8110"),
    ("science", "科技创新局", UnitKind.DEPARTMENT, "zone", ("M", "65"), "010-0000 8120"),
    ("finance", "财政金融局", UnitKind.DEPARTMENT, "zone", ("J",), "010-0000 8130"),
    ("people", "人力资源和社会保障局", UnitKind.DEPARTMENT, "zone", ("O",), "010-0000 8140"),
    ("build", "规划建设局", UnitKind.DEPARTMENT, "zone", ("E", "K"), "010-0000 8150"),
    ("market", "市场监督管理局", UnitKind.DEPARTMENT, "zone", ("F", "H"), "010-0000 8160"),
    ("invest", "投资促进局", UnitKind.DEPARTMENT, "zone", ("L",), "010-0000 8170"),
    ("safety", "应急和生态环境局", UnitKind.DEPARTMENT, "zone", ("N",), "010-0000 8180"),
    ("optics", "光电产业链办公室", UnitKind.CHAIN_OFFICE, "economy", ("39",), "010-0000 8111"),
    ("medical", "生物医药产业链办公室", UnitKind.CHAIN_OFFICE, "science", ("27",), "010-0000 8121"),
    ("east", "云东街道办事处", UnitKind.STREET, "zone", (), "010-0000 8200"),
    ("west", "云西街道办事处", UnitKind.STREET, "zone", (), "010-0000 8210"),
    ("park", "云岭科技园", UnitKind.PARK, "zone", (), "010-0000 8300"),
    ("point", "科技园企业服务工作站", UnitKind.SERVICE_POINT, "park", (), "010-0000 8310"),
)

SIGN_IN = frozenset(
    {
        "operator",
        "dispatcher",
        "leader",
        "auditor",
        "admin",
        "officer",
        "editor",
        "firm1",
        "firm2",
        "firm8",
        "economy_head",
    }
    | {"economy", "science", "finance", "people", "build", "market", "invest", "safety"}
)
# Departments that answer demands; each gets a head and two handlers.
HANDLING = ("economy", "science", "finance", "people", "build", "market", "invest", "safety")
SURNAMES = "林陈黄郑谢许何吕施蔡郭宋唐韩冯于董萧程曹袁邓"
GIVEN = (
    "晓燕",
    "建国",
    "文静",
    "志强",
    "雨桐",
    "海涛",
    "佳宁",
    "思远",
    "明轩",
    "若曦",
    "子墨",
    "一鸣",
)


@dataclass
class People:
    """Who acts in the story of the demo zone."""

    admin: User
    dispatcher: User
    leader: User
    operator: User
    auditor: User
    editor: User
    units: dict[str, Unit]
    officers: list[User] = field(default_factory=list)
    handlers: dict[str, list[User]] = field(default_factory=dict)
    heads: dict[str, User] = field(default_factory=dict)


def create_people(*, at: dt.datetime) -> People:
    """Create units, people and roles through the real actions.

    The first administrator is made by the platform itself, as on a new installation.
    """
    admin = create_first_administrator("admin", name="平台管理员", password=PASSWORD, at=at)
    leader = create_person(
        username="leader",
        name="赵启明",
        email="leader@example.org",
        by=admin,
        at=at,
    )
    grant_role(leader, Role.LEADER, by=admin, at=at)
    units: dict[str, Unit] = {}
    for key, name, kind, parent, industries, phone in UNITS:
        units[key] = create_unit(
            name=name,
            kind=kind,
            parent=units.get(parent),
            industries=list(industries),
            phone=phone,
            leader=leader,
            by=admin,
            at=at,
        )
    made = _Maker(admin, units, at)
    people = People(
        admin=admin,
        dispatcher=made.person("dispatcher", "沈若兰", "service", Role.DISPATCHER),
        leader=leader,
        operator=made.person("operator", "苏晴", "service", Role.OPERATOR),
        auditor=made.person("auditor", "傅正平", "zone", Role.AUDITOR),
        editor=made.person("editor", "江书云", "service", Role.RULE_EDITOR),
        units=units,
    )
    for number, key in enumerate(HANDLING):
        head = made.scoped(f"{key}_head", number, key, Role.DEPARTMENT_HEAD)
        people.heads[key] = head
        people.handlers[key] = [
            made.scoped(f"{key}{n or ''}", number * 2 + n + 9, key, Role.HANDLER) for n in range(2)
        ]
    return people


def let_sign_in(people: People) -> None:
    """Give those of `SIGN_IN` the password of the administrator, as it is stored.

    Hashing one password takes as long as filing five demands; here it is the same for all.
    """
    stored = User.people.values_list("password", flat=True).get(pk=people.admin.pk)
    User.people.filter(username__in=SIGN_IN).update(password=stored)


class _Maker:
    def __init__(self, admin: User, units: dict[str, Unit], at: dt.datetime) -> None:
        self.admin, self.units, self.at = admin, units, at

    def person(self, username: str, name: str, unit: str, role: Role) -> User:
        user = self._create(username, name, unit)
        grant_role(user, role, by=self.admin, at=self.at)
        return User.objects.get(pk=user.pk)

    def scoped(self, username: str, number: int, unit: str, role: Role) -> User:
        user = self._create(username, invented_name(number), unit)
        grant_role(
            user, role, by=self.admin, at=self.at, scope=Scope.UNIT, scope_id=self.units[unit].pk
        )
        return User.objects.get(pk=user.pk)

    def _create(self, username: str, name: str, unit: str) -> User:
        return create_person(
            username=username,
            name=name,
            unit=self.units[unit],
            email=f"{username}@example.org",
            by=self.admin,
            at=self.at,
        )


def invented_name(number: int) -> str:
    """A person's name; the same number gives the same name."""
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number * 7 % len(GIVEN)]
