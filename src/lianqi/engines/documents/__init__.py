"""Documents for people who print and pass on: one description, set as PDF or written as DOCX.

Both say the same, in the same order, with the same charts. Fonts come with a package and are
embedded, so that a PDF looks alike on a machine that has no Chinese fonts.
"""

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
from lianqi.engines.documents.setting import as_pdf
from lianqi.engines.documents.writing import as_docx

__all__ = [
    "Chart",
    "Document",
    "Heading",
    "Note",
    "Part",
    "Points",
    "Table",
    "Text",
    "as_docx",
    "as_pdf",
]
