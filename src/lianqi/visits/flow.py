"""The only table of moves of a visit."""

from lianqi.engines.flow import Flow, Move
from lianqi.visits.enums import VisitStatus as S

VISIT_FLOW = Flow(
    Move("save", frozenset({S.DRAFT}), S.DRAFT),
    Move("file", frozenset({S.DRAFT}), S.FILED),
)
