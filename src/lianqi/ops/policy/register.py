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
from lianqi.engines.tables import TableError
from lianqi.ops.policy.said import said, why_unreadable
from lianqi.ops.trouble import Trouble

Echo = Callable[[str], None]


def library_of(packs: Sequence[Path], echo: Echo, language: str = "en") -> Library | None:
    """The packs of files and folders; None if they have mistakes, which are told.

    Args:
        language: "en" or "zh": of the mistakes.

    Raises:
        Trouble: There is none, or one is no text.
    """
    try:
        library = load_all(packs)
    except PackErrors as errors:
        for error in errors.errors:
            echo(error.line_in(language))
        return None
    except UnicodeDecodeError as error:
        raise Trouble("A pack is not in UTF-8: save it as UTF-8 and try again.") from error
    if not library.packs:
        raise Trouble("There is no pack: name a .yaml file or a folder that holds some.")
    clashes = [*library.clashes(language)]
    clashes += [
        said("clash", language, pack=each.pack, other=each.other, key=each.key)
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
        language: "en" or "zh": of mistakes and remarks.
    """

    file: Path
    day: dt.date
    applicant: str = ""
    language: str = "en"

    def said(self, key: str, /, **params: object) -> str:
        """A sentence about the file."""
        return said(key, self.language, file=self.file, **params)


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
    with progress(said("reading", register.language)) as told:
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
            why = why_unreadable(error.code, error.params, register.language)
            raise Trouble(register.said("unreadable", why=why)) from error
        except NoApplicantError as error:
            raise Trouble(_unnamed(register, error)) from error
    for each in found.errors:
        echo(f"{register.file}: {each.line_in(register.language)}")
    if found.more_errors:
        echo(register.said("more_mistakes", count=found.more_errors))
    _tell_ignored(register, found, echo)
    if found.errors:
        return None
    if not found.slots:
        echo(register.said("nothing_read"))
    columns = pq.read_schema(target).names
    return Source(target, APPLICANT, NAME if NAME in columns else "", found.rows)


def _unnamed(register: Register, error: NoApplicantError) -> str:
    return register.said("no_applicant", why=error.told(register.language).message)


def _tell_ignored(register: Register, taken: Taken, echo: Echo) -> None:
    if taken.unread:
        echo(register.said("unread", columns="、".join(taken.unread)))
    if taken.ignored:
        told = "、".join(
            said("near", register.language, name=name, near=near) if near else name
            for name, near in taken.ignored
        )
        echo(register.said("ignored", columns=told))


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
    for each in found.errors:
        echo(f"{register.file}: {each.line_in(register.language)}")
    for column, slot in found.meant:
        echo(register.said("meant", column=column, slot=slot))
    if found.unread:
        echo(register.said("unread", columns="、".join(found.unread)))
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
