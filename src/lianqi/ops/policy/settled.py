"""What a run over applicants gave, as a workbook or a text file for people, and on a screen."""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import inf
from pathlib import Path

from lianqi.engines.packs.applicants import Applicant, Settled, Sum, sum_of
from lianqi.engines.packs.excluding import full_name
from lianqi.engines.packs.library import Found
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.ranges import Bound, Range
from lianqi.engines.rules.rule import Status
from lianqi.engines.tables import Cell, new_workbook
from lianqi.ops.policy.results import day_text, plain, whole
from lianqi.ops.policy.screen import aligned, cut
from lianqi.ops.policy.words import WORDS, asked

_HEADER = (
    "申请人编号", "申请人名称", "项目代码", "项目", "结果", "名次", "金额（元）", "至少（元）",
    "至多（元）", "额度不足前应付（元）", "缺少", "由谁提供", "还取决于", "改为享受",
)  # fmt: skip
_OVERVIEW = (
    "项目代码",
    "项目",
    "申请（个）",
    "给予（个）",
    "待定（个）",
    "至少（元）",
    "至多（元）",
)
_WIDTHS = (22, 30, 28, 28, 14, 10, 16, 16, 16, 20, 36, 16, 30, 28)
_SHEET = "逐个结果"


@dataclass
class Run:
    """Measures and those who apply, in the order in which they do.

    Attributes:
        names: By key of the applicant; "" where none is known.
        questions: What is put to a person, by slot.
        settled: By pack/measure and applicant.
    """

    found: tuple[Found, ...]
    day: dt.date
    applicants: Sequence[Applicant]
    names: Mapping[str, str]
    catalogue: Catalogue
    questions: Mapping[str, str]
    settled: Mapping[str, Mapping[str, Settled]] = field(default_factory=dict)

    def of(self, found: Found) -> list[tuple[str, Settled]]:
        """What a measure gives, by rank where there is one, else in the order of application."""
        settled = self.settled[full_name(found.pack.key, found.measure.key)]
        rows = [(each.key, settled[each.key]) for each in self.applicants]
        last = len(rows) + 1, 0
        return sorted(rows, key=lambda row: row[1].places or last) if found.measure.rank else rows

    def sum_of(self, found: Found) -> Sum:
        return sum_of(self.settled[full_name(found.pack.key, found.measure.key)].values())


def lines(run: Run) -> Iterator[str]:
    """The summary: one line a measure."""
    rows = [("measure", "applied", "paid", "open", "at least (yuan)", "at most (yuan)")]
    for found in run.found:
        told = run.sum_of(found)
        name = f"{found.measure.title} ({full_name(found.pack.key, found.measure.key)})"
        high = "—" if told.high == inf else f"{_yuan(told.high):,}"
        counts = (str(told.applied), str(told.paid), str(told.open))
        rows.append((cut(name), *counts, f"{_yuan(told.low):,}", high))
    return aligned(rows)


def written(run: Run, out: Path) -> None:
    """The result as its name says: .xlsx with an overview, or .csv."""
    with whole(out) as half:
        if out.suffix == ".csv":
            with half.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(_HEADER)
                writer.writerows([plain(cell) for cell in row] for row in _rows(run))
            return
        with new_workbook(half) as new_sheet:
            overview = new_sheet("概览", _OVERVIEW)
            overview.widths(*_WIDTHS[2:4], 12, 12, 12, 18, 18)
            for cells in _sums(run):
                overview.row(cells)
            overview.row(())
            overview.row(("测算日期", day_text(run.day)))
            sheet = new_sheet(_SHEET, _HEADER)
            sheet.widths(*_WIDTHS)
            for row in _rows(run):
                sheet.row([None if cell == "" else cell for cell in row])


def _sums(run: Run) -> Iterator[tuple[Cell | Decimal, ...]]:
    for found in run.found:
        told = run.sum_of(found)
        yield (
            full_name(found.pack.key, found.measure.key), found.measure.title, told.applied,
            told.paid, told.open, _yuan(told.low), _yuan(told.high),
        )  # fmt: skip


def _rows(run: Run) -> Iterator[tuple[Cell | Decimal, ...]]:
    titles = {full_name(each.pack.key, each.measure.key): each.measure.title for each in run.found}
    for found in run.found:
        name = full_name(found.pack.key, found.measure.key)
        for key, each in run.of(found):
            missing, suppliers = _missing(run, each)
            yield (
                key, run.names[key], name, found.measure.title, result_word(each), _places(each),
                *_amounts(each.amount), None if each.due is None else _yuan(each.due.high),
                missing, suppliers, _others(run, each),
                "、".join(titles.get(one, one) for one in each.instead),
            )  # fmt: skip


def result_word(settled: Settled) -> str:
    """The result in Chinese: a verdict, or what the run alone knows."""
    if settled.status is Status.UNMET and settled.places is not None:
        return "名次未进入支持范围"
    if settled.status is Status.UNMET and settled.instead:
        return "择高享受其他项目"
    if settled.status is Status.MET and settled.due is not None and settled.amount is not None:
        return "额度已用完" if settled.amount.high == 0 else "额度不足，部分给予"
    return WORDS[settled.status]


def _places(settled: Settled) -> str:
    if settled.places is None:
        return ""
    best, worst = settled.places
    return str(best) if best == worst else f"{best}—{worst}"


def _amounts(amount: Range | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    if amount is None:
        return None, None, None
    if amount.is_known:
        return _yuan(amount.low), None, None
    return None, _yuan(amount.low), _yuan(amount.high)


def _yuan(amount: Bound) -> Decimal | None:
    if amount in (inf, -inf):
        return None
    exact = Fraction(amount)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"))


def _missing(run: Run, settled: Settled) -> tuple[str, str]:
    told = [asked(each, run.catalogue, run.questions) for each in sorted(settled.asks)]
    suppliers = dict.fromkeys(supplier for _name, supplier in told if supplier)
    return "；".join(name for name, _supplier in told), "、".join(suppliers)


def _others(run: Run, settled: Settled) -> str:
    """Whose missing facts decide as well."""
    told = (
        f"{run.names[key] or key}：{asked(ask, run.catalogue, run.questions)[0]}"
        for key, ask in sorted(settled.waits_for)
    )
    return "；".join(told)
