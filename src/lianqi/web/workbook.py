"""A spreadsheet as an answer."""

import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from django.http import FileResponse

from lianqi.engines.tables import Cell, write_table


def workbook_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Cell | Decimal]]
) -> FileResponse:
    """An .xlsx file to save, written row by row."""
    workbook = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  # FileResponse closes it
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_table(path, header, rows)
        workbook.write(path.read_bytes())
    workbook.seek(0)
    return FileResponse(workbook, as_attachment=True, filename=name)
