"""Parts of a pack that are edited together on one page, and where a mistake in them is shown."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.engines.packs import PackError
from lianqi.engines.packs.cases import tried
from lianqi.engines.packs.errors import Wrong
from lianqi.engines.packs.pack import Pack
from lianqi.engines.packs.rows import Draft, Names, Row
from lianqi.engines.packs.rows.amounts import written as amount_written
from lianqi.engines.packs.rows.drafts import path_in_head
from lianqi.engines.packs.rows.tables import CASE, HEAD, MEASURE
from lianqi.engines.packs.rows.texts import path_at
from lianqi.engines.rules.errors import Problem
from lianqi.engines.rules.tables import Row as TableRow
from lianqi.matching.queries import reader_language
from lianqi.web.matching.rows.binding import RowForm, RowSet, text_of
from lianqi.web.matching.rows.case_forms import CaseForm
from lianqi.web.matching.rows.head_forms import HeadForm
from lianqi.web.matching.rows.measure_forms import MeasureForm
from lianqi.web.matching.words import STATUSES, award_text

# What is said of a whole entry belongs to one of its cells.
_CELL_OF: dict[Any, str] = {
    Wrong.CLAUSE_ASKS_NOTHING: "require",
    Wrong.BENEFIT_GIVES_NOTHING: "amount",
    Wrong.NOT_A_FACT_ENTRY: "key",
    Wrong.EMPTY_MEASURE: "title",
    Problem.TAKEN_NAME: "name",
    Wrong.PARAMETER_ALREADY: "name",
}
Path = tuple[str | int, ...]


def path_of(error: PackError, text: str) -> tuple[Path, int]:
    """The place of a mistake in the data, and how many characters into the value."""
    path, offset = path_at(text, error.line, error.column)
    if error.problem is Wrong.FIELD_MISSING:
        return (*path, str(error.params.get("name", ""))), 0
    if error.problem in _CELL_OF:
        return (*path, _CELL_OF[error.problem]), 0
    return path, offset


def sentence(error: PackError) -> str:
    if error.problem is Wrong.FIELD_MISSING:
        return _("This has to be filled in.")  # the cell says what
    said = error.told(reader_language())
    return f"{said.message} {said.advice}".strip()


class Section:
    """One part: bound to what was typed, or filled from the pack."""

    name = ""

    def __init__(self, data: Any, draft: Draft, key: str = "") -> None:
        self.data, self.draft, self.key = data, draft, key

    def stands(self) -> Any:
        """What of the pack it shows, to see whether somebody changed it meanwhile."""
        raise NotImplementedError

    @property
    def seen(self) -> str:
        told = json.dumps(self.stands(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def is_overtaken(self) -> bool:
        """Somebody saved other words here after the page was opened."""
        return bool(self.data.get(f"{self.name}-seen", self.seen) != self.seen)


class HeadSection(Section):
    name, template = "head", "matching/rows/head.html"

    def __init__(self, data: Any, draft: Draft, key: str = "") -> None:
        super().__init__(data, draft, key)
        self.form: RowForm = HeadForm(data, prefix=self.name, row=draft.head)

    def stands(self) -> Any:
        return {**self.draft.whole, "measures": []}

    def is_valid(self) -> bool:
        return self.form.is_valid()

    def applied(self, draft: Draft) -> Draft:
        return draft.with_head(self.form.row())

    def place(self, path: Path, offset: int, said: str) -> bool:
        if path[:1] == ("measures",):
            return False
        row = self.form.row()
        self.form.place(HEAD.cell(path_in_head(path, row), row, offset), said)
        return True

    def spell(self, names: Names) -> None:
        for each in self.form.sets["definitions"]:
            each.said = spellings(each.row().get("expression"), names)

    def mistakes(self) -> list[tuple[str, str, str]]:
        return self.form.mistakes()


class MeasureSection(Section):
    name, template = "measure", "matching/rows/measure.html"

    def __init__(self, data: Any, draft: Draft, key: str = "") -> None:
        super().__init__(data, draft, key)
        row = draft.measure(key) if key else _FIRST
        self.form: RowForm = MeasureForm(data, prefix=self.name, row=row)
        self.main = [self.form[name] for name in MeasureForm.MAIN]
        self.parts = [self.form.sets["clauses"], self.form.sets["benefits"]]

    @property
    def folded(self) -> list[tuple[Any, ...]]:
        """What is shown on asking, by heading."""
        fields, sets = self.form, self.form.sets
        return [
            _folded(heading, [fields[name] for name in cells], [sets[name] for name in rows])
            for heading, cells, rows in MeasureForm.FOLDED
        ]

    def stands(self) -> Any:
        return self.draft.measures[self.draft.index(self.key)] if self.key else {}

    def is_valid(self) -> bool:
        return self.form.is_valid()

    def applied(self, draft: Draft) -> Draft:
        return draft.with_measure(self.form.row(), self.key)

    @property
    def typed_key(self) -> str:
        return self.form.typed("key")

    def place(self, path: Path, offset: int, said: str) -> bool:
        at = self.draft.index(self.key) if self.key else len(self.draft.measures)
        if path[:2] != ("measures", at):
            return False
        row = self.form.row()
        self.form.place(MEASURE.cell(path[2:], row, offset), said)
        return True

    def spell(self, names: Names) -> None:
        for each in self.form.sets["clauses"]:
            row = each.row()
            cells = TableRow(*(row.get(name, "") for name in ("fact", "word", "value", "unit")))
            text = row.get("expression")
            node = names.node(text) if text else names.of_row(cells)
            each.said = spelled(node, names)
        for each in self.form.sets["benefits"]:
            each.said = spellings(amount_written(each.row()), names)

    def mistakes(self) -> list[tuple[str, str, str]]:
        return self.form.mistakes()


class CasesSection(Section):
    name, template = "cases", "matching/rows/cases.html"

    def __init__(self, data: Any, draft: Draft, key: str = "") -> None:
        super().__init__(data, draft, key)
        rows = draft.cases_of(key) if key else [{}]
        self.rows = RowSet(CaseForm, gettext_lazy("Cases"), data, prefix=self.name, rows=rows)

    def stands(self) -> Any:
        return [self.draft.cases[at] for at in self.draft.places_of(self.key)] if self.key else []

    def is_valid(self) -> bool:
        return self.rows.is_valid()

    def applied(self, draft: Draft, key: str) -> Draft:
        return draft.with_cases(key, self.rows.rows())

    def place(self, path: Path, said: str, places: Sequence[int]) -> bool:
        """An error at the case it is about; `places` are those of these cases among all."""
        if len(path) < 2 or path[1] not in places:  # noqa: PLR2004  # cases, and which
            return False
        form = self.rows.kept[places.index(int(path[1]))]
        form.place(CASE.cell(path[2:], form.row()), said)
        return True

    def tell_results(self, pack: Pack, text: str, differing: dict[str, list[str]]) -> None:
        """Beside each case what the rules say of it."""
        results = tried(pack, text)
        for each in self.rows.kept:
            name = each.typed("name")
            if name in results and isinstance(each, CaseForm):
                found = results[name]
                by_applicant = found if isinstance(found, dict) else {"": found}
                each.result = {
                    "lines": [
                        (who, STATUSES[one.status], award_text(one.amount))
                        for who, one in by_applicant.items()
                    ],
                    "differs": differing.get(name, []),
                }

    def mistakes(self) -> list[tuple[str, str, str]]:
        return self.rows.mistakes()


# A measure that is entered anew begins with a row of each kind that nearly all need.
_FIRST: Row = {"applicant": "enterprise", "clauses": [{}], "benefits": [{}]}


def _folded(heading: Any, fields: list[Any], sets: list[RowSet]) -> tuple[Any, ...]:
    """A part that is shown on asking; open where something stands in it, or is wrong."""
    is_told = any(text_of(each.value()) or each.errors for each in fields)
    return heading, fields, sets, is_told or any(each.count for each in sets)


def spellings(text: str | None, names: Names) -> list[str]:
    return spelled(names.node(text), names)


def spelled(node: Any, names: Names) -> list[str]:
    """In Chinese and in the plain spelling; nothing where it cannot be read."""
    return [] if node is None else [names.written(node), names.written(node, "plain")]


def overtaken() -> str:
    return _(
        "Somebody saved this part after you opened it. Open the page anew in another window, "
        "compare, and carry over what is yours."
    )
