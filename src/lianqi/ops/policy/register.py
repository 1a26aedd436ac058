"""What the command line is given: packs to be read, and a register of applicants as a file."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pyarrow.parquet as pq

from lianqi.engines.packs.columnar import NotParquetError, columns_of
from lianqi.engines.packs.errors import PackErrors
from lianqi.engines.packs.joining import clashes_of_facts
from lianqi.engines.packs.library import Library, load_all
from lianqi.engines.packs.registers import APPLICANT, NAME, NoApplicantError, Taken, take
from lianqi.engines.rules.bulk.columns import Wanted
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.tables import TableError, TableProblem
from lianqi.ops.trouble import Trouble

Echo = Callable[[str], None]
_PROBLEMS = {
    TableProblem.TOO_LARGE: "it holds more {what} than the {limit} that can be read; use Parquet",
    TableProblem.ZIP_BOMB: "it unpacks to far more than it should; it is not opened",
    TableProblem.NOT_A_SPREADSHEET: "it is no table, rather: {kind}; save it as .xlsx or .csv",
    TableProblem.OLD_XLS: "it is an old .xls workbook; save it as .xlsx",
    TableProblem.EMPTY_SHEET: "it holds nothing",
    TableProblem.NO_HEADER: "no row of sheet {sheet} looks like a heading",
    TableProblem.ENCRYPTED: "it is protected by a password; save it without",
    TableProblem.BROKEN: "it is broken ({detail})",
}


def library_of(packs: Sequence[Path], echo: Echo) -> Library | None:
    """The packs of files and folders; None if they have mistakes, which are told.

    Raises:
        Trouble: There is none, or one is no text.
    """
    try:
        library = load_all(packs)
    except PackErrors as errors:
        for error in errors.errors:
            echo(str(error))
        return None
    except UnicodeDecodeError as error:
        raise Trouble("A pack is not in UTF-8: save it as UTF-8 and try again.") from error
    if not library.packs:
        raise Trouble("There is no pack: name a .yaml file or a folder that holds some.")
    clashes = [*library.clashes()]
    clashes += [
        f"{each.pack} and {each.other} state the fact {each.key} differently: rename it in one"
        for each in clashes_of_facts(library)
    ]
    for clash in clashes:
        echo(clash)
    return None if clashes else library


@dataclass(frozen=True)
class Register:
    """A table of applicants.

    Attributes:
        day: About which its figures without a period are.
        applicant: The column that names the applicants; the usual ones if "".
    """

    file: Path
    day: dt.date
    applicant: str = ""


@dataclass(frozen=True)
class Source:
    """A register as Parquet."""

    file: Path
    applicant: str
    name: str
    rows: int


def taken(
    register: Register,
    catalogue: Catalogue,
    wanted: Mapping[str, Wanted],
    answers: Mapping[str, str],
    temporary: Path,
    echo: Echo,
) -> Source | None:
    """The register as Parquet, with the columns that rules want; None if it has mistakes.

    Args:
        answers: Slots of answers to questions, by slot and by the question itself.
        temporary: Where a table is written as Parquet.

    Raises:
        Trouble: It cannot be read as what its name says.
    """
    if register.file.suffix == ".parquet":
        return _from_parquet(register, catalogue, wanted, echo)
    return _from_table(register, catalogue, wanted, answers, temporary, echo)


def _from_table(
    register: Register,
    catalogue: Catalogue,
    wanted: Mapping[str, Wanted],
    answers: Mapping[str, str],
    target: Path,
    echo: Echo,
) -> Source | None:
    with progress("reading") as told:
        try:
            found = take(
                register.file,
                target,
                catalogue=catalogue,
                wanted=wanted,
                answers=answers,
                day=register.day,
                applicant=register.applicant,
                on_rows=told,
            )
        except TableError as error:
            why = _PROBLEMS[error.code].format(**error.params)
            raise Trouble(f"{register.file} cannot be read: {why}.") from error
        except NoApplicantError as error:
            raise Trouble(_unnamed(register, error)) from error
    for each in found.errors:
        echo(f"{register.file}: {each}")
    if found.more_errors:
        echo(f"{register.file}: and {found.more_errors} more mistakes.")
    _tell_ignored(register, found, echo)
    if found.errors:
        return None
    if not found.slots:
        echo(f"{register.file}: no column names a fact that a rule reads: all stays open.")
    columns = pq.read_schema(target).names
    return Source(target, APPLICANT, NAME if NAME in columns else "", found.rows)


def _unnamed(register: Register, error: NoApplicantError) -> str:
    return f"{register.file}: {error}; name the column with --applicant."


def _tell_ignored(register: Register, taken: Taken, echo: Echo) -> None:
    if taken.unread:
        told = "、".join(taken.unread)
        echo(f"{register.file}: facts that no rule in force reads: {told}")
    if taken.ignored:
        told = "、".join(
            f"{name} (did you mean {near}?)" if near else name for name, near in taken.ignored
        )
        echo(f"{register.file}: columns that are no facts are left out: {told}")


def _from_parquet(
    register: Register, catalogue: Catalogue, wanted: Mapping[str, Wanted], echo: Echo
) -> Source | None:
    try:
        found = columns_of(
            register.file, catalogue=catalogue, wanted=wanted, applicant=register.applicant
        )
    except NotParquetError as error:
        raise Trouble(f"{register.file} cannot be read as Parquet: {error}") from error
    except NoApplicantError as error:
        raise Trouble(_unnamed(register, error)) from error
    for column, message in found.errors:
        echo(f"{register.file}: column {column}: {message}")
    for column, slot in found.meant:
        echo(f"{register.file}: column {column} is not read: in Parquet it is called {slot}")
    if found.unread:
        told = "、".join(found.unread)
        echo(f"{register.file}: facts that no rule in force reads: {told}")
    if found.errors:
        return None
    return Source(register.file, found.applicant, found.name, found.rows)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; nothing where that is no terminal."""
    shown = label if sys.stderr.isatty() else ""
    with click.progressbar(length=1, label=shown, file=sys.stderr) as bar:

        def told(rows: int, expected: int) -> None:
            bar.length = max(expected, bar.pos + rows, 1)
            bar.update(rows)

        yield told
