"""The official tables a zone cannot do without; quick when nothing changed."""

from django.db import transaction
from django.utils import timezone

from lianqi.conversions.actions import load_conversion_templates
from lianqi.demands.actions import (
    load_clock_rules,
    load_closing_rule,
    load_formulas,
    load_grounds,
    load_handling_rule,
    load_rating_reasons,
)
from lianqi.freetests.actions import load_test_clocks
from lianqi.matching.actions import load_national_packs
from lianqi.needs.actions import load_need_clocks
from lianqi.plans.actions import load_plan_clocks
from lianqi.policies.actions import load_policy_clocks
from lianqi.register.actions import load_industries
from lianqi.register.models import Industry
from lianqi.supervision.actions import load_order_clocks
from lianqi.work.actions import load_official_days, recompute_open_clocks

INDUSTRIES = 20 + 97 + 473 + 1381  # GB/T 4754-2017: sections, divisions, groups, classes


@transaction.atomic
def load_all() -> None:
    """Load official days, industries and the first clock rules; a zone's own rules stay."""
    now = timezone.now()
    if load_official_days(at=now):
        recompute_open_clocks(at=now)
    if Industry.objects.count() != INDUSTRIES:
        load_industries()
    load_clock_rules(at=now)
    load_need_clocks(at=now)
    load_rating_reasons(at=now)
    load_closing_rule(at=now)
    load_formulas(at=now)
    load_handling_rule(at=now)
    load_grounds(at=now)
    load_order_clocks(at=now)
    load_conversion_templates(at=now)
    load_plan_clocks(at=now)
    load_test_clocks(at=now)
    load_policy_clocks(at=now)
    load_national_packs(at=now)
