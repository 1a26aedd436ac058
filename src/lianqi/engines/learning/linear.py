"""A linear model over hashed runs of characters: asking it, and writing it down as numbers."""

import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any

from lianqi.engines.learning.features import FEATURES, features


class BadModel(ValueError):
    """The stored numbers do not belong together."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A label and how likely it is, from 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Scores are bias + weights of the features present; confidence is their calibrated softmax.

    Attributes:
        labels: What can be answered, in the order of the columns.
        idf: Rarity of each feature in what was learned from.
        bias: One number per label.
        weights: One row per feature, one column per label.
        temperature: Scores are divided by it, so that a confidence of 0.8 is right four times in
            five of what was held out.
    """

    labels: tuple[str, ...]
    idf: "array[float]"
    bias: "array[float]"
    weights: "array[float]"
    temperature: float

    def __post_init__(self) -> None:
        wanted = (FEATURES, len(self.labels), FEATURES * len(self.labels))
        if not self.labels or (len(self.idf), len(self.bias), len(self.weights)) != wanted:
            raise BadModel("the numbers of weights, features and labels differ")
        if not self.temperature > 0:
            raise BadModel("the temperature is not positive")

    def scores(self, text: str) -> list[float]:
        """One number per label; greater is likelier, whatever the temperature."""
        found, idf = features(text), self.idf
        values = {place: value * idf[place] for place, value in found.items()}
        length = sqrt(sum(value * value for value in values.values())) or 1.0
        columns = range(len(self.labels))
        totals, weights, width = list(self.bias), self.weights, len(self.labels)
        for place, value in values.items():
            share, row = value / length, place * width
            for column in columns:
                totals[column] += share * weights[row + column]
        return totals

    def guesses(self, text: str) -> list[Guess]:
        """Every label with its confidence, the likeliest first; they add up to one."""
        shares = softmax(self.scores(text), self.temperature)
        pairs = zip(self.labels, shares, strict=True)
        return [Guess(*pair) for pair in sorted(pairs, key=lambda pair: (-pair[1], pair[0]))]

    def numbers(self) -> bytes:
        """Rarities, biases, weights as little-endian floats of four bytes; nothing to execute."""
        numbers = array("f", [*self.idf, *self.bias, *self.weights])
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers.tobytes()

    def description(self) -> dict[str, Any]:
        """What else it takes to read the numbers again; goes into JSON."""
        return {
            "features": FEATURES,
            "labels": list(self.labels),
            "temperature": self.temperature,
        }

    @classmethod
    def read(cls, description: Mapping[str, Any], numbers: bytes) -> "LinearModel":
        """The model that `description` and `numbers` were made of.

        Raises:
            BadModel: They do not belong together, or to this release.
        """
        labels = tuple(map(str, description.get("labels", ())))
        size = 4 * (FEATURES + len(labels) * (FEATURES + 1))
        if description.get("features") != FEATURES or len(numbers) != size:
            raise BadModel("the numbers are of another size")
        values = array("f")
        values.frombytes(numbers)
        if sys.byteorder == "big":
            values.byteswap()
        after_bias = FEATURES + len(labels)
        return cls(
            labels,
            values[:FEATURES],
            values[FEATURES:after_bias],
            values[after_bias:],
            float(description.get("temperature", 0)),
        )


def softmax(scores: list[float], temperature: float) -> list[float]:
    """Shares that add up to one."""
    highest = max(scores)
    raised = [exp((score - highest) / temperature) for score in scores]
    total = sum(raised)
    return [each / total for each in raised]
