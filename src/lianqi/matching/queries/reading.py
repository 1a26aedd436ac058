"""What the database holds of a few enterprises, all in one statement."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from lianqi.matching.queries.copying import OWNERS, THEN, as_then

# Each part speaks of its own columns; what it does not have stays empty. The newest row of a fact
# under one name is chosen here; that a fact may have several names only its reader knows.
_READ = """
{owners}
SELECT 'entry' AS part, now.id AS owner, {industry} AS key, {size} AS period,
    NULL::numeric AS value, NULL AS unit, NULL AS qualifier, NULL AS source,
    NULL::timestamptz AS seen, now.id, NULL::jsonb AS stated, established_on AS since,
    NULL::date AS until, NULL::boolean AS answer
FROM {as_then} WHERE now.id = ANY(%(ids)s)
UNION ALL
SELECT 'title', owner, label, NULL, NULL, NULL, NULL, NULL, NULL, id, NULL, granted_on,
    valid_until, NULL
FROM owners JOIN register_title ON enterprise_id = entry
UNION ALL (
    SELECT DISTINCT ON (enterprise_id, key, period) 'figure', owner, key, period, value, unit,
        qualifier, source, observed_at, id, NULL::jsonb, NULL::date, NULL::date, NULL::boolean
    FROM owners JOIN register_fact ON enterprise_id = entry WHERE withdrawn_at IS NULL
    ORDER BY enterprise_id, key, period, observed_at DESC, id DESC
) UNION ALL (
    SELECT DISTINCT ON (enterprise_id, key, period) 'statement', owner, key, period, NULL::numeric,
        NULL, NULL, source, observed_at, id, value, NULL::date, NULL::date, NULL::boolean
    FROM owners JOIN register_statement ON enterprise_id = entry
    WHERE withdrawn_at IS NULL AND (since IS NULL OR since <= %(on)s)
        AND (until IS NULL OR until >= %(on)s)
    ORDER BY enterprise_id, key, period, observed_at DESC, id DESC
) UNION ALL
SELECT 'answer', owner, pack_key, pack_version, NULL, question_key, NULL, NULL, answered_at, id,
    NULL, NULL, NULL, answer
FROM owners JOIN matching_reviewanswer ON enterprise_id = entry WHERE withdrawn_at IS NULL
"""


class Entry(NamedTuple):
    owner: int
    industry: str | None
    size_class: str | None
    founded: dt.date | None


class Held(NamedTuple):
    """A title."""

    owner: int
    id: int
    label: str
    granted_on: dt.date | None
    valid_until: dt.date | None


class Figure(NamedTuple):
    owner: int
    id: int
    key: str
    period: str
    value: Decimal
    unit: str
    qualifier: str
    source: str
    observed_at: dt.datetime


class Stated(NamedTuple):
    owner: int
    id: int
    key: str
    period: str
    value: Any
    source: str
    observed_at: dt.datetime


class Answered(NamedTuple):
    owner: int
    id: int
    pack_key: str
    pack_version: str
    question_key: str
    answer: bool
    answered_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Rows:
    """What is held of some enterprises; of the answers the latest is last.

    Each row names its owner: the enterprise itself, or the one its entry was merged into.
    """

    entries: list[Entry] = field(default_factory=list)
    titles: list[Held] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    statements: list[Stated] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)


def rows_of(ids: Sequence[int], *, on: dt.date) -> Rows:
    """What is held of living enterprises, of figures and statements what stands on the day."""
    found = Rows()
    with connection.cursor() as cursor:
        then = as_then("enterprise_id = ANY(%(ids)s)")
        asked = _READ.format(owners=OWNERS, as_then=then, **THEN)
        cursor.execute(asked, {"ids": list(ids), "on": on})
        for row in cursor.fetchall():
            part, owner, key, period, value, unit, qualifier, source, seen, pk, *others = row
            stated, since, until, answer = others
            match part:
                case "figure":
                    figure = Figure(owner, pk, key, period, value, unit, qualifier, source, seen)
                    found.figures.append(figure)
                case "statement":
                    told = json.loads(stated)
                    found.statements.append(Stated(owner, pk, key, period, told, source, seen))
                case "title":
                    found.titles.append(Held(owner, pk, key, since, until))
                case "answer":
                    found.answers.append(Answered(owner, pk, key, period, unit, answer, seen))
                case _:
                    found.entries.append(Entry(owner, key, period, since))
    found.titles.sort(key=lambda each: each.id)
    found.figures.sort(key=lambda each: (each.key, each.period))
    found.statements.sort(key=lambda each: (each.key, each.period))
    found.answers.sort(key=lambda each: (each.answered_at, each.id))
    return found
