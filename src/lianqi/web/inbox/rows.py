"""Lines of an inbox: the item, its light and its step in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lianqi.demands.enums import Step
from lianqi.work.models import WorkItem
from lianqi.work.queries import light_of


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox."""

    item: WorkItem
    light: str
    step: str


def inbox_rows(items: Iterable[WorkItem], *, at: dt.datetime) -> list[InboxRow]:
    return [InboxRow(item, str(light_of(item, at=at)), step_name(item)) for item in items]


def step_name(item: WorkItem) -> str:
    """What has to be done, in words."""
    return str(Step(item.step).label) if item.step in Step.values else item.step
