"""Why a file was not read as a table, and how large a table may be."""

from dataclasses import dataclass
from enum import StrEnum

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The most a file may hold.

    Attributes:
        max_bytes: Size of the file.
        max_rows: Rows below the header that hold something.
        max_columns: Columns that hold something.
        max_unpacked_bytes: Size of everything inside an .xlsx file once unpacked.
        max_ratio: Unpacked size of an .xlsx file over its own; looked at from 10 MiB on, since
            small regular tables shrink a lot too.
    """

    max_bytes: int = 50 * MIB
    max_rows: int = 200_000
    max_columns: int = 200
    max_unpacked_bytes: int = 400 * MIB
    max_ratio: int = 200


class TableProblem(StrEnum):
    """Stable codes, with the names of their parameters.

    TOO_LARGE: what ("bytes", "rows" or "columns"), limit, found (for rows the limit plus one).
    ZIP_BOMB: what ("unpacked_bytes" or "ratio"), limit.
    NOT_A_SPREADSHEET: kind, a guess at what it is instead, "unknown" if there is none.
    NO_HEADER: sheet.
    BROKEN: detail, in English for support staff.
    OLD_XLS, EMPTY_SHEET and ENCRYPTED have none.
    """

    TOO_LARGE = "too_large"
    ZIP_BOMB = "zip_bomb"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    OLD_XLS = "old_xls"
    EMPTY_SHEET = "empty_sheet"
    NO_HEADER = "no_header"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"


class TableError(Exception):
    """A file cannot be read as a table; `code` and `params` let the caller say why."""

    def __init__(self, code: TableProblem, **params: str | int) -> None:
        self.code = code
        self.params = params
        super().__init__(code.value, params)
