"""Groups of texts about one matter, with words for it; and whether another text belongs to one.

Each text joins the group it is likest to, or begins a new one; the order of the texts is the only
thing that decides between equals, so that the same texts give the same groups.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import median

from lianqi.engines.learning.likeness import LONG, pairs, tellings

JOINS = 0.3
"""Cosine of a text and the middle of a group from which the text joins it."""
CENTRE = 40
LONGEST_WORD = 8
_NAMED_BY = 0.4  # share of the texts that have a word of the label
_OFTEN = 0.2  # a pair that more texts than this share have says nothing about one matter
_LEAST_LIMIT, _MOST_LIMIT, _MEMBER_SHARE = 0.2, 0.35, 0.5

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Texts about one matter.

    Attributes:
        members: Their places in what was given, in that order.
        words: What most of them say and few others do, the most telling first.
        centre: Pairs of characters with their weights, which add up to one.
        limit: A text whose `belonging` reaches this is probably about the matter.
    """

    members: tuple[int, ...]
    words: tuple[str, ...]
    centre: dict[str, float]
    limit: float


def belonging(found: frozenset[str], centre: Mapping[str, float]) -> float:
    """The weight of the centre's pairs that a text has, from 0 to 1."""
    return sum(weight for pair, weight in centre.items() if pair in found)


def group(texts: Sequence[Text], *, least: int) -> list[Group]:
    """The groups of `least` texts or more, the largest first.

    Args:
        texts: Title and text of each.
        least: Fewer texts are no group.
    """
    said = [(pairs(title), pairs(f"{title}\n{text[:LONG]}")) for title, text in texts]
    rarity = _rarity([whole for _title, whole in said])
    vectors = [_vector(title, whole, rarity) for title, whole in said]
    sums: list[dict[str, float]] = []
    lengths: list[float] = []
    members: list[list[int]] = []
    having: dict[str, set[int]] = defaultdict(set)
    for place, vector in enumerate(vectors):
        nearest, best = -1, JOINS
        for number in sorted({each for pair in vector for each in having.get(pair, ())}):
            likeness = _product(vector, sums[number]) / lengths[number]
            if likeness > best:
                nearest, best = number, likeness
        if nearest < 0:
            nearest = len(sums)
            sums.append({})
            lengths.append(1.0)
            members.append([])
        for pair, weight in vector.items():
            sums[nearest][pair] = sums[nearest].get(pair, 0.0) + weight
            having[pair].add(nearest)
        lengths[nearest] = sqrt(sum(weight * weight for weight in sums[nearest].values())) or 1.0
        members[nearest].append(place)
    groups = [
        _group(places, [texts[place] for place in places], total, said, rarity)
        for places, total in zip(members, sums, strict=True)
        if len(places) >= least
    ]
    return sorted(groups, key=lambda each: (-len(each.members), each.members))


def centre_of(texts: Sequence[Text]) -> tuple[dict[str, float], float]:
    """Centre and limit of texts that somebody put together, without others to compare with."""
    said = [pairs(f"{title}\n{text[:LONG]}") for title, text in texts]
    counts = Counter(pair for each in said for pair in each)
    return _centre({pair: float(count * count) for pair, count in counts.items()}, said)


def _group(
    places: Sequence[int],
    texts: Sequence[Text],
    total: Mapping[str, float],
    said: Sequence[tuple[frozenset[str], frozenset[str]]],
    rarity: Mapping[str, float],
) -> Group:
    centre, limit = _centre(total, [said[place][1] for place in places])
    return Group(tuple(places), words_of(texts, rarity), centre, limit)


def _centre(
    total: Mapping[str, float], said: Iterable[frozenset[str]]
) -> tuple[dict[str, float], float]:
    heaviest = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:CENTRE]
    whole = sum(weight for _pair, weight in heaviest) or 1.0
    centre = {pair: round(weight / whole, 5) for pair, weight in heaviest}
    usual = median(belonging(each, centre) for each in said)
    return centre, round(min(_MOST_LIMIT, max(_LEAST_LIMIT, _MEMBER_SHARE * usual)), 3)


def words_of(
    texts: Sequence[Text], rarity: Mapping[str, float], *, most: int = 3
) -> tuple[str, ...]:
    """The runs of two to eight characters that tell most about these texts, none in another."""
    counts: Counter[str] = Counter()
    for title, text in texts:
        runs = tellings(f"{title}\n{text[:LONG]}")
        counts.update(
            {
                run[start : start + length]
                for run in runs
                for length in range(2, LONGEST_WORD + 1)
                for start in range(len(run) - length + 1)
            }
        )
    enough = max(2, _NAMED_BY * len(texts))
    worth = {
        word: count * sqrt(len(word) - 1) * max(rarity.get(each, 0.0) for each in _pairs_of(word))
        for word, count in counts.items()
        if count >= enough
    }
    chosen: list[str] = []
    for word in sorted(worth, key=lambda word: (-worth[word], -len(word), word)):
        if not any(set(_pairs_of(word)) & set(_pairs_of(other)) for other in chosen):
            chosen.append(word)
        if len(chosen) == most:
            break
    return tuple(chosen)


def _pairs_of(word: str) -> list[str]:
    return [word[start : start + 2] for start in range(len(word) - 1)]


def _rarity(said: Sequence[frozenset[str]]) -> dict[str, float]:
    """Rarity of each pair; none for what is said once, and for what very many say."""
    counts = Counter(pair for each in said for pair in each)
    often = max(10, _OFTEN * len(said))
    return {
        pair: log((1 + len(said)) / (1 + count)) + 0.5
        for pair, count in counts.items()
        if 1 < count <= often
    }


def _vector(
    title: frozenset[str], whole: frozenset[str], rarity: Mapping[str, float]
) -> dict[str, float]:
    """Weights of length one; a pair of the title counts one and a half times."""
    found = {
        pair: rarity[pair] * (1.5 if pair in title else 1.0)
        for pair in sorted(whole)
        if pair in rarity
    }
    length = sqrt(sum(weight * weight for weight in found.values())) or 1.0
    return {pair: weight / length for pair, weight in found.items()}


def _product(vector: Mapping[str, float], total: Mapping[str, float]) -> float:
    return sum(weight * total.get(pair, 0.0) for pair, weight in vector.items())
