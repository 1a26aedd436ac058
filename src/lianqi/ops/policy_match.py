"""`lianqi policy match`: the measures of a day for a register of enterprises, without Django."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import pyarrow as pa
import pyarrow.parquet as pq

from lianqi.engines.packs.columnar import NotParquetError, columns_of
from lianqi.engines.packs.errors import PackErrors
from lianqi.engines.packs.excluding import exclusions
from lianqi.engines.packs.joining import clashes_of_facts, joined_catalogue
from lianqi.engines.packs.library import Found, Library, load_all
from lianqi.engines.packs.registers import APPLICANT, NAME, NoApplicantError, Taken, take
from lianqi.engines.packs.screening import Count, Screen, Screened
from lianqi.engines.rules.bulk.columns import ColumnError, chunk_of
from lianqi.engines.rules.bulk.matching import Tally, in_turn, match_file, open_file
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.nodes import Judged, walk
from lianqi.engines.tables import TableError, TableProblem
from lianqi.ops import policy_results as results
from lianqi.ops.policy_screen import summary
from lianqi.ops.policy_spark import match_by_zone
from lianqi.ops.trouble import Trouble

Echo = Callable[[str], None]
ENGINES = ("local", "spark")
# Enterprises of which all verdicts are told in words at a time.
_ROWS = 32_768
_APART = "不得同时享受的措施，在各自的合计中都已计入；同一企业实际享受合计最高的组合。"
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


@dataclass(frozen=True)
class Task:
    """What is to be matched.

    Attributes:
        applicant: The column that names the enterprises; the usual ones if "".
        zone: The column of the zone; its values become folders of the result of Spark.
    """

    packs: Sequence[Path]
    enterprises: Path
    day: dt.date
    out: Path
    applicant: str = ""
    zone: str = ""


def match(task: Task, echo: Echo, *, engine: str = "local") -> int:
    """Match a register; return 0 if all is well, 1 if a pack or the register has mistakes.

    Raises:
        Trouble: A file is missing, or is not what its name says.
    """
    _check(task, engine)
    library = _library(task, echo)
    if library is None:
        return 1
    measures = Measures(library, task.day)
    if not measures.found:
        raise Trouble(f"No measure for enterprises is in force on {task.day} in these packs.")
    if engine == "spark":
        match_by_zone(
            measures.program(), task.enterprises, task.out, applicant=task.applicant, zone=task.zone
        )
        _tell_others(measures, echo)
        echo(f"{len(measures.found)} measures on {task.day}: {task.out}")
        return 0
    with TemporaryDirectory(prefix="lianqi-") as folder:
        return _here(task, measures, Path(folder) / "register.parquet", echo)


def _check(task: Task, engine: str) -> None:
    if engine == "duckdb":
        raise Trouble(
            "There is no engine duckdb: the engine in this process took its place, because SQL "
            "counts a missing figure as a decided one (docs/adr/0030). Leave --engine out."
        )
    if engine not in ENGINES:
        raise Trouble(f"There is no engine {engine}: it is one of {', '.join(ENGINES)}.")
    for each in (*task.packs, task.enterprises):
        if not each.exists():
            raise Trouble(f"There is no file or folder {each}: check the spelling.")
    if task.out.resolve() == task.enterprises.resolve():
        raise Trouble("The result would overwrite the register: choose another --out.")
    if not task.out.resolve().parent.is_dir():
        raise Trouble(f"There is no folder {task.out.resolve().parent} to write into.")
    if engine == "local" and task.out.suffix not in (".xlsx", ".csv", ".parquet"):
        raise Trouble(f"{task.out.name}: the result is written as .xlsx, .csv or .parquet.")
    if engine == "local" and task.zone:
        raise Trouble("--zone goes with --engine spark only.")


def _library(task: Task, echo: Echo) -> Library | None:
    try:
        library = load_all(task.packs)
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


class Measures:
    """The measures of a day that can be told of one enterprise alone.

    Attributes:
        others: Those that need a rank among all, or are for a project, a person, a loan.
        questions: What is put to a person, by slot.
    """

    def __init__(self, library: Library, day: dt.date) -> None:
        every = library.on(day)
        self.day = day
        self.found = tuple(each for each in every if _is_for_one_enterprise(each))
        self.others = tuple(each for each in every if not _is_for_one_enterprise(each))
        self.catalogue: Catalogue = joined_catalogue(library)
        rules = [each.measure.rule(each.pack.key) for each in self.found]
        parts = (
            part
            for rule in rules
            for part in (rule.condition, *(each.amount for each in rule.benefits), rule.cap)
            if part is not None
        )
        self.questions = {
            node.slot: node.question
            for part in parts
            for node in walk(part)
            if isinstance(node, Judged)
        }

    @property
    def answers(self) -> dict[str, str]:
        """Slots of answers, by slot and by question."""
        told = {question: slot for slot, question in self.questions.items()}
        return {**told, **{slot: slot for slot in self.questions}}

    def program(self) -> Program:
        rules = [each.measure.rule(each.pack.key).on(self.day) for each in self.found]
        return Program(rules, self.catalogue)


def _is_for_one_enterprise(found: Found) -> bool:
    return found.measure.applicant == "enterprise" and found.measure.rank is None


@dataclass(frozen=True)
class _Source:
    """A register as Parquet."""

    file: Path
    applicant: str
    name: str
    rows: int


def _here(task: Task, measures: Measures, temporary: Path, echo: Echo) -> int:
    is_parquet = task.enterprises.suffix == ".parquet"
    screen = None
    if task.out.suffix == ".parquet":
        program = measures.program()
    else:
        screen = Screen(measures.found, measures.day, measures.catalogue)
        program = screen.program
    source = (
        _from_parquet(task, measures, program, echo)
        if is_parquet
        else _from_table(task, measures, program, temporary, echo)
    )
    if source is None:
        return 1
    try:
        if screen is None:
            tallies = _to_parquet(task, program, source)
            counts = [Count(each) for each in tallies]
        else:
            counts = _to_people(task, measures, screen, source, echo)
    except ColumnError as error:
        echo(f"{task.enterprises}: column {error}")
        return 1
    for line in summary(results.Words(measures.found, measures.catalogue, {}), counts, screen):
        echo(line)
    _tell_others(measures, echo)
    written = str(task.out) if screen else f"{task.out} and {open_file(task.out).name}"
    echo(f"{source.rows} enterprises, {len(measures.found)} measures on {task.day}: {written}")
    return 0


def _from_table(
    task: Task, measures: Measures, program: Program, target: Path, echo: Echo
) -> _Source | None:
    with _progress("reading") as told:
        try:
            taken = take(
                task.enterprises,
                target,
                catalogue=measures.catalogue,
                wanted=program.wanted,
                answers=measures.answers,
                day=task.day,
                applicant=task.applicant,
                on_rows=told,
            )
        except TableError as error:
            why = _PROBLEMS[error.code].format(**error.params)
            raise Trouble(f"{task.enterprises} cannot be read: {why}.") from error
        except NoApplicantError as error:
            raise Trouble(_unnamed(task, error)) from error
    for each in taken.errors:
        echo(f"{task.enterprises}: {each}")
    if taken.more_errors:
        echo(f"{task.enterprises}: and {taken.more_errors} more mistakes.")
    _tell_ignored(task, taken, echo)
    if taken.errors:
        return None
    if not taken.slots:
        echo(f"{task.enterprises}: no column names a fact that a rule reads: all stays open.")
    columns = pq.read_schema(target).names
    return _Source(target, APPLICANT, NAME if NAME in columns else "", taken.rows)


def _unnamed(task: Task, error: NoApplicantError) -> str:
    return f"{task.enterprises}: {error}; name the column with --applicant."


def _tell_ignored(task: Task, taken: Taken, echo: Echo) -> None:
    if taken.unread:
        told = "、".join(taken.unread)
        echo(f"{task.enterprises}: facts that no rule in force reads: {told}")
    if taken.ignored:
        told = "、".join(
            f"{name} (did you mean {near}?)" if near else name for name, near in taken.ignored
        )
        echo(f"{task.enterprises}: columns that are no facts are left out: {told}")


def _from_parquet(task: Task, measures: Measures, program: Program, echo: Echo) -> _Source | None:
    try:
        found = columns_of(
            task.enterprises,
            catalogue=measures.catalogue,
            wanted=program.wanted,
            applicant=task.applicant,
        )
    except NotParquetError as error:
        raise Trouble(f"{task.enterprises} cannot be read as Parquet: {error}") from error
    except NoApplicantError as error:
        raise Trouble(_unnamed(task, error)) from error
    for column, message in found.errors:
        echo(f"{task.enterprises}: column {column}: {message}")
    for column, slot in found.meant:
        echo(f"{task.enterprises}: column {column} is not read: in Parquet it is called {slot}")
    if found.unread:
        told = "、".join(found.unread)
        echo(f"{task.enterprises}: facts that no rule in force reads: {told}")
    if found.errors:
        return None
    return _Source(task.enterprises, found.applicant, found.name, found.rows)


def _to_parquet(task: Task, program: Program, source: _Source) -> list[Tally]:
    with _progress("matching") as told:
        return match_file(
            program,
            source.file,
            task.out,
            applicant=source.applicant,
            on_rows=lambda rows: told(rows, source.rows),
        )


def _to_people(
    task: Task, measures: Measures, screen: Screen, source: _Source, echo: Echo
) -> list[Count]:
    heads = (("测算日期", results.day_text(task.day)), ("企业数", str(source.rows)))
    words = results.Words(measures.found, measures.catalogue, measures.questions, heads)
    counts = [Count(Tally())] * len(measures.found)
    opened: Callable[[Path, results.Words], AbstractContextManager[results.Workbook | results.Text]]
    opened = results.workbook if task.out.suffix == ".xlsx" else results.text
    with opened(task.out, words) as writer, _progress("matching") as told:
        for who, screened in _screened(screen, source):
            writer.add(screened, who)
            counts = [one + other for one, other in zip(counts, screened.counts(), strict=True)]
            told(screened.size, source.rows)
        apart = [_APART] if exclusions(measures.found) else []
        writer.end(counts, [*apart, *(_needs_more(each) for each in measures.others)])
    for name, left in writer.left_out.items():
        echo(f"{task.out}: sheet {name} is full, {left} rows are left out: write .csv or .parquet")
    return counts


def _screened(screen: Screen, source: _Source) -> Iterator[tuple[results.Who, Screened]]:
    file = pq.ParquetFile(source.file)
    held = [each for each in file.schema_arrow.names if each in screen.program.wanted]
    columns = list(dict.fromkeys([source.applicant, *filter(None, [source.name]), *held]))

    def of(batch: pa.RecordBatch) -> tuple[results.Who, Screened]:
        who = results.Who(
            _texts(batch, source.applicant), _texts(batch, source.name) if source.name else []
        )
        return who, screen.screened(chunk_of(batch, screen.program.wanted))

    return in_turn(of, file.iter_batches(batch_size=_ROWS, columns=columns))


def _texts(batch: pa.RecordBatch, name: str) -> list[str]:
    return ["" if each is None else str(each) for each in batch.column(name).to_pylist()]


def _needs_more(found: Found) -> str:
    why = "按名次" if found.measure.rank else f"申请人为{found.measure.applicant}"
    return f"未测算：{found.pack.title}　{found.measure.title}（{why}）"


def _tell_others(measures: Measures, echo: Echo) -> None:
    if measures.others:
        echo(
            f"{len(measures.others)} measures are not told of one enterprise alone "
            "(ranks; for projects, persons, loans): see lianqi policy explain."
        )


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; nothing where that is no terminal."""
    shown = label if sys.stderr.isatty() else ""
    with click.progressbar(length=1, label=shown, file=sys.stderr) as bar:

        def told(rows: int, expected: int) -> None:
            bar.length = max(expected, bar.pos + rows, 1)
            bar.update(rows)

        yield told
