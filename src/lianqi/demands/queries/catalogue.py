"""What the catalogue of categories says on one day: the tree, the versions, the clocks."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from lianqi.demands.enums import Step
from lianqi.demands.models import CategoryVersion, Demand, DemandCategory, EvidenceKind
from lianqi.engines.calendar import ClockKind, OutsideRule
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule

KIND = Demand._meta.label_lower  # Django's public name for it
PROMISED = (Step.ACCEPT, Step.CONTACT, Step.INTERIM, Step.ANSWER)
"""The steps that an enterprise waits for."""


@dataclass(frozen=True, slots=True)
class Node:
    """A category at its place in the tree. `above` are its headings, the highest first."""

    category: DemandCategory
    above: tuple[DemandCategory, ...]
    version: CategoryVersion | None
    is_heading: bool

    @property
    def depth(self) -> int:
        return len(self.above)

    @property
    def is_in_use(self) -> bool:
        """Whether it is in use, and all its headings."""
        return all(each.is_active for each in (*self.above, self.category))

    @property
    def is_open(self) -> bool:
        """Whether a demand may be filed under it, all headings included."""
        return self.is_in_use and not self.is_heading


def category_tree(*, on: dt.date | None = None) -> list[Node]:
    """Every category in the order of the tree; with a day, also the versions in force on it.

    One query, two more for the versions and what they ask for.
    """
    rows = list(DemandCategory.objects.select_related("lead_unit").order_by("position", "pk"))
    in_force = CategoryVersion.objects.in_force(on).prefetch_related("evidence") if on else ()
    versions = {version.category_id: version for version in in_force}
    below: dict[int | None, list[DemandCategory]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    nodes: list[Node] = []

    def walk(parent: int | None, above: tuple[DemandCategory, ...]) -> None:
        for row in below.get(parent, []):
            nodes.append(Node(row, above, versions.get(row.pk), row.pk in below))
            walk(row.pk, (*above, row))

    walk(None, ())
    return nodes


def version_in_force(category: DemandCategory, *, on: dt.date) -> CategoryVersion | None:
    """What holds for a demand of this category that is filed on that day."""
    return (
        CategoryVersion.objects.in_force(on)
        .filter(category=category)
        .prefetch_related("evidence")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Length:
    """How long a step may take. `is_own`: the version says so, not the general rules."""

    step: Step
    urgency: Urgency
    kind: ClockKind
    amount: int
    is_own: bool
    source: str
    outside: OutsideRule
    cutoff: dt.time | None


def lengths(
    version: CategoryVersion | None, *, steps: Iterable[Step] = Step
) -> dict[tuple[Step, Urgency], Length]:
    """The clocks that a demand of a version gets, by step and urgency; one query.

    The order of asking is that of the work items: the version's own set first, where it knows the
    step; within a set, the next less pressing urgency for one that has no rule.
    """
    return lengths_by_version([version], steps=steps)[None if version is None else version.pk]


def lengths_by_version(
    versions: Iterable[CategoryVersion | None], *, steps: Iterable[Step] = Step
) -> dict[int | None, dict[tuple[Step, Urgency], Length]]:
    """`lengths` of many versions by their ids; None is what holds in general. One query."""
    wanted = list(steps)
    ids = {version.pk for version in versions if version is not None}
    rules = {
        (rule.rule_set, rule.step, rule.priority): rule
        for rule in ClockRule.objects.filter(
            Q(rule_set__isnull=True) | Q(rule_set__in=ids), subject_kind=KIND, step__in=wanted
        )
    }
    found: dict[int | None, dict[tuple[Step, Urgency], Length]] = {}
    for which in [None, *ids]:
        sets = [which, None] if which is not None else [None]
        found[which] = {
            (step, urgency): _as_length(step, urgency, rule)
            for step in wanted
            for urgency in Urgency
            if (rule := _nearest(rules, sets, step, urgency))
        }
    return found


def _as_length(step: Step, urgency: Urgency, rule: ClockRule) -> Length:
    return Length(
        step,
        urgency,
        ClockKind(rule.kind),
        rule.amount,
        rule.rule_set is not None,
        rule.source,
        OutsideRule(rule.outside_hours),
        rule.cutoff,
    )


def _nearest(
    rules: dict[tuple[int | None, str, str], ClockRule],
    sets: Sequence[int | None],
    step: Step,
    urgency: Urgency,
) -> ClockRule | None:
    order = list(Urgency)
    ladder = order[order.index(urgency) :: -1]
    wanted = ((which, step.value, each.value) for which in sets for each in ladder)
    return next((rules[key] for key in wanted if key in rules), None)


def missing_evidence(demand: Demand) -> list[EvidenceKind]:
    """The obligatory documents that were not handed in with a demand."""
    if demand.category_version is None:
        return []
    handed_in = demand.evidence.values("kind")
    asked = demand.category_version.evidence.filter(is_obligatory=True)
    return list(asked.exclude(pk__in=handed_in).order_by("position", "pk"))
