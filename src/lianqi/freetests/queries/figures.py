"""What free tests brought: items, results, saved fees, days; by institute, of a period."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from lianqi.freetests.enums import LabOrderStatus, Verdict
from lianqi.freetests.models import Institute, LabItem, LabOrderQuerySet
from lianqi.work.queries import local_date


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
    took: dict[int, list[int]] = {}
    for pk, placed_on, ended_at in orders.done().values_list("institute", "placed_on", "ended_at"):
        assert ended_at is not None  # the table refuses a result without its time
        took.setdefault(pk, []).append((local_date(ended_at) - placed_on).days)
    rows = [
        _row(each, by_status[each.pk], items.get(each.pk), took.get(each.pk, []))
        for each in Institute.objects.filter(pk__in=by_status).order_by("pk")
    ]
    return sorted(rows, key=lambda row: (-row.used, -row.orders, row.institute.pk))  # type: ignore[union-attr]  # each has one


def totals(rows: Iterable[InstituteFigures], orders: LabOrderQuerySet) -> InstituteFigures:
    """All institutes together; the median is that of all results."""
    known = list(rows)
    took = [
        (local_date(ended_at) - placed_on).days
        for placed_on, ended_at in orders.done().values_list("placed_on", "ended_at")
        if ended_at is not None
    ]
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
        days=_median(took),
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
    took: list[int],
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
        days=_median(took),
    )


def _median(took: list[int]) -> float | None:
    return statistics.median(took) if took else None
