"""Tables of moves: which status may become which, by which verb. Data, no side effects."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S", bound=str)


class IllegalMove(ValueError):
    """A verb was tried from a status that does not allow it."""

    def __init__(self, move: str, status: str, allowed: Iterable[str]) -> None:
        self.move, self.status, self.allowed = move, status, sorted(allowed)
        super().__init__(f"cannot {move!r} from {status!r}; allowed here: {self.allowed}")


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """`verb` leads from any status in `sources` to `target`."""

    verb: str
    sources: frozenset[S]
    target: S


class Flow(Generic[S]):
    """The only place that knows which move is legal.

    Example:
        >>> flow = Flow(Move("open", frozenset({"new"}), "open"))
        >>> flow.target("open", status="new")
        'open'
    """

    def __init__(self, *moves: Move[S]) -> None:
        verbs = [move.verb for move in moves]
        if len(set(verbs)) != len(verbs):
            raise ValueError(f"a verb may stand in the table once: {sorted(verbs)}")
        self.moves = {move.verb: move for move in moves}

    def allowed(self, status: S) -> frozenset[str]:
        """The verbs that `status` allows."""
        return frozenset(verb for verb, move in self.moves.items() if status in move.sources)

    def target(self, verb: str, *, status: S) -> S:
        """The status after `verb`.

        Raises:
            KeyError: No such verb: a programmer's mistake.
            IllegalMove: The verb exists but not from here.
        """
        move = self.moves[verb]
        if status not in move.sources:
            raise IllegalMove(verb, status, self.allowed(status))
        return move.target

    def statuses(self) -> frozenset[S]:
        """Every status that some move touches."""
        sources = {source for move in self.moves.values() for source in move.sources}
        return frozenset(sources | {move.target for move in self.moves.values()})
