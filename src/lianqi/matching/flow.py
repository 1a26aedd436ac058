"""The only tables of moves of a rule pack and of a matching run."""

from collections.abc import Mapping

from lianqi.engines.flow import Flow, Move
from lianqi.matching.enums import PackStatus as S
from lianqi.matching.enums import RunStatus as R

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

UNDER_WAY = frozenset({R.WAITING, R.RUNNING})

RUN_FLOW = Flow(
    Move("begin", UNDER_WAY, R.RUNNING),
    Move("finish", frozenset({R.RUNNING}), R.DONE),
    Move("cancel", UNDER_WAY, R.CANCELLED),
    Move("fail", UNDER_WAY, R.FAILED),
)
"""`begin` again after a worker died: the run goes on where it stopped."""
