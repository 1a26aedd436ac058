"""Documents written as DOCX, for people who go on writing.

Letters are named, not embedded: 宋体 and 黑体 are there wherever such a file is edited.
"""

import io
from collections.abc import Sequence
from typing import Any

from lianqi.engines.documents.parts import (
    Chart,
    Document,
    Heading,
    Note,
    Part,
    Points,
    Table,
    Text,
)
from lianqi.engines.documents.setting import as_png

_BODY, _HEAD = "宋体", "黑体"
_WIDTH_MM = 160


def as_docx(document: Document) -> bytes:
    import docx  # lxml and its templates, which pages never need
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    written = docx.Document()
    page = written.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm((210 - _WIDTH_MM) / 2)
    page.top_margin = page.bottom_margin = Mm(25)
    _fonts(written, "Normal", _BODY, Pt(10.5))
    _fonts(written, "Title", _HEAD, Pt(20))
    _fonts(written, "Heading 1", _HEAD, Pt(13))
    about = written.core_properties
    about.title, about.author, about.language = (
        document.title, document.author, document.language,
    )  # fmt: skip
    about.created = about.modified = document.made_at
    written.add_heading(document.title, 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    below = written.add_paragraph(document.subtitle)
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in document.parts:
        _add(written, part, document.language)
    _number_pages(page, f"{document.title} {document.subtitle}")
    file = io.BytesIO()
    written.save(file)
    return file.getvalue()


def _add(written: Any, part: Part, language: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    match part:
        case Heading(text):
            written.add_heading(text, 1)
        case Text(text):
            written.add_paragraph(text)
        case Note(text):
            written.add_paragraph().add_run(text).font.size = Pt(8.5)
        case Points(items):
            for item in items:
                written.add_paragraph(item, style="List Bullet")
        case Table():
            _add_table(written, part)
        case Chart():
            caption = written.add_paragraph(part.caption)
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            caption.paragraph_format.keep_with_next = True
            picture = io.BytesIO(as_png(part, language=language))
            shape = written.add_picture(picture, width=Mm(_WIDTH_MM))
            said = zip(part.labels, part.shown, strict=True)
            words = ", ".join(f"{label}: {shown}" for label, shown in said)
            shape._inline.docPr.set("descr", f"{part.caption}: {words}")  # noqa: SLF001  # no API for it


def _add_table(written: Any, part: Table) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    table = written.add_table(rows=0, cols=len(part.header), style="Light Grid Accent 1")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Mm(_WIDTH_MM * width / sum(part.widths)) for width in part.widths]
    for row in (part.header, *part.rows):
        _fill(table.add_row(), row, widths, part.text_columns)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # no API
    written.add_paragraph().paragraph_format.space_after = 0


def _fill(row: Any, texts: Sequence[str], widths: Sequence[int], text_columns: int) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = widths[number]
        (said,) = cell.paragraphs
        said.paragraph_format.space_after = 0
        if number >= text_columns:
            said.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        said.add_run(text).font.size = Pt(8.5)


def _fonts(written: Any, style: str, name: str, size: Any) -> None:
    """The letters of a style; Chinese ones are named apart from Latin ones."""
    from docx.oxml.ns import qn

    font = written.styles[style].font
    font.name, font.size = name, size
    font.element.rPr.rFonts.set(qn("w:eastAsia"), name)


def _number_pages(page: Any, text: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    (footer,) = page.footer.paragraphs
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run(f"{text} · ").font.size = Pt(8)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)  # noqa: SLF001  # no API for fields
