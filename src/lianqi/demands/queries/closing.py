"""Which rule holds after an answer, for one category and for all."""

from django.db.models import F, Q

from lianqi.demands.models import ClosingRule, Periods


def periods_of(category_id: int | None) -> Periods:
    """The category's own rule, or the zone's, or what the program begins with."""
    rules = ClosingRule.objects.filter(Q(category=category_id) | Q(category__isnull=True))
    rule = rules.order_by(F("category").asc(nulls_last=True)).first()
    return Periods() if rule is None else _periods(rule)


def periods_by_category() -> tuple[Periods, dict[int, Periods]]:
    """The zone's rule, and the categories that have one of their own."""
    zone, own = Periods(), {}
    for rule in ClosingRule.objects.order_by("pk"):
        if rule.category_id is None:
            zone = _periods(rule)
        else:
            own[rule.category_id] = _periods(rule)
    return zone, own


def _periods(rule: ClosingRule) -> Periods:
    return Periods(rule.silent_days, rule.reopen_days, rule.rating_days, rule.callback_percent)
