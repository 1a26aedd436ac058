"""A stratified sample that anybody can draw again: the same seed and cases give the same choice."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Stratum:
    """Cases of one kind that are drawn from together, at `percent` of all of them."""

    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many cases of a stratum there were, and how many of them were chosen."""

    cases: int = 0
    chosen: int = 0


def stratified(
    cases: Mapping[str, Stratum], *, earlier: Mapping[Stratum, Share], seed: str
) -> tuple[set[str], dict[Stratum, Share]]:
    """Choose cases so that each stratum has its share, counted over all draws so far.

    Shares are rounded up: of a stratum with any cases at all, at least one is chosen, unless its
    share is nothing. Within a stratum the digest of seed and key decides, so that nobody can know
    beforehand who is chosen, and everybody can check it afterwards.

    Returns:
        The keys chosen now, and the counts of this draw alone.
    """
    by_stratum: dict[Stratum, list[str]] = defaultdict(list)
    for key, stratum in cases.items():
        by_stratum[stratum].append(key)
    chosen: set[str] = set()
    shares = {}
    for stratum, keys in by_stratum.items():
        before = earlier.get(stratum, Share())
        wanted = -(-(before.cases + len(keys)) * stratum.percent // 100) - before.chosen
        ranked = sorted(keys, key=lambda key: sha256(f"{seed}|{key}".encode()).digest())
        taken = ranked[: max(0, wanted)]
        chosen |= set(taken)
        shares[stratum] = Share(len(keys), len(taken))
    return chosen, shares
