"""What a match found, as a workbook or a text file for people."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from lianqi.engines.packs.library import Found
from lianqi.engines.packs.pack import BenefitText
from lianqi.engines.packs.screening import Count, Met, Nearly, Open, Screened
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.rule import Status
from lianqi.engines.tables import Cell, SheetWriter, new_workbook
from lianqi.ops.policy.words import WORDS, asked

Cells = Sequence[Cell | Decimal]
_WHO = ("企业代码", "企业名称")
_MEASURE = ("政策文件", "项目代码", "项目")
_SHEETS = {
    "符合": (*_WHO, *_MEASURE, "金额（元）", "支持内容", "金额待定所缺"),
    "待补": (*_WHO, *_MEASURE, "结果", "缺少的项数", "缺少", "由谁提供"),
    "差一步": (*_WHO, *_MEASURE, "未满足的条件", "条款"),
}
_OVERVIEW = (
    *_MEASURE, "符合（家）", "只缺一项（家）", "待补充信息（家）", "需人工判断（家）",
    "差一步（家）", "不符合（家）", "不适用（家）", "金额合计（元）", "金额待定（家）",
)  # fmt: skip
_FLAT = (
    *_WHO, *_MEASURE, "结果", "金额（元）", "支持内容", "缺少", "由谁提供", "未满足的条件", "条款",
)  # fmt: skip
_WIDTHS = (22, 30, 30, 28, 28, 18, 40, 40, 20)
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NEARLY = "差一步"


@dataclass(frozen=True)
class Who:
    """The enterprises of a chunk, by row."""

    codes: list[str]
    names: list[str]

    def cells(self, row: int) -> tuple[str, str]:
        return self.codes[row], self.names[row] if self.names else ""


@dataclass
class Words:
    """What the results are told with.

    Attributes:
        found: The measures, in their order.
        questions: What is put to a person, by slot.
        heads: What is told above the results, as on which day.
    """

    found: Sequence[Found]
    catalogue: Catalogue
    questions: Mapping[str, str]
    heads: Sequence[tuple[str, str]] = ()

    def measure(self, place: int) -> tuple[str, str, str]:
        pack, measure = self.found[place].pack, self.found[place].measure
        return pack.title, f"{pack.key}/{measure.key}", measure.title

    def missing(self, asks: Sequence[str]) -> tuple[str, str]:
        told = [asked(each, self.catalogue, self.questions) for each in asks]
        suppliers = dict.fromkeys(supplier for _name, supplier in told if supplier)
        return "；".join(name for name, _supplier in told), "、".join(suppliers)


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def benefits_text(benefits: Sequence[tuple[BenefitText, bool]]) -> str:
    return "；".join(
        f"{'最高' if each.is_ceiling else ''}{each.title or each.kind.label}"
        + (f"：{each.pays_in_kind}" if each.pays_in_kind else "")
        + ("" if is_sure else "（待定）")
        for each, is_sure in benefits
    )


@dataclass
class Workbook:
    """An .xlsx workbook: an overview, who meets what, what is missing, and who nearly does.

    Attributes:
        left_out: By sheet, how many rows had no room.
    """

    overview: SheetWriter
    sheets: Mapping[str, SheetWriter]
    words: Words
    left_out: dict[str, int] = field(default_factory=dict)

    def add(self, screened: Screened, who: Who) -> None:
        for place in range(len(self.words.found)):
            measure = self.words.measure(place)
            for met in screened.met(place):
                self._row("符合", (*who.cells(met.row), *measure, *self._met(met)))
            for each in screened.open(place):
                self._row("待补", (*who.cells(each.row), *measure, *self._open(each)))
            for nearly in screened.nearly(place):
                self._row("差一步", (*who.cells(nearly.row), *measure, *_failed(nearly)))

    def end(self, counts: Sequence[Count], notes: Sequence[str]) -> None:
        for cells in overview_rows(self.words, counts):
            self.overview.row(cells)
        self.overview.row(())
        for name, text in self.words.heads:
            self.overview.row((name, text))
        for note in notes:
            self.overview.row((note,))
        for name, count in self.left_out.items():
            self.overview.row(
                (f"工作表“{name}”已满，另有{count}行未列出，请改用 .csv 或 .parquet",)
            )

    def _row(self, name: str, cells: Cells) -> None:
        sheet = self.sheets[name]
        if sheet.is_full:
            self.left_out[name] = self.left_out.get(name, 0) + 1
        else:
            sheet.row([None if each == "" else each for each in cells])

    def _met(self, met: Met) -> Cells:
        missing, _suppliers = self.words.missing(met.asks)
        amount = None if met.fen is None else yuan(met.fen)
        return amount, benefits_text(met.benefits), missing

    def _open(self, each: Open) -> Cells:
        return WORDS[each.status], len(each.asks), *self.words.missing(each.asks)


@dataclass
class Text:
    """One flat table as separated text."""

    write: Callable[[Sequence[object]], object]
    words: Words
    left_out: dict[str, int] = field(default_factory=dict)

    def add(self, screened: Screened, who: Who) -> None:
        for place in range(len(self.words.found)):
            for row, cells in self._rows(screened, place):
                self.write([plain(each) for each in (*who.cells(row), *cells)])

    def end(self, _counts: Sequence[Count], _notes: Sequence[str]) -> None:
        return

    def _rows(self, screened: Screened, place: int) -> Iterator[tuple[int, Cells]]:
        measure = self.words.measure(place)
        for met in screened.met(place):
            amount = None if met.fen is None else yuan(met.fen)
            missing = self.words.missing(met.asks)
            told = (WORDS[Status.MET], amount, benefits_text(met.benefits), *missing)
            yield met.row, (*measure, *told, "", "")
        for each in screened.open(place):
            missing = self.words.missing(each.asks)
            yield each.row, (*measure, WORDS[each.status], None, "", *missing, "", "")
        for nearly in screened.nearly(place):
            yield nearly.row, (*measure, NEARLY, None, "", "", "", *_failed(nearly))


def _failed(nearly: Nearly) -> tuple[str, str]:
    return nearly.clause.text or nearly.clause.key, nearly.clause.article


def plain(cell: Cell | Decimal) -> object:
    """A text that a spreadsheet program would compute is kept from it."""
    is_formula = isinstance(cell, str) and cell.startswith(_STARTS_FORMULA)
    return f"'{cell}" if is_formula else cell


def overview_rows(words: Words, counts: Sequence[Count]) -> Iterator[Cells]:
    for place, each in enumerate(counts):
        tally = each.tally
        pays = words.found[place].measure.pays
        yield (
            *words.measure(place), tally.met, each.one_missing, tally.unknown, tally.review,
            each.nearly, tally.unmet, tally.inapplicable, yuan(tally.fen) if pays else None,
            tally.unsettled if pays else 0,
        )  # fmt: skip


@contextmanager
def workbook(path: Path, words: Words) -> Iterator[Workbook]:
    """What is added becomes a workbook."""
    with whole(path) as half, new_workbook(half) as new_sheet:
        overview = new_sheet("概览", _OVERVIEW)
        overview.widths(*_WIDTHS[2:5])
        sheets = {name: new_sheet(name, header) for name, header in _SHEETS.items()}
        for each in sheets.values():
            each.widths(*_WIDTHS)
        yield Workbook(overview, sheets, words)


@contextmanager
def text(path: Path, words: Words) -> Iterator[Text]:
    """What is added becomes separated text."""
    with whole(path) as half, half.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_FLAT)
        yield Text(writer.writerow, words)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place to write to; the file stands under its name only when it is whole."""
    half = path.with_name(f"{path.name}.half")
    try:
        yield half
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def day_text(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
