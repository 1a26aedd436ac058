"""Bars of shares, computed here and drawn by a template as SVG."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lianqi.demands.queries import Figures

MOST_BARS = 12
WIDTH, HEIGHT, FLOOR, CEILING = 372, 170, 148, 20
STRIDE = WIDTH // MOST_BARS


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: geometry in the units of the drawing, number of the month, share in words."""

    x: int
    y: float
    width: int
    height: float
    middle: float
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """The figures of one month of filing."""

    first: dt.date
    figures: Figures

    @property
    def label(self) -> str:
        return f"{self.first:%Y-%m}"


def month_rows(months: Mapping[dt.date, Figures]) -> list[MonthRow]:
    return [MonthRow(first, figures) for first, figures in months.items()]


def rate_bars(rows: list[MonthRow], *, of: str) -> list[Bar]:
    """Bars of the last twelve months: `of` is "closing_rate" or "satisfaction_rate".

    A month without a base has no bar and the value "–": nothing out of nothing is not 0 %.
    """
    return [
        _bar(place, str(row.first.month), getattr(row.figures, of))
        for place, row in enumerate(rows[-MOST_BARS:])
    ]


def _bar(place: int, label: str, share: float | None) -> Bar:
    height = round((FLOOR - CEILING) * (share or 0), 1)
    return Bar(
        x=place * STRIDE + 5,
        y=FLOOR - height,
        width=STRIDE - 10,
        height=height,
        middle=place * STRIDE + STRIDE / 2,
        label=label,
        value="–" if share is None else f"{share:.0%}",
    )
