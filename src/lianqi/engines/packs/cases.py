"""Cases: facts, a day, and what the pack has to say; they stand beside the pack.

cases:
  - name: 1 third tier
    measure: rd
    on: 2022-11-04
    facts: {资质称号: [高新技术企业], 营业收入[上年]: 40000万元}
    expect: {status: met, amount: 50万元}
  - name: 1b
    like: 1 third tier
    facts: {资质称号: [高新技术企业, 专精特新“小巨人”企业]}
    expect: {amount: 100万元}
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import yaml

from lianqi.engines.packs.applicants import Applicant, Settled
from lianqi.engines.packs.errors import NotAValueError, PackError, Wrong
from lianqi.engines.packs.excluding import choose, exclusions, full_name
from lianqi.engines.packs.given import Given, given, snapshot
from lianqi.engines.packs.library import CASES, Found
from lianqi.engines.packs.pack import Measure, Pack
from lianqi.engines.packs.quantities import quantity
from lianqi.engines.packs.runs import instalments, owed_back, settle, under_caps
from lianqi.engines.packs.sheet import Fields, Sheet
from lianqi.engines.packs.wording import (
    AMOUNT,
    AMOUNT_ASKED,
    ASKED,
    KNOWN_STATUSES,
    NOTHING,
    OWED,
    PAID,
    STATUS,
    STATUS_WORDS,
    STATUSES,
    WHAT_STANDS_HERE,
    Said,
    in_both,
    named,
    status_and_why,
)
from lianqi.engines.rules.nodes import answer_slot, slot
from lianqi.engines.rules.ranges import Range, exactly
from lianqi.engines.rules.rule import Assessment, Status, assess
from lianqi.engines.rules.units import YUAN

_CASE = ("name", "like", "measure", "on", "facts", "answers", "applicants", "expect", "note")
_EXPECT = (
    "status", "amount", "asks", "amount_asks", "clauses", "benefits", "instalments", "paid",
    "clawback", "applicants",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One example.

    Attributes:
        facts: By slot; for a run, by applicant and slot.
        expect: What was written, by name.
    """

    name: str
    measure: str
    on: dt.date
    facts: Mapping[str, Given]
    expect: Mapping[str, yaml.Node]
    node: yaml.Node
    answers: Mapping[str, bool] = field(default_factory=dict)
    applicants: Mapping[str, Mapping[str, Given]] = field(default_factory=dict)

    @property
    def snapshot(self) -> dict[str, Any]:
        return {**snapshot(self.facts), **self.answers}


def cases_file(pack_file: Path) -> Path:
    """The file of cases beside a pack."""
    return pack_file.with_name(pack_file.stem + CASES)


def check_cases(pack: Pack, text: str, file: str) -> tuple[int, tuple[PackError, ...]]:
    """How many cases a file holds, and where they and the pack differ."""
    checking = _Checking(pack, Sheet(text, file))
    count = checking.run()
    return count, tuple(sorted(set(checking.sheet.errors)))


def examples(pack: Pack, text: str) -> dict[str, list[tuple[dt.date, dict[str, Any]]]]:
    """Day and facts of the cases of a file, by measure."""
    checking = _Checking(pack, Sheet(text, "cases"))
    checking.run(is_compared=False)
    found: dict[str, list[tuple[dt.date, dict[str, Any]]]] = {}
    for each in checking.cases.values():
        found.setdefault(each.measure, []).append((each.on, each.snapshot))
    return found


def tried(pack: Pack, text: str) -> dict[str, Assessment | dict[str, Settled]]:
    """What the rules say of every case that can be read, by its name; of a run, by applicant."""
    checking = _Checking(pack, Sheet(text, "cases"))
    checking.run(is_compared=False)
    known = {each.key for each in pack.readings[0][1].measures}
    found: dict[str, Assessment | dict[str, Settled]] = {}
    for each in checking.cases.values():
        if each.measure in known:
            measure = pack.measure(each.measure, each.on)
            of = checking.settled if each.applicants else checking.assessed
            found[each.name] = of(each, measure)
    return found


class _Checking:
    """One file of cases against its pack."""

    def __init__(self, pack: Pack, sheet: Sheet) -> None:
        self.pack = pack
        self.sheet = sheet
        self.cases: dict[str, Case] = {}

    def run(self, *, is_compared: bool = True) -> int:
        if self.sheet.root is None:
            return 0
        told = self.sheet.fields(self.sheet.root, ("cases",), ("cases",))
        for node in told.items("cases"):
            case = self._case(node)
            if case is not None:
                self.cases[case.name] = case
                if is_compared:
                    self._check(case)
        return len(self.cases)

    # --- reading ---------------------------------------------------------------------------------

    def _case(self, node: yaml.Node) -> Case | None:
        told = self.sheet.fields(node, _CASE, ("name",))
        name = told.text("name")
        if name in self.cases:
            self.sheet.wrong(node, Wrong.CASE_TWICE, name=name)
        like = self.cases.get(told.text("like"))
        if "like" in told and like is None:
            self.sheet.wrong(told["like"], Wrong.NO_CASE_ABOVE, name=told.text("like"))
            return None
        day = told.day("on") or (like.on if like else None)
        measure = told.text("measure") or (like.measure if like else self._only_measure(day))
        if day is None or not measure:
            self.sheet.wrong(node, Wrong.CASE_INCOMPLETE)
            return None
        facts = (
            given(self.sheet, told["facts"], self.pack.catalogue, day) if "facts" in told else {}
        )
        kept = like.facts if like else {}
        return Case(
            name=name,
            measure=measure,
            on=day,
            facts={**kept, **facts},
            expect=self._expected(told, like),
            node=node,
            answers={**(like.answers if like else {}), **self._answers(told)},
            applicants=self._applicants(told, like, day),
        )

    def _only_measure(self, day: dt.date | None) -> str:
        measures = self.pack.reading(day or dt.date.max).measures
        return measures[0].key if len(measures) == 1 else ""

    def _expected(self, told: Fields, like: Case | None) -> Mapping[str, yaml.Node]:
        if "expect" not in told:
            if like is None:
                self.sheet.wrong(told.node, Wrong.FIELD_MISSING, name="expect")
            return like.expect if like else {}
        return self.sheet.fields(told["expect"], _EXPECT).values

    def _answers(self, told: Fields) -> dict[str, bool]:
        found = {}
        for name, _place, node in told.entries("answers"):
            if self.sheet.text_of(node) not in ("未知", ""):
                found[answer_slot(name, self.pack.name)] = self.sheet.flag_of(node)
        return found

    def _applicants(
        self, told: Fields, like: Case | None, day: dt.date
    ) -> Mapping[str, Mapping[str, Given]]:
        found = dict(like.applicants) if like else {}
        for name, _place, node in told.entries("applicants"):
            facts = given(self.sheet, node, self.pack.catalogue, day)
            found[name] = {**found.get(name, {}), **facts}
        return found

    # --- comparing -------------------------------------------------------------------------------

    def _check(self, case: Case) -> None:
        try:
            measure = self.pack.measure(case.measure, case.on)
        except KeyError:
            self.sheet.wrong(case.node, Wrong.NO_MEASURE_OF_CASE, key=case.measure)
            return
        for name, node in case.expect.items():
            compare = getattr(self, f"_check_{name}")
            if not measure.span.holds(case.on) and name not in ("status", "clawback"):
                self.sheet.wrong(node, Wrong.NOT_IN_FORCE, case=case.name, day=case.on)
                continue
            compare(node, case, measure)

    def assessed(self, case: Case, measure: Measure) -> Assessment:
        if not measure.span.holds(case.on):
            return Assessment(Status.NOT_APPLICABLE, frozenset())
        return assess(measure.rule(self.pack.key).on(case.on), case.snapshot)

    def _differs(self, node: yaml.Node, case: Case, what: Said, found: Said) -> None:
        wanted: Said = node.value if isinstance(node, yaml.ScalarNode) else WHAT_STANDS_HERE
        if isinstance(wanted, str) and wanted in STATUSES:
            wanted = STATUS_WORDS[STATUSES[wanted]]
        self.sheet.wrong(node, Wrong.DIFFERS, case=case.name, what=what, found=found, wanted=wanted)

    def _status(self, node: yaml.Node) -> Status | None:
        written = self.sheet.text_of(node)
        if written not in STATUSES:
            self.sheet.wrong(node, Wrong.NOT_A_STATUS, written=written, known=KNOWN_STATUSES)
        return STATUSES.get(written)

    def _check_status(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        found = self.assessed(case, measure)
        wanted = self._status(node)
        if wanted and found.status is not wanted:
            self._differs(node, case, STATUS, status_and_why(found))

    def _check_amount(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        found = self.assessed(case, measure)
        self._compare(node, case, AMOUNT, found.amount)

    def _compare(self, node: yaml.Node, case: Case, what: Said, found: Range | None) -> None:
        wanted = self._amount(node)
        if wanted is None:
            return
        if found is None:
            if wanted != exactly(0):
                self._differs(node, case, what, NOTHING)
        elif wanted == "open":
            if found.is_known:
                self._differs(node, case, what, in_both(shown, found))
        elif found != wanted:
            self._differs(node, case, what, in_both(shown, found))

    def _amount(self, node: yaml.Node) -> Range | str | None:
        written = self.sheet.text_of(node)
        if written in ("未知", "open"):
            return "open"
        try:
            bounds = [self._yuan(each) for each in written.split("至")]
        except NotAValueError as error:
            self.sheet.refused(node, error)
            return None
        return Range(bounds[0], bounds[-1])

    def _yuan(self, written: str) -> Fraction | float:
        if written.strip() == "不限":
            return inf
        number, unit = quantity(written)
        if number and unit.dims != YUAN:
            raise NotAValueError(Wrong.NOT_MONEY, written=written)
        return number

    def _slots(self, node: yaml.Node) -> frozenset[str]:
        found = set()
        for each in self.sheet.items_of(node):
            name = self.sheet.text_of(each)
            if name.startswith("judged:"):
                found.add(answer_slot(name.removeprefix("judged:"), self.pack.name))
                continue
            head, _point, tail = name.partition(".")
            base, _at, period = head.partition("@")
            spec = self.pack.catalogue.find(base)
            if spec is None:
                found.add(name)
                continue
            fields = {one.label: key for key, one in spec.fields.items()}
            place = slot(spec.key, period or None)
            found.add(f"{place}.{fields.get(tail, tail)}" if tail else place)
        return frozenset(found)

    def _check_asks(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        found = self.assessed(case, measure).asks
        if found != self._slots(node):
            self._differs(node, case, ASKED, ", ".join(sorted(found)) or NOTHING)

    def _check_amount_asks(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        found = self.assessed(case, measure).amount_asks
        if found != self._slots(node):
            self._differs(node, case, AMOUNT_ASKED, ", ".join(sorted(found)) or NOTHING)

    def _check_clauses(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        found = dict(self.assessed(case, measure).clauses)
        for key, (place, value) in self.sheet.entries_of(node).items():
            if key not in found:
                self.sheet.wrong(place, Wrong.NO_CLAUSE_TO_COMPARE, case=case.name, key=key)
                continue
            wanted = self._status(value)
            if wanted and found[key] is not wanted:
                self._differs(value, case, named("clause", "条件", key), STATUS_WORDS[found[key]])

    def _check_benefits(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        found = {each.key: each for each in self.assessed(case, measure).benefits}
        for key, (place, value) in self.sheet.entries_of(node).items():
            if key not in found:
                self.sheet.wrong(place, Wrong.NO_BENEFIT_TO_COMPARE, case=case.name, key=key)
            elif self.sheet.text_of(value) in STATUSES:
                if found[key].status is not self._status(value):
                    self._differs(
                        value,
                        case,
                        named("benefit", "奖励", key),
                        STATUS_WORDS[found[key].status],
                    )
            else:
                self._compare(value, case, named("benefit", "奖励", key), found[key].amount)

    def _check_instalments(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        granted = {each.key: each.amount for each in self.assessed(case, measure).benefits}
        found: dict[str, Fraction] = {}
        for each in measure.benefits:
            amount = granted.get(each.key)
            if each.instalments and amount is not None and amount.is_known:
                found |= dict(instalments(each, amount.value))
        for key, (place, value) in self.sheet.entries_of(node).items():
            if key not in found:
                self.sheet.wrong(place, Wrong.NO_INSTALMENT_TO_COMPARE, case=case.name, key=key)
            else:
                self._compare(value, case, named("instalment", "分期", key), exactly(found[key]))

    def _check_paid(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        """What is left of the amount beside the other measures of the pack."""
        reading, awards = self.pack.reading(case.on), {}
        for each in self.pack.measures(case.on):
            found = self.assessed(case, each)
            if found.amount is not None and found.status is Status.MET:
                awards[full_name(self.pack.key, each.key)] = found.amount
        pairs = exclusions(Found(self.pack, each) for each in reading.measures)
        chosen = choose(awards, pairs).items()
        awards = {key.rpartition("/")[2]: choice.amount for key, choice in chosen}
        paid = under_caps(reading, awards, case.snapshot, case.on)
        self._compare(node, case, PAID, paid.get(measure.key))

    def _check_clawback(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        self._compare(node, case, OWED, owed_back(measure, case.snapshot, case.on).value)

    def _check_applicants(self, node: yaml.Node, case: Case, measure: Measure) -> None:
        """A run: what everybody gets."""
        found = self.settled(case, measure)
        for key, (place, value) in self.sheet.entries_of(node).items():
            if key not in found:
                self.sheet.wrong(place, Wrong.NOBODY_CALLED, case=case.name, key=key)
            else:
                self._check_settled(value, case, key, found[key])

    def settled(self, case: Case, measure: Measure) -> dict[str, Settled]:
        common = case.snapshot
        applicants = [
            Applicant(key, {**common, **snapshot(facts)}, turn)
            for turn, (key, facts) in enumerate(case.applicants.items())
        ]
        return settle(Found(self.pack, measure), applicants, case.on)

    def _check_settled(self, node: yaml.Node, case: Case, key: str, found: Settled) -> None:
        if isinstance(node, yaml.ScalarNode):
            written = self.sheet.text_of(node)
            if written in STATUSES:
                if found.status is not STATUSES[written]:
                    self._differs(node, case, key, STATUS_WORDS[found.status])
            else:
                self._compare(node, case, key, found.amount)
            return
        told = self.sheet.fields(node, ("status", "amount"))
        for name in told.values:
            self._check_settled(told[name], case, key, found)


def shown(amount: Range, language: str = "en") -> str:
    """Yuan for a reader: 500,000 or 3,000,000 to 5,000,000."""
    if amount.is_known:
        return _told(amount.low, language)
    between = "至" if language == "zh" else " to "
    return f"{_told(amount.low, language)}{between}{_told(amount.high, language)}"


def _told(amount: Fraction | float, language: str) -> str:
    if not isinstance(amount, Fraction):
        return "不限" if language == "zh" else "any sum"
    return f"{float(amount):,.2f}".removesuffix(".00")
