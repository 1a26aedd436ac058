"""Fitting a linear model. Slow and memory-hungry: for the worker, never for a request."""

from array import array
from collections.abc import Sequence
from math import log
from typing import Any

from lianqi.engines.learning.features import FEATURES, features
from lianqi.engines.learning.linear import LinearModel, softmax

STRENGTH = 5.0  # inverse of the regularisation
ROUNDS = 60
TWO = 2  # labels, for which scikit-learn keeps one row only
TEMPERATURES = tuple(0.2 * 1.15**step for step in range(26))  # 0.2 to 6.6


def fit(
    learned: Sequence[tuple[str, str]], calibrated_on: Sequence[tuple[str, str]] = ()
) -> LinearModel:
    """Fit a multinomial logistic regression to texts with their labels; the same input, same model.

    Args:
        learned: Text and label; at least two labels.
        calibrated_on: Texts that are not in `learned`, from which the temperature is taken; without
            any it is 1.
    """
    from sklearn.linear_model import LogisticRegression

    found = [features(text) for text, _ in learned]
    idf = _rarity(found)
    regression = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced")
    # What no text has gets no weight; leaving it out makes small samples several times faster.
    places = sorted({place for each in found for place in each})
    regression.fit(_matrix(found, idf)[:, places], [label for _, label in learned])
    coefficients, bias = _spread(regression.coef_, places), regression.intercept_
    if len(regression.classes_) == TWO:
        coefficients, bias = [-coefficients[0], coefficients[0]], [-bias[0], bias[0]]
    model = LinearModel(
        tuple(map(str, regression.classes_)),
        idf,
        array("f", bias),
        array("f", _by_feature(coefficients)),
        1.0,
    )
    temperature = _temperature(model, calibrated_on)
    return LinearModel(model.labels, model.idf, model.bias, model.weights, temperature)


def _rarity(found: Sequence[dict[int, float]]) -> "array[float]":
    """ln((1 + texts) / (1 + texts with it)) + 1, as is usual."""
    counts = [0] * FEATURES
    for each in found:
        for place in each:
            counts[place] += 1
    return array("f", [log((1 + len(found)) / (1 + count)) + 1 for count in counts])


def _matrix(found: Sequence[dict[int, float]], idf: "array[float]") -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    rarity = np.frombuffer(idf, dtype=np.float32)
    ends = np.cumsum([0, *map(len, found)])
    columns = np.fromiter((place for each in found for place in each), dtype=np.int32)
    values = np.fromiter((value for each in found for value in each.values()), dtype=np.float64)
    matrix = csr_matrix((values * rarity[columns], columns, ends), (len(found), FEATURES))
    return normalize(matrix, copy=False)


def _spread(coefficients: Any, places: Sequence[int]) -> Any:
    """The weights at their own places among those of all features."""
    import numpy as np

    spread = np.zeros((len(coefficients), FEATURES))
    spread[:, places] = coefficients
    return spread


def _by_feature(coefficients: Any) -> Any:
    import numpy as np

    return np.asarray(coefficients, dtype=np.float32).T.ravel()


def _temperature(model: LinearModel, examples: Sequence[tuple[str, str]]) -> float:
    """The temperature that makes what was held out likeliest."""
    known = [
        (model.scores(text), model.labels.index(label))
        for text, label in examples
        if label in model.labels
    ]
    if not known:
        return 1.0

    def surprise(temperature: float) -> float:
        return -sum(log(max(softmax(scores, temperature)[place], 1e-12)) for scores, place in known)

    return min(TEMPERATURES, key=surprise)
