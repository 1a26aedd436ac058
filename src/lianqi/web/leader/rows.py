"""Lines of the leader's tables: figures, and the addresses of the lists behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.accounts.models import Unit
from lianqi.demands.enums import Channel
from lianqi.demands.queries import Figures
from lianqi.web.charts import MonthRow
from lianqi.web.periods import Period, period_of


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One group of demands, its figures, and what narrows the list to this group."""

    label: str
    figures: Figures
    period: Period
    narrowed: tuple[tuple[str, object], ...] = ()

    def _list(self, status: str) -> str:
        query = self.period.query(**{"status": status, **dict(self.narrowed)})
        return f"{reverse('demands:list')}?{query}"

    @property
    def received_url(self) -> str:
        return self._list("counted")

    @property
    def closed_url(self) -> str:
        return self._list("closed")

    @property
    def rated_url(self) -> str:
        return self._list("rated")

    @property
    def satisfied_url(self) -> str:
        return self._list("satisfied")


def rows_by_unit(found: Mapping[int | None, Figures], period: Period) -> list[FigureRow]:
    """One line per unit that has demands, most demands first, those without a unit last."""
    units = Unit.objects.in_bulk([pk for pk in found if pk is not None])
    rows = [
        FigureRow(str(units[pk]), figures, period, (("unit", pk),))
        for pk, figures in found.items()
        if pk is not None
    ]
    rows.sort(key=lambda row: (-row.figures.received, row.label))
    if waiting := found.get(None):
        # A demand without a unit waits for dispatch, so that status names the same demands.
        narrowed = (("status", "submitted"),)
        rows.append(FigureRow(_("not dispatched yet"), waiting, period, narrowed))
    return rows


def rows_by_channel(found: Mapping[str, Figures], period: Period) -> list[FigureRow]:
    return [
        FigureRow(str(channel.label), found[channel.value], period, (("channel", channel.value),))
        for channel in Channel
        if channel.value in found
    ]


def rows_by_month(months: list[MonthRow], period: Period) -> list[FigureRow]:
    """One line per month, cut at the ends of the period, newest first."""
    rows = []
    for month in reversed(months):
        whole = period_of("month", today=month.first)
        part = Period(max(whole.first, period.first), min(whole.before, period.before))
        rows.append(FigureRow(month.label, month.figures, part))
    return rows
