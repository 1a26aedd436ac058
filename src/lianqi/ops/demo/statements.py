"""What departments' lists and the enterprises themselves state about the demo zone's firms."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.matching.actions import answer
from lianqi.matching.queries.asking import published_catalogue
from lianqi.ops.demo.people import People
from lianqi.register.actions import Stated, add_fact, state_list
from lianqi.register.models import Enterprise, Fact, Membership

DAY = dt.timedelta(days=1)
ABOVE_SCALE = 20_000_000  # yuan of revenue a year, as most of the thresholds
RANKS = ("none", "city", "none", "province")
MOST_TALKATIVE = 12  # of the active firms; the others have what the lists say
# Cost of tapeout, of those who design chips: enough for the cap, below it, none.
TAPEOUT = (12_000_000, 2_600_000, 0)


def state_what_rules_ask(
    people: People, every: list[Enterprise], active: list[Enterprise], *, now: dt.datetime
) -> None:
    """Lists about all firms; then what the active ones say, each with something left open."""
    by, revenues = people.dispatcher, _revenues(every, now.year - 1)
    lists = {
        "市场监督管理局登记名单": _registered(every),
        "税务局登记名单": _taxed(every),
        f"统计局{now.year - 1}年度名录库": _counted(every, revenues),
        "科技局研发机构和知识产权名单": _researching(active),
    }
    for number, (source, lines) in enumerate(lists.items()):
        at = now - (14 - number) * DAY
        state_list(lines, source=source, by=by, at=at)
    _what_ended(active, by, now=now)
    members = Membership.objects.confirmed().filter(
        enterprise__in=active, role=Role.ENTERPRISE_ADMIN
    )
    owners = {each.enterprise_id: each.user for each in members.select_related("user")}
    for number, firm in enumerate(active[:MOST_TALKATIVE]):
        if (owner := owners.get(firm.pk)) is not None:
            _by_the_enterprise(firm, number, owner, now=now)
        if (revenue := revenues.get(firm.pk)) is not None:
            _by_the_tax_office(firm, number, revenue, by, now=now)


def _revenues(firms: list[Enterprise], year: int) -> dict[int, Decimal]:
    rows = Fact.objects.standing().filter(enterprise__in=firms).of_year("revenue", year)
    return dict(rows.order_by("observed_at", "pk").values_list("enterprise_id", "value"))


def _registered(firms: list[Enterprise]) -> Iterator[Stated]:
    """A few are registered elsewhere, a few stand on a list."""
    for number, firm in enumerate(firms):
        yield Stated(firm.pk, "registered_here", value=number % 23 != 11)
        yield Stated(firm.pk, "independent", value=number % 31 != 7)
        yield Stated(firm.pk, "abnormal", value=number % 41 == 17)
        yield Stated(firm.pk, "dishonest", value=number % 97 == 43)


def _taxed(firms: list[Enterprise]) -> Iterator[Stated]:
    for number, firm in enumerate(firms):
        yield Stated(firm.pk, "tax_here", value=number % 19 != 9)
        yield Stated(firm.pk, "mainland_resident", value=True)


def _counted(firms: list[Enterprise], revenues: dict[int, Decimal]) -> Iterator[Stated]:
    """Every ninth is not on the list of the statistics office: the answer is missing."""
    for number, firm in enumerate(firms):
        if number % 9 != 5:
            is_above = revenues.get(firm.pk, Decimal(0)) >= ABOVE_SCALE
            yield Stated(firm.pk, "above_scale", is_above)
            yield Stated(firm.pk, "stats_here", value=number % 17 != 3)


def _researching(active: list[Enterprise]) -> Iterator[Stated]:
    """The rank of the research body, and patents: none for some, which is an answer as well."""
    for number, firm in enumerate(active):
        yield Stated(firm.pk, "rd_body", RANKS[number % len(RANKS)])
        entries = [
            {
                "class": "one" if each == 0 else "two",
                "self_developed": True,
                "transferred": each == 2,
                "related": True,
                "effective": each < 2,
                "holder_rank": {"number": "1", "unit": "名次"},
            }
            for each in range(number % 4)
        ]
        yield Stated(firm.pk, "ip_rights", {"entries": entries})


def _what_ended(active: list[Enterprise], by: User, *, now: dt.datetime) -> None:
    """One was listed as abnormal for half a year: an earlier day gives another verdict."""
    today = now.date()
    ended = Stated(
        active[3].pk, "abnormal", value=True,
        since=today - 300 * DAY, until=today - 120 * DAY,
    )  # fmt: skip
    state_list([ended], source="市场监督管理局移出决定", by=by, at=now - 10 * DAY)


def _by_the_enterprise(firm: Enterprise, number: int, by: User, *, now: dt.datetime) -> None:
    """What only it knows: each third leaves one answer open."""
    catalogue, at = published_catalogue(), now - (9 - number % 5) * DAY
    told: dict[str, Any] = {
        "restricted_business": False,
        "major_incident": False,
        "segment_years": {"number": str(2 + number % 9), "unit": "年"},
        "market_share": {"number": str(4 + number % 12), "unit": "%"},
        "digital_level": {"number": str(1 + number % 4), "unit": "级"},
        "strategic_field": number % 2 == 0,
        "own_brand": True,
        "own_ip": True,
        "recent_equity3": {"number": str(number % 6 * 300), "unit": "万元"},
    }
    if number % 3 == 1:
        del told["strategic_field"]
    if firm.industry_id == "6520":
        cost = TAPEOUT[number % len(TAPEOUT)]
        told |= {
            "chip_kind": "firm",
            "mpw_cost": {"number": str(cost // 10), "unit": "元"},
            "mask_cost": {"number": str(cost), "unit": "元"},
            "node": {"number": "40", "unit": "纳米"},
        }
    if number % 4 == 0:
        told["hires"] = {
            "entries": [
                {
                    "unemployed": {"number": "0", "unit": "个月"},
                    "graduate": True,
                    "contract": {"number": "24", "unit": "个月"},
                    "insured": True,
                }
                for _ in range(1 + number % 3)
            ]
        }
    for slot, value in told.items():
        if catalogue.find(slot) is not None:
            answer(firm.pk, slot, value, by=by, at=at, catalogue=catalogue)


def _by_the_tax_office(
    firm: Enterprise, number: int, revenue: Decimal, by: User, *, now: dt.datetime
) -> None:
    """Figures of last year from the return; the pioneers have everything a rule asks."""
    last, at = str(now.year - 1), now - 8 * DAY
    figures = {
        "主营业务收入": revenue * Decimal("0.96"),
        "负债总额": revenue * Decimal(30 + number % 30) / 100,
        "应纳税所得额": revenue * Decimal(2 + number % 5) / 100,
        "可加计扣除研发费用": revenue * Decimal(2 + number % 4) / 100,
    }
    if number % 5 == 2:
        del figures["主营业务收入"]
    for key, value in figures.items():
        add_fact(
            firm.pk, key=key, value=value.quantize(Decimal("0.01")), unit="元", period=last,
            source=f"{last}年度汇算清缴申报表", by=by, at=at,
        )  # fmt: skip
