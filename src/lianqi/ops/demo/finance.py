"""Banks, securities companies, insurers, local organisations and funds of the demo zone."""

import datetime as dt
from decimal import Decimal

from lianqi.engines.text import make_credit_code
from lianqi.ops.demo.people import People
from lianqi.register.actions import add_fact, create_enterprise, state
from lianqi.register.enums import FACT_UNITS, FactKey, Qualifier
from lianqi.register.models import Industry

# Name, class of GB/T 4754-2017, outlets.
BANKS = (
    ("云岭农村商业银行股份有限公司", 9),
    ("东江商业银行股份有限公司云岭科技支行", 4),
    ("星河商业银行股份有限公司云岭分行", 6),
    ("汇川商业银行股份有限公司云岭高新支行", 3),
)
OTHERS = (
    ("启明证券股份有限公司云岭证券营业部", "6712"),
    ("瑞丰证券股份有限公司云岭分公司", "6712"),
    ("安澜财产保险股份有限公司云岭支公司", "6820"),
    ("恒信人寿保险股份有限公司云岭支公司", "6811"),
)
LOCAL = (("云岭科创小额贷款有限公司", "6635"), ("云岭高新融资担保有限公司", "6999"))
# Name, state money and size in 万元, how exactly they are known.
FUNDS = (
    ("云岭光电产业创业投资基金合伙企业（有限合伙）", 12_000, 100_000, Qualifier.EXACT),
    ("云岭生物医药创业投资基金合伙企业（有限合伙）", 8_000, 90_000, Qualifier.EXACT),
    ("云岭天使投资基金合伙企业（有限合伙）", 5_000, 20_000, Qualifier.ABOUT),
)


def enter_institutions(people: People, *, now: dt.datetime) -> None:
    """Enter them as enterprises, and state what the department of finance knows of them."""
    at, by, year = now - dt.timedelta(days=70), people.dispatcher, str(now.year - 1)
    classes = Industry.objects.in_bulk(["6621", "6712", "6820", "6811", "6635", "6999", "6731"])
    rows = [(name, "6621") for name, _outlets in BANKS] + [*OTHERS, *LOCAL]
    rows += [(name, "6731") for name, *_money in FUNDS]
    made = {
        name: create_enterprise(
            code=make_credit_code(f"FA{number:06d}"), name=name, industry=classes[code],
            district="云东街道", by=by, at=at,
        ).pk
        for number, (name, code) in enumerate(rows, start=1)
    }  # fmt: skip
    figures = [(name, FactKey.OUTLETS, outlets, Qualifier.EXACT) for name, outlets in BANKS]
    for name, invested, size, how in FUNDS:
        figures.append((name, FactKey.FUND_INVESTED, invested * 10_000, how))
        figures.append((name, FactKey.FUND_SIZE, size * 10_000, how))
    for name, key, value, how in figures:
        add_fact(
            made[name], key=key, value=Decimal(value), unit=FACT_UNITS[key], period=year,
            source="财政金融局金融机构名录", by=by, at=at, qualifier=how,
        )  # fmt: skip
    said = [(name, "legal_person_bank", number == 0) for number, (name, _) in enumerate(BANKS)]
    said += [(name, "local_finance", True) for name, _code in LOCAL]
    for name, slot, is_so in said:
        state(
            made[name], key=slot, value=is_so, source="财政金融局金融机构名录", by=by, at=at,
        )  # fmt: skip
