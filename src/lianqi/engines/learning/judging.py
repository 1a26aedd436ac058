"""How good a model is on what it never saw, by label, and from which confidence on it may speak."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any
from zlib import crc32

from lianqi.engines.learning.linear import Guess
from lianqi.engines.text.normal import compact

HELD_OUT_OF = 5
WANTED_PRECISION = 0.8
FEWEST = 5
SMALL = 30
CAUTIOUS = 0.8
Z95 = 1.96


def held_out(text: str) -> bool:
    """Whether a text is kept away from training: every fifth wording.

    Texts that differ in digits and punctuation only are on the same side, so that nothing is
    examined that was learned by heart.
    """
    wording = "".join(each for each in compact(text) if not each.isdigit())
    return crc32(wording.encode()) % HELD_OUT_OF == 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What happened to one label on the held-out texts.

    Attributes:
        label: The label.
        cases: Texts that really have it.
        named: Texts for which it was the likeliest.
        right: Both.
        threshold: The confidence from which the model may name it; None: it stays silent.
        spoken: Texts for which it was named with at least that confidence.
        spoken_right: Of those, how many really have it.
    """

    label: str
    cases: int
    named: int
    right: int
    threshold: float | None
    spoken: int
    spoken_right: int

    @property
    def precision(self) -> float | None:
        return self.right / self.named if self.named else None

    @property
    def recall(self) -> float | None:
        return self.right / self.cases if self.cases else None

    @property
    def f1(self) -> float:
        """Zero where nothing was right, also where nothing was there to be found."""
        return 2 * self.right / (self.cases + self.named) if self.right else 0.0

    @property
    def is_small(self) -> bool:
        return self.cases < SMALL

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "cases": self.cases,
            "named": self.named,
            "right": self.right,
            "threshold": self.threshold,
            "spoken": self.spoken,
            "spoken_right": self.spoken_right,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The whole examination."""

    labels: tuple[Judgement, ...]
    confusion: dict[tuple[str, str], int]

    @property
    def cases(self) -> int:
        return sum(each.cases for each in self.labels)

    @property
    def accuracy(self) -> float | None:
        return sum(each.right for each in self.labels) / self.cases if self.cases else None

    @property
    def macro_f1(self) -> float | None:
        """The mean over the labels that occur among the held-out texts."""
        known = [each.f1 for each in self.labels if each.cases]
        return sum(known) / len(known) if known else None


def judge(answers: Sequence[tuple[str, Guess]], labels: Sequence[str]) -> Report:
    """Examine what was answered.

    Args:
        answers: The right label of each held-out text, and the likeliest guess.
        labels: Every label of the model, in its order.
    """
    cases = Counter(truth for truth, _ in answers)
    named: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for truth, guess in answers:
        named[guess.label].append((guess.confidence, truth == guess.label))
    found = []
    for label in dict.fromkeys([*labels, *sorted(cases)]):
        given = sorted(named[label], reverse=True)
        threshold = _threshold(given) if label in labels else None
        limit = 2.0 if threshold is None else threshold
        spoken = [is_right for confidence, is_right in given if confidence >= limit]
        right = sum(each for _, each in given)
        found.append(
            Judgement(label, cases[label], len(given), right, threshold, len(spoken), sum(spoken))
        )
    confusion = Counter((truth, guess.label) for truth, guess in answers)
    return Report(tuple(found), dict(confusion))


def _threshold(given: list[tuple[float, bool]]) -> float | None:
    """The lowest confidence above which the label was right often enough.

    With too few cases to tell, a cautious one; no stricter than that where all answers together
    were right often enough. None if it was never right often enough.
    """
    if len(given) < FEWEST:
        return CAUTIOUS
    best, right = None, 0
    for count, (confidence, is_right) in enumerate(given, 1):
        right += is_right
        ends_here = count == len(given) or given[count][0] < confidence
        if count >= FEWEST and ends_here and right / count >= WANTED_PRECISION:
            best = confidence if count < len(given) else min(confidence, CAUTIOUS)
    return best


def interval(right: int, cases: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share; None without cases."""
    if not cases:
        return None
    share, square = right / cases, Z95 * Z95
    middle = share + square / (2 * cases)
    spread = Z95 * sqrt(share * (1 - share) / cases + square / (4 * cases * cases))
    whole = 1 + square / cases
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
