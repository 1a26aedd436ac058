"""The only table of moves of a conversion (W06)."""

from lianqi.conversions.enums import ConversionStatus as S
from lianqi.engines.flow import Flow, Move

CONVERSION_FLOW = Flow(
    Move("report", frozenset({S.OPEN}), S.OPEN),
    Move("settle", frozenset({S.OPEN}), S.OPEN),
    Move("skip", frozenset({S.OPEN}), S.OPEN),
    Move("go_back", frozenset({S.OPEN}), S.OPEN),
    Move("attach", frozenset({S.OPEN}), S.OPEN),
    Move("own", frozenset({S.OPEN}), S.OPEN),
    Move("link", frozenset({S.OPEN}), S.OPEN),
    Move("end", frozenset({S.OPEN}), S.ENDED),
)
"""Settling the last step leads to stable production: `actions/steps.py` says so."""
