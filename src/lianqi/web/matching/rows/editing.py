"""One page of the row editor: its parts, what was typed in them, and what the rules say to it."""

from collections.abc import Callable, Sequence
from typing import Any

from lianqi.engines.packs import PackError
from lianqi.engines.packs.errors import Wrong
from lianqi.engines.packs.rows import Draft, written
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.units import UNITS
from lianqi.matching.models import RulePack
from lianqi.matching.queries import checked
from lianqi.shared.errors import Refusal
from lianqi.web.matching.packs import problems_of
from lianqi.web.matching.rows.sections import (
    CasesSection,
    HeadSection,
    MeasureSection,
    overtaken,
    path_of,
    sentence,
)

Mistake = tuple[str, str, str]


class Editing:
    """What is on the page, and what becomes of it.

    Attributes:
        draft: The pack with what was typed in.
        refused: What hinders saving and belongs to no cell.
        is_faulty: Whether the rules cannot be read for another reason than those of the cells.
    """

    def __init__(self, data: Any, draft: Draft, parts: Sequence[type[Any]], key: str = "") -> None:
        self.data, self.before, self.key = data, draft, key
        self.sections = [each(data, draft, key) for each in parts]
        self.draft = draft
        self.refused: list[Mistake] = []
        self.preview: tuple[str, str] | None = None
        self.problems: list[Any] = []
        self.is_faulty = False
        if data is None:
            self._look(draft)
        else:
            self._read()

    @property
    def is_typed(self) -> bool:
        """Whether what was typed is to be checked: not where a row more was asked for."""
        return self.data is not None and "add" not in self.data

    def _read(self) -> None:
        told = [each.is_valid() for each in self.sections]  # all of them: each tells its mistakes
        draft, key = self.before, self.key
        for each in self.sections:
            if isinstance(each, CasesSection):
                draft = each.applied(draft, key)
                continue
            draft = each.applied(draft)
            key = each.typed_key if isinstance(each, MeasureSection) else key
        self.draft, self.typed_key = draft, key
        if not self.is_typed:
            self._spell(draft)
            return
        if any(each.is_overtaken for each in self.sections):
            self.refused.append(("", "", overtaken()))
        if all(told):
            self._look(draft)

    def _look(self, draft: Draft) -> None:
        """Check the whole, and put what is wrong where it belongs."""
        self._spell(draft)
        if not draft.measures:
            return
        text, cases_text = written(draft)
        found = checked(text, cases_text)
        if self.data is not None:
            self.preview = (text, cases_text)
        left = [each for each in found.errors if not self._place(each, text)]
        self.is_faulty = bool(left)
        differing: dict[str, list[str]] = {}
        for each in found.case_errors:
            if each.problem is Wrong.DIFFERS:
                differing.setdefault(str(each.params.get("case")), []).append(sentence(each))
            elif not self._place_case(each, cases_text):
                left.append(each)
        self.problems = [each for each in problems_of(found) if each[1] in left]
        for section in self.sections:
            if found.pack is not None and isinstance(section, CasesSection):
                section.tell_results(found.pack, cases_text, differing)

    def _place(self, error: PackError, text: str) -> bool:
        if self.data is None:
            return False
        path, offset = path_of(error, text)
        said = sentence(error)
        return any(
            each.place(path, offset, said)
            for each in self.sections
            if not isinstance(each, CasesSection)
        )

    def _place_case(self, error: PackError, text: str) -> bool:
        if self.data is None:
            return False
        path, _offset = path_of(error, text)
        key = getattr(self, "typed_key", self.key)
        places = self.draft.places_of(key)
        return any(
            each.place(path, sentence(error), places)
            for each in self.sections
            if isinstance(each, CasesSection)
        )

    def _spell(self, draft: Draft) -> None:
        names = draft.names
        for each in self.sections:
            if isinstance(each, HeadSection | MeasureSection):
                each.spell(names)

    def mistakes(self) -> list[Mistake]:
        if not self.is_typed:
            return []
        return [*self.refused, *(one for each in self.sections for one in each.mistakes())]

    @property
    def is_refused(self) -> bool:
        return self.is_typed and bool(self.mistakes() or self.is_faulty)

    def saved(self, save: Callable[[str, str], RulePack]) -> RulePack | None:
        """What was saved; None where nothing is to be, or cannot be."""
        if not self.is_typed or "preview" in self.data or self.is_refused or not self.preview:
            return None
        try:
            return save(*self.preview)
        except Refusal as refusal:
            self.refused.append(("", "", str(refusal)))
            return None

    def context(self) -> dict[str, Any]:
        catalogue: Catalogue = self.draft.names.catalogue
        definitions = self.draft.names.definitions
        return {
            "sections": self.sections,
            "mistakes": self.mistakes(),
            "problems": self.problems,
            "preview": self.preview if "preview" in (self.data or {}) else None,
            "facts": [*definitions, *(each.label for each in catalogue)],
            "units": [each for each in UNITS if each],
        }
