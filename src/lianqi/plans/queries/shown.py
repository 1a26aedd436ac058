"""A plan as one reader sees it: what is being drawn up is no word to the enterprise yet."""

import datetime as dt
from dataclasses import dataclass

from lianqi.accounts.models import User
from lianqi.plans.enums import MeasureKind
from lianqi.plans.models import Measure, Proposal, ServicePlan


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """A measure; `now` is its row, and None where an earlier proposal is shown."""

    position: int
    what: str
    kind: str
    unit: str
    due_on: dt.date
    now: Measure | None = None

    @property
    def kind_label(self) -> str:
        return str(dict(MeasureKind.choices).get(self.kind, self.kind))


@dataclass(frozen=True, slots=True)
class Shown:
    """The words of a plan. `is_earlier`: as it was last proposed, while it is being changed."""

    title: str
    aim: str
    diagnosis: str
    officer: str
    review_on: dt.date | None
    measures: tuple[ShownMeasure, ...]
    is_earlier: bool = False


def shown_to(plan: ServicePlan, user: User) -> Shown:
    """The plan as it stands, or to its enterprise as it was last put to it."""
    if plan.is_put_forward or user.has_perm("plans.view_notes", plan):
        return _as_it_stands(plan)
    last = plan.proposals.order_by("round").last()
    return _as_it_stands(plan) if last is None else _as_proposed(last)


def _as_it_stands(plan: ServicePlan) -> Shown:
    return Shown(
        title=plan.title,
        aim=plan.aim,
        diagnosis=plan.diagnosis,
        officer=str(plan.officer or ""),
        review_on=plan.review_on,
        measures=tuple(
            ShownMeasure(each.position, each.what, each.kind, each.unit.name, each.due_on, each)
            for each in plan.measures.in_order()
        ),
    )


def _as_proposed(proposal: Proposal) -> Shown:
    said = proposal.content
    return Shown(
        title=said["title"],
        aim=said["aim"],
        diagnosis=said["diagnosis"],
        officer=said["officer"],
        review_on=dt.date.fromisoformat(said["review_on"]) if said["review_on"] else None,
        measures=tuple(
            ShownMeasure(
                each["position"],
                each["what"],
                each["kind"],
                each["unit"],
                dt.date.fromisoformat(each["due_on"]),
            )
            for each in said["measures"]
        ),
        is_earlier=True,
    )
