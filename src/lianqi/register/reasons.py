"""Why a row of an import was refused, or a code or a file: stored as data, shown in any language.

A reason is `{"code": …, "params": {…}}`. Codes never change; the sentences are translated.
"""

from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqi.engines.tables import TableError, TableProblem
from lianqi.engines.text import AmountError, CodeProblem, CreditCodeError, DateError

MIB = 1024 * 1024


class Reason(TypedDict):
    """A stable code and what the sentence is filled with."""

    code: str
    params: dict[str, str | int]


SENTENCES: dict[str, Promise] = {
    # codes, GB 32100-2015 and GB 11714
    "code_length": _("The credit code has %(found)s characters instead of %(expected)s."),
    "code_character": _(
        "The credit code has “%(found)s” at position %(position)s; permitted there: %(expected)s."
    ),
    "code_inner_check": _(
        "The credit code has “%(found)s” at position %(position)s, where the organisation code's "
        "check digit must be “%(expected)s”. Compare the code with the licence."
    ),
    "code_outer_check": _(
        "The credit code has “%(found)s” at position %(position)s, where the check digit must be "
        "“%(expected)s”. Compare the code with the licence."
    ),
    "code_old_registration_number": _(
        "This is a licence number of 15 digits from before 2015. Enter the unified social credit "
        "code of 18 characters."
    ),
    "code_missing": _("The row has no credit code."),
    "code_twice": _("The credit code stands in row %(row)s already. Put both rows into one."),
    "code_merged": _(
        "The entry with this code was merged into %(name)s. Use the code %(code)s instead."
    ),
    "name_missing": _("The row has no name, and the enterprise is not in the register yet."),
    "near_duplicate": _(
        "The name is nearly the same as %(name)s (%(code)s). Decide whether it is another "
        "enterprise."
    ),
    "near_duplicate_row": _(
        "The name is nearly the same as in row %(row)s, under another code. Decide whether it is "
        "another enterprise."
    ),
    # cells
    "cell_formula": _(
        "Column “%(heading)s” holds the formula %(found)s. Paste the value instead of the formula."
    ),
    "cell_fault": _("Column “%(heading)s” shows the error %(found)s. Enter the value."),
    "cell_too_long": _(
        "Column “%(heading)s” holds more than %(limit)s characters. Shorten the text."
    ),
    "cell_word": _("Column “%(heading)s”: “%(found)s” is not known. Use one of: %(known)s."),
    "cell_industry": _(
        "Column “%(heading)s”: “%(found)s” is no code or name of GB/T 4754-2017. Enter the code."
    ),
    "cell_grid": _(
        "Column “%(heading)s”: there is no grid “%(found)s”. Use the code or name of a grid."
    ),
    "cell_email": _("Column “%(heading)s”: “%(found)s” is no e-mail address."),
    "cell_mobile": _("Column “%(heading)s”: “%(found)s” is no telephone number."),
    "cell_negative": _("Column “%(heading)s”: “%(found)s” cannot be negative."),
    "cell_number_too_large": _("Column “%(heading)s”: “%(found)s” is too large. Check the unit."),
    "cell_date_in_future": _("Column “%(heading)s”: the day %(found)s lies in the future."),
    "row_shifted": _(
        "There is more in the row than the table has headings: “%(found)s”. Check whether the row "
        "is shifted."
    ),
    "level_missing": _("The title “%(found)s” has no level. Add a column with the level."),
    # amounts
    "amount_not_a_number": _("Column “%(heading)s”: “%(found)s” is not a number."),
    "amount_grouping": _(
        "Column “%(heading)s”: the commas in “%(found)s” do not separate thousands."
    ),
    "amount_scientific": _(
        "Column “%(heading)s”: “%(found)s” may have lost digits. Write the number in full."
    ),
    "amount_range": _("Column “%(heading)s”: “%(found)s” is a range. Write one number."),
    "amount_approximate": _(
        "Column “%(heading)s”: “%(found)s” is an approximate number. Write the exact one."
    ),
    "amount_brackets": _(
        "Column “%(heading)s”: the brackets in “%(found)s” may mean minus. Write the sign."
    ),
    "amount_unit_missing": _(
        "Column “%(heading)s”: neither “%(found)s” nor the heading names a unit. Choose the unit "
        "of the column."
    ),
    "amount_unit_conflict": _(
        "Column “%(heading)s”: the unit in “%(found)s” differs from the heading's."
    ),
    "amount_foreign_currency": _(
        "Column “%(heading)s”: “%(found)s” is not in yuan. Convert it first."
    ),
    "amount_percent": _("Column “%(heading)s”: write a %% sign after “%(found)s”."),
    "amount_not_whole": _(
        "Column “%(heading)s”: “%(found)s” must be a whole number that is not negative."
    ),
    # days
    "date_not_a_date": _(
        "Column “%(heading)s”: “%(found)s” is not a date. Write it like 2020-06-22."
    ),
    "date_no_such_day": _("Column “%(heading)s”: the calendar has no day “%(found)s”."),
    "date_day_missing": _("Column “%(heading)s”: “%(found)s” lacks the month or the day."),
    "date_two_digit_year": _(
        "Column “%(heading)s”: write the year of “%(found)s” with four digits."
    ),
    "date_day_first": _(
        "Column “%(heading)s”: day and month of “%(found)s” could be exchanged. Write the year "
        "first."
    ),
    "date_serial": _("Column “%(heading)s”: the number “%(found)s” is no day."),
    # files
    "file_too_large_bytes": _(
        "The file is larger than %(limit)s MB. Leave out pictures and sheets that are not needed, "
        "or split it."
    ),
    "file_too_large_rows": _(
        "The table has more than %(limit)s rows. Split it into several files."
    ),
    "file_too_large_columns": _(
        "The table has more than %(limit)s columns. Leave out those that are not needed."
    ),
    "file_zip_bomb": _(
        "The file unpacks to far more than it should and was not opened. Save the table anew as "
        ".xlsx with only the sheet that is needed."
    ),
    "file_not_a_spreadsheet": _(
        "The content of the file is not a table, whatever its name. Save it as .xlsx or .csv."
    ),
    "file_old_xls": _("The file is an old .xls workbook. Open it and save it as .xlsx."),
    "file_empty_sheet": _("The file has no rows. Check that the right file and sheet were saved."),
    "file_no_header": _(
        "No row with headings was found. Put the headings (code, name …) into one row above the "
        "data."
    ),
    "file_encrypted": _("The file has a password. Save it without a password."),
    "file_broken": _("The file is damaged. Open it, save it anew as .xlsx and upload it again."),
    "file_changed": _("The stored file no longer has the columns it had. Upload it again."),
    "file_unexpected": _(
        "Something unexpected happened; nothing half-done was kept. Try again, and tell the "
        "platform administrator if it happens again."
    ),
}


def reason(code: str, /, **params: str | int) -> Reason:
    """A reason; an unknown code is a programmer's mistake."""
    if code not in SENTENCES:
        raise KeyError(code)
    return {"code": code, "params": params}


def reason_text(why: Reason) -> str:
    """The sentence of a reason in the language of the reader."""
    return str(SENTENCES[why["code"]]) % why["params"]


def code_reason(error: CreditCodeError) -> Reason:
    """Which character of a credit code is wrong and what belongs there."""
    if error.problem is CodeProblem.OLD_REGISTRATION_NUMBER:
        return reason("code_old_registration_number")
    return reason(
        f"code_{error.problem.value}",
        found=error.found,
        expected=error.expected,
        position=error.position or 0,
    )


def cell_reason(error: AmountError | DateError, heading: str) -> Reason:
    """What is wrong with a number or a day in a cell."""
    kind = "amount" if isinstance(error, AmountError) else "date"
    return reason(f"{kind}_{error.problem.value}", heading=heading, found=error.found)


def file_reason(error: TableError) -> Reason:
    """Why a file was not read as a table. Sizes are told in MB."""
    if error.code is not TableProblem.TOO_LARGE:
        return reason(f"file_{error.code.value}", **error.params)
    what, limit = error.params["what"], int(error.params["limit"])
    return reason(f"file_too_large_{what}", limit=limit // MIB if what == "bytes" else limit)
