"""The only table of moves of a task force (W05)."""

from lianqi.engines.flow import Flow, Move
from lianqi.taskforces.enums import ForceStatus as S

FORCE_FLOW = Flow(
    Move("join", frozenset({S.OPEN}), S.OPEN),
    Move("leave", frozenset({S.OPEN}), S.OPEN),
    Move("change_lead", frozenset({S.OPEN}), S.OPEN),
    Move("change_units", frozenset({S.OPEN}), S.OPEN),
    Move("change_types", frozenset({S.OPEN}), S.OPEN),
    Move("close", frozenset({S.OPEN}), S.CLOSED),
)
