"""Loads invented enterprises and demands, with their work items and audit events, by COPY.

As a module:

    zone = make_zone(at)
    firms = load_enterprises(20_000, at=at, seed=1)
    load_demands(zone, firms, natural_stories(100_000, days=730, now=at, seed=1), seed=1)

The rows are those the actions would have left: every event carries its link of the audit chain, so
`lianqi audit verify` holds afterwards; the running totals are rebuilt.
"""

import datetime as dt
import json
import random
import time
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from django.db import connection, transaction

from bench.stories import DAY, HOUR, Story
from bench.zone import Zone
from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.queries import GENESIS, digest
from lianqi.demands.actions import rebuild_tallies
from lianqi.engines.learning import marks
from lianqi.engines.text import initials, make_credit_code
from lianqi.engines.text.search import INITIALS_MARK
from lianqi.ops.demo.wording import TRAIN, Matter, matters, word
from lianqi.ops.tasks import MARKS_KEPT
from lianqi.register.models import CODE_MARK

NULL = "\\N"
CHUNK = 20_000
LOCAL = dt.timezone(dt.timedelta(hours=8))
SUBJECT = "demands.demand"
CHANNELS = ("portal", "portal", "portal", "portal", "portal", "phone", "phone", "visit", "counter")

BRAND = (
    "云岭海纳远山启明星河瑞丰博雅宏图致嘉禾天工开物百川汇智创芯光谱合力同心凌霄鼎盛恒信金石玉泉青松翠柏"
    "清风万里东升旭日华茂隆昌德润泽康安泰和祥正大成美善元亨利贞"
)
TRADES = (
    "科技", "电子", "机械", "精密制造", "新材料", "生物医药", "软件", "信息技术", "物流", "食品", "化工", "环保",
    "新能源", "汽车零部件", "半导体", "贸易", "建设工程", "纺织", "仪器仪表", "智能装备",
)  # fmt: skip
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司")
ROADS = tuple(f"{a}{b}路" for a in "科创智慧星云江海金银" for b in "一二三四五六七八九十")
MATTERS = {
    "utilities": ("电力增容申请", "园区停水频繁", "天然气接入", "变压器故障抢修"),
    "land": ("厂房租赁到期续签", "用地红线调整", "标准厂房申请", "土地证办理"),
    "labour": ("一线工人短缺", "技能人才招聘会", "劳动纠纷调解", "季节性用工"),
    "finance": ("流动资金贷款", "知识产权质押融资", "担保费用补贴", "贷款展期"),
    "policy": ("研发补助兑现", "技改奖补申报", "高企奖励未到账", "房租减免落实"),
    "permits": ("施工许可办理", "环评手续咨询", "特种设备登记", "消防验收"),
    "tax": ("留抵退税进度", "出口退税咨询", "社保缓缴", "个税手续费返还"),
    "traffic": ("门前道路破损", "公交线路增设", "货车通行证", "红绿灯配时"),
    "environment": ("污水管网接驳", "扬尘投诉处理", "危废处置去向", "噪声扰民"),
    "safety": ("安全评估指导", "应急预案备案", "消防通道占用", "隐患整改复查"),
    "market": ("参展补贴申请", "供应链对接", "政府采购咨询", "海外仓支持"),
    "talent": ("人才公寓申请", "子女入学", "落户办理", "职称评审"),
}
ANSWER = "已现场核实并协调相关单位办理，具体进展请与承办人联系。"
# The categories here that the invented wordings know under another name.
WORDED_AS = {"permits": "approval", "traffic": "transport", "safety": "construction"}


def load_enterprises(count: int, *, at: dt.datetime, seed: int) -> range:
    """Load operating enterprises with invented names; return their ids."""
    chance, first = random.Random(seed), _next_id("register_enterprise")
    columns = (
        "id, code, name, name_core, search_text, search_tokens, status, type, district, address,"
        " legal_representative, size_class, size_reason, created_at, updated_at"
    )
    stamp = at.isoformat()
    for rows in _chunks(_enterprise(first + n, chance, stamp) for n in range(count)):
        _copy("register_enterprise", columns, rows)
    _set_id("register_enterprise", first + count)
    return range(first, first + count)


def _enterprise(pk: int, chance: random.Random, stamp: str) -> str:
    brand = chance.choices(BRAND, k=chance.choice((2, 3, 3, 4)))
    region = chance.choice(("云岭", "云岭", "云岭市", ""))
    parts = (region, *brand, chance.choice(TRADES), chance.choice(FORMS))
    name, letters, code = "".join(parts), initials_of(parts), make_credit_code(f"{pk:08d}")
    tokens = [*tokens_of(name, letters), *(f"{CODE_MARK}{pair}" for pair in _pairs(code.lower()))]
    fields = (
        str(pk), code, name, name, f"{name}\\n{letters}\\n{code.lower()}", _array(tokens),
        "operating", "private", chance.choice(STREET_NAMES), f"{chance.choice(ROADS)}{pk % 300}号",
        "陈海", chance.choice(SIZES), "{}", stamp, stamp,
    )  # fmt: skip
    return "\t".join(fields)


def initials_of(parts: Iterable[str]) -> str:
    """The initials of a name put together of parts that are read the same alone."""
    return "".join(map(_initials, parts))


_initials = lru_cache(maxsize=10_000)(initials)


def tokens_of(name: str, letters: str) -> list[str]:
    """`search_tokens` of a name without punctuation whose initials are known."""
    return sorted({*_pairs(name), *(INITIALS_MARK + pair for pair in _pairs(letters))})


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


STREET_NAMES = ("云溪街道", "岭南街道", "青石街道", "望江街道", "东湖街道", "西塘街道")
SIZES = ("micro", "micro", "micro", "small", "small", "medium", "large", "")


@transaction.atomic
def load_demands(zone: Zone, firms: range, stories: Iterable[Story], *, seed: int) -> range:
    """Load demands that went as `stories` tell; return their ids.

    In one transaction in which the triggers rest, which takes a superuser: the links are loaded
    with the events, and foreign keys are right by construction. Nobody else may write meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        loader = _Loader(zone, firms, random.Random(seed))
        first = loader.pk
        cursor.execute("SET LOCAL session_replication_role = replica")
        for chunk in _chunks(stories):
            loader.load(chunk)
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT setval('demands_number', %s)", [loader.pk])
    for table, following in loader.sequences():
        _set_id(table, following)
    rebuild_tallies()
    return range(first, loader.pk)


def analyse() -> None:
    """Let the planner know what was loaded, and finish the pending lists of the token indexes."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


class _Loader:
    """Keeps the running ids and the end of the chain between chunks."""

    def __init__(self, zone: Zone, firms: range, chance: random.Random) -> None:
        self.zone, self.firms, self.chance = zone, firms, chance
        self.pk, self.item = _next_id("demands_demand"), _next_id("work_workitem")
        self.event, (self.position, self.head) = _next_id("audit_event"), _chain_end()
        self.lead = {each.pk: each.lead_unit_id for each in zone.categories}
        self.names = {unit.pk: unit.name for unit in zone.units}
        self.matters = {code: _matters(WORDED_AS.get(code, code)) for code in MATTERS}
        self.marked_from = time.time() - MARKS_KEPT.total_seconds()
        self.demands: list[str] = []
        self.marks: list[str] = []
        self.contacts: list[str] = []
        self.items: list[str] = []
        self.events: list[str] = []
        self.links: list[str] = []

    def sequences(self) -> list[tuple[str, int]]:
        return [
            ("demands_demand", self.pk),
            ("work_workitem", self.item),
            ("audit_event", self.event),
        ]

    def load(self, stories: list[Story]) -> None:
        for story in stories:
            self._tell(story)
        for table, columns, rows in (
            ("demands_demand", DEMAND, self.demands), ("work_workitem", ITEM, self.items),
            ("audit_event", EVENT, self.events), ("audit_link", LINK, self.links),
            ("demands_demandmark", MARK, self.marks),
            ("demands_contactperson", CONTACT, self.contacts),
        ):  # fmt: skip
            if rows:
                _copy(table, columns, rows)
            rows.clear()

    def _tell(self, story: Story) -> None:
        chance, zone = self.chance, self.zone
        category = zone.categories[int(len(zone.categories) * chance.random() ** 1.5)]
        # A few firms file most of the demands.
        firm = self.firms[int(len(self.firms) * chance.random() ** 3)]
        matter = chance.choice(MATTERS[category.code])
        parts = (chance.choice(ROADS), f"{chance.randrange(1, 60)}号", matter)
        title = "".join(parts)
        text = word(chance.choice(self.matters[category.code]), chance).text
        if story.filed >= self.marked_from:
            self.marks += (f"{mark}\t{self.pk}" for mark in marks(title, text))
        channel = chance.choice(CHANNELS)
        filer = zone.filers[firm % len(zone.filers)] if channel == "portal" else zone.dispatcher
        lead = self.lead[category.pk]
        unit = lead if lead and chance.random() < 0.7 else chance.choice(zone.units).pk
        handler = chance.choice(zone.handlers[unit])
        number = f"SQ{dt.datetime.fromtimestamp(story.filed, LOCAL).year}{self.pk:07d}"
        self.demands.append(
            _demand_line(self.pk, number, title, text, initials_of(parts), story, channel, firm,
                         category.pk, filer.pk, unit, handler.pk)
        )  # fmt: skip
        self.contacts.append(f"{self.pk}\t林晓\t138{self.pk % 10**8:08d}\t\t\t\t\tt")
        self._items(story, firm, unit, handler, f"{number} {title}")
        self._events(story, firm, unit, handler, filer, channel, category.code)
        self.pk += 1

    def _items(self, story: Story, firm: int, unit: int, handler: User, label: str) -> None:
        dispatcher, gone = self.zone.dispatcher.pk, story.status == "withdrawn"
        steps: list[tuple[str, float | None, float | None, float, int]] = [
            ("dispatch", story.filed, story.dispatched, DAY, dispatcher),
            ("accept", story.dispatched, story.accepted, DAY, handler.pk),
            ("answer", story.accepted, story.answered, 7 * DAY, handler.pk),
        ]
        for step, opened, done, length, doer in steps:
            if opened is None:
                break
            cancelled = gone and done is None
            end = opened + HOUR if cancelled else done
            due = opened + length
            self.items.append("\t".join((
                str(self.item), SUBJECT, str(self.pk), str(firm), label, f"/demands/{self.pk}/",
                step, "1", "lead", NULL if step == "dispatch" else str(unit),
                str(handler.pk) if step == "answer" else NULL,
                Role.DISPATCHER.value if step == "dispatch" else "", _time(opened),
                "working_days", "5" if step == "answer" else "1", "next_working_time", "0.80",
                "normal", _time(due), _time(opened + 0.8 * length), "f",
                NULL if end else _time(due), "0", _time(end), str(doer) if end else NULL,
                ("cancelled" if cancelled else "done") if end else "",
                NULL if end is None or cancelled else "ft"[end > due],
            )))  # fmt: skip
            self.item += 1

    def _events(
        self,
        story: Story,
        firm: int,
        unit: int,
        handler: User,
        filer: User,
        channel: str,
        category: str,
    ) -> None:
        name = self.names[unit]
        self._event(story.filed, filer, "demand.filed", firm, channel=channel, category=category)
        if story.dispatched is not None:
            self._event(
                story.dispatched,
                self.zone.dispatcher,
                "demand.dispatched",
                firm,
                unit=unit,
                unit_name=name,
                earlier=None,
                note="",
                suggested=unit,
            )
        if story.accepted is not None:
            self._event(
                story.accepted,
                handler,
                "demand.accepted",
                firm,
                unit_name=name,
                handler=handler.pk,
            )
        if story.answered is not None:
            self._event(
                story.answered, handler, "demand.answered", firm, unit_name=name, answer=ANSWER
            )
        if story.closed is not None and story.rating:
            self._event(story.closed, filer, "demand.confirmed", firm, rating=story.rating, note="")
        elif story.closed is not None:
            self._event(story.closed, self.zone.administrator, "demand.closed_silent", firm)
        if story.status == "withdrawn" and story.accepted is not None:
            self._event(story.accepted + HOUR, filer, "demand.withdrawn", firm, reason="已解决")

    def _event(self, at: float, by: User, verb: str, firm: int, **detail: object) -> None:
        micros, said = f"{int(at)}000000", _jsonb(tuple(detail.items()))
        pk, subject, who = str(self.event), str(self.pk), str(by.pk)
        fields = (pk, micros, who, by.name, verb, SUBJECT, subject, str(firm), "false", said)
        before, self.head = self.head, digest(self.head, fields)
        self.position += 1
        self.events.append(
            "\t".join((pk, _time(at), who, by.name, verb, SUBJECT, subject, str(firm), "f", said))
        )
        self.links.append(f"{self.position}\t{pk}\t{before}\t{self.head}")
        self.event += 1


DEMAND = (
    "id, number, enterprise_id, category_id, title, text, channel, urgency,"
    " filed_by_id, filed_at, filed_on, idempotency_key, status, unit_id, handler_id,"
    " dispatched_at, accepted_at, dispatches, bounces, answer, answered_at,"
    " closed_at, closure, rating, rating_note, solved, reopenings, search_text, search_tokens"
)
ITEM = (
    "id, subject_kind, subject_id, enterprise_id, label, url, step, visit, part, unit_id,"
    " person_id, desk, opened_at, clock_kind, clock_amount, outside_hours, amber_share, priority,"
    " due_at, amber_at, is_provisional, next_escalation_at, escalated_share, done_at, done_by_id,"
    " outcome, was_late"
)
EVENT = "id, at, by_id, by_name, verb, subject_kind, subject_id, enterprise_id, is_read, detail"
MARK = "mark, demand_id"
CONTACT = "demand_id, name, phone, email, role, reach, told_by, is_preferred"
LINK = "position, event_id, previous, digest"


def _demand_line(
    pk: int, number: str, title: str, text: str, letters: str, story: Story, channel: str, firm: int,
    category: int, filer: int, unit: int, handler: int,
) -> str:  # fmt: skip
    filed_on = dt.datetime.fromtimestamp(story.filed, LOCAL).date().isoformat()
    closure = ("confirmed" if story.rating else "silent") if story.closed is not None else ""
    return "\t".join((
        str(pk), number, str(firm), str(category), title, text, channel, _urgency(pk),
        str(filer), _time(story.filed), filed_on, f"generated-{pk}", story.status,
        NULL if story.dispatched is None else str(unit),
        NULL if story.accepted is None else str(handler),
        _time(story.dispatched), _time(story.accepted),
        "0" if story.dispatched is None else "1", "0",
        "" if story.answered is None else ANSWER, _time(story.answered), _time(story.closed),
        closure, story.rating, "", "yes" if story.rating else "", "0", f"{title}\\n{letters}", _array(tokens_of(title, letters)),
    ))  # fmt: skip


def _urgency(pk: int) -> str:
    """One in fifty critical, one in nine urgent."""
    if pk % 50 == 0:
        return "critical"
    return "urgent" if pk % 9 == 0 else "normal"


def _matters(code: str) -> list[Matter]:
    return [each for each in matters(TRAIN) if each.code == code]


@lru_cache(maxsize=10_000)
def _jsonb(detail: tuple[tuple[str, object], ...]) -> str:
    """JSON spelled as PostgreSQL spells jsonb: keys by length, then by bytes."""
    ordered = sorted(detail, key=lambda pair: (len(pair[0].encode()), pair[0].encode()))
    return json.dumps(dict(ordered), ensure_ascii=False)


@lru_cache(maxsize=64)
def _time(seconds: float | None) -> str:
    """An instant in whole seconds, as COPY reads it."""
    if seconds is None:
        return NULL
    days, rest = divmod(int(seconds), 86_400)
    return f"{_date(days)} {rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}+00"


@lru_cache(maxsize=4096)
def _date(days: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(days)).isoformat()


def _array(tokens: Iterable[str]) -> str:
    return "{" + ",".join(f'"{token}"' for token in tokens) + "}"


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _copy(table: str, columns: str, lines: list[str]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        copy.write(("\n".join(lines) + "\n").encode())


@cache
def _sequence(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        return str(cursor.fetchone()[0])


def _next_id(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [_sequence(table)])
        return int(cursor.fetchone()[0])


def _set_id(table: str, following: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(%s, %s, false)", [_sequence(table), following])


def _chain_end() -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, digest FROM audit_link ORDER BY position DESC LIMIT 1")
        found = cursor.fetchone()
        return (int(found[0]), str(found[1])) if found else (0, GENESIS)
