"""The only table of moves of a policy document (W08)."""

from collections.abc import Mapping

from lianqi.engines.flow import Flow, Move
from lianqi.policies.enums import PolicyStatus as S

IN_WORK = frozenset({S.DRAFTED, S.BROKEN_DOWN, S.DUTIES_COMPLETE})
"""What nobody outside the zone knows yet."""

MADE_KNOWN = frozenset({S.PUBLISHED, S.REVISED, S.ABOLISHED})
"""What everybody may read; a version that was replaced stays, for the cases of its time."""

POLICY_FLOW = Flow(
    Move("break_down", frozenset({S.DRAFTED}), S.BROKEN_DOWN),
    Move("complete_duties", frozenset({S.BROKEN_DOWN}), S.DUTIES_COMPLETE),
    Move("reopen", frozenset({S.BROKEN_DOWN, S.DUTIES_COMPLETE}), S.DRAFTED),
    Move("publish", frozenset({S.DUTIES_COMPLETE}), S.PUBLISHED),
    Move("replace", frozenset({S.PUBLISHED}), S.REVISED),
    Move("abolish", frozenset({S.PUBLISHED}), S.ABOLISHED),
)
"""`replace` has no button: publishing the next version does it."""

# What leaves the status as it is, and in which it makes sense.
BESIDE: Mapping[str, frozenset[S]] = {
    "change": IN_WORK | {S.PUBLISHED},
    "divide": frozenset({S.DRAFTED}),
    "assign": IN_WORK | {S.PUBLISHED},
    "flag": IN_WORK | {S.PUBLISHED},
    "list_measures": IN_WORK | {S.PUBLISHED},
    "revise": frozenset({S.PUBLISHED}),
    "discard": IN_WORK,
    "explain": frozenset({S.PUBLISHED}),
    "ask": frozenset({S.PUBLISHED}),
    "tell_outcome": MADE_KNOWN,
}
