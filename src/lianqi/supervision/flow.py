"""The only table of moves of a supervision order (督办单)."""

from lianqi.engines.flow import Flow, Move
from lianqi.supervision.enums import OrderStatus as S

OPEN = frozenset({S.ISSUED, S.ANSWERED})

ORDER_FLOW = Flow(
    Move("answer", frozenset({S.ISSUED}), S.ANSWERED),
    Move("settle", frozenset({S.ANSWERED}), S.CLOSED),
    Move("send_back", frozenset({S.ANSWERED}), S.ISSUED),
    Move("withdraw", OPEN, S.WITHDRAWN),
)
