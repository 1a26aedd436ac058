"""`lianqi policy settle`: what ranks and budgets leave to everybody who applies.

A rule tells one applicant what it may get. Who is first, and what is left when the money is short,
only a run over all of them knows. An applicant is a row of a table: an enterprise, a person, a
project, whatever the measures are for; rows stand in the order in which applications came in.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq

from lianqi.engines.packs.applicants import Applicant
from lianqi.engines.packs.budgets import BudgetMissingError
from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.excluding import full_name
from lianqi.engines.packs.joining import joined_catalogue
from lianqi.engines.packs.library import Found, Library
from lianqi.engines.packs.quantities import quantity
from lianqi.engines.packs.runs import read_beside, settle_all
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.bulk.tables import snapshots_of
from lianqi.engines.rules.units import YUAN
from lianqi.ops.policy.register import Echo, Register, Source, library_of, taken
from lianqi.ops.policy.settled import Run, lines, written
from lianqi.ops.policy.words import questions_of
from lianqi.ops.trouble import Trouble

MOST_APPLICANTS = 100_000


@dataclass(frozen=True)
class Task:
    """A run over applicants.

    Attributes:
        measures: Keys, alone or as pack/measure; all of the packs if there are none.
        budgets: As MEASURE=AMOUNT, the measure alone or as pack/measure.
        applicant: The column that names the applicants; the usual ones if "".
        language: "en" or "zh": of mistakes.
    """

    packs: Sequence[Path]
    applicants: Path
    day: dt.date
    out: Path
    measures: Sequence[str] = ()
    budgets: Sequence[str] = ()
    applicant: str = ""
    language: str = "en"


def settle(task: Task, echo: Echo) -> int:
    """Settle a run; return 0 if all is well, 1 if a pack or the table has mistakes.

    Raises:
        Trouble: A file is missing or is not what its name says, a measure is not there, or a sum is
            missing.
    """
    _check(task)
    library = library_of(task.packs, echo, task.language)
    if library is None:
        return 1
    found = _chosen(library, task)
    budgets = dict(_budget(each, found) for each in task.budgets)
    with TemporaryDirectory(prefix="lianqi-") as folder:
        run = _run(task, library, found, Path(folder) / "applicants.parquet", echo)
    if run is None:
        return 1
    try:
        run.settled = settle_all(found, run.applicants, task.day, budgets=budgets)
    except BudgetMissingError as error:
        raise Trouble(f"{error}, as --budget MEASURE=100万元.") from error
    written(run, task.out)
    for line in lines(run):
        echo(line)
    echo(f"{len(run.applicants)} applicants, {len(found)} measures on {task.day}: {task.out}")
    return 0


def _check(task: Task) -> None:
    for each in (*task.packs, task.applicants):
        if not each.exists():
            raise Trouble(f"There is no file or folder {each}: check the spelling.")
    if task.out.resolve() == task.applicants.resolve():
        raise Trouble("The result would overwrite the applicants: choose another --out.")
    if not task.out.resolve().parent.is_dir():
        raise Trouble(f"There is no folder {task.out.resolve().parent} to write into.")
    if task.out.suffix not in (".xlsx", ".csv"):
        raise Trouble(f"{task.out.name}: the result is written as .xlsx or .csv.")


def _chosen(library: Library, task: Task) -> tuple[Found, ...]:
    """The measures to settle, all for applicants of one kind."""
    every = library.on(task.day)
    if not every:
        raise Trouble(f"No measure of these packs is in force on {task.day}.")
    names = [_name(each, every) for each in task.measures]
    found = tuple(each for each in every if not names or _full(each) in names)
    kinds = sorted({each.measure.applicant for each in found})
    if len(kinds) > 1:
        told = "; ".join(f"{_full(each)} ({each.measure.applicant})" for each in found)
        raise Trouble(f"These measures are for {', '.join(kinds)}: choose with --measure: {told}.")
    return found


def _name(written: str, every: Sequence[Found]) -> str:
    """The full name of a measure that may be called by its key alone."""
    meant = [_full(each) for each in every if written in (each.measure.key, _full(each))]
    if len(meant) == 1:
        return meant[0]
    known = ", ".join(meant or map(_full, every))
    why = "is the key of several measures" if meant else "is none of the measures in force"
    raise Trouble(f"{written} {why}: {known}.")


def _full(found: Found) -> str:
    return full_name(found.pack.key, found.measure.key)


def _budget(written: str, found: Sequence[Found]) -> tuple[str, Fraction]:
    measure, equals, amount = written.partition("=")
    try:
        yuan, unit = quantity(amount)
    except NotAValueError as error:
        raise Trouble(f"--budget {written}: write MEASURE=500万元 ({error}).") from error
    if not equals or unit.dims != YUAN or yuan < 0:
        raise Trouble(f"--budget {written}: write MEASURE=500万元, a sum of money.")
    return _name(measure.strip(), found), yuan


def _run(
    task: Task, library: Library, found: Sequence[Found], temporary: Path, echo: Echo
) -> Run | None:
    catalogue = joined_catalogue(library)
    rules = [each.measure.rule(each.pack.key).on(task.day) for each in found]
    wanted = Program([*rules, read_beside(found, task.day)], catalogue).wanted
    questions = questions_of(found)
    answers = {text: slot for slot, text in questions.items()} | {each: each for each in questions}
    register = Register(task.applicants, task.day, task.applicant, task.language)
    source = taken(register, catalogue, wanted, answers, temporary, echo)
    if source is None:
        return None
    if source.rows > MOST_APPLICANTS:
        raise Trouble(
            f"{task.applicants} holds {source.rows} applicants; a run takes {MOST_APPLICANTS}."
        )
    table = pq.read_table(source.file)
    keys = _texts(source, table.column(source.applicant).to_pylist())
    names = table.column(source.name).to_pylist() if source.name else [""] * len(keys)
    applicants = [
        Applicant(key, snapshot, turn)
        for turn, (key, snapshot) in enumerate(zip(keys, snapshots_of(table, wanted), strict=True))
    ]
    told = dict(zip(keys, (each or "" for each in names), strict=True))
    return Run(tuple(found), task.day, applicants, told, catalogue, questions)


def _texts(source: Source, values: Sequence[object]) -> list[str]:
    """What names the applicants; in Parquet nobody has looked yet whether each is named once."""
    keys = ["" if each is None else str(each) for each in values]
    if len(set(keys)) < len(keys):
        twice = next(each for each in keys if keys.count(each) > 1)
        raise Trouble(f"{source.file}: {twice or 'an empty name'} names more than one applicant.")
    return keys
