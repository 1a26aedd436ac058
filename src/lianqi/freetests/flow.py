"""The only tables of moves of a free test and of its orders (S23)."""

from lianqi.engines.flow import Flow, Move
from lianqi.freetests.enums import FreeTestStatus as T
from lianqi.freetests.enums import LabOrderStatus as S

FREE_TEST_FLOW = Flow(
    Move("specify", frozenset({T.OPEN}), T.OPEN),
    Move("place", frozenset({T.OPEN, T.ORDERED, T.TESTED}), T.ORDERED),
    Move("withdraw", frozenset({T.OPEN}), T.WITHDRAWN),
)
"""What becomes of a test when its orders end: `actions/moving.py` says so."""

ORDER_FLOW = Flow(
    Move("accept", frozenset({S.PLACED}), S.ACCEPTED),
    Move("decline", frozenset({S.PLACED}), S.DECLINED),
    Move("receive", frozenset({S.ACCEPTED}), S.RECEIVED),
    Move("file_result", frozenset({S.RECEIVED}), S.DONE),
    Move("cancel", frozenset({S.PLACED, S.ACCEPTED, S.RECEIVED}), S.CANCELLED),
    Move("use", frozenset({S.DONE}), S.DONE),
)
