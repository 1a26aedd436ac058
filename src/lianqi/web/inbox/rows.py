"""Lines of an inbox: the item, its light and its step in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lianqi.web.steps import step_in_words
from lianqi.work.models import WorkItem
from lianqi.work.queries import light_of


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox."""

    item: WorkItem
    light: str
    step: str


def inbox_rows(items: Iterable[WorkItem], *, at: dt.datetime) -> list[InboxRow]:
    return [InboxRow(item, str(light_of(item, at=at)), step_in_words(item.step)) for item in items]
