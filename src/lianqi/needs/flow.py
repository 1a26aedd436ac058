"""The only tables of moves of a policy need and of a batch (W07)."""

from lianqi.engines.flow import Flow, Move
from lianqi.needs.enums import BatchStatus as B
from lianqi.needs.enums import NeedStatus as S
from lianqi.needs.enums import Verdict

SOLVED = frozenset({S.SOLVED, S.CONFIRMED, S.CLAIMED, S.PAID})
WORKED_ON = frozenset({S.ASSIGNED, S.IN_PROGRESS})
VALID = SOLVED | WORKED_ON | {S.UNSOLVED}
DISMISSED = frozenset({S.INVALID, S.MERGED, S.REFERRED})

NEED_FLOW = Flow(
    Move("report", frozenset({S.COLLECTED}), S.REPORTED),
    Move("assign", frozenset({S.REPORTED}), S.ASSIGNED),
    Move("reject", frozenset({S.REPORTED}), S.INVALID),
    Move("merge", frozenset({S.REPORTED}), S.MERGED),
    Move("refer", frozenset({S.REPORTED}), S.REFERRED),
    Move("reconsider", DISMISSED | {S.ASSIGNED}, S.REPORTED),
    Move("hand_back", frozenset({S.ASSIGNED}), S.REPORTED),
    Move("progress", WORKED_ON, S.IN_PROGRESS),
    Move("solve", WORKED_ON, S.SOLVED),
    Move("give_up", WORKED_ON, S.UNSOLVED),
    Move("resume", frozenset({S.UNSOLVED}), S.IN_PROGRESS),
    Move("confirm", frozenset({S.SOLVED}), S.CONFIRMED),
    Move("dispute", frozenset({S.SOLVED}), S.IN_PROGRESS),
    Move("claim", frozenset({S.SOLVED, S.CONFIRMED}), S.CLAIMED),
    Move("pay", frozenset({S.CLAIMED}), S.PAID),
)
VERBS: dict[Verdict, str] = {
    Verdict.VALID: "assign",
    Verdict.COORDINATED: "assign",
    Verdict.INVALID: "reject",
    Verdict.MERGED: "merge",
    Verdict.REFERRED: "refer",
}

BATCH_FLOW = Flow(Move("report_batch", frozenset({B.OPEN}), B.REPORTED))
