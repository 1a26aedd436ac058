"""The conversions of a force as the cards of its board."""

import datetime as dt

from lianqi.accounts.models import User
from lianqi.conversions.models import Conversion
from lianqi.conversions.queries import board
from lianqi.taskforces.models import TaskForce
from lianqi.web.demands.page import Clock, clock_of

MOST_CARDS = 200
"""More enterprises than one force keeps; the list of conversions has the rest."""

Cards = list[tuple[Conversion, Clock | None]]


def columns_of(force: TaskForce, user: User, *, at: dt.datetime) -> list[tuple[str, Cards]]:
    """Each step under way with its cards and their clocks."""
    seen = Conversion.objects.visible_to(user).open().filter(force=force).for_list()[:MOST_CARDS]
    return [
        (str(column.step), [(each, clock_of(item, at=at)) for each, item in column.cards])
        for column in board(list(seen))
    ]
