"""Seconds to read and check the texts of 500 rule packs: `python -m bench.rule_texts`.

Needs no database. A pack has 20 texts, half of them in the Chinese spelling, with numbers of its
own, so that none is read twice. Prints a JSON object: seconds for all, and microseconds by text.
"""

import gc
import json
import time

from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.units import YUAN, Dims

PACKS, ROUNDS = 500, 3
# Texts of real measures, with a number that differs from pack to pack.
CONDITIONS = (
    "营业收入 ≥ {wan}万元 且 研发费用 ÷ 营业收入 ≥ {small}% 且 非 严重违法失信",
    "revenue >= {yuan} and rd_expense / revenue >= 0.0{small} and not dishonest",
    "资质称号 含（“高新技术企业”、“专精特新中小企业”）且 从业人员 不超过 {count}人",
    "has(titles, 'high_tech', 'srdi_sme') and employees <= {count}",
    "行业代码 以（“C39”、“I65”、“M73”）开头 且 营业收入[前年] > {wan}万元",
    "startswith(industry, 'C39', 'I65', 'M73') and revenue[-2] > {yuan}",
    "近两年每年（研发费用 ≥ {wan}万元）",
    "each_year(2, rd_expense >= {yuan})",
    "间隔月数（成立日期，询问日） ≥ {small}个月 且 企业规模 属于（“小型”、“微型”）",
    "months_between(founded, as_of) >= {small} and size_class in ('small', 'micro')",
    "{wan}万元 ≤ 营业收入 < {count}亿元 或 纳税额 不低于 {wan}万元",
    "满足至少（2，营业收入 ≥ {wan}万元，从业人员 ≥ {count}人，规模以上）",
    "at_least(2, revenue >= {yuan}, employees >= {count}, above_scale)",
    "(revenue - revenue[-2]) / revenue[-2] >= {small}% or total_assets > {yuan}",
)
AMOUNTS = (
    "取小（{small}% × 研发费用，{wan}万元）",
    "min(0.0{small} * rd_expense, {yuan})",
    "分档（研发费用，（≥ 500万元，10万元），（≥ 1000万元，{wan}万元））",
    "tier(rd_expense, (>= 5_000_000, 100_000), (>= 10_000_000, {yuan}))",
    "超额累进（营业收入 - 营业收入[前年]，（1000万元，0.{small}%），1%）",
    "{yuan} if above_scale and employees > {count} else 100_000",
)


def texts(pack: int) -> list[tuple[str, Kind | Dims]]:
    numbers = {
        "wan": 1000 + pack,
        "yuan": f"{10_000_000 + pack:_}",
        "count": 20 + pack,
        "small": 1 + pack % 9,
    }
    conditions: list[tuple[str, Kind | Dims]] = [
        (each.format(**numbers), Kind.BOOL) for each in CONDITIONS
    ]
    return [*conditions, *((each.format(**numbers), YUAN) for each in AMOUNTS)]


def main() -> None:
    facts = national()
    packs = [texts(number) for number in range(PACKS)]
    seconds = []
    for _ in range(ROUNDS):
        gc.collect()
        begun = time.perf_counter()
        for pack in packs:
            for text, expects in pack:
                parse(text, facts, expects=expects)
        seconds.append(time.perf_counter() - begun)
    count = sum(map(len, packs))
    best = min(seconds)
    result = {
        "packs": PACKS,
        "texts": count,
        "seconds": round(best, 3),
        "slowest": round(max(seconds), 3),
        "microseconds_by_text": round(best / count * 1_000_000, 1),
    }
    print(json.dumps(result))  # the result of the measurement


if __name__ == "__main__":
    main()
