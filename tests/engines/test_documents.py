"""Documents as PDF and DOCX: the same words and figures in both, with the fonts inside."""

import datetime as dt
import io

import docx
import pypdfium2
import pytest

from lianqi.engines.documents import (
    Chart,
    Document,
    Heading,
    Note,
    Points,
    Table,
    Text,
    as_docx,
    as_pdf,
)

AT = dt.datetime(2026, 4, 1, 4, 30, 12, 999, tzinfo=dt.UTC)
TABLE = Table("比率", ["指标", "本月"], [3, 1], [["办结率", "95.54%"], ["#[]*_$", '"\\"']])
COURSE = Chart("办结率", ["2月", "3月"], [None, 0.5], ["–", "50%"], most=1.0)
RANKED = Chart("各类别", ["用电用水用气", "融资"], [12, 30], ["12", "30"], is_lying=True)


def document(*parts: object) -> Document:
    return Document("月报", "云岭高新区 · 2026年3月", "云岭高新区", "zh-hans", AT, parts)  # type: ignore[arg-type]


WHOLE = document(
    Heading("一、总体"), Text("本月收到 1,234 件。"), TABLE, Points(["满意率下降。", "办结率上升。"]),
    COURSE, RANKED, Note("不足 30 件的不排名。"),
)  # fmt: skip


def text_of(pdf: bytes) -> str:
    """Without spaces: where words are set apart by layout says nothing."""
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace(" ", "")


def test_a_pdf_says_everything_also_what_looks_like_markup() -> None:
    said = text_of(as_pdf(WHOLE))

    for words in (
        "月报", "一、总体", "本月收到1,234件。", "95.54%", "满意率下降。", "50%", "用电用水用气",
        "不足30件的不排名。", "#[]*_$", '"\\"',
    ):  # fmt: skip
        assert words in said, words


def test_the_fonts_of_a_pdf_are_embedded() -> None:
    pdf = as_pdf(WHOLE)

    assert pdf.count(b"/FontFile3") == 2
    assert b"SerifSC" in pdf
    assert b"SansSC" in pdf


def test_the_same_document_is_the_same_file() -> None:
    assert as_pdf(WHOLE) == as_pdf(WHOLE)


def test_a_docx_says_the_same_and_shows_the_charts() -> None:
    written = docx.Document(io.BytesIO(as_docx(WHOLE)))

    paragraphs = [each.text for each in written.paragraphs if each.text]
    assert paragraphs == [
        "月报", "云岭高新区 · 2026年3月", "一、总体", "本月收到 1,234 件。", "满意率下降。", "办结率上升。",
        "办结率", "各类别", "不足 30 件的不排名。",
    ]  # fmt: skip
    (table,) = written.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        list(TABLE.header), *TABLE.rows
    ]  # fmt: skip
    pictures = [shape._inline.docPr.get("descr") for shape in written.inline_shapes]
    assert pictures == ["办结率: 2月: –, 3月: 50%", "各类别: 用电用水用气: 12, 融资: 30"]
    assert written.core_properties.title == "月报"


@pytest.mark.parametrize("chart", [Chart("空", [], [], []), Chart("零", ["一"], [0], ["0"])])
def test_a_chart_without_anything_is_no_mistake(chart: Chart) -> None:
    assert as_pdf(document(chart)).startswith(b"%PDF")


def test_a_long_table_repeats_its_heading_on_every_page() -> None:
    table = Table("长表", ["单位", "件数"], [3, 1], [[f"第{n}单位", str(n)] for n in range(120)])

    pages = pypdfium2.PdfDocument(as_pdf(document(table)))

    texts = [page.get_textpage().get_text_range() for page in pages]
    assert len(texts) > 2
    assert all("件数" in text for text in texts)
