"""The only tables of moves: of a visit, and of a leader's video round."""

from lianqi.engines.flow import Flow, Move
from lianqi.visits.enums import RoundStatus as R
from lianqi.visits.enums import VisitStatus as S

VISIT_FLOW = Flow(
    Move("save", frozenset({S.DRAFT}), S.DRAFT),
    Move("file", frozenset({S.DRAFT}), S.FILED),
)

ROUND_FLOW = Flow(
    Move("change", frozenset({R.PLANNED}), R.PLANNED),
    Move("hold", frozenset({R.PLANNED}), R.HELD),
    Move("cancel", frozenset({R.PLANNED}), R.CANCELLED),
)
