"""What an enterprise of the demo zone says about its matter, and what it is answered."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from lianqi.ops.demo.stories import Kind
from lianqi.ops.demo.wording import TRAIN, Matter, matters, word

ANSWERS = Path(__file__).parent / "data" / "answers.csv"
TOLD_MATTERS = 0.35
"""The share of demands about a matter of the stories, where a kind has any; they fit its answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """One demand in somebody's words, with the answer it will get."""

    title: str
    text: str
    answer: str


def tell(kind: Kind, random: Random) -> Told:
    """A matter of this kind, worded anew."""
    number = str(random.randint(2, 9))
    others = _matters().get(kind.code, ())
    if kind.matters and (not others or random.random() < TOLD_MATTERS):
        title, text, answer = (part.format(n=number) for part in random.choice(kind.matters))
        matter = Matter(kind.code, TRAIN, title, text.rstrip("。"), title)
    else:
        matter = random.choice(others)
        answer = random.choice(_answers()[kind.code])
    said = word(matter, random, titles_slip=False)
    return Told(said.title[:100], said.text, answer)


@cache
def _matters() -> Mapping[str, tuple[Matter, ...]]:
    found: dict[str, tuple[Matter, ...]] = {}
    for each in matters(TRAIN):
        found[each.code] = (*found.get(each.code, ()), each)
    return found


@cache
def _answers() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with ANSWERS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["code"]] = (*found.get(row["code"], ()), row["answer"])
    return found
