"""The monthly report in words, tables and charts, in the language that is active."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianqi.accounts.models import Unit
from lianqi.demands.enums import Channel, Dimension, Measure, ScoreCount, ScoreTerm
from lianqi.demands.models import DemandCategory
from lianqi.demands.queries.monthly import MONTHS, RATED, Compared, Group, Month, Monthly
from lianqi.engines.documents import (
    Chart,
    Document,
    Heading,
    Note,
    Part,
    Points,
    Table,
    Text,
)
from lianqi.engines.rates import Rate

MOST_CHANGES, MOST_BARS = 5, 10
_NOTHING = "–"


def report_of(found: Monthly, *, zone: str, at: dt.datetime) -> Document:
    """The report as a document; `zone` is the name under which it appears."""
    return Document(
        title=_("Monthly report on enterprises' demands"),
        subtitle=f"{zone} · {_month_name(found.first)}",
        author=zone,
        language=get_language() or "",
        made_at=at,
        parts=[
            *_whole(found),
            *_changes(found),
            *_course(found),
            *_by_group(found),
            *_stages(found),
            *_score(found),
            *_left_out(found),
            *_reading(found),
        ],
    )


def _whole(found: Monthly) -> Iterator[Part]:
    yield Heading(_("The month as a whole"))
    yield Text(
        _(
            "In %(month)s enterprises and others filed %(received)s demands; %(withdrawn)s of them "
            "were withdrawn and %(counted)s count below."
        )
        % {
            "month": _month_name(found.first),
            "received": f"{found.counted + found.withdrawn:,}",
            "withdrawn": f"{found.withdrawn:,}",
            "counted": f"{found.counted:,}",
        }
    )
    yield Table(
        _("Rates of the month"),
        [_("Measure"), _("This month"), _("numerator / denominator"), _("Month before"),
         _("Percentage points")],
        [30, 16, 22, 16, 16],
        [
            [
                str(measure.label),
                _percent(compared.now),
                _of(compared.now),
                _percent(compared.before),
                _NOTHING if compared.points is None else _signed(compared.points),
            ]
            for measure, compared in found.rates.items()
        ],
    )  # fmt: skip


def _changes(found: Monthly) -> Iterator[Part]:
    """Only where both months have enough cases; what is hardly chance first, then the largest."""
    yield Heading(_("Largest changes"))
    lines: list[tuple[str, Compared]] = [
        (str(measure.label), compared) for measure, compared in found.rates.items()
    ]
    names = _names(Dimension.UNIT, found.groups[Dimension.UNIT])
    for group in found.groups[Dimension.UNIT]:
        if group.key:
            lines += [
                (f"{names[group.key]} · {measure.label}", compared)
                for measure, compared in group.rates.items()
            ]
    sure = [(name, compared) for name, compared in lines if compared.is_sure]
    changed = [(name, compared) for name, compared in sure if compared.points]
    changed.sort(key=lambda line: (line[1].may_be_chance, -abs(line[1].points or 0)))
    if not sure:
        yield Text(_("No rate has at least 30 cases in both months, so none is compared."))
        return
    if changed:
        yield Points([_change(name, compared) for name, compared in changed[:MOST_CHANGES]])
    else:
        yield Text(_("No rate with at least 30 cases in both months changed."))
    yield Note(
        _("Compared is only what has at least 30 cases in this month and in the month before.")
    )


def _change(name: str, compared: Compared) -> str:
    assert compared.before is not None
    assert compared.points is not None
    told = {
        "name": name,
        "points": f"{abs(compared.points):.2f}",
        "now": _percent(compared.now),
        "n": f"{compared.now.whole:,}",
        "before": _percent(compared.before),
        "earlier": f"{compared.before.whole:,}",
    }
    if compared.points > 0:
        said = _(
            "%(name)s rose by %(points)s percentage points, from %(before)s (n = %(earlier)s) to "
            "%(now)s (n = %(n)s)."
        )
    else:
        said = _(
            "%(name)s fell by %(points)s percentage points, from %(before)s (n = %(earlier)s) to "
            "%(now)s (n = %(n)s)."
        )
    said %= told
    if compared.may_be_chance:
        return _("%(sentence)s This may be chance.") % {"sentence": said}
    return said


def _course(found: Monthly) -> Iterator[Part]:
    yield Heading(_("The last twelve months"))
    months = _last_months(found)
    labels = [_("%(month)s.") % {"month": first.month} for first, _month in months]
    counts = [month.rates[Measure.CLOSING].whole if month else None for _first, month in months]
    yield Chart(
        _("Demands received, without withdrawn ones"),
        labels,
        counts,
        [_NOTHING if count is None else f"{count:,}" for count in counts],
    )
    for measure in (Measure.CLOSING, Measure.SATISFACTION):
        rates = [month.rates[measure] if month else Rate(0, 0) for _first, month in months]
        yield Chart(
            str(measure.label),
            labels,
            [rate.value for rate in rates],
            [_NOTHING if rate.value is None else f"{100 * rate.value:.1f}%" for rate in rates],
            most=1.0,
        )


def _last_months(found: Monthly) -> list[tuple[dt.date, Month | None]]:
    known = {month.first: month for month in found.months}
    firsts = [found.first]
    while len(firsts) < MONTHS:
        firsts.insert(0, (firsts[0] - dt.timedelta(days=1)).replace(day=1))
    return [(first, known.get(first)) for first in firsts]


def _by_group(found: Monthly) -> Iterator[Part]:
    headings = {
        Dimension.UNIT: _("By unit"),
        Dimension.CHANNEL: _("By channel"),
        Dimension.CATEGORY: _("By category"),
    }
    for number, (dimension, groups) in enumerate(found.groups.items()):
        yield Heading(headings[dimension])
        if number == 0:
            yield Note(
                _(
                    "* Fewer than 30 cases: in brackets the interval in which the true rate lies "
                    "in 95 of 100 such cases. Not to be ranked."
                )
            )
        names = _names(dimension, groups)
        if dimension == Dimension.CATEGORY and groups:
            shown = groups[:MOST_BARS]
            counts = [group.rates[Measure.CLOSING].now.whole for group in shown]
            yield Chart(
                _("Demands received, without withdrawn ones"),
                [names[group.key] for group in shown],
                counts,
                [f"{count:,}" for count in counts],
                is_lying=True,
            )
        yield Table(
            headings[dimension],
            [str(dimension.label), *(str(measure.label) for measure in RATED)],
            [31, *(23 for _each in RATED)],
            [
                [
                    names[group.key],
                    *(_short(group.rates[measure].now) for measure in RATED),
                ]
                for group in groups
            ],
        )


def _stages(found: Monthly) -> Iterator[Part]:
    yield Heading(_("How long the stages took"))
    yield Table(
        _("How long the stages took"),
        [_("Stage"), _("Demands"), _("median, hours"), _("P90, hours"),
         _("Median the month before")],
        [32, 14, 18, 18, 18],
        [
            [
                str(stage.label),
                f"{length.count:,}",
                _hours(length.median),
                _hours(length.p90),
                _hours(past.median if past else None),
            ]
            for stage, (length, past) in found.lengths.items()
        ],
    )  # fmt: skip
    yield Note(_("Hours of the clock on the wall, nights and holidays included."))


def _score(found: Monthly) -> Iterator[Part]:
    if found.score is None:
        return
    yield Heading(_("Three-rate score"))
    units = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=found.score.by_unit)}
    lines = [(units[pk], each) for pk, each in found.score.by_unit.items()]
    yield Table(
        _("Three-rate score"),
        [_("Responsible unit"), _("Rank"), _("Three-rate score"),
         *(str(term.label) for term in ScoreTerm), str(ScoreCount.CALLED.label)],
        [28, 8, 18, 12, 12, 12, 10],
        [
            [
                name,
                str(each.rank or _NOTHING),
                _("no data") if each.score.value is None else f"{each.score.value}",
                *(_points(each.score.terms.get(term.value)) for term in ScoreTerm),
                f"{each.called:,}",
            ]
            for name, each in [*lines, (_("Total"), found.score.total)]
        ],
    )  # fmt: skip
    terms = found.score.version.formula.terms
    weights = " + ".join(f"{term.weight} × {ScoreTerm(term.name).label}" for term in terms)
    yield Note(
        _(
            "Of the calls that reached the enterprise, about demands closed in the month. Formula "
            "valid from %(day)s: %(weights)s. Units with fewer than 30 calls are not ranked."
        )
        % {"day": found.score.version.valid_from.isoformat(), "weights": weights}
    )


def _left_out(found: Monthly) -> Iterator[Part]:
    yield Heading(_("Left out of the rates"))
    yield Table(
        _("Left out of the rates"),
        [_("Measure"), _("Reason"), _("Demands")],
        [30, 54, 16],
        [
            [str(measure.label), str(reason.label), f"{count:,}"]
            for measure, reasons in found.left_out.items()
            for reason, count in reasons.items()
        ],
        text_columns=2,
    )


def _reading(found: Monthly) -> Iterator[Part]:
    computed = found.computed_at.astimezone(timezone.get_current_timezone())
    yield Note(
        _(
            "Demands belong to the month in which they were filed. The figures were compiled from "
            "the records at %(time)s; later answers and ratings count in later reports. Without "
            "cases there is no data, which is not 0."
        )
        % {"time": date_format(computed, "Y-m-d H:i")}
    )


def _names(dimension: Dimension, groups: Sequence[Group]) -> dict[str, str]:
    keys = [group.key for group in groups]
    if dimension == Dimension.CHANNEL:
        return {key: str(Channel(key).label) for key in keys}
    models: dict[Dimension, Any] = {
        Dimension.UNIT: Unit.objects,
        Dimension.CATEGORY: DemandCategory.objects,
    }
    known = models[dimension].in_bulk([int(key) for key in keys if key])
    return {key: str(known[int(key)]) if key else _("not dispatched yet") for key in keys}


def _month_name(first: dt.date) -> str:
    return _("%(year)s-%(month)s") % {"year": first.year, "month": f"{first:%m}"}


def _percent(rate: Rate | None) -> str:
    if rate is None or not rate.whole:
        return _("no data")
    share = Decimal(rate.part) * 100 / rate.whole
    return f"{share.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def _signed(points: float) -> str:
    return f"{points:+.2f}".replace("-", "−")


def _of(rate: Rate) -> str:
    return f"{rate.part:,} / {rate.whole:,}"


def _short(rate: Rate) -> str:
    """The rate with its base; few cases with a mark and the interval."""
    if (interval := rate.interval) is None:
        return _("no data")
    said = f"{_percent(rate)} · {_of(rate)}"
    if rate.is_small:
        low, high = (f"{100 * end:.0f}" for end in interval)
        said += f"\n* [{low}–{high}%]"
    return said


def _hours(hours: float | None) -> str:
    return _("no data") if hours is None else f"{hours:,.1f}"


def _points(points: Decimal | None) -> str:
    return _("no data") if points is None else f"{points:.1f}%"
