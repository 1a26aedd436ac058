"""The register as columns: the same values as enterprise by enterprise."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.engines.rules.bulk.columns import Wanted
from lianqi.engines.rules.bulk.tables import table_of
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.nodes import Kind
from lianqi.matching.models import ReviewAnswer
from lianqi.matching.queries import copying, snapshots
from lianqi.matching.queries.columns import columns_of
from lianqi.register.enums import Qualifier
from lianqi.register.models import Enterprise, Fact, FormerClass, Industry, Title
from tests.factories import AT, make_dispatcher, make_enterprise
from tests.matching.scene import ON, fact, industry, title
from tests.matching.test_statements import stated

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
KEYS = ("revenue", "营业收入", "rd_expense", "研发费用", "employees", "从业人数", "no_such_fact")
UNITS = ("元", "万元", "亿元", "人", "万人", "%", "", "分钱", "no unit")
VALUES = ("0", "1", "-3", "0.5", "12.3456", "2000", "99999999.99", "9999999999999999.9999")
LABELS = ("高新技术企业", "“高新技术企业”", "专精特新“小巨人”企业", "专精特新中小企业", "独角兽")
STATED = ("registered_here", "rd_body", "market_share", "recent_equity", "ip_rights")
QUESTIONS = ("model", "other")
STATEMENTS: tuple[Any, ...] = (
    True, False, "national", "国家级", "nobody's word",
    {"number": "35", "unit": "%"}, {"number": "9999999999999999", "unit": "亿元"},
    {"number": "2000", "unit": "万元"}, {"number": "0", "unit": ""},
    {"entries": []}, {"entries": [{"class": "one", "transferred": False}, {"class": "Ⅱ类"}]},
    {"entries": [{"no_such_field": True}]}, {"words": ["high_tech"]}, {"day": "2026-01-01"},
)  # fmt: skip
PERIODS = ("2025", "2024", "2025-H1", "2025-06")


def wanted() -> dict[str, Wanted]:
    catalogue = national()
    found = {
        "industry": Wanted(Kind.TEXT),
        "founded": Wanted(Kind.DATE),
        "size_class": Wanted(Kind.TEXT),
        "titles": Wanted(Kind.SET),
        "high_tech_until": Wanted(Kind.DATE),
    }
    for key in ("revenue", "rd_expense", "employees"):
        for period in ("2025", "2024"):
            found[f"{key}@{period}"] = Wanted(Kind.NUMBER, catalogue[key].decimals)
    for key in STATED:
        fields = {
            name: Wanted(each.kind, each.decimals) for name, each in catalogue[key].fields.items()
        }
        found[key] = Wanted(catalogue[key].kind, catalogue[key].decimals, fields or None)
    return found | {f"judged:growth/2026/{each}": Wanted(Kind.BOOL) for each in QUESTIONS}


def compared(ids: list[int]) -> None:
    """Both ways say the same of those whom columns can hold; the others are named."""
    known = snapshots(ids, national(), on=ON)
    columns = columns_of(ids, wanted(), national(), on=ON)

    great = {
        pk
        for pk, each in known.items()
        for name, value in each.values.items()
        if name in wanted() and wanted()[name].kind is Kind.NUMBER
        and abs(value) * 10 ** wanted()[name].decimals > 2**62
    }  # fmt: skip
    assert columns.odd == great
    small = [pk for pk in sorted(ids) if pk not in great]
    kept = [place for place, pk in enumerate(columns.ids.tolist()) if pk not in great]
    expected = table_of(small, [known[pk].values for pk in small], wanted(), name="enterprise")
    found = columns.table.take(pa.array(kept, pa.int64()))
    assert found.to_pydict() == expected.to_pydict()
    assert found.select(list(wanted())).schema == expected.select(list(wanted())).schema


def some_register(chance: random.Random) -> list[Enterprise]:
    by = make_dispatcher()
    industry()
    Industry.objects.get_or_create(
        code="ZZ", defaults={"section": "Z", "name": "不存在", "level": 1}
    )
    firms = [
        make_enterprise(
            established_on=chance.choice([None, dt.date(2018, 5, 1), dt.date(1999, 1, 1)]),
            size_class=chance.choice(["", "small", "large"]),
            industry_id=chance.choice([None, "3976", "ZZ"]),
        )
        for _ in range(12)
    ]
    for firm in firms[8:]:
        firm.merged_into, firm.merged_at = chance.choice(firms[:8]), AT
        firm.save()
    for _ in range(160):
        withdrawn = chance.random() < 0.2
        Fact.objects.create(
            enterprise=chance.choice(firms), key=chance.choice(KEYS), unit=chance.choice(UNITS),
            value=Decimal(chance.choice(VALUES)), period=chance.choice(PERIODS), source="x",
            observed_at=AT + HOUR * chance.randint(0, 5),
            qualifier=chance.choice([Qualifier.EXACT, Qualifier.EXACT, Qualifier.ABOUT]),
            withdrawn_at=AT if withdrawn else None, withdrawn_by=by if withdrawn else None,
        )  # fmt: skip
    for firm in firms:
        for days in chance.sample((-9, -1, 0, 3), chance.randint(0, 3)):
            FormerClass.objects.create(
                enterprise=firm, until=ON + dt.timedelta(days=days),
                industry_id=chance.choice([None, "3976", "ZZ"]),
                size_class=chance.choice(["", "micro", "medium"]),
            )  # fmt: skip
    for number in range(40):
        day: Any = [None, ON - dt.timedelta(days=1), ON, ON + dt.timedelta(days=1)]
        Title.objects.create(
            enterprise=chance.choice(firms), label=chance.choice(LABELS), level="national",
            batch=str(number), granted_on=chance.choice(day), valid_until=chance.choice(day),
        )  # fmt: skip
    for _ in range(120):
        withdrawn = chance.random() < 0.2
        stated(
            chance.choice(firms), chance.choice((*STATED, "独立法人", "titles")),
            chance.choice(STATEMENTS), stated_by=by,
            observed_at=AT + HOUR * chance.randint(0, 5), since=chance.choice([None, ON]),
            until=chance.choice([None, ON, ON + dt.timedelta(days=1)]),
            withdrawn_at=AT if withdrawn else None, withdrawn_by=by if withdrawn else None,
        )  # fmt: skip
    for firm in firms:
        for question in QUESTIONS:
            ReviewAnswer.objects.create(
                enterprise=firm, pack_key="growth", pack_version="2026", question_key=question,
                question="？", answer=chance.random() < 0.5, reason="x", answered_by=by,
                answered_at=AT + HOUR * chance.randint(0, 5),
            )  # fmt: skip
    return firms[:8]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_columns_say_what_snapshots_say(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    firms = some_register(random.Random(seed))

    compared([each.pk for each in firms])
    compared([each.pk for each in firms if each.pk % 3])
    monkeypatch.setattr(copying, "_DENSE", 2)  # one by one, and no range
    compared([each.pk for each in firms])


def test_nobody_is_a_table_without_rows() -> None:
    columns = columns_of([], wanted(), national(), on=ON)

    assert columns.table.num_rows == 0
    assert columns.chunk(wanted()).size == 0


def test_many_enterprises_take_as_many_queries_as_one() -> None:
    firms = [make_enterprise() for _ in range(3)]
    title(firms[0])
    fact(firms[1], "revenue", 5)

    with CaptureQueriesContext(connection) as one:
        columns_of([firms[0].pk], wanted(), national(), on=ON)
    with CaptureQueriesContext(connection) as all_of_them:
        columns_of([each.pk for each in firms], wanted(), national(), on=ON)

    assert len(one) == len(all_of_them)


def test_what_was_observed_last_counts_under_any_name_of_the_fact() -> None:
    firm = make_enterprise()
    fact(firm, "营业收入", 7)
    fact(firm, "revenue", 5, observed_at=AT - HOUR)

    compared([firm.pk])

    assert snapshots([firm.pk], national(), on=ON)[firm.pk].values["revenue@2025"] == 7
