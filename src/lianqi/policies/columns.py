"""What the columns of a spreadsheet of articles mean, and what is wrong in which cell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from lianqi.accounts.enums import UnitKind
from lianqi.accounts.models import Unit
from lianqi.engines.tables import (
    Cell,
    Fault,
    Formula,
    Limits,
    Row,
    cell_text,
    column_letters,
    header_key,
    read_table,
)
from lianqi.policies.enums import ArticleKind
from lianqi.policies.models import PolicyArticle, PolicyDocument

MIB = 1024 * 1024
LIMITS = Limits(max_bytes=5 * MIB, max_rows=1000, max_columns=50, max_unpacked_bytes=50 * MIB)
LONGEST_WORDING = 5000
LONGEST = {"number": 30, "title": 120, "wording": LONGEST_WORDING, "wording_note": 200}
ASPECT_LENGTH = 120
# The template has them in this order.
HEADINGS: Mapping[str, str | Promise] = {
    "aspect": gettext_lazy("Aspect"),
    "number": gettext_lazy("Article number"),
    "title": pgettext_lazy("policy", "Heading"),
    "wording": gettext_lazy("Wording"),
    "wording_note": gettext_lazy("Why there is no wording"),
    "kind": gettext_lazy("Kind"),
    "lead": gettext_lazy("Lead department"),
    "responsible": gettext_lazy("Responsible units"),
}
_ALSO = {
    "aspect": ("方面", "aspect"),
    "number": ("条号", "条款", "条款号", "编号", "number", "article"),
    "title": ("标题", "条款标题", "heading", "title"),
    "wording": ("内容", "条款内容", "条文", "原文", "wording"),
    "wording_note": ("没有原文的原因", "无原文说明"),
    "kind": ("类型", "类别", "kind"),
    "lead": ("牵头部门", "牵头单位", "lead"),
    "responsible": ("责任部门", "责任单位", "配合部门", "responsible"),
}
_NEEDED = ("number", "wording")
_SEPARATORS = re.compile(r"[、，,；;\n]+")


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong and where: row and column as the spreadsheet program shows them."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """A row that can be entered."""

    row: int
    aspect: str
    number: str
    title: str
    wording: str
    wording_note: str
    kind: str
    lead: Unit | None
    responsible: tuple[Unit, ...]

    @property
    def kind_label(self) -> str:
        return str(ArticleKind(self.kind).label) if self.kind else ""


@dataclass(slots=True)
class ArticleSheet:
    """What a spreadsheet holds.

    Attributes:
        left_out: Headings of columns that mean nothing here.
    """

    lines: list[ArticleLine] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_articles(path: Path, document: PolicyDocument) -> ArticleSheet:
    """The articles of a spreadsheet, or what is wrong in which cell.

    Raises:
        TableError: The file cannot be read as a table.
    """
    names = _names()
    with read_table(path, limits=LIMITS, known_headings=names) as table:
        columns: dict[str, int] = {}
        found = ArticleSheet()
        for place, heading in enumerate(table.header):
            meaning = names.get(header_key(heading))
            if meaning is None:
                found.left_out += [heading] if heading else []
            else:
                columns.setdefault(meaning, place)
        if missing := [each for each in _NEEDED if each not in columns]:
            said = "、".join(str(HEADINGS[each]) for each in missing)
            text = _("There is no column “%(missing)s”. Begin with the template.")
            found.faults.append(CellFault(table.header_rows[1], "", text % {"missing": said}))
            return found
        reading = _Reading(columns, document, found)
        for row in table.rows:
            reading.row(row)
    return found


def _names() -> dict[str, str]:
    """What columns may be called, in both languages."""
    names = {header_key(word): meaning for meaning, words in _ALSO.items() for word in words}
    for language in ("zh-hans", "en"):
        with override(language):
            names |= {header_key(str(word)): meaning for meaning, word in HEADINGS.items()}
    return names


class _Reading:
    def __init__(
        self, columns: Mapping[str, int], document: PolicyDocument, found: ArticleSheet
    ) -> None:
        self.columns, self.found = columns, found
        self.numbers = dict.fromkeys(
            PolicyArticle.objects.filter(document=document).values_list("number", flat=True), 0
        )
        self.units = units_by_name()
        self.kinds = _kinds()

    def row(self, row: Row) -> None:
        before = len(self.found.faults)
        line = ArticleLine(
            row=row.number,
            aspect=self._text(row, "aspect", ASPECT_LENGTH),
            number=self._number(row),
            title=self._text(row, "title"),
            wording=self._text(row, "wording"),
            wording_note=self._text(row, "wording_note"),
            kind=self._kind(row),
            lead=self._lead(row),
            responsible=tuple(self._responsible(row)),
        )
        if not line.wording and not line.wording_note and len(self.found.faults) == before:
            note = HEADINGS["wording_note"]
            said = _("Enter the wording, or say under “%(note)s” why there is none.")
            self._wrong(row, "wording", said % {"note": note})
        for cell in row.surplus[:1]:
            said = _("There is no heading above “%(found)s”: the row may be shifted.")
            self._wrong(row, "", said % {"found": cell_text(cell)[:30]})
        if len(self.found.faults) == before:
            self.found.lines.append(line)

    def _wrong(self, row: Row, meaning: str, text: str) -> None:
        place = self.columns.get(meaning, len(row.cells))
        self.found.faults.append(CellFault(row.number, column_letters(place + 1), text))

    def _text(self, row: Row, meaning: str, longest: int = 0) -> str:
        place = self.columns.get(meaning)
        if place is None:
            return ""
        cell: Cell = row.cells[place]
        if isinstance(cell, Formula | Fault):
            said = _("“%(found)s” is computed. Paste the value in its place.")
            self._wrong(row, meaning, said % {"found": cell.text[:30]})
            return ""
        text = cell.strip() if isinstance(cell, str) and meaning == "wording" else cell_text(cell)
        most = longest or LONGEST.get(meaning, LONGEST_WORDING)
        if len(text) > most:
            said = _("The text has %(found)s characters; %(most)s are the most. Shorten it.")
            self._wrong(row, meaning, said % {"found": len(text), "most": most})
            return ""
        return text

    def _number(self, row: Row) -> str:
        number = self._text(row, "number")
        if not number:
            self._wrong(row, "number", _("The article has no number. Enter it as the source does."))
            return ""
        first = self.numbers.setdefault(number, row.number)
        if not first:
            said = _("The policy has %(number)s already. Leave the row out, or change it there.")
            self._wrong(row, "number", said % {"number": number})
        elif first != row.number:
            said = _("%(number)s stands in row %(row)s already. Number the articles apart.")
            self._wrong(row, "number", said % {"number": number, "row": first})
        return number

    def _kind(self, row: Row) -> str:
        text = self._text(row, "kind")
        if not text or text in self.kinds:
            return self.kinds.get(text, "")
        known = "、".join(str(each.label) for each in ArticleKind)
        said = _("“%(found)s” is no kind. Use one of: %(known)s.")
        self._wrong(row, "kind", said % {"found": text[:30], "known": known})
        return ""

    def _lead(self, row: Row) -> Unit | None:
        text = self._text(row, "lead")
        return self._unit(row, "lead", text) if text else None

    def _responsible(self, row: Row) -> Iterator[Unit]:
        names = [each.strip() for each in _SEPARATORS.split(self._text(row, "responsible"))]
        for name in dict.fromkeys(filter(None, names)):
            unit = self._unit(row, "responsible", name)
            if unit is not None:
                yield unit

    def _unit(self, row: Row, meaning: str, name: str) -> Unit | None:
        unit = self.units.get(name)
        if unit is None:
            near = get_close_matches(name, self.units, n=1, cutoff=0.4)
            said = (
                _("There is no unit “%(found)s”. Did you mean %(near)s?")
                if near
                else _("There is no unit “%(found)s”. Use a name from the list of units.")
            )
            self._wrong(row, meaning, said % {"found": name[:30], "near": near[0] if near else ""})
        return unit


def units_by_name() -> dict[str, Unit]:
    """Units that can be held to a duty, by name."""
    lasting = Unit.objects.for_choice().exclude(kind=UnitKind.TASK_FORCE)
    return {each.name: each for each in lasting}


def _kinds() -> dict[str, str]:
    """Kinds by their names in both languages."""
    kinds = {str(each.value): str(each.value) for each in ArticleKind}
    for language in ("zh-hans", "en"):
        with override(language):
            kinds |= {str(each.label): str(each.value) for each in ArticleKind}
    return kinds
