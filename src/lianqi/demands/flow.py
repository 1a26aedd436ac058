"""The only tables of moves: of a demand (W01), and of a class of cases."""

from lianqi.demands.enums import ClassStatus as C
from lianqi.demands.enums import DemandStatus as S
from lianqi.engines.flow import Flow, Move

OPEN = frozenset(set(S) - {S.CLOSED, S.WITHDRAWN, S.MERGED})
UNANSWERED = OPEN - {S.ANSWERED, S.APPEALED}
# A merged demand has not ended, but it is nobody's work: what is open is its survivor.
ALIVE = OPEN | {S.MERGED}

DEMAND_FLOW = Flow(
    Move("dispatch", frozenset({S.SUBMITTED, S.DISPATCHED}), S.DISPATCHED),
    Move("recall", frozenset({S.DISPATCHED}), S.SUBMITTED),
    Move("accept", frozenset({S.DISPATCHED}), S.IN_PROGRESS),
    Move("object", frozenset({S.DISPATCHED}), S.OBJECTED),
    Move("refer", frozenset({S.OBJECTED}), S.ARBITRATION),
    Move("uphold", frozenset({S.OBJECTED}), S.DISPATCHED),
    Move("overrule", frozenset({S.OBJECTED}), S.DISPATCHED),
    Move("arbitrate", frozenset({S.ARBITRATION}), S.DISPATCHED),
    Move("transfer", frozenset({S.IN_PROGRESS}), S.DISPATCHED),
    Move("answer", frozenset({S.IN_PROGRESS}), S.ANSWERED),
    Move("declare", frozenset({S.IN_PROGRESS}), S.ANSWERED),
    Move("appeal", frozenset({S.ANSWERED, S.CLOSED}), S.APPEALED),
    Move("appeal_by_phone", frozenset({S.ANSWERED, S.CLOSED}), S.APPEALED),
    Move("dismiss", frozenset({S.APPEALED}), S.CLOSED),
    Move("allow", frozenset({S.APPEALED}), S.IN_PROGRESS),
    Move("confirm", frozenset({S.ANSWERED}), S.CLOSED),
    Move("dispute", frozenset({S.ANSWERED}), S.IN_PROGRESS),
    Move("confirm_by_phone", frozenset({S.ANSWERED}), S.CLOSED),
    Move("dispute_by_phone", frozenset({S.ANSWERED}), S.IN_PROGRESS),
    Move("close_silent", frozenset({S.ANSWERED}), S.CLOSED),
    Move("close_unreplied", frozenset({S.IN_PROGRESS}), S.CLOSED),
    Move("reopen", frozenset({S.CLOSED}), S.IN_PROGRESS),
    Move("merge", frozenset({S.SUBMITTED, S.DISPATCHED}), S.MERGED),
    Move("unmerge", frozenset({S.MERGED}), S.SUBMITTED),
    Move("answer_along", frozenset({S.MERGED}), S.ANSWERED),
    Move("withdraw", UNANSWERED | {S.MERGED}, S.WITHDRAWN),
)

CLASS_FLOW = Flow(
    Move("link", frozenset({C.OPEN}), C.OPEN),
    Move("postpone", frozenset({C.OPEN}), C.OPEN),
    Move("fix", frozenset({C.OPEN}), C.FIXED),
    Move("drop", frozenset({C.OPEN}), C.DROPPED),
    Move("reopen", frozenset({C.FIXED}), C.OPEN),
)
