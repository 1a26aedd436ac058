"""A line of the timeline of a demand."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `by` and `text` are empty where the reader need not know them."""

    at: dt.datetime
    title: str
    by: str = ""
    text: str = ""
    icon: str = "circle-check"
    tone: str = "blue"
