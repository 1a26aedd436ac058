"""Rows of a form: as many as there are, one more on asking, rows inside rows; all without script.

A row is bound to its cells by name (`engines.packs.rows`): what a cell holds is text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lianqi.engines.packs.rows import Row

MOST_ROWS = 200
DIGITS = 4  # of a count of rows
LONGEST_WORD = 40
Label = str | Promise


class Chosen(forms.ChoiceField):
    """One of several words; another one that a file holds is kept, and judged with the whole."""

    def __init__(self, choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(choices=choices, **{"required": False, **kwargs})

    def valid_value(self, value: object) -> bool:
        return len(str(value)) <= LONGEST_WORD

    def offer(self, value: str) -> None:
        known = list(self.widget.choices)
        if value and value not in {str(key) for key, _word in known}:
            self.choices = [*known, (value, value)]


class RowForm(forms.Form):
    """One row; cells that are not shown keep what they hold.

    Attributes:
        inner: Rows inside this one: the form of each, and its heading.
        folded: Cells and rows that are shown on asking.
        quiet: Cells that say nothing alone, as the word of comparison.
        is_numbered: Whether a row without a key gets one: c1, c2 …
        legend, adding: What a row is called, and the button for one more.
        aside: What the folded cells are about.
    """

    inner: ClassVar[Mapping[str, tuple[type["RowForm"], Label]]] = {}
    folded: ClassVar[frozenset[str]] = frozenset()
    quiet: ClassVar[frozenset[str]] = frozenset({"key"})
    is_numbered: ClassVar[bool] = True
    legend: ClassVar[Label] = ""
    adding: ClassVar[Label] = ""
    aside: ClassVar[Label] = pgettext_lazy("cells of a row", "More")
    use_required_attribute = False

    def __init__(self, data: Any, *, prefix: str, row: Row | None = None) -> None:
        super().__init__(data, prefix=prefix, initial=row)
        self.said: list[str] = []  # how its expression is spelled
        for name, field in self.fields.items():
            if isinstance(field, Chosen):
                field.offer(text_of((row or {}).get(name)))
        self.sets = {
            name: RowSet(form, heading, data, prefix=f"{prefix}-{name}", rows=(row or {}).get(name))
            for name, (form, heading) in self.inner.items()
        }

    # --- what was typed --------------------------------------------------------------------------

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(each.is_valid() for each in self.sets.values())])

    def row(self) -> Row:
        """The cells as texts; an invalid cell holds what was typed."""
        found: Row = {name: self.typed(name) for name in self.fields}
        found.pop("gone", None)
        return found | {name: each.rows() for name, each in self.sets.items()}

    def typed(self, name: str) -> str:
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        return text_of(cleaned[name] if name in cleaned else self[name].value())

    @property
    def is_gone(self) -> bool:
        return bool("gone" in self.fields and self["gone"].value())

    @property
    def is_blank(self) -> bool:
        quiet = self.quiet | {"gone"}
        cells = (text_of(self[name].value()) for name in self.fields if name not in quiet)
        return not any(cells) and not any(each.kept for each in self.sets.values())

    def place(self, cell: Sequence[str | int], said: str) -> None:
        """An error at its cell; at the row itself where the cell is not shown."""
        name = str(cell[0]) if cell else ""
        if name in self.sets and len(cell) > 1:
            self.sets[name].kept[int(cell[1])].place(cell[2:], said)
            return
        self.is_valid()
        is_shown = name in self.fields and not self.fields[name].widget.is_hidden
        self.add_error(name if is_shown else None, said)

    # --- how it is shown --------------------------------------------------------------------------

    def shown(self) -> Iterator[Any]:
        return (self[name] for name in self.fields if name not in self.folded and name != "gone")

    def shown_sets(self) -> list["RowSet"]:
        return [each for name, each in self.sets.items() if name not in self.folded]

    def folded_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name in self.folded]

    def folded_sets(self) -> list["RowSet"]:
        return [each for name, each in self.sets.items() if name in self.folded]

    @property
    def is_unfolded(self) -> bool:
        """Whether something stands in what is folded, or is wrong there."""
        return self.is_told_more or any(each.count for each in self.folded_sets())

    @property
    def is_told_more(self) -> bool:
        return any(text_of(each.value()) or each.errors for each in self.folded_fields())

    @property
    def called(self) -> str:
        """By which cases and other rows call it."""
        return text_of(self["key"].value()) if "key" in self.fields else ""

    def mistakes(self) -> list[tuple[str, str, str]]:
        """Where, in which field, and what is wrong."""
        if not self.is_bound:
            return []
        place = str(self.legend)
        found = [("", place, str(each)) for each in self.non_field_errors()]
        found += [
            (str(each.auto_id), " · ".join(filter(None, (place, str(each.label)))), str(error))
            for each in self
            for error in each.errors
        ]
        return found + [each for rows in self.sets.values() for each in rows.mistakes()]


class RowSet:
    """All rows of one kind.

    Attributes:
        kept: The rows that hold something and are not to go, as they are written.
    """

    def __init__(
        self,
        form: type[RowForm],
        heading: Label,
        data: Any,
        *,
        prefix: str,
        rows: Sequence[Row] | None = None,
    ) -> None:
        self.prefix, self.heading, self.adding = prefix, heading, form.adding
        self.is_numbered = form.is_numbered
        rows = list(rows or ())
        count = len(rows) if data is None else _count(data.get(f"{prefix}-count", ""))
        if data is not None and data.get("add") == prefix:
            count = min(count + 1, MOST_ROWS)
        self.forms = [
            _removable(
                form(data, prefix=f"{prefix}-{at}", row=rows[at] if at < len(rows) else None)
            )
            for at in range(count)
        ]

    def __iter__(self) -> Iterator[RowForm]:
        return iter(self.forms)

    @property
    def count(self) -> int:
        return len(self.forms)

    @property
    def kept(self) -> list[RowForm]:
        return [each for each in self.forms if not each.is_gone and not each.is_blank]

    def is_valid(self) -> bool:
        told = [each.is_valid() for each in self.kept]  # all of them: each tells its mistakes
        return all(told)

    def rows(self) -> list[Row]:
        rows = [each.row() for each in self.kept]
        return _with_keys(rows, self.prefix.rpartition("-")[2]) if self.is_numbered else rows

    def mistakes(self) -> list[tuple[str, str, str]]:
        return [each for row in self.kept for each in row.mistakes()]


def _removable(form: RowForm) -> RowForm:
    form.fields["gone"] = forms.BooleanField(label=_("Remove this row"), required=False)
    return form


def _with_keys(rows: list[Row], kind: str) -> list[Row]:
    """Rows that have no key get one, as c1 and c2."""
    taken = {row.get("key") for row in rows}
    for at, row in enumerate(rows, 1):
        if "key" in row and not row["key"]:
            free = (
                name for n in range(at, at + MOST_ROWS) if (name := f"{kind[0]}{n}") not in taken
            )
            row["key"] = next(free)
            taken.add(row["key"])
    return rows


def _count(text: str) -> int:
    return min(int(text), MOST_ROWS) if text.isdecimal() and len(text) <= DIGITS else 0


def text_of(value: Any) -> str:
    """A cell as a file has it: days as 2026-01-01, a ticked box as 是."""
    if isinstance(value, bool):
        return "是" if value else ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value or "").replace("\r\n", "\n").strip()
