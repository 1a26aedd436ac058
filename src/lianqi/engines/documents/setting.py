"""Documents set as PDF, and charts as pictures, by Typst. Layout stands in the .typ files."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lianqi.engines.documents.parts import Chart, Document

_HERE = Path(__file__).parent
_DOTS_PER_INCH = 220.0


def as_pdf(document: Document) -> bytes:
    """The document on A4 pages, as PDF/A with its fonts embedded."""
    told = {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "lang": document.language.partition("-")[0],
        "parts": [{"kind": type(part).__name__.lower(), **asdict(part)} for part in document.parts],
    }
    return _compile(
        "document.typ",
        sys_inputs={"document": json.dumps(told)},
        format="pdf",
        timestamp=document.made_at.replace(microsecond=0),
        pdf_standards="a-2a",
    )


def as_png(chart: Chart, *, language: str) -> bytes:
    """The chart alone, without its caption."""
    told = asdict(chart) | {"lang": language.partition("-")[0]}
    return _compile(
        "chart.typ",
        sys_inputs={"chart": json.dumps(told)},
        format="png",
        ppi=_DOTS_PER_INCH,
    )


def _compile(name: str, **options: Any) -> bytes:
    import typst  # 30 MB of program that pages never need
    from pylopdf_fonts_zh_cn import sans_path

    made = typst.compile(
        _HERE / name,
        root=_HERE,
        font_paths=[sans_path().parent],
        ignore_system_fonts=True,
        **options,
    )
    if not isinstance(made, bytes):  # a list of pictures: a chart that did not fit its page
        raise TypeError(f"{name} gave more than one page")
    return made
