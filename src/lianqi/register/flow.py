"""The only table of moves of an import."""

from lianqi.engines.flow import Flow, Move
from lianqi.register.enums import ImportState as S

RUNNING = frozenset({S.PREVIEWING, S.APPLYING})

IMPORT_FLOW = Flow(
    Move("preview", frozenset({S.UPLOADED, S.PREVIEWED}), S.PREVIEWING),
    Move("finish_preview", frozenset({S.PREVIEWING}), S.PREVIEWED),
    Move("decide", frozenset({S.PREVIEWED}), S.PREVIEWED),
    Move("apply", frozenset({S.PREVIEWED}), S.APPLYING),
    Move("finish", frozenset({S.APPLYING}), S.APPLIED),
    Move("cancel", frozenset({S.UPLOADED, S.PREVIEWED, *RUNNING}), S.CANCELLED),
    Move("fail", RUNNING, S.FAILED),
)
