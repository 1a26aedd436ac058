"""What of the catalogue that comes with the program a zone has, lacks, or does differently."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lianqi.demands.defaults import Clocks, DefaultCategory, default_categories
from lianqi.demands.enums import DefaultPart, Step
from lianqi.demands.models import CategoryVersion, Demand, DemandCategory
from lianqi.engines.calendar import ClockKind
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule

KIND = Demand._meta.label_lower  # Django's public name for it


@dataclass(frozen=True, slots=True)
class Beside:
    """A category of the first catalogue beside the zone's own of the same code."""

    default: DefaultCategory
    category: DemandCategory | None
    differing: tuple[DefaultPart, ...] = ()

    @property
    def is_missing(self) -> bool:
        return self.category is None

    @property
    def is_same(self) -> bool:
        return self.category is not None and not self.differing


def compare_defaults(*, on: dt.date) -> list[Beside]:
    """The first catalogue in its order, each with what the zone says differently on that day.

    Four queries. Lead units and positions are the zone's own affair and not compared.
    """
    defaults = default_categories()
    rows = DemandCategory.objects.select_related("parent").filter(
        code__in=[each.code for each in defaults]
    )
    categories = {row.code: row for row in rows}
    in_force = CategoryVersion.objects.in_force(on).filter(category__in=categories.values())
    versions = {row.category_id: row for row in in_force.prefetch_related("evidence")}
    clocks: dict[int, dict[tuple[Step, Urgency], tuple[ClockKind, int]]] = {}
    for rule in ClockRule.objects.filter(
        subject_kind=KIND, rule_set__in=[version.pk for version in versions.values()]
    ):
        own = clocks.setdefault(rule.rule_set or 0, {})
        own[Step(rule.step), Urgency(rule.priority)] = ClockKind(rule.kind), rule.amount
    return [_compared(each, categories.get(each.code), versions, clocks) for each in defaults]


def _compared(
    default: DefaultCategory,
    category: DemandCategory | None,
    versions: Mapping[int, CategoryVersion],
    clocks: Mapping[int, Clocks],
) -> Beside:
    if category is None:
        return Beside(default, None)
    version = versions.get(category.pk)
    own = dict(clocks.get(version.pk, {})) if version else {}
    if version and version.progress_every_days:
        own.pop((Step.PROGRESS, Urgency.NORMAL), None)  # says the same once more
    same = {
        DefaultPart.NAMES: (category.name_zh, category.name_en)
        == (default.name_zh, default.name_en),
        DefaultPart.PLACE: (category.parent.code if category.parent else "") == default.under,
        DefaultPart.URGENCY: category.usual_urgency == default.urgency,
        DefaultPart.TIPS: category.allows_anonymous == default.tips,
    }
    if not default.is_heading:
        same |= {
            DefaultPart.ACCEPTANCE: _advice(version)
            == (default.advice_zh, default.advice_url, default.advice_phone),
            DefaultPart.PROGRESS: (version.progress_every_days if version else None)
            == default.progress_every_days,
            DefaultPart.EVIDENCE: _evidence(version) == default.evidence,
            DefaultPart.CLOCKS: own == default.clocks,
        }
    return Beside(default, category, tuple(part for part, is_so in same.items() if not is_so))


def _advice(version: CategoryVersion | None) -> tuple[str, str, str]:
    if version is None or version.is_accepted:
        return ("", "", "")
    return (version.advice, version.advice_url, version.advice_phone)


def _evidence(version: CategoryVersion | None) -> tuple[tuple[str, bool], ...]:
    if version is None:
        return ()
    return tuple((each.name, each.is_obligatory) for each in version.documents)
