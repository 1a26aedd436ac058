"""Shapes of service plans over JSON."""

import datetime as dt
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from lianqi.api.measures import MeasureOut
from lianqi.plans.enums import AgreedBy, PlanStatus, Reply

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class ProposedMeasureOut(Schema):
    """A measure in the words in which it was last put to the enterprise."""

    position: int
    what: str
    kind: str
    unit: str
    due_on: dt.date


class ProposalOut(Schema):
    """A round of the agreement. `words`: what the enterprise would like different, or why not."""

    round: int
    proposed_at: dt.datetime
    reply: Reply | Literal[""]
    words: str
    replied_at: dt.datetime | None
    agreed_by: str
    agreed_on: dt.date | None
    way: AgreedBy | Literal[""]


class PlanLineOut(Schema):
    """A plan in a list. `title` is empty to the enterprise while the plan is being changed."""

    id: int
    number: str
    title: str
    status: PlanStatus
    enterprise_id: int
    unit_id: int
    officer_id: int | None
    agreed_on: dt.date | None
    review_on: dt.date | None
    begun_at: dt.datetime
    ended_at: dt.datetime | None


class PlanOut(PlanLineOut):
    """A plan. `is_earlier`: the enterprise reads it as it was last proposed, in `proposed`."""

    aim: str
    diagnosis: str
    outcome: str
    end_reason: str
    demands: list[str]
    is_earlier: bool
    measures: list[MeasureOut]
    proposed: list[ProposedMeasureOut]
    proposals: list[ProposalOut]


class PlanPage(Schema):
    """Plans, newest first. Pass `next_before` as `before` for the following page."""

    plans: list[PlanLineOut]
    next_before: int | None


class FiguresOut(Schema):
    """`due`: measures due from `first` to `last`; the others are parts of it, but `under_way`."""

    under_way: int
    first: dt.date
    last: dt.date
    due: int
    settled: int
    in_time: int
    late: int
    overdue: int
    not_possible: int
    doubted: int


class NoteOut(Schema):
    id: int
    text: str
    written_at: dt.datetime
    written_by_id: int


class PlanIn(Schema):
    """`demands` are numbers."""

    enterprise_id: int
    title: Title
    aim: Annotated[str, StringConstraints(max_length=1000)] = ""
    diagnosis: Annotated[str, StringConstraints(max_length=5000)] = ""
    unit_id: int
    officer_id: int | None = None
    review_on: dt.date | None = None
    demands: Annotated[list[str], Field(max_length=50)] = []


class WordsIn(Schema):
    title: Title
    aim: Annotated[str, StringConstraints(max_length=1000)] = ""
    diagnosis: Annotated[str, StringConstraints(max_length=5000)] = ""
    review_on: dt.date | None = None


class EntrustIn(Schema):
    unit_id: int
    officer_id: int | None = None


class NumberIn(Schema):
    number: str


class TextIn(Schema):
    text: Text


class ReasonIn(Schema):
    reason: Reason


class RoundIn(Schema):
    """`round` is that of the proposal you read; a newer one is not agreed to unread."""

    round: int


class WishesIn(RoundIn):
    wishes: Text


class AgreementIn(Schema):
    """Who of the enterprise agreed, how, and when."""

    person: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    way: AgreedBy
    agreed_on: dt.date


class ReviewIn(Schema):
    text: Text
    review_on: dt.date


class OutcomeIn(Schema):
    outcome: Text


class PlanFilter(Schema):
    """Filters of the list; all that are given must hold."""

    status: PlanStatus | None = None
    current: bool = False
    unit_id: int | None = None
    enterprise_id: int | None = None
    late: bool = False
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30
