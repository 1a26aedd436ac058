"""What free tests brought: items, results, saved fees, days; by institute, of a period."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, DurationField, F, Q, Sum
from django.db.models.functions import TruncDate

from lianqi.freetests.enums import LabOrderStatus, Verdict
from lianqi.freetests.models import Institute, LabItem, LabOrderQuerySet

ZONE_TIME = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InstituteFigures:
    """Figures of the orders of one institute, or of all together where `institute` is None.

    `used`: test items whose result is filed; `reserved`: items of orders under way; `saved`: what
    the used items would have cost, in yuan; `days`: the median of calendar days from the order to
    the result, None without one.
    """

    institute: Institute | None
    orders: int
    done: int
    declined: int
    used: int
    reserved: int
    passed: int
    failed: int
    saved: Decimal
    days: float | None


def figures_by_institute(orders: LabOrderQuerySet) -> list[InstituteFigures]:
    """The figures of these orders by institute, the most used first. Four queries."""
    ids = orders.order_by().values("pk")
    by_status = _grouped(
        orders.order_by("institute").values_list("institute", "status").annotate(Count("pk"))
    )
    done = Q(order__status=LabOrderStatus.DONE)
    items = {
        pk: (*counts, saved or Decimal("0.00"))
        for pk, *counts, saved in LabItem.objects.filter(order__in=ids)
        .order_by("order__institute")
        .values_list("order__institute")
        .annotate(
            used=Count("pk", done),
            passed=Count("pk", done & Q(verdict=Verdict.PASSED)),
            failed=Count("pk", done & Q(verdict=Verdict.FAILED)),
            held=Count("pk", Q(order__ended_at__isnull=True)),
            saved=Sum("price", filter=done),
        )
    }
    took = dict(orders.done().order_by("institute").values_list("institute").annotate(days=_days()))
    rows = [
        _row(each, by_status[each.pk], items.get(each.pk), took.get(each.pk))
        for each in Institute.objects.filter(pk__in=by_status).order_by("pk")
    ]
    return sorted(rows, key=lambda row: (-row.used, -row.orders, row.institute.pk))  # type: ignore[union-attr]  # each has one


def totals(rows: Iterable[InstituteFigures], orders: LabOrderQuerySet) -> InstituteFigures:
    """All institutes together; the median is that of all results."""
    known = list(rows)
    took = orders.done().order_by().aggregate(days=_days())["days"]
    return InstituteFigures(
        institute=None,
        orders=sum(row.orders for row in known),
        done=sum(row.done for row in known),
        declined=sum(row.declined for row in known),
        used=sum(row.used for row in known),
        reserved=sum(row.reserved for row in known),
        passed=sum(row.passed for row in known),
        failed=sum(row.failed for row in known),
        saved=sum((row.saved for row in known), Decimal("0.00")),
        days=_in_days(took),
    )


def _grouped(rows: Iterable[tuple[int, str, int]]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for pk, status, count in rows:
        found.setdefault(pk, {})[status] = count
    return found


def _row(
    institute: Institute,
    by_status: dict[str, int],
    items: tuple[int, int, int, int, Decimal] | None,
    took: dt.timedelta | None,
) -> InstituteFigures:
    used, passed, failed, reserved, saved = items or (0, 0, 0, 0, Decimal("0.00"))
    return InstituteFigures(
        institute=institute,
        orders=sum(by_status.values()),
        done=by_status.get(LabOrderStatus.DONE, 0),
        declined=by_status.get(LabOrderStatus.DECLINED, 0),
        used=used,
        reserved=reserved,
        passed=passed,
        failed=failed,
        saved=saved,
        days=_in_days(took),
    )


class _Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def _days() -> _Median:
    """The median of calendar days from the order to the result."""
    return _Median(TruncDate("ended_at", tzinfo=ZONE_TIME) - F("placed_on"))


def _in_days(took: dt.timedelta | None) -> float | None:
    return None if took is None else took / DAY
