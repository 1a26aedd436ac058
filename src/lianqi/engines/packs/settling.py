"""What of measures that exclude each other is paid, for many applicants at once.

The same choice as `excluding` makes for one: every set of measures that can be paid side by side is
tried, a set at a time for everybody.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lianqi.engines.packs.excluding import MOST_TRIED, Pair, best, knots

Flags = NDArray[np.bool_]
Fen = NDArray[np.int64]
# Beyond, applicants are settled one by one: sums would not fit, or there are too many sets.
_MOST_FEN = 2**57
_MOST_SETS = 500


@dataclass(frozen=True)
class Knot:
    """Measures that hang together by exclusions.

    Attributes:
        names: In the order in which they are stated.
        beside: By measure those that are not paid together with it, by their places.
    """

    names: tuple[str, ...]
    beside: tuple[frozenset[int], ...]

    def paid(self, met: Flags, fen: Fen) -> Flags:
        """Of what is met, what is paid: by measure and applicant, as the arguments are.

        Args:
            fen: What each measure gives; nothing where it is not met.
        """
        sets = self._sets
        if sets is None or (fen.size and int(fen.max()) > _MOST_FEN):
            return self._one_by_one(met, fen)
        sums, ranks, which = None, None, np.zeros(met.shape[1], np.int64)
        weights = (1 << np.arange(len(self.names), 0, -1)).astype(np.int64)
        for place, each in enumerate(sets):
            own = list(each)
            total = fen[own].sum(axis=0)
            # Of equal sums that of the measures stated first; a measure that is not met is in none.
            rank = (met[own] * weights[own, None]).sum(axis=0)
            if sums is None or ranks is None:
                sums, ranks = total, rank
                continue
            better = (total > sums) | ((total == sums) & (rank > ranks))
            which[better], sums[better], ranks[better] = place, total[better], rank[better]
        taken = np.zeros((len(sets), len(self.names)), np.bool_)
        for place, each in enumerate(sets):
            taken[place, list(each)] = True
        return met & taken[which].T

    def _one_by_one(self, met: Flags, fen: Fen) -> Flags:
        beside = {
            name: {self.names[other] for other in others}
            for name, others in zip(self.names, self.beside, strict=True)
        }
        paid = np.zeros(met.shape, np.bool_)
        for row in range(met.shape[1]):
            own = [name for place, name in enumerate(self.names) if met[place, row]]
            amounts = {name: int(fen[self.names.index(name), row]) for name in own}
            chosen = best(own, amounts, beside)
            paid[:, row] = [name in chosen for name in self.names]
        return paid

    @cached_property
    def _sets(self) -> list[frozenset[int]] | None:
        """All sets that can be paid together and that nothing can be added to; None: too many."""
        if len(self.names) > MOST_TRIED:
            return None
        found = []
        everything = frozenset(range(len(self.names)))
        apart = [everything - others - {place} for place, others in enumerate(self.beside)]
        for each in _grown(frozenset(), everything, frozenset(), apart):
            found.append(each)
            if len(found) > _MOST_SETS:
                return None
        return found


def _grown(
    kept: frozenset[int],
    ahead: frozenset[int],
    done: frozenset[int],
    apart: Sequence[frozenset[int]],
) -> Iterator[frozenset[int]]:
    """Bron and Kerbosch: the largest sets of measures of which all are apart."""
    if not ahead and not done:
        yield kept
        return
    pivot = max(ahead | done, key=lambda each: len(ahead & apart[each]))
    for each in sorted(ahead - apart[pivot]):
        yield from _grown(kept | {each}, ahead & apart[each], done & apart[each], apart)
        ahead, done = ahead - {each}, done | {each}


def knots_of(names: Collection[str], pairs: Collection[Pair]) -> list[Knot]:
    """The measures that hang together, each group in the order of the names."""
    found, beside = knots(names, pairs)
    return [
        Knot(each, tuple(frozenset(map(each.index, beside[name])) for name in each))
        for each in found
    ]
