"""`lianqi policy match`: the measures of a day for a register of enterprises, without Django."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from lianqi.engines.packs.excluding import exclusions
from lianqi.engines.packs.joining import joined_catalogue
from lianqi.engines.packs.library import Found, Library
from lianqi.engines.packs.screening import Count, Screen, Screened
from lianqi.engines.rules.bulk.columns import ColumnError, chunk_of
from lianqi.engines.rules.bulk.matching import Tally, batches_of, in_turn, match_file, open_file
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.ops.policy import results
from lianqi.ops.policy.register import Echo, Register, Source, library_of, progress, taken
from lianqi.ops.policy.said import said
from lianqi.ops.policy.screen import summary
from lianqi.ops.policy.spark import match_by_zone
from lianqi.ops.policy.words import questions_of
from lianqi.ops.trouble import Trouble

ENGINES = ("local", "spark")
# Enterprises of which all verdicts are told in words at a time.
_ROWS = 32_768
_APART = "不得同时享受的措施，在各自的合计中都已计入；同一企业实际享受合计最高的组合。"


@dataclass(frozen=True)
class Task:
    """What is to be matched.

    Attributes:
        applicant: The column that names the enterprises; the usual ones if "".
        zone: The column of the zone; its values become folders of the result of Spark.
        language: "en" or "zh": of mistakes, remarks and the summary.
    """

    packs: Sequence[Path]
    enterprises: Path
    day: dt.date
    out: Path
    applicant: str = ""
    zone: str = ""
    language: str = "en"

    def said(self, key: str, /, **params: object) -> str:
        """A sentence in the language of the task."""
        return said(key, self.language, **params)


def match(task: Task, echo: Echo, *, engine: str = "local") -> int:
    """Match a register; return 0 if all is well, 1 if a pack or the register has mistakes.

    Raises:
        Trouble: A file is missing, or is not what its name says.
    """
    _check(task, engine)
    library = library_of(task.packs, echo, task.language)
    if library is None:
        return 1
    measures = Measures(library, task.day)
    if not measures.found:
        raise Trouble(task.said("no_measure", day=task.day))
    if engine == "spark":
        match_by_zone(
            measures.program(), task.enterprises, task.out, applicant=task.applicant, zone=task.zone
        )
        _tell_others(task, measures, echo)
        echo(task.said("measures", count=len(measures.found), day=task.day, out=task.out))
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
        self.questions = questions_of(self.found)

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


def _here(task: Task, measures: Measures, temporary: Path, echo: Echo) -> int:
    screen = None
    if task.out.suffix == ".parquet":
        program = measures.program()
    else:
        screen = Screen(measures.found, measures.day, measures.catalogue)
        program = screen.program
    register = Register(task.enterprises, task.day, task.applicant, task.language)
    source = taken(register, measures.catalogue, program.wanted, measures.answers, temporary, echo)
    if source is None:
        return 1
    try:
        if screen is None:
            tallies = _to_parquet(task, program, source)
            counts = [Count(each) for each in tallies]
        else:
            counts = _to_people(task, measures, screen, source, echo)
    except ColumnError as error:
        echo(task.said("column", file=task.enterprises, wrong=error))
        return 1
    words = results.Words(measures.found, measures.catalogue, {})
    for line in summary(words, counts, screen, task.language):
        echo(line)
    _tell_others(task, measures, echo)
    both = task.said("joint", one=task.out, other=open_file(task.out).name)
    told = {"rows": source.rows, "count": len(measures.found), "day": task.day}
    echo(task.said("done", out=task.out if screen else both, **told))
    return 0


def _to_parquet(task: Task, program: Program, source: Source) -> list[Tally]:
    with progress(task.said("matching")) as told:
        return match_file(
            program,
            source.file,
            task.out,
            applicant=source.applicant,
            on_rows=lambda rows: told(rows, source.rows),
        )


def _to_people(
    task: Task, measures: Measures, screen: Screen, source: Source, echo: Echo
) -> list[Count]:
    heads = (("测算日期", results.day_text(task.day)), ("企业数", str(source.rows)))
    words = results.Words(measures.found, measures.catalogue, measures.questions, heads)
    counts = [Count(Tally())] * len(measures.found)
    opened: Callable[[Path, results.Words], AbstractContextManager[results.Workbook | results.Text]]
    opened = results.workbook if task.out.suffix == ".xlsx" else results.text
    with opened(task.out, words) as writer, progress(task.said("matching")) as told:
        for who, screened in _screened(screen, source):
            writer.add(screened, who)
            counts = [one + other for one, other in zip(counts, screened.counts(), strict=True)]
            told(screened.size, source.rows)
        apart = [_APART] if exclusions(measures.found) else []
        writer.end(counts, [*apart, *(_needs_more(each) for each in measures.others)])
    for name, left in writer.left_out.items():
        echo(task.said("sheet_full", file=task.out, sheet=name, count=left))
    return counts


def _screened(screen: Screen, source: Source) -> Iterator[tuple[results.Who, Screened]]:
    file = pq.ParquetFile(source.file)
    held = [each for each in file.schema_arrow.names if each in screen.program.wanted]
    columns = list(dict.fromkeys([source.applicant, *filter(None, [source.name]), *held]))

    def of(batch: pa.RecordBatch) -> tuple[results.Who, Screened]:
        who = results.Who(
            _texts(batch, source.applicant), _texts(batch, source.name) if source.name else []
        )
        return who, screen.screened(chunk_of(batch, screen.program.wanted))

    return in_turn(of, batches_of(file, columns, rows=_ROWS))


def _texts(batch: pa.RecordBatch, name: str) -> list[str]:
    return ["" if each is None else str(each) for each in batch.column(name).to_pylist()]


def _needs_more(found: Found) -> str:
    why = "按名次" if found.measure.rank else f"申请人为{found.measure.applicant}"
    return f"未测算：{found.pack.title}　{found.measure.title}（{why}）"


def _tell_others(task: Task, measures: Measures, echo: Echo) -> None:
    if measures.others:
        echo(task.said("others", count=len(measures.others)))
