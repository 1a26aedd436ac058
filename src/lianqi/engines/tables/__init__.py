"""Reading spreadsheets that strangers made, and writing ones that are safe to open."""

from lianqi.engines.tables.cells import Cell, Fault, Formula, Row, cell_text, column_letters
from lianqi.engines.tables.errors import Limits, TableError, TableProblem
from lianqi.engines.tables.headers import header_key
from lianqi.engines.tables.reading import Table, read_table
from lianqi.engines.tables.writing import SheetWriter, new_workbook, write_table

__all__ = [
    "Cell",
    "Fault",
    "Formula",
    "Limits",
    "Row",
    "SheetWriter",
    "Table",
    "TableError",
    "TableProblem",
    "cell_text",
    "column_letters",
    "header_key",
    "new_workbook",
    "read_table",
    "write_table",
]
