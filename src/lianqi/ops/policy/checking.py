"""`lianqi policy`: packs on the command line, without a database and without Django."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from lianqi.engines.packs.cases import cases_file, check_cases, examples
from lianqi.engines.packs.cases import shown as amount_shown
from lianqi.engines.packs.errors import PackError, Wrong
from lianqi.engines.packs.given import Given, given, snapshot
from lianqi.engines.packs.library import SHIPPED, Library, pack_files
from lianqi.engines.packs.linting import Severity, remarks
from lianqi.engines.packs.pack import Measure, Pack
from lianqi.engines.packs.reading import check
from lianqi.engines.packs.saving import saved
from lianqi.engines.packs.sheet import Sheet
from lianqi.engines.packs.stating import facts_stated
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Fact, Node, answer_slot, facts_of
from lianqi.engines.rules.rule import Assessment, Status, assess
from lianqi.engines.rules.units import symbol_of
from lianqi.ops.policy.words import MARKS, QUESTION, WORDS, asked
from lianqi.ops.trouble import Trouble

Echo = Callable[[str], None]


def check_packs(
    places: Sequence[Path],
    echo: Echo,
    *,
    remarks_on: dt.date | None = None,
    language: str = "en",
) -> int:
    """Check packs and their cases; return 0 if all is well, 1 if not, and say where it is not.

    Args:
        places: Files and folders; the packs that come with the program if there are none.
        remarks_on: The day for which what should be looked at before publication is told, too.
        language: "en" or "zh".
    """
    files = pack_files(_there(places or (SHIPPED / "national", SHIPPED / "regional")))
    if not files:
        raise Trouble("There is no pack: name a .yaml file or a folder that holds some.")
    packs, errors, count = [], list[PackError](), 0
    for file in files:
        pack, wrong = _read(file)
        if pack is not None:
            packs.append(pack)
            held, differing = _check_its_cases(pack, file)
            count += held
            wrong = (*wrong, *differing)
            echo(_line(pack, held, len(differing), language))
            if remarks_on is not None:
                _tell_remarks(pack, file, remarks_on, echo, language)
        errors += wrong
    for each in errors:
        echo(each.line_in(language))
    clashes = Library(packs).clashes(language)
    for clash in clashes:
        echo(clash)
    measures = sum(len(each.readings[-1][1].measures) for each in packs)
    wrong_ones = len(errors) + len(clashes)
    if language == "zh":
        told = f"共{wrong_ones}处错误" if wrong_ones else "全部通过"
        echo(f"读取规则包{len(packs)}/{len(files)}个，措施{measures}项，案例{count}个：{told}。")
    else:
        told = f"{wrong_ones} mistakes" if wrong_ones else "all is well"
        read = f"{len(packs)} of {len(files)} packs read"
        echo(f"{read}, {measures} measures, {count} cases: {told}.")
    return 1 if wrong_ones else 0


def _there(places: Iterable[Path]) -> list[Path]:
    found = list(places)
    for each in found:
        if not each.exists():
            raise Trouble(f"There is no file or folder {each}: check the spelling.")
    return found


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Trouble(f"{file} is not in UTF-8: save it as UTF-8 and try again.") from error


def _read(file: Path) -> tuple[Pack | None, tuple[PackError, ...]]:
    return check(_text_of(file), str(file))


def _check_its_cases(pack: Pack, file: Path) -> tuple[int, tuple[PackError, ...]]:
    beside = cases_file(file)
    if not beside.exists():
        return 0, (PackError(str(file), 1, 1, Wrong.NO_CASES, {"file": beside.name}),)
    return check_cases(pack, _text_of(beside), str(beside))


def _tell_remarks(pack: Pack, file: Path, today: dt.date, echo: Echo, language: str) -> None:
    beside = cases_file(file)
    known = examples(pack, _text_of(beside)) if beside.exists() else {}
    for each in remarks(pack, today, known):
        mark = "✗" if each.severity is Severity.STOPS else "!"
        sentence = each.said(language)
        about = f" {each.measure}" if each.measure else ""
        where = f": {', '.join(each.where)}" if each.where else ""
        echo(f"  {mark}{about} {sentence}{where}")
        for line in facts_stated(each.example, pack.catalogue):
            echo(f"      {line}")


def _line(pack: Pack, cases: int, differing: int, language: str) -> str:
    mark = MARKS[Status.UNMET if differing else Status.MET]
    counted = f"（{cases}个案例）" if language == "zh" else f"  ({cases} cases)"
    return f"{mark} {pack.key} {pack.version}  {pack.title}{counted}"


def explain(
    pack_file: Path,
    facts_file: Path,
    day: dt.date,
    echo: Echo,
    *,
    measure: str = "",
    as_json: bool = False,
    language: str = "en",
) -> int:
    """Say what a pack is for one applicant, clause by clause; 1 if a file cannot be used."""
    pack, errors = _read(_there((pack_file,))[0])
    if pack is None:
        return _told(errors, echo, language)
    facts, answers, errors = _facts_of(pack, _there((facts_file,))[0], day)
    if errors:
        return _told(errors, echo, language)
    chosen = [each for each in pack.measures(day) if measure in ("", each.key)]
    if not chosen:
        known = ", ".join(each.key for each in pack.reading(day).measures)
        what = f"measure {measure}" if measure else "measure"
        raise Trouble(f"No {what} of {pack.key} is in force on {day}; the pack has {known}.")
    values = {**snapshot(facts), **answers}
    if as_json:
        records = [json.loads(saved(each.rule(pack.key), values, day)) for each in chosen]
        echo(json.dumps(records, ensure_ascii=False, indent=2))
        return 0
    echo(f"{pack.document.title} {pack.document.number}".strip())
    echo(f"{pack.document.issuer}　{day}　{pack.key} {pack.version}")
    for each in chosen:
        _Telling(pack, each, day, facts, values, echo).all()
    return 0


def _told(errors: Iterable[PackError], echo: Echo, language: str) -> int:
    for each in errors:
        echo(each.line_in(language))
    return 1


def _facts_of(
    pack: Pack, file: Path, day: dt.date
) -> tuple[dict[str, Given], dict[str, bool], tuple[PackError, ...]]:
    sheet = Sheet(_text_of(file), str(file))
    facts: dict[str, Given] = {}
    answers: dict[str, bool] = {}
    if sheet.root is not None:
        told = sheet.fields(sheet.root, ("facts", "answers"), ("facts",))
        if "facts" in told:
            facts = given(sheet, told["facts"], pack.catalogue, day)
        for name, _place, node in told.entries("answers"):
            answers[answer_slot(name, pack.name)] = sheet.flag_of(node)
    return facts, answers, tuple(sorted(set(sheet.errors)))


class _Telling:
    """One measure for one applicant, in sentences."""

    def __init__(
        self,
        pack: Pack,
        measure: Measure,
        day: dt.date,
        facts: Mapping[str, Given],
        values: Mapping[str, object],
        echo: Echo,
    ) -> None:
        self.pack, self.measure, self.day = pack, measure, day
        self.facts, self.values, self.echo = facts, values, echo

    def all(self) -> None:
        found = assess(self.measure.rule(self.pack.key).on(self.day), self.values)
        self.echo("")
        self.echo(f"{MARKS[found.status]} {self.measure.title}：{WORDS[found.status]}")
        for clause, (_key, status) in zip(self.measure.clauses, found.clauses, strict=False):
            article = f"（{clause.article}）" if clause.article else ""
            self.echo(f"  {MARKS[status]} {clause.text or clause.key}{article}")
            for line in self._facts(clause.condition):
                self.echo(f"      {line}")
            if clause.question and status in (Status.REVIEW, Status.UNKNOWN):
                self.echo(f"      请判断：{clause.question}")
        self._money(found)
        for ask in sorted(found.asks | found.amount_asks):
            if not ask.startswith(QUESTION):
                self.echo(f"  缺少：{_missing(ask, self.pack.catalogue)}")
        for each in self.pack.open:
            if each.measure in ("", self.measure.key):
                handled = f"（{each.handled}）" if each.handled else ""
                self.echo(f"  未决：{each.point}{handled}")

    def _facts(self, condition: Node) -> Iterable[str]:
        for fact in facts_of(bind(condition, self.day)):
            spec = self.pack.catalogue[fact.key]
            period = f"{fact.period}年" if spec.grain == "year" else str(fact.period or "")
            stated = self.facts.get(fact.slot)
            known = stated is not None and stated.value is not None
            value = _shown(fact, spec, stated.value) if stated and known else "未知"
            source = f"，{stated.source}" if stated and stated.source else ""
            yield f"{spec.label}{period}：{value}{source}"

    def _money(self, found: Assessment) -> None:
        ceilings = {each.key: each for each in self.measure.benefits}
        for granted in found.benefits:
            told = ceilings[granted.key]
            if granted.status is Status.UNMET:
                continue
            most = "最高" if told.is_ceiling else ""
            amount = told.pays_in_kind
            if granted.amount is not None:
                amount = f"{most}{amount_shown(granted.amount)}元"
            self.echo(f"  {told.kind.label} {told.title}：{amount or '—'}")
        if found.amount is not None:
            self.echo(f"  合计：{amount_shown(found.amount)}元")


def _missing(ask: str, catalogue: Catalogue) -> str:
    name, supplier = asked(ask, catalogue, {})
    return f"{name}（由{supplier}提供）" if supplier else name


def _shown(fact: Fact, spec: FactSpec, value: object) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case Fraction() | int():
            number = Fraction(value)
            text = f"{float(number):,.4f}".rstrip("0").rstrip(".")
            return f"{text}{symbol_of(fact.dims)}" if fact.dims else text
        case frozenset():
            return "、".join(sorted(spec.values.get(each, each) for each in value)) or "无"
        case tuple():
            return f"{len(value)}条"
    return spec.values.get(str(value), str(value))
