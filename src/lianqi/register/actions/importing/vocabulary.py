"""The words a spreadsheet may use: states, types, levels, industries, grids."""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from lianqi.engines.text import compact
from lianqi.register.columns import DATA
from lianqi.register.models import Grid, Industry

_LEADING_CODE = re.compile(r"[A-T]?(\d{2,4})(?!\d)|([A-T])(?![A-Za-z])")
LONGEST_CODE = 4


@lru_cache
def words() -> dict[tuple[str, str], str]:
    """(field, word) → stored value."""
    with (DATA / "words.csv").open(encoding="utf-8", newline="") as file:
        return {(row["field"], compact(row["word"])): row["value"] for row in csv.DictReader(file)}


@lru_cache
def first_words(field: str) -> str:
    """The usual word of each value of a field, for a message."""
    with (DATA / "words.csv").open(encoding="utf-8", newline="") as file:
        usual: dict[str, str] = {}
        for row in csv.DictReader(file):
            if row["field"] == field:
                usual.setdefault(row["value"], row["word"])
    return "、".join(usual.values())


@lru_cache
def title_levels() -> dict[str, str]:
    """Titles that only one level of government grants."""
    with (DATA / "title_levels.csv").open(encoding="utf-8", newline="") as file:
        return {compact(row["title"]): row["level"] for row in csv.DictReader(file)}


@dataclass(frozen=True)
class Directory:
    """Industries and grids by everything people call them; read once per run."""

    industries: dict[str, str]
    grids: dict[str, int]

    @classmethod
    def load(cls) -> "Directory":
        industries = Industry.objects.order_by("level", "code").values_list("code", "name")
        by_name = {compact(name): code for code, name in industries}
        by_code = {code: code for code, _ in industries}
        grids = list(Grid.objects.order_by("pk").values_list("pk", "code", "name"))
        by_label = {compact(name): pk for pk, _, name in grids}
        return cls(by_name | by_code, by_label | {compact(code): pk for pk, code, _ in grids})

    def industry(self, text: str) -> str | None:
        """The code of an industry given as 3911, C3911, "3911 计算机整机制造" or by its name.

        A spreadsheet drops the leading zero of 0111; it is put back where no such code exists.
        """
        if found := self.industries.get(compact(text)):
            return found
        leading = _LEADING_CODE.match(text.strip().upper())
        if leading is None:
            return None
        code = leading[1] or leading[2]
        candidates = (code, code.zfill(len(code) + 1)) if code.isdigit() else (code,)
        return next(
            (each for each in candidates if len(each) <= LONGEST_CODE and each in self.industries),
            None,
        )

    def grid(self, text: str) -> int | None:
        return self.grids.get(compact(text))
