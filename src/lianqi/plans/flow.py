"""The only tables of moves of a service plan and of its measures (S47)."""

from collections.abc import Mapping

from lianqi.engines.flow import Flow, Move
from lianqi.plans.enums import MeasureStatus as M
from lianqi.plans.enums import PlanStatus as S

CURRENT = frozenset({S.DRAFT, S.PROPOSED, S.AGREED, S.UNDER_WAY})
"""An enterprise has one of these at most."""

SETTLED = frozenset({M.DONE, M.PARTLY, M.NOT_POSSIBLE})
"""The measures that have a result."""

PLAN_FLOW = Flow(
    Move("propose", frozenset({S.DRAFT}), S.PROPOSED),
    Move("take_back", frozenset({S.PROPOSED}), S.DRAFT),
    Move("send_back", frozenset({S.PROPOSED}), S.DRAFT),
    Move("agree", frozenset({S.PROPOSED}), S.AGREED),
    Move("record_agreement", frozenset({S.PROPOSED}), S.AGREED),
    Move("start", frozenset({S.AGREED}), S.UNDER_WAY),
    Move("review", frozenset({S.UNDER_WAY}), S.UNDER_WAY),
    Move("complete", frozenset({S.UNDER_WAY}), S.COMPLETED),
    Move("end", CURRENT, S.ENDED),
)

MEASURE_FLOW = Flow(
    Move("open", frozenset({M.PLANNED}), M.OPEN),
    Move("finish", frozenset({M.OPEN}), M.DONE),
    Move("finish_partly", frozenset({M.OPEN}), M.PARTLY),
    Move("find_impossible", frozenset({M.OPEN}), M.NOT_POSSIBLE),
    Move("resume", SETTLED, M.OPEN),
    Move("call_off", frozenset({M.PLANNED, M.OPEN}), M.CALLED_OFF),
)
"""The plan opens its measures when it starts, and calls off what is left when it ends early."""

RESULTS: Mapping[str, str] = {
    M.DONE: "finish",
    M.PARTLY: "finish_partly",
    M.NOT_POSSIBLE: "find_impossible",
}
"""By which move a measure gets a result."""

# What leaves the status of the plan as it is, and in which it makes sense.
BESIDE: Mapping[str, frozenset[S]] = {
    "write": frozenset({S.DRAFT}),
    "entrust": CURRENT,
    "link": CURRENT,
    "note": frozenset(S),
    "add_measure": frozenset({S.DRAFT, S.AGREED, S.UNDER_WAY}),
}

# The same for a measure: in which status of the plan, and in which of its own.
BESIDE_MEASURE: Mapping[str, tuple[frozenset[S], frozenset[M]]] = {
    "change_measure": (
        frozenset({S.DRAFT, S.AGREED, S.UNDER_WAY}),
        frozenset({M.PLANNED, M.OPEN}),
    ),
    "drop_measure": (frozenset({S.DRAFT}), frozenset({M.PLANNED})),
    "postpone_measure": (frozenset({S.AGREED, S.UNDER_WAY}), frozenset({M.PLANNED, M.OPEN})),
    "progress_measure": (frozenset({S.UNDER_WAY}), frozenset({M.OPEN})),
    "settle_measure": (frozenset({S.UNDER_WAY}), frozenset({M.OPEN})),
    "restate_measure": (frozenset({S.UNDER_WAY}), SETTLED),
    "resume_measure": (frozenset({S.UNDER_WAY}), SETTLED),
    "judge_measure": (frozenset({S.UNDER_WAY, S.COMPLETED}), SETTLED),
}
