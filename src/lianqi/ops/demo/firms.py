"""Enterprises of the demo zone, written as the spreadsheet a zone would have, then imported."""

import datetime as dt
import io
from random import Random

import xlsxwriter
from django.core.files.base import ContentFile

from lianqi.accounts.actions import create_person, grant_role
from lianqi.accounts.enums import Role, Scope
from lianqi.engines.text import make_credit_code
from lianqi.ops.demo.people import People, invented_name
from lianqi.register.actions import (
    apply_import,
    confirm_membership,
    create_chain,
    create_grid,
    create_key_list,
    create_park,
    preview_import,
    request_apply,
    request_membership,
    set_mapping,
    start_import,
)
from lianqi.register.models import Enterprise, Grid, Membership

FIRMS = 400
HEADINGS = (
    "统一社会信用代码",
    "企业名称",
    "行业代码",
    "企业类型",
    "街道",
    "地址",
    "网格编号",
    "园区",
    "产业链",
    "产业链环节",
    "注册资本（万元）",
    "成立日期",
    "法定代表人",
    "联系人",
    "联系电话",
    "2025年从业人员数",
    "2025年营业收入（万元）",
    "2025年资产总额（万元）",
    "资质称号",
    "资质级别",
    "批次",
    "有效期至",
)
BRANDS = (
    "海纳",
    "远山",
    "晨曦",
    "星河",
    "汇川",
    "博远",
    "凌云",
    "天工",
    "恒信",
    "启明",
    "瑞丰",
    "华序",
    "蓝湾",
    "致远",
    "卓群",
    "安澜",
    "知行",
    "鼎新",
    "融创达",
    "锐捷通",
    "智云达",
    "微光",
    "领航者",
    "新元",
    "青禾",
    "百川",
    "鸿图",
    "同创",
)
# What they do: word in the name, GB/T 4754-2017 class, type, chain, layer, revenue per head (万元)
TRADES = (
    ("光电科技", "3976", "工业", "光电信息", "核心器件", 90),
    ("激光装备", "3569", "工业", "光电信息", "整机装备", 75),
    ("集成电路设计", "6520", "服务业", "光电信息", "设计", 110),
    ("生物医药", "2720", "工业", "生物医药", "制剂", 95),
    ("医疗器械", "3581", "工业", "生物医药", "器械", 70),
    ("精密机械", "3484", "工业", "智能机器人", "核心零部件", 60),
    ("机器人", "3491", "工业", "智能机器人", "本体", 80),
    ("软件技术", "6513", "服务业", "", "", 55),
    ("信息系统", "6531", "服务业", "智能机器人", "系统集成", 50),
    ("检验检测", "7452", "服务业", "", "", 35),
    ("供应链管理", "7224", "服务业", "", "", 120),
    ("商贸", "5179", "商贸", "", "", 200),
    ("餐饮管理", "6210", "餐饮", "", "", 18),
    ("酒店管理", "6110", "住宿", "", "", 22),
    ("建筑工程", "4790", "建筑业", "", "", 65),
)
STREETS = (("云东街道", "east"), ("云西街道", "west"))
ROADS = ("创新大道", "科苑路", "星湖街", "云岭路", "学府路")
PARKS = ("云岭科技园", "光谷孵化园", "生物医药加速器", "创新大厦", "云西标准厂房")
TITLES = (
    ("高新技术企业", "国家级", 0.28),
    ("专精特新中小企业", "省级", 0.14),
    ("科技型中小企业", "国家级", 0.2),
)


def create_firms(people: People, *, seed: int, at: dt.datetime) -> list[Enterprise]:
    """Fill the register by importing a spreadsheet, through preview and apply like anybody."""
    _create_places(people, at=at)
    upload = ContentFile(_workbook(Random(seed)), name="云岭高新区企业台账.xlsx")
    run = start_import(
        upload, name="云岭高新区企业台账.xlsx", max_bytes=50_000_000, by=people.dispatcher, at=at
    )
    set_mapping(run.pk, columns=run.mapping, by=people.dispatcher, at=at)
    preview_import(run.pk, at=at)
    request_apply(run.pk, by=people.dispatcher, at=at)
    apply_import(run.pk, at=at)
    return list(Enterprise.objects.order_by("pk"))


def create_members(people: People, firms: list[Enterprise], *, at: dt.datetime) -> None:
    """Enterprise users who registered and were confirmed; the first belongs to the first firm."""
    for number, firm in enumerate(firms):
        name = invented_name(number + 31)
        user = create_person(
            username=f"firm{number + 1}",
            name=name,
            email=f"firm{number + 1}@example.org",
            by=None,
            at=at,
        )
        request_membership(code=firm.code, by=user, at=at)
        waiting = Membership.objects.get(user=user, enterprise=firm)
        confirm_membership(
            waiting.pk,
            role=Role.ENTERPRISE_ADMIN if number % 3 == 0 else Role.ENTERPRISE_STAFF,
            by=people.dispatcher,
            at=at,
        )


def create_officers(people: People, *, at: dt.datetime) -> None:
    """Liaison officers, each with one grid."""
    for number, grid in enumerate(Grid.objects.order_by("pk")):
        officer = create_person(
            username=f"officer{number or ''}",
            name=invented_name(number + 57),
            unit=grid.unit,
            by=people.admin,
            at=at,
        )
        grant_role(
            officer,
            Role.LIAISON_OFFICER,
            by=people.admin,
            at=at,
            scope=Scope.GRID,
            scope_id=grid.pk,
        )
        people.officers.append(officer)


def _create_places(people: People, *, at: dt.datetime) -> None:
    by = people.admin
    for number, (street, key) in enumerate(STREETS * 3):
        create_grid(
            code=f"YL{number + 1:02d}",
            name=f"{street}第{number // 2 + 1}网格",
            unit=people.units[key],
            by=by,
            at=at,
        )
    for name in PARKS:
        create_park(name=name, by=by, at=at)
    for name, office in (
        ("光电信息", "optics"),
        ("生物医药", "medical"),
        ("智能机器人", "economy"),
    ):
        create_chain(name=name, office=people.units[office], by=by, at=at)
    create_key_list(name="2026年重点企业名单", issued_by="云岭高新区管委会", by=by, at=at)


def _workbook(random: Random) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("企业台账")
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "云岭高新区企业台账（2026年1月）")
    sheet.write_row(1, 0, HEADINGS)
    names: set[str] = set()
    for number in range(FIRMS):
        sheet.write_row(number + 2, 0, _row(random, number, names))
    book.close()
    return buffer.getvalue()


def _row(random: Random, number: int, names: set[str]) -> list[str | int | float]:
    word, industry, kind, chain, layer, per_head = random.choice(TRADES)
    name = _new_name(random, word, names)
    street, _key = STREETS[number % 2]
    heads = max(3, int(random.lognormvariate(4.0, 1.1)))
    revenue = round(heads * per_head * random.uniform(0.5, 1.6), 2)
    title, level, share = random.choice(TITLES)
    titled = random.random() < share * 2
    return [
        make_credit_code(f"MA{number:06d}"),
        name,
        industry,
        kind,
        street,
        f"{street}{random.choice(ROADS)}{random.randint(1, 399)}号",
        f"YL{number % 6 + 1:02d}",
        random.choice(PARKS) if random.random() < 0.6 else "",
        chain,
        layer,
        random.choice((50, 100, 200, 500, 1000, 2000, 5000, 10000)),
        f"{random.randint(2004, 2024)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}",
        invented_name(random.randrange(10_000)),
        invented_name(random.randrange(10_000)),
        f"1990000{number:04d}",
        heads,
        revenue,
        round(revenue * random.uniform(0.6, 2.2), 2),
        title if titled else "",
        level if titled else "",
        f"{random.randint(2023, 2025)}年第{random.randint(1, 3)}批" if titled else "",
        f"{random.randint(2026, 2028)}-12-31" if titled else "",
    ]


def _new_name(random: Random, word: str, names: set[str]) -> str:
    while True:
        second = random.choice(BRANDS)[:1] if random.random() < 0.5 else ""
        name = f"云岭{random.choice(BRANDS)}{second}{word}有限公司"
        if name not in names:
            names.add(name)
            return name
