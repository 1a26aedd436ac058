"""The only table of moves of a rule pack."""

from collections.abc import Mapping

from lianqi.engines.flow import Flow, Move
from lianqi.matching.enums import PackStatus as S

PACK_FLOW = Flow(
    Move("publish", frozenset({S.DRAFT}), S.PUBLISHED),
    Move("replace", frozenset({S.PUBLISHED}), S.WITHDRAWN),
    Move("withdraw", frozenset({S.PUBLISHED}), S.WITHDRAWN),
)
"""`replace` has no button: publishing the next revision of the same version does it."""

# What leaves the status as it is, and in which it makes sense.
BESIDE: Mapping[str, frozenset[S]] = {
    "change": frozenset({S.DRAFT}),
    "discard": frozenset({S.DRAFT}),
    "revise": frozenset({S.PUBLISHED, S.WITHDRAWN}),
}
